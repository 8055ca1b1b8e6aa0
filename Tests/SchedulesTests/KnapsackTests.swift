import Testing

@testable import Schedules

/// The programs of PyTorch's test/functorch/test_ac.py: sizes in units of 512 · 512 numbers (there
/// 1 MiB), FLOPs in units of a product of two such squares. A cos costs so little beside a product
/// that it is a thousandth here.
private enum Published {
  static let unit = 1000

  /// Products that the loss reads each through a cos, as `sum(mm(x, w).cos())`: bytes and FLOPs.
  static func products(_ products: [(bytes: Int, cost: Int)]) -> Workload {
    var steps: [Step] = []
    var ends: [Int] = []
    for (number, product) in products.enumerated() {
      steps.append(
        Step(
          bytes: product.bytes, cost: product.cost * unit, label: "mm#\(number)",
          operation: "matmul"))
      steps.append(
        Step(
          inputs: [steps.count - 1], bytes: product.bytes, cost: product.bytes,
          label: "cos#\(number)", operation: "cos"))
      steps.append(Step(inputs: [steps.count - 1], bytes: 0, cost: 0, label: "sum#\(number)"))
      ends.append(steps.count - 1)
    }
    steps.append(Step(inputs: ends, bytes: 0, cost: 0, label: "sum", isResult: true))
    for (number, product) in products.enumerated().reversed() {
      steps.append(
        Step(
          inputs: [3 * number], bytes: product.bytes, cost: product.bytes, phase: .backward,
          label: "cos_adjoint#\(number)", differentiates: 3 * number + 1))
      steps.append(
        Step(
          inputs: [steps.count - 1], bytes: product.bytes, cost: product.cost * unit,
          phase: .backward, label: "dw#\(number)", isResult: true, isGradient: true,
          differentiates: 3 * number))
    }
    return Workload(steps: steps)
  }

  /// `x = x.cos(); for w in ws { x = mm(x, w).cos() }; x.sum()` with so many squares.
  static func chain(_ count: Int) -> Workload {
    func step(_ name: String, _ number: Int, cost: Int) -> Step {
      Step(
        inputs: number == 0 ? [] : [number - 1], bytes: 1, cost: cost, label: "\(name)#\(number)",
        operation: name)
    }
    var steps = [step("cos", 0, cost: 1)]
    for number in 0..<count {
      steps.append(step("matmul", 2 * number + 1, cost: unit))
      steps.append(step("cos", 2 * number + 2, cost: 1))
    }
    let loss = steps.count
    steps.append(
      Step(inputs: [loss - 1], bytes: 0, cost: 0, label: "sum", isResult: true))
    var adjoint = loss
    for number in (0..<count).reversed() {
      let (product, source) = (2 * number + 1, 2 * number)
      steps.append(
        Step(
          inputs: [adjoint, product], bytes: 1, phase: .backward, label: "cos'#\(number)",
          differentiates: product + 1))
      let slope = steps.count - 1
      steps.append(
        Step(
          inputs: [slope, source], bytes: 1, cost: unit, phase: .backward, label: "dw#\(number)",
          isResult: true, isGradient: true, differentiates: product))
      steps.append(
        Step(
          inputs: [slope], bytes: 1, cost: unit, phase: .backward, label: "dx#\(number)",
          isResult: number == 0, differentiates: product))
      adjoint = steps.count - 1
    }
    return Workload(steps: steps)
  }
}

/// Bytes kept when the forward pass is over, and products replayed, cos left out.
private func outcome(
  _ workload: Workload, _ share: Double, _ solver: Knapsack.Solver = .dp
) throws -> (kept: Int, replayed: Int) {
  let schedule = try Knapsack(share: share, solver: solver).schedule(workload)
  let rehearsal = try Rehearsal.of(schedule, workload)
  let backward = try #require(
    schedule.actions.firstIndex { action in
      if case .compute(let step, _) = action { step >= workload.forwardCount } else { false }
    })
  // Replays before the first backward step are no part of what the forward pass keeps.
  var done: Set<Int> = []
  var end = backward
  for (place, action) in schedule.actions.prefix(backward).enumerated() {
    guard case .compute(let step, _) = action, !done.insert(step).inserted else { continue }
    end = place
    break
  }
  return (rehearsal.timeline[end - 1].after.kept, rehearsal.replayedCost / Published.unit)
}

@Test func `the cheaper product is replayed, as PyTorch has it`() throws {
  let two = Published.products([(4, 4), (4, 8)])
  #expect(try outcome(two, 1) == (8, 0))
  #expect(try outcome(two, 0.5) == (4, 4))
  let three = Published.products([(16, 64), (12, 72), (12, 24)])
  #expect(try outcome(three, 1) == (40, 0))
  #expect(try outcome(three, 28.0 / 40) == (28, 24))
  #expect(try outcome(three, 16.0 / 40) == (12, 24 + 64))
}

@Test func `a chain of five products saves one more product with each tenth`() throws {
  let chain = Published.chain(5)
  for tenth in 0...5 { #expect(try outcome(chain, Double(tenth) / 10) == (tenth, 5 - tenth)) }
  #expect(try outcome(chain, 1) == (10, 0))
}

@Test(arguments: [
  ([11, 3, 4, 2], [18, 17, 16, 15, 14, 13, 11, 7, 6, 5]),
  ([3, 5, 11, 17, 14], [42, 30, 19, 8, 3]),
])
func `where worth is as bytes the room is filled exactly`(sizes: [Int], sums: [Int]) throws {
  let workload = Published.products(sizes.map { ($0, $0) })
  let total = sizes.reduce(0, +)
  for sum in sums {
    #expect(try outcome(workload, Double(sum) / Double(total)).kept == sum)
  }
}

@Test func `dp saves more FLOPs than greedy where what fits first is in the way`() throws {
  let workload = Published.products([(6, 7), (5, 5), (5, 5)])
  let share = 10.0 / 16
  #expect(try outcome(workload, share, .greedy) == (6, 10))
  #expect(try outcome(workload, share) == (10, 7))
}

@Test func `the peak is not monotone in the share: a replay takes room too`() throws {
  let workload = Workloads.uniform(16)
  let peaks = try [0.0, 0.25, 0.5, 0.75, 1].map { share in
    try Rehearsal.of(Knapsack(share: share).schedule(workload), workload).peak
  }
  #expect(peaks == [17, 14, 10, 13, 17])
}

@Test func `a share is from 0 to 1`() {
  #expect(
    throws: ScheduleError.option(name: "share", expected: .part, found: .value(.number(1.5)))
  ) { try Knapsack(share: 1.5) }
}
