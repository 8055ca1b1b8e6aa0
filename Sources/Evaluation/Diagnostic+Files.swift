import DataFiles
import Syntax
import Writing

/// The wording of files: what is wrong with them, and with what is in them.
extension Diagnostic {
  /// What is wrong with a file.
  enum FileProblem {
    /// The end of the name of a file of another format than is written.
    case otherFormat(String)
    /// Neither its name nor its first bytes say what it is.
    case unknownFormat
    /// Why it cannot be written.
    case unwritable(FileFailure)
    /// What keeps its numbers from being read.
    case data(DataFileFault)
    /// The same of a table that `load` reads.
    case loadedTable(CSVTable.Problem)
    // Of a file of tensors that a layer is to be filled from:
    case noTensor(String, known: [String])
    case otherTensor(String, found: String, expected: TensorValue)
    case extraTensor(String)

    fileprivate var text: String {
      switch self {
      case .unwritable(let failure): "cannot be written: \(failure.writing)"
      case .otherFormat(let suffix):
        "has a name for another format: what is written is a safetensors file, not \(suffix)"
      case .unknownFormat:
        "says neither by its name nor by its first bytes what it holds: expected safetensors, npy, "
          + "npz, idx, csv, tsv or txt"
      case .data(let fault): fault.text
      case .loadedTable(let problem): DataFileFault.csv(problem).text
      case .noTensor(let name, _): "has no tensor \"\(name)\", which the layer needs"
      case .otherTensor(let name, let found, let expected):
        "has \"\(name)\" as \(found), but the layer's is \(expected.typeDescription)"
      case .extraTensor(let name): "has the tensor \"\(name)\", which the layer has not"
      }
    }

    /// - Parameter path: The file, as messages name it.
    fileprivate func hint(_ path: String) -> String? {
      switch self {
      case .noTensor(let name, let known):
        Suggestion.closest(to: name, among: known).map { "it has \"\($0)\"" }
          ?? "save the layer as it is now, and load that file"
      case .otherTensor:
        "a file fits the layer that it was saved from, and layers of the same shapes"
      case .extraTensor: "`load(\(path.quoted))` without a layer gives all tensors of the file"
      case .data(let fault): fault.hint(path)
      case .loadedTable(let problem):
        problem.option.map { "`csv(\(path.quoted), \($0.code))` \($0.effect)" }
          ?? DataFileFault.csv(problem).hint(path)
      case .unwritable(let failure): failure.hint(FileFailure.shown(path))
      case .unknownFormat:
        "'csv' reads a table of any name, and 'text_corpus' a text"
      case .otherFormat: "end the name in '.safetensors'"
      }
    }
  }

  /// A file that cannot be read or written as asked.
  static func file(
    _ path: String, _ problem: FileProblem, at range: SourceRange?
  ) -> Diagnostic {
    Diagnostic(
      .io, "file", "\(FileFailure.quoted(path)) \(problem.text)", at: range,
      hint: problem.hint(path))
  }
}
