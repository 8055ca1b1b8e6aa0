import Experiments
import Testing

/// Published figures of what a worker holds.
@Suite struct SharingTests {
  /// Table 1 of Rajbhandari et al. 2020 ("ZeRO"), in GB: parameters in billions, workers, and with
  /// the optimizer divided, the gradients too, the parameters too; mixed precision with Adam: 2, 2
  /// and 12 bytes a parameter.
  static let zero: [(billions: Double, workers: Int, one: Double, two: Double, three: Double)] = [
    (7.5, 1, 120, 120, 120), (7.5, 4, 52.5, 41.3, 30), (7.5, 16, 35.6, 21.6, 7.5),
    (7.5, 64, 31.4, 16.6, 1.88), (7.5, 256, 30.4, 15.4, 0.47), (7.5, 1024, 30.1, 15.1, 0.12),
    (128, 1, 2048, 2048, 2048), (128, 4, 896, 704, 512), (128, 16, 608, 368, 128),
    (128, 64, 536, 284, 32),
    (128, 256, 518, 263, 8), (128, 1024, 513, 257, 2),
    (1000, 1, 16000, 16000, 16000), (1000, 4, 7000, 5500, 4000), (1000, 16, 4750, 2875, 1000),
    (1000, 64, 4187, 2218, 250),
    (1000, 256, 4046, 2054, 62.5), (1000, 1024, 4011, 2013, 15.6),
  ]

  @Test func `ZeRO divides the optimizer, the gradients and the parameters as its table says`() {
    for row in Self.zero {
      let parameters = Int(row.billions * 1e9)
      let sharing = states(of: parameters)
      for (way, published) in [
        (Sharing.Way.zero1, row.one), (.zero2, row.two), (.zero3, row.three),
      ] {
        let found = Double(sharing.bytes(way, workers: row.workers) ?? 0) / 1e9
        // As many digits as are printed there.
        let digits = published < 10 ? 0.005 : published < 100 ? 0.05 : 1.0
        #expect(abs(found - published) <= digits, "\(way) \(row): \(found)")
      }
      #expect(sharing.bytes(.data, workers: row.workers) == 16 * parameters)
    }
  }

  /// Its table 2, of one way of model parallelism: the largest models, in billions of parameters,
  /// whose states take the 32 GB of each of 64 workers; and figure 1.
  @Test func `the largest models that ZeRO makes room for are those of its table 2`() {
    for (way, billions) in [
      (Sharing.Way.data, 2), (.zero1, 7.6), (.zero2, 14.4), (.zero3, 128),
    ] as [(Sharing.Way, Double)] {
      let parameters = Int(billions * 1e9)
      let bytes = states(of: parameters).bytes(way, workers: 64) ?? 0
      #expect(bytes <= 32_000_000_000)
      #expect(Double(bytes) > 31.5e9, "\(way): \(bytes)")
    }
    let figure1 = [Sharing.Way.data, .zero1, .zero2, .zero3].map {
      (Double(states(of: 7_500_000_000).bytes($0, workers: 64) ?? 0) / 1e8).rounded() / 10
    }
    #expect(figure1 == [120, 31.4, 16.6, 1.9])
  }

  /// Parameters in mixed precision with Adam: 2, 2 and 12 bytes each.
  private func states(of parameters: Int) -> Sharing {
    Sharing(
      parameters: Sharing.Part(2 * parameters), gradients: Sharing.Part(2 * parameters),
      optimizer: Sharing.Part(12 * parameters), activations: Sharing.Part(), stages: 1)
  }

  @Test func `tensor parallelism has no more workers than heads`() {
    let sharing = Sharing(
      parameters: Sharing.Part(80, divided: 80), gradients: Sharing.Part(),
      optimizer: Sharing.Part(), activations: Sharing.Part(), stages: 1, heads: 12)
    #expect(sharing.bytes(.tensor, workers: 8) == 10)
    #expect(sharing.bytes(.tensor, workers: 16) == nil)
    #expect(sharing.bytes(.sequence, workers: 16) == nil)
    #expect(sharing.bytes(.data, workers: 16) == 80)
  }

  /// A transformer layer of Korthikanti et al. 2022 with everything kept: of s·b·h (34 + 5as/h)
  /// bytes, 10·s·b·h are whole in each worker under tensor parallelism.
  private func layer(heads: Int, hidden: Int, sequence: Int, batch: Int) -> Sharing {
    let sbh = sequence * batch * hidden
    let divided = 24 * sbh + 5 * heads * sequence * sequence * batch
    return Sharing(
      parameters: Sharing.Part(0, divided: 0), gradients: Sharing.Part(0, divided: 0),
      optimizer: Sharing.Part(0, divided: 0),
      activations: Sharing.Part(10 * sbh + divided, divided: divided), stages: 1)
  }

  @Test(arguments: [(64, 6144, 2048, 4), (96, 12288, 2048, 1), (128, 20480, 2048, 1)])
  func `tensor and sequence parallelism divide activations as table 2 of Korthikanti et al. says`(
    heads: Int, hidden: Int, sequence: Int, batch: Int
  ) {
    let sharing = layer(heads: heads, hidden: hidden, sequence: sequence, batch: batch)
    let sbh = sequence * batch * hidden
    // s·b·h · 5as/h, which is a whole number of bytes where 5as/h is none.
    let attention = 5 * heads * sequence * sequence * batch
    #expect(sharing.bytes(.data, workers: 8) == sbh * 34 + attention)
    #expect(sharing.bytes(.tensor, workers: 8) == sbh * (10 + 24 / 8) + attention / 8)
    #expect(sharing.bytes(.sequence, workers: 8) == (sbh * 34 + attention) / 8)
    #expect(sharing.bytes(.pipeline, workers: 2) == nil)
  }

  @Test func `the first worker of a pipeline keeps the activations of all stages`() {
    let sharing = Sharing(
      parameters: Sharing.Part(80, divided: 0), gradients: Sharing.Part(0, divided: 0),
      optimizer: Sharing.Part(0, divided: 0), activations: Sharing.Part(50, divided: 0), stages: 8)
    #expect(sharing.bytes(.pipeline, workers: 4) == 20 + 50)
    // Three stages are the most that one of three workers has.
    #expect(sharing.bytes(.pipeline, workers: 3) == 30 + 50)
  }
}
