@testable import Schedules

/// Hand-made and random workloads for the tests.
enum Workloads {
  /// A chain of unit stages, one forward and one backward step each; the backward step reads the
  /// stage's input.
  static func uniform(_ length: Int, bytes: Int = 1) -> Workload {
    heterogeneous(Array(repeating: bytes, count: length))
  }

  /// The same with the bytes of each stage's output given.
  static func heterogeneous(_ bytes: [Int], scratch: [Int] = [], cost: [Int] = []) -> Workload {
    var steps: [Step] = []
    var marks: [Workload.Mark] = []
    let length = bytes.count
    for (number, size) in bytes.enumerated() {
      steps.append(
        Step(
          inputs: number == 0 ? [] : [number - 1], bytes: size,
          scratch: scratch.isEmpty ? 0 : scratch[number], cost: cost.isEmpty ? 1 : cost[number],
          label: "f#\(number)", operation: "f"))
      marks.append(.init(step: number, label: "stage \(number)"))
    }
    for number in (0..<length).reversed() {
      var inputs = number == length - 1 ? [] : [steps.count - 1]
      if number > 0 { inputs.append(number - 1) } else if length == 1 { inputs = [0] }
      if number == length - 1 && length > 1 { inputs.append(number) }
      steps.append(
        Step(
          inputs: inputs, bytes: number == 0 ? bytes[0] : bytes[number - 1],
          scratch: scratch.isEmpty ? 0 : scratch[number],
          cost: cost.isEmpty ? 2 : 2 * cost[number], phase: .backward, label: "b#\(number)",
          isResult: number == 0, isGradient: number == 0, differentiates: number))
    }
    return Workload(steps: steps, marks: marks, inputBytes: bytes.first ?? 0)
  }

  /// The chains of chains.csv: boundary 1, recorded 2 with the output, forward cost 1, backward 2,
  /// and the gradient buffers. The input stands outside, so a limit there is a budget of one less
  /// here.
  static func recorded(_ length: Int) -> Workload {
    var steps: [Step] = []
    var marks: [Workload.Mark] = []
    var last: Int?
    for stage in 0..<length {
      let input = last.map { [$0] } ?? []
      steps.append(Step(inputs: input, bytes: 1, cost: 0, label: "a#\(stage)", operation: "a"))
      steps.append(Step(inputs: input, bytes: 1, cost: 1, label: "x#\(stage + 1)", operation: "x"))
      last = steps.count - 1
      marks.append(.init(step: steps.count - 1, label: "stage \(stage)"))
    }
    let seed = steps.count
    steps.append(
      Step(
        inputs: [], bytes: 1, cost: 0, phase: .backward, label: "seed", differentiates: seed - 1))
    var adjoint = seed
    for stage in (0..<length).reversed() {
      var inputs = [adjoint]
      if stage > 0 { inputs.append(2 * stage - 1) }
      inputs += [2 * stage, 2 * stage + 1]
      steps.append(
        Step(
          inputs: inputs, bytes: 1, cost: 2, phase: .backward, label: "b#\(stage)",
          isResult: stage == 0, isGradient: stage == 0, differentiates: 2 * stage + 1))
      adjoint = steps.count - 1
    }
    return Workload(steps: steps, marks: marks, inputBytes: 1)
  }

