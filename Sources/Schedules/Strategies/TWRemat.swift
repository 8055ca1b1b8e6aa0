/// Divide and conquer along a tree decomposition of the graph; works on any graph.
///
/// Kumar et al. 2019, Efficient rematerialization for deep networks: with a decomposition of width
/// w, a graph of n steps runs while O(w log n) of them are held. See `SeparatorOrder`.
package struct TWRemat: Strategy {
  /// Bytes of the schedule, at most, at once.
  package let budget: Int

  /// Plans within this budget, in bytes.
  package init(budget: Int) { self.budget = budget }

  package var spelling: String { Spelling.call("twremat", ["budget: \(Spelling.bytes(budget))"]) }

  package var askedBudget: Int? { budget }

  package var lever: Lever { .budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    TWRemat(budget: surroundings.room(of: budget))
  }

  /// Throws `.impossible` with the lowest peak reached, where nothing fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    let plans = try Self.plans(of: workload, StepTable(workload))
    let order = try plans.cheapest(within: budget)
    return Schedule(actions: try Liveness.schedule(order, in: workload))
  }

  /// Computations of the longest order that is tried: so many for each step, and some.
  private static let (computesPerStep, fewestComputes) = (24, 4096)

  /// The plain order, and one for each size of the parts that are run as they stand: half of the
  /// steps, a quarter, and so on down to one; those that no other of them beats in both peak and
  /// FLOPs.
  static func plans(
    of workload: Workload, _ table: StepTable
  ) throws(ScheduleError) -> Frontier<[Int]> {
    var scan = OrderScan(table)
    var plans = Frontier<[Int]>()
    let plain = try scan.measure(Array(0..<table.count))
    plans.add(peak: plain.peak, cost: plain.cost, Array(0..<table.count))
    guard let updates = Updates(workload) else { return plans }
    let tree = try TreeDecomposition(SeparatorOrder.graph(table))
    var leaf = table.count
    while leaf > 1 {
      leaf /= 2
      let steps = try SeparatorOrder.steps(
        table, tree, leaf: leaf,
        mostComputes: computesPerStep * table.count + fewestComputes)
      guard let steps else { break }
      let order = updates.inserted(into: steps, table)
      let figures = try scan.measure(order)
      plans.add(peak: figures.peak, cost: figures.cost, order)
    }
    return plans
  }

  /// The updates of a workload, which an order of the other steps is given afterwards: each as soon
  /// as nothing that has to come before it runs any more.
  private struct Updates {
    private let steps: [Step]
    private let numbers: [Int]

    /// `nil` where a step other than an update has to run after one.
    init?(_ workload: Workload) {
      steps = workload.steps
      numbers = steps.indices.filter { workload.steps[$0].phase == .update }
      var written: Set<Int> = []
      for step in steps {
        if step.phase != .update, !written.isDisjoint(with: step.reads) { return nil }
        if let target = step.writes { written.insert(target) }
      }
    }

    /// The order with the updates in it.
    func inserted(into order: [Int], _ table: StepTable) -> [Int] {
      guard !numbers.isEmpty else { return order }
      /// Where each value is made last, and each parameter or state read last.
      var made = Array(repeating: 0, count: table.valueCount)
      var read: [Int: Int] = [:]
      for (place, step) in order.enumerated() {
        for value in table.values(of: step) { made[value] = place }
        for target in steps[step].reads { read[target] = place }
      }
      var after: [Int: [Int]] = [:]
      var last = 0
      for number in numbers {
        let step = steps[number]
        let targets = step.reads + [step.writes].compactMap { $0 }
        // Updates keep their order among each other.
        last = max(
          last, step.inputs.map { made[$0] }.max() ?? 0, targets.map { read[$0] ?? 0 }.max() ?? 0)
        after[last, default: []].append(number)
      }
      var whole: [Int] = []
      for (place, step) in order.enumerated() {
        whole.append(step)
        whole += after[place] ?? []
      }
      return order.isEmpty ? numbers : whole
    }
  }
}

extension TWRemat {
  /// What the catalogue says of `twremat`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "twremat",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true)
    ],
    summary: "Divides any graph by a few steps that are held, again and again, and runs the parts.",
    details: """
      A tree decomposition of the graph gives a bag of at most w + 1 steps without which no part \
      has more than half of the steps; w is its width, which is small for most networks. The bag \
      is computed and held, and each part is run in the same way. With parts down to one step, a \
      graph of n steps runs while at most (2w + 1)(1 + log2 n) + 1 of them are held, results \
      aside. Parts that are small enough run as they stand: of the sizes n/2, n/4, … the cheapest \
      plan that fits the budget is taken. Bytes do not enter the division, so optimal and moccasin \
      find cheaper plans where they search; twremat has its bound without a search, where the plan \
      computes at most 24 steps for each of the graph's: sizes that take more are not tried, and \
      what is held is then more than the bound.
      """,
    source: "Kumar et al. 2019, Efficient rematerialization for deep networks, section 3",
    facts: .init(
      subject: .graph, guarantee: "O(w log n) held, if 24 n steps do", planning: "n w log n a size",
      paper: "Kumar et al. 2019"),
    example: "gradient wrt net with twremat(budget: 64 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in TWRemat(budget: try OptionReader(options).bytes("budget"))
  }
}
