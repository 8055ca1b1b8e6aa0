import DataFiles
import Syntax
import Writing

/// The wording of files: what is wrong with them, and with what is in them.
extension Diagnostic {
  /// What is wrong with a file.
  enum FileProblem {
    case missing, directory, unreadable, notUTF8
    /// The end of the name of a file of another format than is written.
    case otherFormat(String)
    /// The operating system's number for why it cannot be written.
    case unwritable(Int32)
    /// What keeps its numbers from being read.
    case data(DataFileFault)
    // Of a file of tensors that a layer is to be filled from:
    case noTensor(String, known: [String])
    case otherTensor(String, found: String, expected: TensorValue)
    case extraTensor(String)

    fileprivate var text: String {
      switch self {
      case .missing: "does not exist"
      case .directory: "is a directory"
      case .unreadable: "cannot be read"
      case .notUTF8: "is not UTF-8 text"
      case .unwritable(let code): "cannot be written: \(SystemError.text(code))"
      case .otherFormat(let suffix):
        "has a name for another format: what is written is a safetensors file, not \(suffix)"
      case .data(let fault): fault.text
      case .noTensor(let name, _): "has no tensor \"\(name)\", which the layer needs"
      case .otherTensor(let name, let found, let expected):
        "has \"\(name)\" as \(found), but the layer's is \(expected.typeDescription)"
      case .extraTensor(let name): "has the tensor \"\(name)\", which the layer has not"
      }
    }

    /// - Parameter path: The file as the learner named it.
    fileprivate func hint(_ path: String) -> String? {
      switch self {
      case .missing:
        "relative paths start beside the script, or where cairn was started"
      case .directory: "name a file in it"
      case .unreadable: "'ls -l' in a shell shows who may read it"
      case .notUTF8: "save it as UTF-8"
      case .noTensor(let name, let known):
        Suggestion.closest(to: name, among: known).map { "it has \"\($0)\"" }
          ?? "save the layer as it is now, and load that file"
      case .otherTensor:
        "a file fits the layer that it was saved from, and layers of the same shapes"
      case .extraTensor: "`load(\(path.quoted))` without a layer gives all tensors of the file"
      case .data(let fault): fault.hint(path)
      case .otherFormat: "end the name in '.safetensors'"
      default: nil
      }
    }
  }

  /// A file that cannot be read or written as asked.
  static func file(
    _ path: String, _ problem: FileProblem, at range: SourceRange?
  ) -> Diagnostic {
    Diagnostic(
      .io, "file", "\"\(path)\" \(problem.text)", at: range,
      hint: problem.hint(path))
  }
}