  /// Layers of matmul, bias and relu with gradients that are updated at once, and a loss.
  static func dense(_ layers: Int, bytes: Int = 64, weights: Int = 16) -> Workload {
    var steps: [Step] = []
    var marks: [Workload.Mark] = []
    for layer in 0..<layers {
      let input = layer == 0 ? [] : [steps.count - 1]
      steps.append(
        Step(
          inputs: input, bytes: bytes, cost: 100, label: "matmul#\(steps.count)",
          operation: "matmul", reads: [2 * layer]))
      steps.append(
        Step(
          inputs: [steps.count - 1], bytes: bytes, cost: 1, label: "add#\(steps.count)",
          operation: "add", reusable: [steps.count - 1], reads: [2 * layer + 1]))
      steps.append(
        Step(
          inputs: [steps.count - 1], bytes: bytes, cost: 1, label: "relu#\(steps.count)",
          operation: "relu", reusable: [steps.count - 1]))
      marks.append(.init(step: steps.count - 1, label: "dense \(layer)"))
    }
    let loss = steps.count
    steps.append(
      Step(
        inputs: [loss - 1], bytes: 4, cost: 3, label: "mse#\(loss)", operation: "mse",
        isResult: true))
    steps.append(
      Step(
        inputs: [loss - 1], bytes: bytes, cost: 3, phase: .backward, label: "mse_adjoint",
        differentiates: loss))
    // Updates make no values, so that values are counted apart from steps from here on.
    var adjoint = loss + 1
    var values = loss + 2
    func backward(_ step: Step) -> Int {
      steps.append(step)
      values += step.results.count
      return values - 1
    }
    for layer in (0..<layers).reversed() {
      adjoint = backward(
        Step(
          inputs: [adjoint, 3 * layer + 2], bytes: bytes, cost: 1, phase: .backward,
          label: "relu_adjoint#\(layer)", reusable: [adjoint], differentiates: 3 * layer + 2))
      let bias = backward(
        Step(
          inputs: [adjoint], bytes: 8, phase: .backward, label: "db#\(layer)", isGradient: true,
          differentiates: 3 * layer + 1))
      let weight = backward(
        Step(
          inputs: [adjoint] + (layer == 0 ? [] : [3 * layer - 1]), bytes: weights, scratch: 8,
          cost: 100, phase: .backward, label: "dw#\(layer)", isGradient: true,
          differentiates: 3 * layer))
      if layer > 0 {
        adjoint = backward(
          Step(
            inputs: [adjoint], bytes: bytes, cost: 100, phase: .backward, label: "dx#\(layer)",
            reads: [2 * layer], differentiates: 3 * layer))
      }
      for (gradient, parameter) in [(weight, 2 * layer), (bias, 2 * layer + 1)] {
        steps.append(
          Step(
            inputs: [gradient], bytes: 0, phase: .update, label: "update \(parameter)",
            writes: parameter, differentiates: 3 * layer))
      }
    }
    return Workload(steps: steps, marks: marks, inputBytes: bytes)
  }

  /// A random chain of `dense`-like stages of differing sizes and costs.
  static func randomChain(_ length: Int, seed: UInt64) -> Workload {
    var random = SeededRandom(seed)
    return heterogeneous(
      (0..<length).map { _ in random.below(60) + 4 },
      scratch: (0..<length).map { _ in random.below(3) * 5 },
      cost: (0..<length).map { _ in random.below(9) + 1 })
  }

  /// A random forward DAG with regions, its adjoints derived step by step, and updates; steps make
  /// up to `mostResults` values.
  static func random(_ count: Int, seed: UInt64, mostResults: Int = 1) -> Workload {
    var random = SeededRandom(seed)
    var draft = Draft()
    for number in 0..<count {
      var sources: Set<Int> = number > 0 && random.below(6) > 0 ? [number - 1] : []
      for _ in 0..<random.below(3) where number > 0 {
        sources.insert(max(0, number - 1 - random.below(5)))
      }
      let bytes = (random.below(4) + 1) * 8
      let inputs = sources.sorted().flatMap { draft.some(of: $0, &random) }
      var results = [Step.Value(bytes: bytes)]
      for _ in 1..<max(2, mostResults) where mostResults > 1 && random.below(2) == 0 {
        results.append(Step.Value(bytes: random.below(3) * 8))
      }
      let scratch = random.below(3) * 4
      let cost = random.below(20)
      let operation = ["matmul", "relu", "add"][random.below(3)]
      let named = random.below(5) == 0 ? random.below(results.count) : nil
      draft.add(
        Step(
          inputs: inputs, results: StepResults(results), scratch: scratch, cost: cost,
          label: "f#\(number)", operation: operation, names: named.map { [$0: "hidden"] } ?? [:],
          reusable: inputs.filter { draft.bytes[$0] == bytes && random.below(2) == 0 },
          reads: random.below(2) == 0 ? [number] : []))
    }
    draft.steps[count - 1].results[0].isResult = true
    let regions = addRegions(&draft.steps, &random)
    addBackward(&draft, &random, mostResults)
    let marks = (0..<count - 1).filter { _ in random.below(3) == 0 }
    return Workload(
      steps: draft.steps, regions: regions,
      marks: marks.map { .init(step: $0, label: "layer \($0)") }, inputBytes: 8)
  }

