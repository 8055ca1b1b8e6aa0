import Evaluation
import Foundation
import Tensors
import Testing

/// What PyTorch computed: `Tests/Reference/optimizers.py` writes the file.
private struct Reference: Decodable {
  struct Run: Decodable {
    let optimizer: String
    let losses: [Double]
    let parameters: [[Double]]
  }
  let runs: [Run]

  static func read() throws -> Reference {
    let path = "\(Lab.root)/Tests/Reference/optimizers.json"
    return try JSONDecoder().decode(
      Reference.self, from: try Data(contentsOf: URL(fileURLWithPath: path)))
  }
}

@Suite struct `Optimizers beside PyTorch` {
  /// The network of the reference, and its data.
  private static let network = """
    fn waves(count, scale, shift, shape) {
      reshape(scale * sin(1.7 * cast(arange(count), f64) + shift), shape)
    }
    layer small() {
      param w = waves(15, 0.8, 0.1, [3, 5])
      param b = waves(5, 0.2, 0.7, [5])
      param v = waves(15, 0.8, 1.9, [5, 3])
      param c = waves(3, 0.2, 2.5, [3])
      forward(x) { tanh(x @ w + b) @ v + c }
    }
    let net = small()
    let data = dataset(waves(24, 1.0, 0.3, [8, 3]), cast(arange(8) % 3, i32))
    """

  @Test func `twenty steps of each give its losses and parameters`() throws {
    let runs = try Reference.read().runs
    #expect(runs.count >= 20)
    for run in runs {
      let training = """
        \(Self.network)
        let t = train net for x, y in batches(data, size: 8, epochs: 20, shuffle: false) \
        using \(run.optimizer) { cross_entropy(net(x), y) }
        """
      try Lab.session(training) { machine, outcomes in
        for outcome in outcomes { #expect(outcome.fault == nil, "\(run.optimizer)") }
        let bound = Dictionary(
          uniqueKeysWithValues: machine.bindings.map { ($0.name, $0.value) })
        guard case .record(let record)? = bound["t"], case .list(let losses)? = record["losses"],
          case .layer(let net)? = bound["net"]
        else {
          Issue.record("nothing was trained")
          return
        }
        let found = losses.elements.map { if case .float(let x) = $0 { x } else { Double.nan } }
        expectNear(found, run.losses, run.optimizer)
        for (field, expected) in zip(net.fields, run.parameters) {
          guard case .tensor(let value) = field.cell.value, let tensor = value.tensor else {
            continue
          }
          expectNear(tensor.doubles(), expected, "\(run.optimizer): \(field.name)")
        }
      }
    }
  }

  private func expectNear(_ found: [Double], _ expected: [Double], _ label: String) {
    #expect(found.count == expected.count, "\(label)")
    for (x, y) in zip(found, expected) {
      #expect(abs(x - y) <= 1e-9 * max(1, abs(y)), "\(label): \(x), not \(y)")
    }
  }
}
