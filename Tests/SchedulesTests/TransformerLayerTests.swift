import Schedules
import Testing

/// What one transformer layer holds for its backward pass: Korthikanti et al. 2022, section 4, in
/// 16-bit activations and 1-byte dropout masks.
@Suite struct TransformerLayerTests {
  /// Heads, hidden, sequence, batch; bytes with everything kept, with the attention core replayed,
  /// with the layer replayed.
  static let published = [
    [16, 1024, 512, 2, 77_594_624, 35_651_584, 2_097_152],
    [64, 6144, 2048, 4, 7_079_985_152, 1_711_276_032, 100_663_296],
    [96, 12288, 2048, 1, 2_868_903_936, 855_638_016, 50_331_648],
  ]

  /// The layer as a workload: x, attention, and the two dense layers, in the order of the paper's
  /// figure 2.
  private func layer(heads: Int, hidden: Int, sequence: Int, batch: Int) -> Workload {
    let sbh = sequence * batch * hidden
    let ass = heads * sequence * sequence * batch
    var steps: [Step] = [Step(bytes: 2 * sbh, label: "x")]
    let (block, core) = (
      Step.Origin.Layer(kind: "block", path: "net", call: 1),
      Step.Origin.Layer(kind: "attention_core", path: "net.core", call: 2)
    )
    func forward(
      _ label: String, _ bytes: Int, _ inputs: [Int], core isCore: Bool = false,
      name: String? = nil
    ) -> Int {
      steps.append(
        Step(
          inputs: inputs, bytes: bytes, label: label, operation: label, name: name, region: 0,
          origin: Step.Origin(line: 1, layers: isCore ? [block, core] : [block])))
      return steps.count - 1
    }
    let norm1 = forward("norm1", 2 * sbh, [0])
    let q = forward("q", 2 * sbh, [norm1])
    let k = forward("k", 2 * sbh, [norm1])
    let v = forward("v", 2 * sbh, [norm1])
    let scores = forward("scores", 2 * ass, [q, k], core: true, name: "core")
    let softmax = forward("softmax", 2 * ass, [scores], core: true, name: "core")
    let mask1 = forward("mask1", ass, [], core: true, name: "core")
    let dropped = forward("dropped", 2 * ass, [softmax, mask1], core: true, name: "core")
    let context = forward("context", 2 * sbh, [dropped, v], core: true)
    let projected = forward("projected", 2 * sbh, [context])
    let mask2 = forward("mask2", sbh, [])
    let dropped2 = forward("dropped2", 2 * sbh, [projected, mask2])
    let middle = forward("middle", 2 * sbh, [0, dropped2])
    let norm2 = forward("norm2", 2 * sbh, [middle])
    let wide = forward("wide", 8 * sbh, [norm2])
    let gelu = forward("gelu", 8 * sbh, [wide])
    let narrow = forward("narrow", 2 * sbh, [gelu])
    let mask3 = forward("mask3", sbh, [])
    let dropped3 = forward("dropped3", 2 * sbh, [narrow, mask3])
    let out = forward("out", 2 * sbh, [middle, dropped3])
    steps.append(Step(inputs: [out], bytes: 4, label: "loss", isResult: true))
    // Each adjoint reads what it needs of the forward pass, and the adjoint before it.
    var adjoint: [Int] = []
    for (label, reads) in [
      ("out", []), ("dropped3", [mask3]), ("narrow", [gelu]), ("gelu", [wide]), ("wide", [norm2]),
      ("norm2", [middle]), ("dropped2", [mask2]), ("projected", [context]),
      ("context", [dropped, v]),
      ("dropped", [mask1]), ("softmax", [softmax]), ("scores", [q, k]), ("qkv", [norm1]),
      ("norm1", [0]),
    ] as [(String, [Int])] {
      steps.append(
        Step(
          inputs: adjoint + reads, bytes: 2 * sbh, phase: .backward, label: "\(label)'",
          isResult: label == "norm1",
          differentiates: steps.firstIndex { $0.label == label } ?? v))
      adjoint = [steps.count - 1]
    }
    return Workload(steps: steps, regions: [Workload.Region(parent: nil)])
  }

  /// Bytes that a strategy has kept when the forward pass is over.
  private func kept(_ workload: Workload, _ strategy: any Strategy) throws -> Int {
    let schedule = try strategy.schedule(workload)
    let rehearsal = try Rehearsal.of(schedule, workload)
    let backward = schedule.actions.firstIndex { action in
      if case .compute(let step, _) = action {
        workload.steps[step].phase != .forward
      } else {
        false
      }
    }
    return rehearsal.timeline[try #require(backward) - 1].after.kept
  }

  @Test(arguments: published)
  func `a layer keeps what the paper says, under each of its three policies`(row: [Int]) throws {
    let workload = layer(heads: row[0], hidden: row[1], sequence: row[2], batch: row[3])
    #expect(try kept(workload, KeepAll()) == row[4])
    let selective = try Catalogue.make("recompute_only", ["names": .words(["core"])])
    #expect(try kept(workload, selective) == row[5])
    #expect(try kept(workload, Policy(.recomputeOnly, layers: ["attention_core"])) == row[5])
    #expect(try kept(workload, Policy(.recomputeOnly, layers: ["net.core"])) == row[5])
    #expect(try kept(workload, Policy(.recomputeOnly, layers: ["block"])) == row[6])
    #expect(try kept(workload, Marked()) == row[6])
  }
}
