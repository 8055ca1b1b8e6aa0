/// Slots that hold either a boundary or the recording of one stage.
///
/// Maddison 2024, On the implementation of checkpointing with high-level algorithmic
/// differentiation, section 3: m(n, s) = n for n ≤ s + 1; n(n + 1)/2 − 1 for s = 1; else the least
/// of 1 + m(n − 1, s − 1), which records the first stage into a slot, and i + m(i, s) + m(n − i, s
/// − 1) for 2 ≤ i < n, which keeps its input there and advances i stages.
package struct Mixed: ChainStrategy {
  /// Boundaries and waiting recordings held at once, at most.
  package let slots: Int
  /// Where the chain is cut.
  package let cut: Chain.Cut

  /// Throws `.option` unless there is at least one slot.
  package init(slots: Int, cut: Chain.Cut = .layers) throws(ScheduleError) {
    guard slots >= 1 else {
      throw .option(name: "slots", expected: .atLeast(1), found: .count(slots))
    }
    self.slots = slots
    self.cut = cut
  }

  package var spelling: String { Spelling.call("mixed", ["slots: \(slots)"], cut: cut) }

  /// Throws `.limit` where length²·slots is too much work, or the plan too long.
  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction] {
    let length = chain.length
    let slots = min(slots, max(1, length - 1))
    let table = try MixedTable(length: length, slots: slots)
    guard table.total(length, slots) <= ChainPlan.mostComputes else {
      throw .limit(.computations(ChainPlan.mostComputes))
    }
    return Self.actions(length, slots, table)
  }

  private enum Task {
    case segment(start: Int, end: Int, slots: Int, isInHand: Bool)
    case reverse(Int)
  }

  private static func actions(
    _ length: Int, _ slots: Int, _ table: MixedTable
  ) -> [ChainAction] {
    var actions: [ChainAction] = []
    var tasks: [Task] = [.segment(start: 0, end: length, slots: slots, isInHand: true)]
    while let task = tasks.popLast() {
      guard case .segment(let start, let end, let slots, let isInHand) = task else {
        if case .reverse(let stage) = task { actions.append(.reverse(stage)) }
        continue
      }
      if !isInHand { actions.append(.restore(start)) }
      let advance = end - start == 1 ? 0 : table.advance(end - start, slots)
      if advance == 0 {
        if !isInHand { actions.append(.drop(start)) }
        actions.append(.record(start))
        tasks.append(.reverse(start))
        if end - start > 1 {
          tasks.append(.segment(start: start + 1, end: end, slots: slots - 1, isInHand: true))
        }
      } else {
        if isInHand { actions.append(.keep(start)) }
        actions.append(.advance(start, start + advance))
        tasks.append(.segment(start: start, end: start + advance, slots: slots, isInHand: false))
        tasks.append(
          .segment(start: start + advance, end: end, slots: slots - 1, isInHand: true))
      }
    }
    return actions
  }
}

/// m(n, s) and the choice that attains it, for all lengths and slots up to the given ones.
struct MixedTable {
  /// Most length²·slots that is planned.
  static let mostWork = 16_000_000_000

  private let length: Int
  private var totals: [Int]
  private var advances: [Int32]

  /// Work of the order length²·slots; throws `.limit` where that is out of reach.
  init(length: Int, slots: Int) throws(ScheduleError) {
    guard length < 1 << 20, slots < 1 << 20, length * length / 2 * slots <= Self.mostWork / 2
    else { throw .limit(.workOfMixed(Self.mostWork)) }
    let width = length + 1
    var totals = Array(repeating: 0, count: width * slots)
    var advances = Array(repeating: Int32(0), count: width * slots)
    var pace = Planning.Pace()
    for slot in 1...slots {
      try totals.withUnsafeMutableBufferPointer { (totals) throws(ScheduleError) in
        let row = (slot - 1) * width
        for count in 1..<width {
          try pace.count(count)
          if count <= slot + 1 {
            totals[row + count] = count
            continue
          }
          if slot == 1 {
            totals[count] = count * (count + 1) / 2 - 1
            advances[count] = Int32(count - 1)
            continue
          }
          var best = 1 + totals[row - width + count - 1]
          var choice = 0
          for advance in 2..<count {
            let total = advance + totals[row + advance] + totals[row - width + count - advance]
            if total < best {
              best = total
              choice = advance
            }
          }
          totals[row + count] = best
          advances[row + count] = Int32(choice)
        }
      }
    }
    self.length = length
    self.totals = totals
    self.advances = advances
  }

  /// m(n, s): forward steps in all.
  func total(_ count: Int, _ slots: Int) -> Int { totals[(slots - 1) * (length + 1) + count] }

  /// How far to advance from a kept boundary; 0 to record the first stage into a slot.
  func advance(_ count: Int, _ slots: Int) -> Int {
    slots == 0 ? 0 : Int(advances[(slots - 1) * (length + 1) + count])
  }
}

extension Mixed {
  /// What the catalogue says of `mixed`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "mixed",
    options: [
      .init(
        "slots", .integer, "How many boundaries and waiting recordings may be held at once.",
        isRequired: true), .stages,
    ],
    summary: "A slot holds a boundary or one stage's recording.",
    details: """
      Like revolve, but a slot may also hold what the backward of one stage needs, which saves \
      that stage's second run. Optimal in forward steps on a uniform chain whose recordings are no \
      larger than a slot. The input takes a slot until stage 0 is recorded.
      """,
    source: "Maddison 2024, m(n, s)",
    facts: .init(
      subject: .chain, guarantee: "fewest runs of equal stages", planning: "n² slots",
      paper: "Maddison 2024"),
    example: "gradient wrt net with mixed(slots: 3) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return try Mixed(slots: try reader.integer("slots"), cut: try reader.cut())
  }
}
