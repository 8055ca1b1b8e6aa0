import Evaluation
import Testing

/// Small training loops on several workers, as source text, and what they came to.
enum WorkerLab {
  /// A network in f64, so that only rounding in the last digits tells orders of adding up apart.
  struct Network: Sendable, CustomStringConvertible {
    let description: String
    let net: String
    /// How the block reads its rows.
    var reading = "cast(x, f64)"
  }

  static let mlp = Network(
    description: "mlp", net: "chain(dense(2, 8, dtype: f64), tanh, dense(8, 3, dtype: f64))")
  static let normed = Network(
    description: "layer norms",
    net: "chain(dense(2, 8, dtype: f64), layer_norm(8, dtype: f64), gelu, "
      + "residual(dense(8, 8, dtype: f64)), dense(8, 3, dtype: f64))")
  static let dropped = Network(
    description: "dropout",
    net: "chain(dense(2, 8, dtype: f64), dropout_layer(0.3), tanh, dense(8, 3, dtype: f64))")
  /// No bias stands before the norm: its gradient would be 0 but for rounding, which the optimizers
  /// that divide by its size would make as large as any.
  static let batchNormed = Network(
    description: "batch norm",
    net: "chain(batch_norm(2, dtype: f64), dense(2, 8, dtype: f64), tanh, "
      + "dense(8, 3, dtype: f64))")

  /// One in f32, which mixed precision computes in short floats.
  static let single = Network(
    description: "f32", net: "chain(dense(2, 8), dense(8, 3))", reading: "x")

  /// Every optimizer, with options that differ in kind.
  static let optimizers = [
    "sgd(lr: 0.1)", "momentum(lr: 0.05)", "sgd(lr: 0.1, momentum: 0.9, nesterov: true)",
    "adam(lr: 0.01)", "adamw(lr: 0.01)", "rmsprop(lr: 0.01)", "adagrad(lr: 0.05)",
    "lion(lr: 0.001)", "adafactor(lr: 0.01)", "adam(lr: 0.01, clip_norm: 0.05)",
    "sgd(lr: 0.1, clip_value: 0.01)",
  ]

  /// What a training loop came to.
  struct Run {
    /// Parameters, then states.
    let numbers: [[Double]]
    let bits: [[UInt8]]
    let losses: String
    let record: Record
    let live: Int
  }

  /// Trains a network on 48 points in batches of 24, twice through, with what stands behind
  /// `using`.
  static func train(
    _ network: Network, using clauses: String, size: Int = 24, setUp: String = "",
    batches: String = "epochs: 2"
  ) throws -> Run {
    let text = """
      seed 3
      let net = \(network.net)
      let data = spirals(count: 48, classes: 3)
      \(setUp)
      let trained = train net for x, y in batches(data, size: \(size), \(batches)) \
      using \(clauses) { cross_entropy(net(\(network.reading)), y) }
      """
    return try Lab.session(text) { machine, outcomes in
      for outcome in outcomes {
        #expect(outcome.fault == nil, "\(clauses): \(outcome.fault?.message ?? "")")
      }
      var found: Record?
      var (numbers, bits): ([[Double]], [[UInt8]]) = ([], [])
      for (name, value) in machine.bindings {
        if name == "trained", case .record(let record) = value { found = record }
        if name == "net", case .layer(let layer) = value {
          let tensors = (layer.parameters() + layer.states()).compactMap(\.tensor.tensor)
          numbers = tensors.map { tensor in (0..<tensor.shape.count).map(tensor.number) }
          bits = tensors.map { $0.bytes() }
        }
      }
      let record = try #require(found)
      return Run(
        numbers: numbers, bits: bits,
        losses: machine.display(try #require(record["losses"])), record: record,
        live: machine.ledger.liveTotal)
    }
  }

  /// The greatest difference of two runs' numbers, by the size of the numbers.
  static func distance(_ a: Run, _ b: Run) -> Double {
    zip(a.numbers.joined(), b.numbers.joined()).map { abs($0 - $1) / max(1, abs($0)) }.max() ?? 0
  }

  /// An integer of a record.
  static func integer(_ record: Record, _ field: String) throws -> Int {
    guard case .integer(let number)? = record[field] else {
      Issue.record("no integer \(field)")
      return -1
    }
    return number
  }

  /// The integers of a list in a record.
  static func integers(_ record: Record, _ field: String) -> [Int] {
    guard case .list(let list)? = record[field] else { return [] }
    return list.elements.compactMap { if case .integer(let number) = $0 { number } else { nil } }
  }

  /// Bytes by class of each worker's peak.
  static func peaks(_ record: Record) -> [[String: Int]] {
    guard case .list(let list)? = record["peaks"] else { return [] }
    return list.elements.map { element in
      guard case .record(let account) = element else { return [:] }
      return Dictionary(
        uniqueKeysWithValues: account.fields.map { field in
          if case .bytes(let bytes) = field.value { (field.name, bytes) } else { (field.name, -1) }
        })
    }
  }
}
