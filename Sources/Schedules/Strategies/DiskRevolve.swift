/// Revolve with a second tier of unlimited size, where writing and reading a boundary have a price.
///
/// Aupy, Herrmann, Hovland & Robert 2016, Optimal multistage algorithm for adjoint computation, for
/// a uniform chain with s slots in memory; prices in forward runs of one stage. With P(n) = n +
/// extra(n, s): D(n) = min(P(n), min_j w + j + D(n − j) + r + R(j)) writes the segment's input and
/// goes on from j; R(n) = min(P(n), min_j j + P(n − j) + r + R(j)) reverses a segment whose input
/// stays on the slower tier.
package struct DiskRevolve: ChainStrategy {
  /// Boundaries in memory at once, at most, the input's included.
  package let slots: Int
  /// Price of writing a boundary, in forward runs of one stage.
  package let write: Double
  /// Price of reading a boundary back, in forward runs of one stage.
  package let read: Double
  /// Where the chain is cut.
  package let cut: Chain.Cut

  /// Throws `.option` unless there is at least one slot.
  package init(
    slots: Int, write: Double = 2, read: Double = 2, cut: Chain.Cut = .layers
  ) throws(ScheduleError) {
    guard slots >= 1 else {
      throw .option(name: "slots", expected: .atLeast(1), found: .count(slots))
    }
    self.slots = slots
    self.write = write
    self.read = read
    self.cut = cut
  }

  /// The slower tier, not the stages as of other strategies of a chain.
  package var lever: Lever { .tier }

  package var spelling: String {
    Spelling.call(
      "disk_revolve", ["slots: \(slots)", "write: \(write)", "read: \(read)"], cut: cut)
  }

  /// Least price of a chain of `length` stages, in forward runs of one stage: runs, writes and
  /// reads. Throws `.limit` for more than 20,000 stages.
  package func price(_ length: Int) throws(ScheduleError) -> Double {
    try Table(length, slots, write, read).writing[length]
  }

  /// Throws `.limit` for a chain of more than 20,000 stages, and for a plan that runs too many of
  /// them forward.
  func actions(for chain: Chain) throws(ScheduleError) -> [ChainAction] {
    let table = try Table(chain.length, slots, write, read)
    var actions: [ChainAction] = []
    var start = 0
    var written: [(start: Int, end: Int)] = []
    var count = chain.length
    while table.writingSplit[count] > 0 {
      let split = table.writingSplit[count]
      actions += [.offload(start), .advance(start, start + split)]
      written.append((start, start + split))
      start += split
      count -= split
    }
    actions += revolve(start, chain.length)
    for segment in written.reversed() {
      var end = segment.end
      while table.readingSplit[end - segment.start] > 0 {
        let middle = segment.start + table.readingSplit[end - segment.start]
        actions += [.fetch(segment.start), .advance(segment.start, middle)]
        actions += revolve(middle, end)
        end = middle
      }
      actions.append(.fetch(segment.start))
      actions += revolve(segment.start, end)
    }
    let forward = ChainPlan(chain: chain, actions: actions).forwardStages
    guard forward <= ChainPlan.mostComputes else {
      throw .limit(.computations(ChainPlan.mostComputes))
    }
    return actions
  }

  /// Revolve on stages from…end − 1, the boundary `from` in hand.
  private func revolve(_ from: Int, _ end: Int) -> [ChainAction] {
    SegmentReversal.actions(length: end - from, slots: slots, split: Revolve.split).map {
      $0.shifted(by: from)
    }
  }

  /// The recurrences D and R for every length up to the chain's.
  private struct Table {
    /// Stages of the longest chain that is planned.
    static let mostStages = 20_000

    var writing: [Double]
    var reading: [Double]
    var writingSplit: [Int]
    var readingSplit: [Int]

    init(_ length: Int, _ slots: Int, _ write: Double, _ read: Double) throws(ScheduleError) {
      guard length <= Self.mostStages else {
        throw .limit(.stagesOfDiskRevolve(Self.mostStages))
      }
      let memory = (0...length).map { Double($0 + Revolve.extra($0, slots: slots)) }
      writing = memory
      reading = memory
      writingSplit = Array(repeating: 0, count: length + 1)
      readingSplit = Array(repeating: 0, count: length + 1)
      var pace = Planning.Pace()
      for count in 2..<max(2, length + 1) {
        try pace.count(2 * count)
        var (best, split) = (memory[count], 0)
        for j in 1..<count {
          let price = Double(j) + memory[count - j] + read + reading[j]
          if price < best { (best, split) = (price, j) }
        }
        (reading[count], readingSplit[count]) = (best, split)
        (best, split) = (memory[count], 0)
        for j in 1..<count {
          let price = write + Double(j) + writing[count - j] + read + reading[j]
          if price < best { (best, split) = (price, j) }
        }
        (writing[count], writingSplit[count]) = (best, split)
      }
    }
  }
}

extension ChainAction {
  /// The same action on stages that start `offset` later.
  func shifted(by offset: Int) -> ChainAction {
    switch self {
    case .keep(let boundary): .keep(boundary + offset)
    case .drop(let boundary): .drop(boundary + offset)
    case .restore(let boundary): .restore(boundary + offset)
    case .advance(let from, let to): .advance(from + offset, to + offset)
    case .record(let stage): .record(stage + offset)
    case .reverse(let stage): .reverse(stage + offset)
    case .offload(let boundary): .offload(boundary + offset)
    case .fetch(let boundary): .fetch(boundary + offset)
    }
  }
}

extension DiskRevolve {
  /// What the catalogue says of `disk_revolve`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "disk_revolve",
    options: [
      .init(
        "slots", .integer, "How many boundaries may be in memory at once; the input takes one.",
        isRequired: true),
      .init(
        "write", .number, "Price of a write, in forward runs of a stage; 2.", isRequired: false),
      .init("read", .number, "Price of a read, in forward runs of a stage; 2.", isRequired: false),
      .stages,
    ],
    summary: "Revolve with a slower tier that has room for every boundary, at a price.",
    details: """
      Cheapest mix of replays, writes and reads on a uniform chain: some boundaries are written to \
      the slower tier in the first run, and each segment between them is reversed by revolve with \
      the slots in memory, its input read back as often as pays. With a high price it equals \
      revolve. The chain's input stands outside, so offloading it moves no bytes.
      """,
    source: "Aupy, Herrmann, Hovland & Robert 2016; Herrmann & Pallez 2020 (H-Revolve)",
    facts: .init(
      subject: .chain, guarantee: "least price of equal stages", planning: "n²",
      paper: "Aupy et al. 2016"),
    example:
      "gradient wrt net with disk_revolve(slots: 3, write: 2, read: 2) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return try DiskRevolve(
      slots: try reader.integer("slots"), write: try reader.number("write", default: 2),
      read: try reader.number("read", default: 2), cut: try reader.cut())
  }
}
