package import Experiments

/// Inputs and labels, row for row.
package final class DataSet: Owned {
  /// `spirals`, or the file it was read from.
  package let name: String
  /// Named columns of one length along their first axis: `x` and `y` for the generated sets.
  package let columns: [(name: String, tensor: TensorValue)]

  /// What the labels stand for, in their order; empty where they are only numbers.
  package let classNames: [String]

  /// The columns have one length along their first axis: who reads or makes them sees to that.
  init(
    name: String, columns: [(name: String, tensor: TensorValue)], classNames: [String] = []
  ) {
    self.name = name
    self.columns = columns
    self.classNames = classNames
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    for column in columns { visit(column.tensor) }
  }

  /// Rows.
  package var count: Int {
    columns.first.map { $0.tensor.shape.rank > 0 ? $0.tensor.shape[0] : 1 } ?? 0
  }
}

/// What `batches(…)` gives: stretches of a data set's rows, drawn in a fixed order.
package final class Batches: Owned {
  /// Whose rows are drawn.
  let data: DataSet
  /// Which rows each batch has.
  package let order: BatchOrder

  /// `order` is one of the rows of `data`.
  init(data: DataSet, order: BatchOrder) {
    self.data = data
    self.order = order
  }

  override func forEachPart(_ visit: (Owned) -> Void) { visit(data) }
}
