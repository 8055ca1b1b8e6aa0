import DataFiles
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// A file of data, opened from the session's directory; Ctrl-C stops what reads it.
  func opened(_ path: String, at range: SourceRange) throws(Fault) -> FileStream {
    try checkFiles(path, at: range)
    do {
      return try FileStream(path: resolve(path)) { [interruption] in interruption.isRequested }
    } catch {
      throw fault(from: error, reading: path, at: range)
    }
  }

  /// Calls a body with a file of data that is opened for it, unless one is given, and gives what
  /// stops it its words.
  func reading<Result>(
    _ path: String, at range: SourceRange, from stream: FileStream? = nil,
    _ body: (FileStream) throws(DataFileFault) -> Result
  ) throws(Fault) -> Result {
    let stream = if let stream { stream } else { try opened(path, at: range) }
    do { return try body(stream) } catch { throw fault(from: error, reading: path, at: range) }
  }

  /// A column of a data set whose elements are not yet written; in a sketch, its shape and type.
  func emptyColumn(_ type: TensorType, at range: SourceRange) throws(Fault) -> TensorValue {
    guard trace == nil else { throw Fault(.dataInBlock(at: range)) }
    if isSketching { return TensorValue(sketch: type, role: .data, origin: range) }
    do {
      let tensor = try Tensor(
        uninitialized: type.shape, dtype: type.dtype, account: .data, ledger: ledger)
      return TensorValue(tensor, role: .data, origin: range)
    } catch {
      throw fault(from: .memory(error), operands: [], at: range)
    }
  }

  /// Room for a list of so many bytes beside the tensors, for as long as what is given is held.
  func workspace(_ bytes: Int, at range: SourceRange) throws(Fault) -> Workspace {
    do { return try Workspace(byteCount: bytes, ledger: ledger) } catch {
      throw fault(from: .memory(error), operands: [], at: range)
    }
  }

  /// The words for why a file of data could not be read.
  func fault(from error: DataFileFault, reading path: String, at range: SourceRange) -> Fault {
    switch error {
    case .memory(let error): fault(from: .memory(error), operands: [], at: range)
    case .file(.stopped): Fault(.interrupted(at: range))
    default: Fault(.file(path, .data(error), at: range))
    }
  }
}
