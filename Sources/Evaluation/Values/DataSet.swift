/// Inputs and labels, row for row.
package final class DataSet {
  /// `spirals`, or the file it was read from.
  package let name: String
  /// Named columns of one length along their first axis: `x` and `y` for the generated sets.
  package let columns: [(name: String, tensor: TensorValue)]

  /// What the labels stand for, in their order; empty where they are only numbers.
  package let classNames: [String]

  init(
    name: String, columns: [(name: String, tensor: TensorValue)], classNames: [String] = []
  ) {
    self.name = name
    self.columns = columns
    self.classNames = classNames
  }

  /// Rows.
  package var count: Int {
    columns.first.map { $0.tensor.shape.rank > 0 ? $0.tensor.shape[0] : 1 } ?? 0
  }
}

/// What `batches(…)` gives: stretches of a data set's rows, drawn in a fixed order.
package final class Batches {
  let data: DataSet
  /// Rows of a batch; the last one of an epoch may have fewer.
  let size: Int
  /// How many times through the data; `nil` where `steps` decides.
  let epochs: Int?
  /// How many batches in all; `nil` where `epochs` decides.
  let steps: Int?
  /// Rows in the order of a permutation drawn anew each epoch.
  let isShuffled: Bool
  /// Seeds the permutations.
  let seed: UInt64

  init(data: DataSet, size: Int, epochs: Int?, steps: Int?, isShuffled: Bool, seed: UInt64) {
    self.data = data
    self.size = size
    self.epochs = epochs
    self.steps = steps
    self.isShuffled = isShuffled
    self.seed = seed
  }

  /// Batches of one epoch.
  var batchesPerEpoch: Int { data.count == 0 ? 0 : (data.count + size - 1) / size }

  /// Batches in all.
  package var total: Int {
    let wanted = (epochs ?? (steps == nil ? 1 : .max)).multipliedReportingOverflow(
      by: batchesPerEpoch)
    let most = wanted.overflow ? Int.max : wanted.partialValue
    return batchesPerEpoch == 0 ? 0 : min(most, steps ?? .max)
  }
}
