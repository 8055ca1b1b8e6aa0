import Tensors

/// The batches of a training loop: one buffer a column, filled with a batch's rows before each
/// step.
final class BatchFeed {
  /// Which rows each batch has.
  let batches: BatchOrder
  private let sources: [Rows]
  private let buffers: [Tensor]
  private var order: [Int] = []
  /// What `order` takes, in the account.
  private let orderRoom: Workspace
  private var orderedEpoch = -1
  /// The places in that order whose rows the buffers hold.
  private var loaded = 0..<0

  /// Makes a buffer for each of the sources, of a whole batch's rows, counted as data, and room
  /// for the order of the rows. Throws
  /// `.execution(.memory)` where one cannot be had.
  init(_ batches: BatchOrder, of sources: [Rows], ledger: Ledger) throws(ExperimentError) {
    self.batches = batches
    self.sources = sources
    let rows = min(batches.size, batches.rows)
    do {
      orderRoom = try Workspace(byteCount: batches.orderBytes, ledger: ledger)
    } catch { throw .execution(.memory(error)) }
    var buffers: [Tensor] = []
    for source in sources {
      do {
        buffers.append(
          try Tensor(
            zeros: source.shape(of: rows), dtype: source.dtype, account: .data, ledger: ledger))
      } catch { throw .execution(.memory(error)) }
    }
    self.buffers = buffers
  }

  /// The columns of a batch of so many rows, as tensors that share the buffers.
  func columns(rows: Int) -> [Tensor] { buffers.map { $0.prefix(rows: rows) } }

  /// Copies a batch's rows into the buffers.
  func load(batch number: Int) {
    let epoch = number / batches.batchesPerEpoch
    if order.isEmpty || batches.isShuffled && epoch != orderedEpoch {
      batches.draw(epoch: epoch, into: &order)
      (orderedEpoch, loaded) = (epoch, 0..<0)
    }
    let places = batches.places(ofBatch: number)
    // Nobody writes to the buffers: where all data is one batch, it is copied once.
    guard places != loaded else { return }
    loaded = places
    let rows = order[places]
    for (source, buffer) in zip(sources, buffers) { source.gather(rows, into: buffer) }
  }
}
