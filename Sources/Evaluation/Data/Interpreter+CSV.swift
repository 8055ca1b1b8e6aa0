import DataFiles
import Syntax
import Tensors

extension Interpreter {
  /// A data set from comma-separated values: `x` f32 [rows, features] and, with a label, `y`: i32
  /// class numbers in the alphabetical order of the categories, or f32 where the labels are numbers
  /// that are no classes. `name` is what messages call the table.
  func dataSet(
    fromCSV text: String, _ name: String, _ request: CSVTable.Request,
    layout: CSVTable.Layout = .usual, at range: SourceRange
  ) throws(Fault) -> DataSet {
    let examples: CSVTable.Examples
    do {
      examples = try CSVTable(text, layout: layout).examples(request)
    } catch {
      throw Fault(.file(name, .csv(error), at: range))
    }
    let x = try makeTensor(
      examples.features, shape: [examples.count, examples.featureCount], dtype: .f32,
      account: .data, at: range)
    guard let labels = examples.labels else {
      return DataSet(name: name, columns: [("x", x)], classNames: [])
    }
    let y = try makeTensor(
      labels.values, shape: [examples.count], dtype: labels.dtype, account: .data, at: range)
    return DataSet(name: name, columns: [("x", x), ("y", y)], classNames: labels.classNames)
  }
}
