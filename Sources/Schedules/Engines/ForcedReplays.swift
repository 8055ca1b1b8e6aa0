/// What has to run again after the first run of a step because not everything fits beside it: a
/// network, for a price per byte held. See `CoverBound`.
///
/// Source → each value that is read later; value → its maker, as much as holding it costs; maker →
/// its inputs, without limit; maker → sink, its cost.
struct ForcedReplays {
  /// Bytes in memory at the moment whatever is chosen: inputs and results of the step, its scratch,
  /// and what is never evicted.
  let fixed: Int
  /// What is read later and need not be in memory then.
  let wanted: ValueSet
  private let graph: SearchGraph
  private let step: Int
  /// Values that are in memory whatever is chosen.
  private let held: ValueSet

  /// The first run of `step`.
  init(_ step: Int, _ graph: SearchGraph) {
    let table = graph.table
    let later = graph.read[step + 1]
    let reusable = graph.reusable[step]
    // An input that nothing reads later leaves its storage to the result; one that is read later
    // may, and is out then.
    let isFree = !reusable.subtracting(later).isEmpty
    var wanted = later.intersection(graph.read[step]).intersection(graph.evictable)
    wanted.subtract(graph.inputs[step])
    if !isFree { wanted.formUnion(reusable.intersection(later).intersection(graph.evictable)) }
    held = graph.read[step].union(graph.inputs[step]).subtracting(wanted)
    fixed =
      graph.bytes(held) + table.made[step] + table.scratch[step]
      - (isFree ? table.firstBytes(of: step) : 0)
    self.wanted = wanted
    self.graph = graph
    self.step = step
  }

  /// A maximal flow where a byte held costs `price` and a FLOP `parts`: how much of it ends in the
  /// maker of each value that is the first of its maker; 0 for the other values.
  func flow(price: Int, parts: Int) -> (total: Int, ends: [Int]) {
    let table = graph.table
    let source = table.valueCount + table.forwardCount
    let sink = source + 1
    var network = MaximalFlow(nodes: sink + 1)
    var costs: [(value: Int, edge: Int)] = []
    var (open, seen, makers) = (wanted, wanted, ValueSet())
    wanted.visitAll { network.connect(source, $0, MaximalFlow.unlimited) }
    while let value = open.popHighest() {
      let maker = table.makers[value]
      let holding = price.multipliedReportingOverflow(by: table.bytes[value])
      network.connect(
        value, table.valueCount + maker,
        holding.overflow ? MaximalFlow.unlimited : min(MaximalFlow.unlimited, holding.partialValue))
      guard !makers.contains(maker) else { continue }
      makers.insert(maker)
      let cost = step < graph.lastRepeat[maker] ? table.cost[maker] * parts : MaximalFlow.unlimited
      costs.append(
        (
          table.values(of: maker).lowerBound,
          network.connect(table.valueCount + maker, sink, cost)
        ))
      let inputs = graph.inputs[maker].subtracting(held)
      inputs.visitAll { network.connect(table.valueCount + maker, $0, MaximalFlow.unlimited) }
      open.formUnion(inputs.subtracting(seen))
      seen.formUnion(inputs)
    }
    let total = network.fill(from: source, to: sink)
    var ends = Array(repeating: 0, count: table.valueCount)
    for (value, edge) in costs { ends[value] = network.flow(edge) }
    return (total, ends)
  }
}
