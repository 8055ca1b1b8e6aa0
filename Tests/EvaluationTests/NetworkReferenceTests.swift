import Evaluation
import Foundation
import Tensors
import Testing

/// What PyTorch computed of the networks of `Tests/Reference/networks.cairn`: `networks.py` writes
/// the file, and says what its numbers are.
private struct NetworkReference: Decodable {
  /// One step of a small network. Tolerances are relative: of the loss, to the loss.
  struct Step: Decodable {
    let network: String
    let type: String
    let weights: Double
    let loss: Double
    let tolerance: Double
    let kept: Int
    let gradients: [Summary]
    let statistics: [[Double]]
  }

  /// A gradient in few numbers: the largest element, the norm, the sum of each element times the
  /// sine of its place (from 1), and elements at even distances from the first to the last.
  struct Summary: Decodable {
    let count: Int
    let largest: Double
    let norm: Double
    let wave: Double
    let samples: [Double]
    let tolerance: Double
  }

  /// The losses of twenty steps.
  struct Curve: Decodable {
    let network: String
    let optimizer: String
    let losses: [Double]
  }

  /// What a step of a large network keeps, in bytes.
  struct Kept: Decodable {
    let network: String
    let type: String
    let bytes: Int
  }

  let steps: [Step]
  let curves: [Curve]
  let kept: [Kept]

  static let networks = [
    "mlp", "cnn", "deep_cnn", "resnet", "resnet_evaluated", "gru", "lstm", "vae", "gpt",
    "gpt_tiled", "unet", "autoencoder",
  ]

