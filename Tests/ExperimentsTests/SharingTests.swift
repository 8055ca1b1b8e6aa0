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
    (128, 4, 896, 704, 512), (128, 16, 608, 368, 128), (128, 64, 536, 284, 32),
    (128, 256, 518, 263, 8), (128, 1024, 513, 257, 2),
    (1000, 4, 7000, 5500, 4000), (1000, 16, 4750, 2875, 1000), (1000, 64, 4187, 2218, 250),
    (1000, 256, 4046, 2054, 62.5), (1000, 1024, 4011, 2013, 15.6),
  ]

  @Test func `ZeRO divides the optimizer, the gradients and the parameters as its table says`() {
    for row in Self.zero {
      let parameters = Int(row.billions * 1e9)
      let sharing = Sharing(
        parameters: Sharing.Part(2 * parameters, divided: 0),
        gradients: Sharing.Part(2 * parameters, divided: 0),
        optimizer: Sharing.Part(12 * parameters, divided: 0),
        activations: Sharing.Part(0, divided: 0), stages: 1)
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
