extension RetentionSearch {
  /// Takes out replays that the budget leaves room for, the dearest first, until none is left.
  ///
  /// What goes in keeps the budget; what comes out does too, and costs no more.
  mutating func fill(_ start: Found) throws(ScheduleError) -> Found {
    var best = start
    var isCheaper = true
    while isCheaper, mayGoOn {
      isCheaper = false
      let (order, places) = (best.order, replays(best.order))
      var isOut = Array(repeating: false, count: order.count)
      // Several at once, as long as that works.
      var most = max(1, places.count / 64)
      var number = 0
      var bound: RemovalBound?
      while number < places.count, mayGoOn {
        if most == 1 {
          if bound == nil {
            bound = try removalBound(Self.taking(isOut, from: order), isOut)
          }
          if bound?.exceeds(budget, without: places[number], &extraWork) == true {
            number += 1
            continue
          }
        }
        let part = places[number..<min(number + most, places.count)]
        for place in part { isOut[place] = true }
        let next = try found(Self.taking(isOut, from: order))
        if next.peak <= budget, next.cost < best.cost {
          best = next
          bound = nil
          isCheaper = true
          number += part.count
          most *= 2
        } else {
          for place in part { isOut[place] = false }
          if part.count == 1 { number += 1 } else { most = max(1, most / 4) }
        }
      }
      best.order = try scan.compacted(best.order)
    }
    return best
  }

  /// A bound for the order that is left where some places are out.
  private mutating func removalBound(
    _ order: [Int], _ isOut: [Bool]
  ) throws(ScheduleError) -> RemovalBound {
    extraWork += 2 * order.count
    return try RemovalBound(order, from: isOut, table, &scan)
  }

  private static func taking(_ isOut: [Bool], from order: [Int]) -> [Int] {
    Array(unsafeUninitializedCapacity: order.count) { rest, count in
      for (place, step) in order.enumerated() where !isOut[place] {
        rest[count] = step
        count += 1
      }
    }
  }

  /// Takes out one replay after another and makes room for it elsewhere, as long as that pays.
  ///
  /// What goes in keeps the budget; what comes out does too, and costs no more.
  mutating func improve(_ start: Found) throws(ScheduleError) -> Found {
    var best = try fill(start)
    var isCheaper = true
    while isCheaper, mayGoOn {
      isCheaper = false
      for place in replays(best.order) {
        guard mayGoOn else { break }
        var next = best.order
        let step = next.remove(at: place)
        let values = table.values(of: step)
        let reader = next[place...].first { table.inputs(of: $0).contains(where: values.contains) }
        guard
          let lower = try lower(
            next, barred: reader.map { (values.lowerBound, $0) }, mostCost: best.cost)
        else { continue }
        best = try fill(lower)
        isCheaper = true
        break
      }
    }
    return best
  }

  /// The cheapest order that comes of one of several by evictions, less the replays that there is
  /// room for, of equals the one of lowest peak; `nil` where none gets below the budget. The search
  /// of each may pass over `work` steps.
  mutating func cheapest(
    of beginnings: [[Int]], work: Int
  ) throws(ScheduleError) -> Found? {
    var best: Found?
    for order in beginnings {
      mostWork = self.work + work
      guard let lower = try lower(order) else { continue }
      let found = try fill(lower)
      if (found.cost, found.peak) < (best?.cost ?? .max, best?.peak ?? .max) { best = found }
    }
    return best
  }

  /// The same FLOPs, at the lowest peak that evictions at no cost give.
  mutating func settle(_ start: Found) throws(ScheduleError) -> Found {
    let asked = budget
    defer { budget = asked }
    var best = start
    while mayGoOn {
      budget = best.peak - 1
      guard let lower = try lower(best.order, mostCost: best.cost + 1) else { break }
      best = lower
    }
    return best
  }

  /// The places of an order that compute a step again, or fetch, the dearest first.
  private func replays(_ order: [Int]) -> [Int] {
    var isDone = Array(repeating: false, count: table.count)
    var places: [Int] = []
    for (place, step) in order.enumerated() {
      if step >= table.count || isDone[step] { places.append(place) }
      if step < table.count { isDone[step] = true }
    }
    return places.sorted { (table.cost[order[$0]], $1) > (table.cost[order[$1]], $0) }
  }
}
