import Execution
import Experiments
import Gradients
import Graphs
import Schedules
import Tensors
import Testing

@Suite struct `Training on a hand-made block` {
  /// Fits `x @ w` to a sum of the columns on 10 rows, 4 a batch: the last batch of an epoch has 2.
  private static func train(
    with strategy: any Strategy, accumulating groupSize: Int = 1, size: Int = 4,
    steps: Int? = nil, on lab: BlockLab
  ) throws -> (w: [Double], trainer: Trainer, prepared: Int) {
    let x = try lab.tensor([10, 3], .data, seed: 1)
    let rows = x.doubles()
    let sums = stride(from: 0, to: rows.count, by: 3).map { rows[$0] - 2 * rows[$0 + 1] }
    let y = try Tensor(
      values: sums,
      shape: [10, 1], dtype: .f32, account: .data, ledger: lab.ledger)
    let data = [x, y]
    let w = try lab.tensor([3, 1], .parameters, seed: 3)
    let order = BatchOrder(
      rows: 10, size: size, epochs: 5, steps: steps, isShuffled: groupSize == 1 && size == 4,
      seed: 8)
    let trainer = try Trainer(
      order, of: data.map { Rows($0) }, accumulating: groupSize, with: strategy, on: lab.bench)
    let sum =
      groupSize == 1
      ? nil
      : try Tensor(
        zeros: [3, 1], dtype: .f32, account: .gradients, ledger: lab.ledger)
    var prepared = 0
    for number in 0..<trainer.total {
      for batch in trainer.batches(ofStep: number) {
        guard let columns = trainer.columnsToPrepare(forBatch: batch) else { continue }
        prepared += 1
        var builder = GraphBuilder()
        let columnX = builder.input(
          Input(kind: .data, shape: columns[0].shape, dtype: .f32, name: "x"))
        let columnY = builder.input(
          Input(kind: .data, shape: columns[1].shape, dtype: .f32, name: "y"))
        let p = builder.input(Input(kind: .parameter, shape: [3, 1], dtype: .f32, name: "w"))
        let off = try builder.binary(.subtract, builder.matmul(columnX, p), columnY)
        builder.setResult(
          try builder.reduce(.average, builder.unary(.square, off), axes: [0, 1]))
        let block = TracedBlock(
          graph: builder.finished(), inputs: columns + [w],
          targets: [.init(name: "w", input: 2, shape: [3, 1], dtype: .f32)], states: [])
        try trainer.prepare(
          Problem(
            block,
            updating: UpdatePlan(.sgd(rate: 0.5), part: trainer.part(ofBatch: batch))),
          kept: [sum].compactMap(\.self), sums: [sum].compactMap(\.self), states: [],
          forBatch: batch)
      }
      _ = try trainer.step(number)
    }
    return (w.doubles(), trainer, prepared)
  }

  @Test func `a step is prepared once for each shape of a batch, and the loss falls`() throws {
    let lab = BlockLab()
    let (_, trainer, prepared) = try Self.train(with: KeepAll(), on: lab)
    #expect(trainer.total == 15 && prepared == 2)
    let losses = trainer.losses
    let (first, last) = (try #require(losses.first), try #require(losses.last))
    #expect(losses.count == 15 && last < first)
    let summary = try #require(lab.bench.summary)
    #expect(summary.runs == 15 && summary.predictedPeak == summary.measuredPeak)
  }

  @Test func `every strategy trains to the same bits`() throws {
    let plain = try Self.train(with: KeepAll(), on: BlockLab()).w
    #expect(try Self.train(with: KeepNone(), on: BlockLab()).w == plain)
  }

  @Test(arguments: [[1, 10], [3, 4], [5, 2], [10, 1]])
  func `micro-batches give the gradients of the whole batch, to rounding`(sizes: [Int]) throws {
    let plain = try Self.train(with: KeepAll(), accumulating: 1, size: 10, on: BlockLab())
    let lab = BlockLab()
    let grouped = try Self.train(
      with: KeepAll(), accumulating: sizes[0], size: sizes[1], on: lab)
    #expect(grouped.trainer.total == 5 && plain.trainer.total == 5)
    for (found, expected) in zip(grouped.w, plain.w) { #expect(abs(found - expected) < 1e-5) }
    for (found, expected) in zip(grouped.trainer.losses, plain.trainer.losses) {
      #expect(abs(found - expected) < 1e-5)
    }
    let summary = try #require(lab.bench.summary)
    #expect(summary.runs == 5 * sizes[0] && summary.predictedPeak == summary.measuredPeak)
    let other = try Self.train(
      with: KeepNone(), accumulating: sizes[0], size: sizes[1], on: BlockLab())
    #expect(other.w == grouped.w)
  }

  @Test func `an incomplete last group is averaged over what it has`() throws {
    let whole = try Self.train(with: KeepAll(), accumulating: 2, size: 5, steps: 1, on: BlockLab())
    let alone = try Self.train(with: KeepAll(), accumulating: 1, size: 5, steps: 1, on: BlockLab())
    #expect(whole.trainer.total == 1 && whole.w == alone.w)
    #expect(whole.trainer.losses == alone.trainer.losses)
  }

  @Test func `batches go through all rows once an epoch, in an order that the seed fixes`() {
    let order = BatchOrder(rows: 10, size: 4, epochs: 2, steps: nil, isShuffled: true, seed: 1)
    #expect(order.total == 6)
    #expect((0..<3).map { order.places(ofBatch: $0) } == [0..<4, 4..<8, 8..<10])
    #expect(order.order(epoch: 0).sorted() == Array(0..<10))
    #expect(order.order(epoch: 0) == order.order(epoch: 0))
    #expect(order.order(epoch: 0) != order.order(epoch: 1))
  }
}
