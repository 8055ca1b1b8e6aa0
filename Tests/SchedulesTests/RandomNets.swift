@testable import Schedules

/// Random training steps of nets with skips: dense layers of unequal widths, elementwise steps,
/// norms with two results, residual sums that reach back over one to six layers, and the adjoints
/// of it all, the gradients of parameters as results.
enum RandomNets {
  /// A net of at least `least` steps, the backward ones included, and a few more.
  static func net(least: Int, seed: UInt64) -> Workload {
    var net = Net(random: SeededRandom(seed &* 0x9E37 &+ 77))
    while net.size < least { net.addLayer() }
    return net.finished()
  }

  private struct Net {
    var random: SeededRandom
    var steps: [Step] = []
    var bytes: [Int] = []
    /// The width of each forward value, and how each step's adjoint is found.
    private var widths: [Int: Int] = [:]
    private var tape: [Operation] = []
    private var last: Int?
    private var width = 16
    private var batch = 8
    private var parameters = 0
    /// Steps so far, with those that the way back will take.
    private(set) var size = 5

    private enum Operation {
      /// `output` = `input` · parameter.
      case dense(input: Int?, output: Int, parameter: Int, from: Int, to: Int)
      /// Elementwise; the adjoint reads the input, or the output.
      case activation(input: Int, output: Int, saves: Int)
      case norm(input: Int, output: Int, statistics: Int)
      case sum(first: Int, second: Int, output: Int)
    }

    init(random: SeededRandom) {
      self.random = random
      batch = [16, 64, 128][self.random.below(3)]
      width = [8, 12, 16, 24, 32][self.random.below(5)]
    }

    private mutating func add(
      _ inputs: [Int], _ sizes: [Int], scratch: Int = 0, cost: Int, reusable: [Int] = [],
      reads: [Int] = [], phase: Step.Phase = .forward, of forward: Int? = nil,
      isResult: Bool = false, _ name: String
    ) -> Int {
      let first = bytes.count
      let label = "\(name)#\(steps.count)"
      steps.append(
        Step(
          inputs: inputs,
          results: StepResults(
            sizes.map {
              Step.Value(
                bytes: $0, isResult: isResult, isGradient: isResult && phase == .backward)
            }), scratch: scratch, cost: cost, phase: phase, label: label, operation: name,
          reusable: reusable, reads: reads, differentiates: forward))
      bytes += sizes
      return first
    }

    mutating func addLayer() {
      guard let input = last else { return addDense(to: width) }
      switch random.below(8) {
      case 0...2:
        addDense(to: random.below(3) == 0 ? [8, 12, 16, 24, 32][random.below(5)] : width)
      case 3...4: addActivation(input)
      case 5: addNorm(input)
      default:
        let others = widths.filter { $0.value == width && $0.key < input }.keys.sorted()
        guard !others.isEmpty else { return addDense(to: width) }
        let other = others[max(0, others.count - 1 - random.below(6))]
        let output = add(
          [input, other], [bytes[input]], cost: batch * width, reusable: [input, other], "add")
        tape.append(.sum(first: input, second: other, output: output))
        finish(output, adjoints: 1)
      }
    }

    private mutating func finish(_ output: Int, adjoints: Int) {
      widths[output] = width
      last = output
      size += 1 + adjoints
    }

    private mutating func addDense(to next: Int) {
      let output = add(
        last.map { [$0] } ?? [], [8 * batch * next], cost: 2 * batch * width * next,
        reads: [parameters], "matmul")
      tape.append(
        .dense(input: last, output: output, parameter: parameters, from: width, to: next))
      parameters += 1
      width = next
      finish(output, adjoints: 2)
    }

    private mutating func addActivation(_ input: Int) {
      let isSmooth = random.below(2) == 0
      let output = add(
        [input], [bytes[input]], cost: (isSmooth ? 10 : 1) * batch * width, reusable: [input],
        isSmooth ? "gelu" : "tanh")
      tape.append(.activation(input: input, output: output, saves: isSmooth ? input : output))
      finish(output, adjoints: 1)
    }

    private mutating func addNorm(_ input: Int) {
      let output = add(
        [input], [bytes[input], 16 * batch], cost: 8 * batch * width, reusable: [input],
        reads: [parameters], "layer_norm")
      parameters += 1
      tape.append(.norm(input: input, output: output, statistics: output + 1))
      finish(output, adjoints: 2)
    }

    mutating func finished() -> Workload {
      let output = last ?? 0
      let loss = add([output], [8], cost: 3 * batch * width, isResult: true, "loss")
      let forward = steps.count
      var makers: [Int] = []
      for number in 0..<forward { makers += steps[number].results.map { _ in number } }
      var adjoints: [Int: Int] = [:]
      adjoints[output] = add(
        [output], [bytes[output]], cost: 2 * batch * width, phase: .backward, of: makers[loss],
        "loss_adjoint")
      for operation in tape.reversed() { addAdjoint(of: operation, &adjoints, makers) }
      return Workload(steps: steps, inputBytes: 8 * batch * width)
    }

    private mutating func addAdjoint(
      of operation: Operation, _ adjoints: inout [Int: Int], _ makers: [Int]
    ) {
      func output() -> Int {
        switch operation {
        case .dense(_, let output, _, _, _), .activation(_, let output, _),
          .norm(_, let output, _), .sum(_, _, let output):
          output
        }
      }
      guard let own = adjoints[output()] else { return }
      let forward = makers[output()]
      switch operation {
      case .dense(let input, _, let parameter, let from, let to):
        _ = add(
          [own] + (input.map { [$0] } ?? []), [8 * from * to], cost: 2 * batch * from * to,
          phase: .backward, of: forward, isResult: true, "matmul_gradient")
        guard let input else { return }
        collect(
          [own], for: input, cost: 2 * batch * from * to, reads: [parameter], of: forward,
          "matmul_adjoint", &adjoints)
      case .activation(let input, _, let saves):
        collect(
          [own, saves], for: input, cost: 12 * bytes[input] / 8, reusable: [own], of: forward,
          "activation_adjoint", &adjoints)
      case .norm(let input, _, let statistics):
        _ = add(
          [own, input, statistics], [16 * bytes[input] / 8 / batch], cost: 4 * bytes[input] / 8,
          phase: .backward, of: forward, isResult: true, "norm_gradient")
        collect(
          [own, input, statistics], for: input, cost: 10 * bytes[input] / 8, scratch: 8 * batch,
          reusable: [own], of: forward, "norm_adjoint", &adjoints)
      case .sum(let first, let second, _):
        collect(own, for: first, of: forward, &adjoints)
        collect(own, for: second, of: forward, &adjoints)
      }
    }

    /// Adds to the adjoint of a value what a step of its own makes, which reads `inputs`.
    private mutating func collect(
      _ inputs: [Int], for target: Int, cost: Int, scratch: Int = 0, reusable: [Int] = [],
      reads: [Int] = [], of forward: Int, _ name: String, _ adjoints: inout [Int: Int]
    ) {
      let value = add(
        inputs, [bytes[target]], scratch: scratch, cost: cost, reusable: reusable, reads: reads,
        phase: .backward, of: forward, name)
      collect(value, for: target, of: forward, &adjoints)
    }

    private mutating func collect(
      _ value: Int, for target: Int, of forward: Int, _ adjoints: inout [Int: Int]
    ) {
      guard let other = adjoints[target] else {
        adjoints[target] = value
        return
      }
      adjoints[target] = add(
        [other, value], [bytes[target]], cost: bytes[target] / 8, reusable: [other, value],
        phase: .backward, of: forward, "sum")
    }
  }
}
