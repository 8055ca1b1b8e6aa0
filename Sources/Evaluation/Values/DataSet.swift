package import DataFiles
package import Experiments
package import Graphs
package import Tensors

/// A named column of a data set: a tensor's rows, or windows of a tensor, of which none is held.
package struct DataColumn {
  /// `x`, `y`, or what its file calls it.
  package let name: String
  /// What is held.
  package var tensor: TensorValue
  /// Which windows of the tensor the rows are; `nil` where they are its entries.
  package let windows: Windows?

  /// The tensor has one axis or more, and the windows lie within it.
  init(_ name: String, _ tensor: TensorValue, windows: Windows? = nil) {
    self.name = name
    self.tensor = tensor
    self.windows = windows
  }

  /// How many rows it has.
  package var count: Int { windows?.count ?? tensor.shape.axes.first ?? 1 }

  /// The type of all rows together.
  package var type: TensorType { type(of: count) }

  /// The type of so many rows together.
  func type(of count: Int) -> TensorType {
    TensorType(Rows.shape(of: count, tensor.shape, windows), tensor.dtype)
  }

  /// What its rows are read from; `nil` where there are no numbers.
  var numbers: Rows? { tensor.tensor.map { Rows($0, windows: windows) } }
}

/// Inputs and labels, row for row; or a text, symbol for symbol.
package final class DataSet: Owned {
  /// `spirals`, or the file it was read from.
  package let name: String
  /// Columns of one length: `x` and `y` for the generated sets, `symbols` for a text.
  package let columns: [DataColumn]
  /// What the labels stand for, in their order; empty where they are only numbers.
  package let classNames: [String]
  /// What the numbers in each row of `x` are; empty where nobody named them.
  package let featureNames: [String]
  /// What the symbols of a text, or of windows of one, stand for; `nil` for other data.
  package let alphabet: Alphabet?

  /// The columns have one length: who reads or makes them sees to that.
  init(
    name: String, columns: [DataColumn], classNames: [String] = [], featureNames: [String] = [],
    alphabet: Alphabet? = nil
  ) {
    self.name = name
    self.columns = columns
    self.classNames = classNames
    self.featureNames = featureNames
    self.alphabet = alphabet
  }

  /// The same data with other columns, such as some of its rows.
  func with(_ columns: [DataColumn]) -> DataSet {
    DataSet(
      name: name, columns: columns, classNames: classNames, featureNames: featureNames,
      alphabet: alphabet)
  }

  override func forEachPart(_ visit: (Owned) -> Void) { tensors.forEach(visit) }

  /// Rows.
  package var count: Int { columns.first?.count ?? 0 }

  /// What is held, each tensor once: windows of one tensor are several columns.
  package var tensors: [TensorValue] {
    var tensors: [TensorValue] = []
    for column in columns where !tensors.contains(where: { $0 === column.tensor }) {
      tensors.append(column.tensor)
    }
    return tensors
  }

  /// Bytes of what is held.
  package var byteCount: Int { tensors.reduce(0) { $0 + $1.byteCount } }

  /// What its rows are called, for messages.
  var rowNoun: String {
    if let alphabet, isText { return "\(alphabet.unit)s" }
    return columns.first?.windows.map { "windows of \($0.length)" } ?? "rows"
  }

  /// True for a text: symbols one behind the other, of which no windows were made yet.
  package var isText: Bool { alphabet != nil && columns.count == 1 }
}

extension Alphabet {
  /// Its symbols as the language shows them: strings of a character each, or the bytes' numbers.
  var symbols: [Value] {
    unit == .byte
      ? (0..<count).map { .integer($0) } : characters.map { .string(.of(String($0))) }
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
