/// A lower bound of the peak of an order without one of its replays, in a small part of the time
/// that measuring the order takes.
///
/// Without the replay its value has to be retained from its last use before it: so many bytes more
/// at each place between. What the replay read may be let go earlier, and what was computed for it
/// alone is not computed: at most all of that is saved, anywhere.
struct RemovalBound {
  private let table: StepTable
  private let order: [Int]
  /// Of each place of the order that places were taken out of: its place in this one.
  private let places: [Int]
  /// Bytes while the step at each place runs; 0 where nothing needs it.
  private var during: [Int]
  /// The highest of each block of places.
  private var high: [Int]
  /// Instances of values are numbered in the order in which they are made: those of each place.
  private var firstInstance: [Int] = []
  /// Of each instance: the place that makes it, that of its last use, and how often it is read.
  private var makers: [Int] = []
  private var lastUse: [Int] = []
  private var uses: [Int] = []
  /// Of each place: the instances that it reads, flat.
  private var readStarts = [0]
  private var reads: [Int] = []
  /// Of each instance: the one of the same value before it; -1 for none.
  private var earlier: [Int] = []

  /// Places of a block.
  private static let width = 64
  /// Steps computed for a replay alone beyond which nothing is said.
  private static let mostDropped = 48

  /// Prepares for an order: what is left of another without the places that are `isOut`.
  init(
    _ order: [Int], from isOut: [Bool], _ table: StepTable, _ scan: inout OrderScan
  ) throws(ScheduleError) {
    self.table = table
    self.order = order
    var places: [Int] = []
    places.reserveCapacity(isOut.count)
    var count = 0
    for out in isOut {
      places.append(count)
      if !out { count += 1 }
    }
    self.places = places
    var during = Array(repeating: 0, count: order.count)
    var high = Array(repeating: 0, count: order.count / Self.width + 1)
    _ = try scan.run(order) { place, _, bytes, _ in
      during[place] = bytes
      high[place / Self.width] = max(high[place / Self.width], bytes)
    }
    (self.during, self.high) = (during, high)
    var instance = Array(repeating: -1, count: table.valueCount)
    for (place, step) in order.enumerated() {
      if during[place] > 0 || table.made[step] == 0 {
        table.forEachInput(of: step) { value in
          let read = instance[value]
          guard read >= 0 else { return }
          reads.append(read)
          lastUse[read] = place
          uses[read] += 1
        }
      }
      readStarts.append(reads.count)
      firstInstance.append(makers.count)
      for value in table.values(of: step) {
        earlier.append(instance[value])
        instance[value] = makers.count
        makers.append(place)
        lastUse.append(place)
        uses.append(0)
      }
    }
    for value in 0..<table.valueCount where table.isResult[value] && instance[value] >= 0 {
      lastUse[instance[value]] = order.count
      uses[instance[value]] += 1
    }
  }

  /// True where the order without the replay at a place, numbered as before places were taken out,
  /// is certain to exceed the budget.
  func exceeds(_ budget: Int, without outer: Int, _ work: inout Int) -> Bool {
    let place = places[outer]
    work += 8
    guard let (dropped, saved) = dropped(without: place, &work) else { return false }
    for (offset, value) in table.values(of: order[place]).enumerated() {
      let instance = firstInstance[place] + offset
      guard uses[instance] > 0, earlier[instance] >= 0 else { continue }
      let more = table.bytes[value] - saved
      guard more > 0 else { continue }
      var from = lastUse[earlier[instance]] + 1
      for end in dropped + [place] where end >= from {
        work += (end - from) / Self.width + 1
        if highest(from, end) + more > budget { return true }
        from = end + 1
      }
    }
    return false
  }

  /// The places before one, ascending, that nothing needs without it, and the bytes that may be let
  /// go earlier without all of these; `nil` where there are many.
  private func dropped(without place: Int, _ work: inout Int) -> (places: [Int], saved: Int)? {
    var left: [Int: Int] = [:]
    var freed: Set<Int> = []
    var (waiting, dropped, saved) = ([place], [Int](), 0)
    while let place = waiting.popLast() {
      for read in reads[readStarts[place]..<readStarts[place + 1]] {
        work += 1
        let maker = makers[read]
        let values = table.values(of: order[maker])
        let first = firstInstance[maker]
        if lastUse[read] == place, freed.insert(read).inserted {
          saved += table.bytes[values.lowerBound + read - first]
        }
        left[read] = (left[read] ?? uses[read]) - 1
        guard left[read] == 0, table.phases[order[maker]] != .update,
          values.indices.allSatisfy({
            (left[first + $0 - values.lowerBound] ?? uses[first + $0 - values.lowerBound]) == 0
          })
        else { continue }
        dropped.append(maker)
        waiting.append(maker)
        if dropped.count > Self.mostDropped { return nil }
      }
    }
    return (dropped.sorted(), saved)
  }

  /// The most bytes from one place up to another.
  private func highest(_ from: Int, _ end: Int) -> Int {
    guard from < end else { return 0 }
    let (first, last) = (from / Self.width + 1, end / Self.width)
    guard first <= last else { return during[from..<end].max() ?? 0 }
    var most = 0
    for place in from..<first * Self.width { most = max(most, during[place]) }
    for block in first..<last { most = max(most, high[block]) }
    for place in last * Self.width..<end { most = max(most, during[place]) }
    return most
  }
}