  static func read() throws -> NetworkReference {
    let path = "\(Lab.root)/Tests/Reference/networks.json"
    return try JSONDecoder().decode(
      NetworkReference.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

@Suite struct `Networks beside PyTorch` {
  /// Runs a library of references and then a text, which must not fail, and hands over its names.
  private func run(
    _ text: String, after library: String = "networks.cairn",
    _ body: @escaping ([String: Value]) throws -> Void
  ) throws {
    let path = "\(Lab.root)/Tests/Reference/\(library)"
    let definitions = try String(contentsOfFile: path, encoding: .utf8)
    try Lab.session("\(definitions)\n\(text)") { machine, outcomes in
      for outcome in outcomes { #expect(outcome.fault == nil, "\(outcome.fault?.message ?? "")") }
      try body(
        Dictionary(uniqueKeysWithValues: machine.bindings.map { ($0.name, $0.value) }))
    }
  }

  /// The numbers of a list of tensors, or of numbers as a list each.
  private func numbers(_ value: Value?) -> [[Double]] {
    guard case .list(let list)? = value else { return [] }
    return list.elements.map { element in
      switch element {
      case .tensor(let tensor): tensor.doubles()
      case .float(let x): [x]
      default: []
      }
    }
  }

  @Test(arguments: NetworkReference.networks)
  func `loss and every gradient are the same, and no more is kept, in`(network: String) throws {
    let steps = try NetworkReference.read().steps.filter { $0.network == network }
    #expect(steps.count >= 2)
    for step in steps {
      let text = """
        let case = stirred("\(network)", "\(step.type)")
        let net = case["net"]
        let loss = case["loss"]
        let weights = map(fn(p) { cast(p, f64) }, parameters(net))
        seed 0
        let g = gradient wrt net { loss() }
        let gradients = map(fn(p) { cast(g[p], f64) }, parameters(net))
        let value = [g.loss]
        let bytes = plan wrt net { loss() }.kept
        """
      try run(text) { names in
        let label = "\(network), \(step.type)"
        let weights = numbers(names["weights"]).joined()
        #expect(
          isNear(norm(Array(weights)), step.weights, within: 1e-9 * step.weights),
          "\(label): PyTorch had other weights; networks.py records anew")
        let loss = numbers(names["value"]).first?.first ?? .nan
        #expect(
          isNear(loss, step.loss, within: step.tolerance * abs(step.loss)),
          "\(label): loss \(loss), not \(step.loss)")
        let gradients = numbers(names["gradients"])
        #expect(gradients.count == step.gradients.count, "\(label)")
        for (i, (found, expected)) in zip(gradients, step.gradients).enumerated() {
          expectNear(found, expected, "\(label): gradient \(i)")
        }
        if case .layer(let net)? = names["net"] {
          let states = net.states().map { $0.tensor.doubles() }
          #expect(states.count == step.statistics.count, "\(label)")
          for (found, expected) in zip(states.joined(), step.statistics.joined()) {
            #expect(isNear(found, expected, within: step.tolerance * max(1, abs(expected))))
          }
        }
        guard case .bytes(let kept)? = names["bytes"] else { throw Missing() }
        #expect(kept <= step.kept, "\(label) keeps \(kept), PyTorch \(step.kept)")
      }
    }
  }

  @Test(arguments: NetworkReference.networks)
  func `a large network keeps no more:`(network: String) throws {
    let rows = try NetworkReference.read().kept.filter { $0.network == network }
    #expect(rows.count >= 2)
    for row in rows {
      try run("let bytes = kept(\"\(network)\", \"\(row.type)\")") { names in
        guard case .bytes(let kept)? = names["bytes"] else { throw Missing() }
        #expect(kept <= row.bytes, "\(network), \(row.type): \(kept), not \(row.bytes)")
      }
    }
  }

  @Test(arguments: NetworkReference.networks.filter { $0 != "resnet_evaluated" })
  func `twenty steps with each optimizer give the same losses, in`(network: String) throws {
    let curves = try NetworkReference.read().curves.filter { $0.network == network }
    #expect(curves.count >= 9)
    for row in curves {
      let text = "let losses = curve(stirred(\"\(network)\", \"f64\"), \(row.optimizer), 20)"
      try run(text) { names in
        let found = numbers(names["losses"]).joined()
        #expect(found.count == 20)
        for (step, (loss, expected)) in zip(found, row.losses).enumerated() {
          #expect(
            isNear(loss, expected, within: 1e-9 * max(1, abs(expected))),
            "\(row.optimizer), step \(step): \(loss), not \(expected)")
        }
      }
    }
  }

  /// What `Tests/Reference/text.py` records: the losses of twenty steps of Adam.
  private struct TextReference: Decodable {
    let losses: [Double]
  }

  @Test func `a language model of four layers learns the sonnets, loss by loss`() throws {
    let data = try Data(contentsOf: URL(fileURLWithPath: "\(Lab.root)/Tests/Reference/text.json"))
    let expected = try JSONDecoder().decode(TextReference.self, from: data).losses
    #expect(expected.count == 20)
    try run("let losses = learned(reader(\"f64\"), 20)", after: "text.cairn") { names in
      let found = Array(numbers(names["losses"]).joined())
      #expect(found.count == expected.count)
      for (step, (loss, other)) in zip(found, expected).enumerated() {
        #expect(isNear(loss, other, within: 1e-9 * other), "step \(step): \(loss), not \(other)")
      }
    }
  }

  private struct Missing: Error {}

  private func expectNear(
    _ found: [Double], _ expected: NetworkReference.Summary, _ label: String
  ) {
    #expect(found.count == expected.count, "\(label)")
    guard found.count == expected.count else { return }
    let ofNorm = expected.tolerance * expected.norm
    let ofLargest = expected.tolerance * expected.largest
    let wave = found.enumerated().reduce(0) { $0 + $1.element * sin(Double($1.offset + 1)) }
    #expect(isNear(norm(found), expected.norm, within: ofNorm), "\(label): norm")
    #expect(isNear(wave, expected.wave, within: ofNorm), "\(label): wave")
    let largest = found.lazy.map(abs).max() ?? 0
    #expect(isNear(largest, expected.largest, within: ofLargest), "\(label): largest")
    for (k, sample) in expected.samples.enumerated() {
      let x = found[k * (found.count - 1) / 3]
      #expect(isNear(x, sample, within: ofLargest), "\(label): \(x), not \(sample)")
    }
  }

  private func isNear(_ x: Double, _ y: Double, within distance: Double) -> Bool {
    abs(x - y) <= distance
  }

  private func norm(_ numbers: [Double]) -> Double {
    numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }
}
