import DataFiles
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// A data set from a file of separated values. What a pipe gives is kept in a temporary file, for
  /// a table is looked through before its numbers are stored.
  /// - Parameter isLoaded: True for what `load` reads, which takes no options.
  func table(
    _ path: String, _ request: CSVTable.Request = CSVTable.Request(),
    layout: CSVTable.Layout = .usual, isLoaded: Bool = false, at range: SourceRange
  ) throws(Fault) -> DataSet {
    try dataSet(path, request, layout: layout, isLoaded: isLoaded, at: range) {
      () throws(Fault) -> any RereadableStream in
      try reading(path, at: range) { (stream) throws(DataFileFault) in
        try stream.rereadable().inflated()
      }
    }
  }

  /// A data set from separated values: `x` f32 [rows, features] and, with a label, `y`: i32 class
  /// numbers in the alphabetical order of the categories, or f32 where the labels are numbers that
  /// are no classes. `name` is what messages call the table.
  func dataSet(
    _ name: String, _ request: CSVTable.Request, layout: CSVTable.Layout = .usual,
    isLoaded: Bool = false, at range: SourceRange,
    _ stream: () throws(Fault) -> any RereadableStream
  ) throws(Fault) -> DataSet {
    guard trace == nil else { throw Fault(.dataInBlock(at: range)) }
    let stream = try stream()
    let examples: CSVTable.Examples
    do {
      examples = try CSVTable(stream, layout: layout, ledger: ledger)
        .examples(request, ledger: isSketching ? nil : ledger)
    } catch {
      if isLoaded, case .csv(let problem) = error {
        throw Fault(.file(name, .loadedTable(problem), at: range))
      }
      throw fault(from: error, reading: name, at: range)
    }
    var columns = [
      DataColumn(
        "x",
        column(
          examples.features, TensorType([examples.count, examples.featureCount], .f32), at: range))
    ]
    if let type = examples.labelType {
      columns.append(
        DataColumn("y", column(examples.labels, TensorType([examples.count], type), at: range)))
    }
    return DataSet(
      name: name, columns: columns, classNames: examples.classNames,
      featureNames: examples.featureNames)
  }

  private func column(
    _ tensor: Tensor?, _ type: TensorType, at range: SourceRange
  ) -> TensorValue {
    guard let tensor else { return TensorValue(sketch: type, role: .data, origin: range) }
    return TensorValue(tensor, role: .data, origin: range)
  }
}
