/// Binomial checkpointing: the least extra forward steps for a uniform chain and a number of slots.
///
/// Griewank & Walther 2000, Algorithm 799, theorem 2.1 and equation (4): with s slots, the input's
/// counted, n stages take extra(n, s) = t·n − C(s + t, t − 1) forward steps beyond the recorded
/// runs, t least with C(s + t, s) ≥ n.
package struct Revolve: ChainStrategy {
  /// Boundaries stored at once, at most, the input's included.
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

  package var spelling: String { Spelling.call("revolve", ["slots: \(slots)"], cut: cut) }

  /// Throws `.limit` where so few slots would make too long a plan.
  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction] {
    let length = chain.length
    if slots == 1 || length > 2 {
      let forward = length + Self.extra(length, slots: min(slots, max(1, length - 1)))
      guard forward <= ChainPlan.mostComputes else {
        throw .limit(.computations(ChainPlan.mostComputes))
      }
    }
    return SegmentReversal.actions(length: length, slots: slots, split: Self.split)
  }

  /// extra(n, s): forward steps beyond one recorded run of each stage.
  package static func extra(_ length: Int, slots: Int) -> Int {
    guard length > 1, slots >= 1 else { return 0 }
    let slots = min(slots, length - 1)
    var turns = 1
    var covered = slots + 1  // C(s + t, s)
    var short = 1  // C(s + t, t − 1)
    while covered < length {
      // C(s + t + 1, t) = C(s + t, t − 1)·(s + t + 1)/t; C(s + t + 1, s) = C(s + t, s)·(s + t +
      // 1)/(t + 1)
      short = short * (slots + turns + 1) / turns
      covered = covered * (slots + turns + 1) / (turns + 1)
      turns += 1
    }
    return turns * length - short
  }

  /// How far to advance before the next boundary is kept: the largest optimal distance.
  static func split(_ length: Int, _ available: Int) -> Int {
    let slots = max(min(available, length - 1), 1)
    if slots == 1 { return length - 1 }
    if slots == length - 1 { return 1 }
    // b(s, t) = C(s + t, s) for t − 2, t − 1 and t, t least with b(s, t) ≥ n.
    var turns = 2
    var twoLess = 1
    var oneLess = slots + 1
    var covered = (slots + 1) * (slots + 2) / 2
    while covered < length {
      turns += 1
      twoLess = oneLess
      oneLess = covered
      covered = covered * (slots + turns) / turns
    }
    let a = twoLess * slots / (slots + turns - 2)  // b(s − 1, t − 2)
    if length <= oneLess + a { return length - oneLess + twoLess }
    let b = oneLess * slots / (slots + turns - 1)  // b(s − 1, t − 1)
    let c = b * (slots - 1) / (slots + turns - 2)  // b(s − 2, t − 1)
    if length <= oneLess + c + a { return twoLess + a }
    if length <= oneLess + b + c { return length - b - c }
    return oneLess
  }
}

extension Revolve {
  /// What the catalogue says of `revolve`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "revolve",
    options: [
      .init(
        "slots", .integer, "How many boundaries may be stored at once; the input takes one.",
        isRequired: true), .stages,
    ],
    summary: "Binomial checkpointing: fewest replays for a number of slots on a uniform chain.",
    details: """
      With s slots, a chain of C(s + t, s) stages runs each stage forward at most t times before \
      its recorded run. The count of forward steps is the least possible where all stages cost the \
      same and hold the same; on other chains it is a good start, and optimal(budget:) does \
      better. The input takes a slot.
      """,
    source: "Griewank & Walther 2000, Algorithm 799: extra(n, s) = t·n − C(s + t, t − 1)",
    facts: .init(
      subject: .chain, guarantee: "fewest runs of equal stages", planning: "the runs it plans",
      paper: "Griewank & Walther 2000"),
    example: "gradient wrt net with revolve(slots: 3) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return try Revolve(slots: try reader.integer("slots"), cut: try reader.cut())
  }
}