  /// Steps in the making, with the numbers of their values.
  private struct Draft {
    var steps: [Step] = []
    var values: [Range<Int>] = []
    var bytes: [Int] = []

    /// Adds a step; gives its first value.
    @discardableResult
    mutating func add(_ step: Step) -> Int {
      let first = bytes.count
      steps.append(step)
      bytes += step.results.map(\.bytes)
      values.append(first..<bytes.count)
      return first
    }

    /// One or all of the values of a step.
    func some(of step: Int, _ random: inout SeededRandom) -> [Int] {
      if values[step].count == 1 { return Array(values[step]) }
      return random.below(3) == 0
        ? Array(values[step]) : [values[step].lowerBound + random.below(values[step].count)]
    }
  }

  private static func addRegions(
    _ steps: inout [Step], _ random: inout SeededRandom
  ) -> [Workload.Region] {
    var regions: [Workload.Region] = []
    func fill(_ range: Range<Int>, _ parent: Int?) {
      guard range.count >= 2, random.below(4) > 0 else { return }
      let start = range.lowerBound + random.below(range.count - 1)
      let end = start + 1 + random.below(range.upperBound - start)
      let region = regions.count
      regions.append(.init(parent: parent))
      for step in start..<end { steps[step].region = region }
      if end - start < range.count { fill(start..<end, region) }
      if end < range.upperBound { fill(end..<range.upperBound, parent) }
    }
    fill(0..<steps.count, nil)
    return regions
  }

  private static func addBackward(
    _ draft: inout Draft, _ random: inout SeededRandom, _ mostResults: Int
  ) {
    let count = draft.steps.count
    var adjoints = Array(repeating: Int?.none, count: draft.bytes.count)
    let loss = draft.values[count - 1].lowerBound
    adjoints[loss] = draft.add(
      Step(
        inputs: [loss], bytes: draft.bytes[loss], phase: .backward, label: "seed",
        differentiates: count - 1))
    for number in (0..<count).reversed() {
      let own = draft.values[number].compactMap { adjoints[$0] }
      guard !own.isEmpty else { continue }
      let forward = draft.steps[number]
      let reached = forward.inputs + Array(draft.values[number])
      func saved() -> [Int] { reached.filter { _ in random.below(2) == 0 } }
      var targets = forward.inputs.map { [$0] }
      if mostResults > 1, random.below(2) == 0, !targets.isEmpty {
        targets = [Array(forward.inputs.prefix(mostResults))]
      }
      for group in targets {
        let name = group.map { "\($0)" }.joined(separator: ",")
        let first = draft.add(
          Step(
            inputs: own + saved(),
            results: StepResults(group.map { Step.Value(bytes: draft.bytes[$0]) }),
            scratch: random.below(2) * 8, cost: random.below(20), phase: .backward,
            label: "d#\(number)→\(name)", resultNames: group.dropFirst().map { "\($0)" },
            reusable: own, reads: forward.reads,
            differentiates: number))
        for (place, input) in group.enumerated() {
          guard let other = adjoints[input] else {
            adjoints[input] = first + place
            continue
          }
          adjoints[input] = draft.add(
            Step(
              inputs: [other, first + place], bytes: draft.bytes[input], phase: .backward,
              label: "sum#\(input)@\(number)", reusable: [other, first + place],
              differentiates: number))
        }
      }
      if let target = forward.reads.first {
        let isUpdated = random.below(2) == 0
        let gradient = draft.add(
          Step(
            inputs: own + saved(), bytes: 16, phase: .backward, label: "gradient#\(number)",
            isResult: !isUpdated, isGradient: true, differentiates: number))
        if isUpdated {
          draft.add(
            Step(
              inputs: [gradient], bytes: 0, scratch: 4, phase: .update,
              label: "update#\(number)", writes: target, differentiates: number))
        }
      }
    }
  }
}

/// SplitMix64.
struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// A number from 0 to `bound` − 1.
  mutating func below(_ bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}
