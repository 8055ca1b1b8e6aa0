/// Saves the forward values that are dearest to compute again within a part of all that the
/// backward pass reads, and replays the others, each once, when it is first read.
///
/// As the partitioner of torch.compile with `activation_memory_budget`: a knapsack whose items are
/// values, whose weights are their bytes, and whose worth is the runtime of computing them again
/// (torch/_functorch/partitioners.py, `choose_saved_values_set`). The runtime of a value counts the
/// steps back to other values that are saved in the plain run, in FLOPs, as if those were there.
package struct Knapsack: Strategy {
  /// How the items are chosen; the raw value is what a learner writes.
  package enum Solver: String, Hashable, Sendable, CaseIterable {
    /// Dynamic programming over the bytes, in at most `mostUnits` parts.
    case dp
    /// By falling worth per byte, whatever still has room.
    case greedy
  }

  /// Part of the bytes that the plain run saves, from 0 to 1, that may be saved.
  package let share: Double
  /// How the items are chosen.
  package let solver: Solver

  /// What torch.compile calls a budget of one half.
  package static let defaultShare = 0.5

  /// Throws `.option` for a share that is not from 0 to 1.
  package init(
    share: Double = defaultShare, solver: Solver = .dp
  ) throws(ScheduleError) {
    guard (0...1).contains(share) else {
      throw .option(name: "share", expected: .part, found: .value(.number(share)))
    }
    self.share = share
    self.solver = solver
  }

  package var spelling: String {
    Spelling.call(
      "knapsack", ["share: \(share)"] + (solver == .dp ? [] : ["solver: \(solver.rawValue)"]))
  }

  package var lever: Lever { .list }

  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let table = StepTable(workload)
    let items = Self.items(of: table)
    let total = items.reduce(0) { $0 + $1.bytes }
    let room = Int((share * Double(total)).rounded())
    let chosen =
      total <= room
      ? items
      : solver == .greedy ? Self.greedy(items, room) : try Self.dearest(items, room)
    var isSaved = Array(repeating: false, count: table.forwardValueCount)
    for item in chosen { isSaved[item.value] = true }
    let order = Rematerialization.order(table) { isSaved[$0] }
    return Schedule(actions: try Liveness.schedule(order, in: workload))
  }

  /// A value that the plain run saves for the backward pass.
  private struct Item {
    var value: Int
    /// Bytes of its storage.
    var bytes: Int
    /// FLOPs of computing it again where all other items are there.
    var worth: Int
  }

  /// The forward values that the backward pass reads, the last made first: of equals the one that
  /// it is done with soonest is saved.
  private static func items(of table: StepTable) -> [Item] {
    var isItem = Array(repeating: false, count: table.forwardValueCount)
    for step in table.forwardCount..<table.count {
      for input in table.inputs(of: step) where input < table.forwardValueCount {
        isItem[input] = true
      }
    }
    var seen = Array(repeating: -1, count: table.forwardCount)
    var items: [Item] = []
    for value in (0..<table.forwardValueCount).reversed() where isItem[value] {
      var worth = 0
      var pending = [table.makers[value]]
      while let step = pending.popLast() {
        guard seen[step] != value else { continue }
        seen[step] = value
        worth += table.cost[step]
        table.forEachInput(of: step) { if !isItem[$0] { pending.append(table.makers[$0]) } }
      }
      items.append(Item(value: value, bytes: table.bytes[value], worth: worth))
    }
    return items
  }

  /// By falling worth per byte, each that still has room.
  private static func greedy(_ items: [Item], _ room: Int) -> [Item] {
    var left = room
    func ratio(_ item: Item) -> Double { Double(item.worth) / Double(max(1, item.bytes)) }
    return items.sorted { (ratio($0), $0.value) > (ratio($1), $1.value) }.filter { item in
      guard item.bytes <= left else { return false }
      left -= item.bytes
      return true
    }
  }

  /// Units that bytes are counted in at the most, as in PyTorch; and of units times items.
  private static let (mostUnits, mostCells) = (10_000, 40_000_000)

  /// The items of most worth in all that have room: by dynamic programming over units of bytes,
  /// exact where a divisor of all sizes is no smaller than a unit, else with sizes rounded up.
  private static func dearest(
    _ items: [Item], _ room: Int
  ) throws(ScheduleError) -> [Item] {
    let units = max(1, min(mostUnits, mostCells / items.count))
    let divisor = items.reduce(0) { greatestDivisor($0, $1.bytes) }
    let unit = max(1, divisor, (room + units - 1) / units)
    let capacity = room / unit
    var best = Array(repeating: 0, count: capacity + 1)
    var isTaken = Array(repeating: false, count: items.count * (capacity + 1))
    var pace = Planning.Pace()
    for (number, item) in items.enumerated() {
      let weight = (item.bytes + unit - 1) / unit
      guard weight <= capacity else { continue }
      try pace.count(capacity + 1)
      let row = number * (capacity + 1)
      for filled in (weight...capacity).reversed()
      where best[filled - weight] + item.worth > best[filled] {
        best[filled] = best[filled - weight] + item.worth
        isTaken[row + filled] = true
      }
    }
    var chosen: [Item] = []
    var filled = capacity
    for (number, item) in items.enumerated().reversed()
    where isTaken[number * (capacity + 1) + filled] {
      chosen.append(item)
      filled -= (item.bytes + unit - 1) / unit
    }
    return chosen
  }

  private static func greatestDivisor(_ one: Int, _ other: Int) -> Int {
    var (one, other) = (one, other)
    while other > 0 { (one, other) = (other, one % other) }
    return one
  }
}

extension Knapsack {
  /// What the catalogue says of `knapsack`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "knapsack",
    options: [
      .init(
        "share", .number,
        "Part of the bytes that keep_all saves for the backward pass that may be saved, from 0 to "
          + "1; 0.5.",
        isRequired: false),
      .init(
        "solver", .word(Solver.allCases.map(\.rawValue)),
        "dp (the default) finds the values of most FLOPs that have room; greedy takes them by "
          + "FLOPs a byte.",
        isRequired: false),
    ],
    summary: "Saves the values dearest to compute again in a share of the room, as torch.compile.",
    details: """
      A knapsack: each forward value that the backward pass reads weighs its bytes and is worth \
      the FLOPs of computing it again from the others. What is not saved is computed again, once, \
      when the backward pass first reads it, and stays until its last use. share 1 is keep_all, \
      share 0 saves nothing but what stands outside. The share is of what is saved when the \
      forward pass is over, and not of the peak, which is why the peak is not monotone in it: what \
      is replayed takes room too, in the backward pass. With share 0 all is replayed at its start, \
      and a chain peaks as high as with share 1; between the two it peaks lower. Nor does the \
      worth know which other values are missing. torch.compile also cuts the graph where least \
      is saved, and takes what is cheap to compute as free; here every value is an item.
      """,
    source: """
      torch.compile, torch._functorch.config.activation_memory_budget and its solvers dp and \
      greedy (torch/_functorch/partitioners.py)
      """,
    facts: .init(
      subject: .graph, guarantee: "most FLOPs saved in its share (dp)", planning: "n, 10,000 units",
      paper: "PyTorch, torch.compile"),
    example: "gradient wrt net with knapsack(share: 0.5) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    let word = try reader.word(
      "solver", of: Solver.allCases.map(\.rawValue), default: Solver.dp.rawValue)
    return try Knapsack(
      share: try reader.number("share", default: defaultShare),
      solver: Solver(rawValue: word) ?? .dp)
  }
}
