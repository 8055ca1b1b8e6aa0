import Tensors

/// Stretches of a data set's rows, drawn in a fixed order: which rows each batch has.
package struct BatchOrder: Hashable, Sendable {
  /// Rows of the data set.
  package let rows: Int
  /// Rows of a batch; the last one of an epoch may have fewer, unless `dropsLast`.
  package let size: Int
  /// How many times through the data; `nil` where `steps` decides.
  package let epochs: Int?
  /// How many batches in all; `nil` where `epochs` decides.
  package let steps: Int?
  /// Rows in the order of a permutation drawn anew each epoch.
  package let isShuffled: Bool
  /// Leaves out the batch at an epoch's end that would have fewer rows than others.
  package let dropsLast: Bool
  /// Seeds the permutations.
  package let seed: UInt64
  /// Batches of one epoch.
  package let batchesPerEpoch: Int
  /// Batches in all.
  package let total: Int

  /// Where neither `epochs` nor `steps` is given, one epoch; where both are, what ends first.
  package init(
    rows: Int, size: Int, epochs: Int?, steps: Int?, isShuffled: Bool, dropsLast: Bool = false,
    seed: UInt64
  ) {
    self.rows = rows
    self.size = size
    self.epochs = epochs
    self.steps = steps
    self.isShuffled = isShuffled
    self.dropsLast = dropsLast
    self.seed = seed
    batchesPerEpoch = rows / size + (dropsLast || rows % size == 0 ? 0 : 1)
    let wanted = (epochs ?? (steps == nil ? 1 : .max)).multipliedReportingOverflow(
      by: batchesPerEpoch)
    let most = wanted.overflow ? Int.max : wanted.partialValue
    total = batchesPerEpoch == 0 ? 0 : min(most, steps ?? .max)
  }

  /// Where the rows of a batch stand in its epoch's order: fewer in the last batch of an epoch.
  package func places(ofBatch number: Int) -> Range<Int> {
    let start = number % batchesPerEpoch * size
    return start..<start + min(size, rows - start)
  }

  /// The order of the rows in an epoch: a permutation drawn from the seed and the epoch's number.
  package func order(epoch: Int) -> [Int] {
    var order: [Int] = []
    draw(epoch: epoch, into: &order)
    return order
  }

  /// The same in the place of what the list held, so that there is one list at a time.
  package func draw(epoch: Int, into order: inout [Int]) {
    order.removeAll(keepingCapacity: true)
    order.reserveCapacity(rows)
    order.append(contentsOf: 0..<rows)
    guard isShuffled else { return }
    var generator = PhiloxGenerator(seed: seed, stream: UInt64(epoch))
    order.shuffle(using: &generator)
  }

  /// Bytes of the list that `order` gives.
  package var orderBytes: Int { rows * MemoryLayout<Int>.size }
}
