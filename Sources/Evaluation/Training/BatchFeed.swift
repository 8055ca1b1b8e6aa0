import Execution
import Syntax
import Tensors

/// The batches of a training loop: one buffer a column, filled with a batch's rows before each step.
final class BatchFeed {
  private let batches: Batches
  private let sources: [Tensor]
  private let buffers: [Tensor]
  private var order: [Int]
  private var orderedEpoch = -1

  init(_ batches: Batches, machine: Interpreter, at range: SourceRange) throws(Fault) {
    self.batches = batches
    self.sources = batches.data.columns.compactMap(\.tensor.tensor)
    self.order = Array(0..<batches.data.count)
    let rows = min(batches.size, batches.data.count)
    var buffers: [Tensor] = []
    for source in sources {
      do {
        buffers.append(
          try Tensor(
            zeros: Shape([rows] + source.shape.axes.dropFirst()), dtype: source.dtype,
            account: .data, ledger: machine.ledger))
      } catch {
        throw machine.fault(from: .memory(error), operands: [], at: range)
      }
    }
    self.buffers = buffers
  }

  /// Rows of a batch: fewer in the last one of an epoch.
  func rows(ofBatch number: Int) -> Int {
    batches.places(ofBatch: number).count
  }

  /// The columns of a batch of so many rows, as tensors that share the buffers.
  func columns(rows: Int) -> [TensorValue] {
    buffers.map { buffer in
      TensorValue(
        buffer.prefix(rows: rows), role: .data)
    }
  }

  /// Copies a batch's rows into the buffers.
  func load(batch number: Int) {
    let epoch = number / batches.batchesPerEpoch
    if batches.isShuffled, epoch != orderedEpoch {
      order = batches.order(epoch: epoch)
      orderedEpoch = epoch
    }
    let rows = order[batches.places(ofBatch: number)]
    for (source, buffer) in zip(sources, buffers) { buffer.gather(rows, of: source) }
  }
}

extension Tensor {
  /// Overwrites the first rows with rows of a tensor whose rows have the same shape and type.
  func gather(_ rows: some Collection<Int>, of source: Tensor) {
    let width = source.shape.axes.dropFirst().reduce(source.dtype.byteWidth, *)
    for (place, row) in rows.enumerated() {
      storage.pointer.advanced(by: place * width).copyMemory(
        from: source.storage.pointer.advanced(by: row * width), byteCount: width)
    }
  }
}

extension Batches {
  /// Where the rows of a batch stand in its epoch's order: fewer in the last batch of an epoch.
  func places(ofBatch number: Int) -> Range<Int> {
    let start = number % batchesPerEpoch * size
    return start..<start + min(size, data.count - start)
  }

  /// The order of the rows in an epoch: a permutation drawn from the seed and the epoch's number.
  func order(epoch: Int) -> [Int] {
    var order = Array(0..<data.count)
    guard isShuffled else { return order }
    var generator = PhiloxGenerator(seed: seed, stream: UInt64(epoch))
    order.shuffle(using: &generator)
    return order
  }
}

/// Philox as a generator of the standard library: for permutations.
struct PhiloxGenerator: RandomNumberGenerator {
  private let philox: Philox
  private let stream: UInt64
  private var block: UInt32 = 0
  private var spare: UInt64?

  init(seed: UInt64, stream: UInt64) {
    self.philox = Philox(seed: seed)
    self.stream = stream
  }

  mutating func next() -> UInt64 {
    if let word = spare {
      spare = nil
      return word
    }
    let words = philox.words(block: block, site: .max, step: stream)
    block &+= 1
    spare = UInt64(words[2]) << 32 | UInt64(words[3])
    return UInt64(words[0]) << 32 | UInt64(words[1])
  }
}
