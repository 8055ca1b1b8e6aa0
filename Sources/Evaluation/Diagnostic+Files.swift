import DataFiles
import Foundation
import Syntax
import Writing

/// The wording of files: what is wrong with them, and with what is in them.
extension Diagnostic {
  /// What is wrong with a file.
  enum FileProblem {
    case missing, directory, unreadable, notUTF8
    /// The operating system's number for why it cannot be written.
    case unwritable(Int32)
    case array(ArrayFile.Problem)
    case safetensors(Safetensors.Problem)
    case csv(CSVTable.Problem)
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
      case .array(let problem): problem.text
      case .safetensors(let problem): problem.text
      case .csv(let problem): problem.text
      case .noTensor(let name, _): "has no tensor \"\(name)\", which the layer needs"
      case .otherTensor(let name, let found, let expected):
        "has \"\(name)\" as \(found), but the layer's is \(expected.typeDescription)"
      case .extraTensor(let name): "has the tensor \"\(name)\", which the layer has not"
      }
    }

    fileprivate var hint: String? {
      switch self {
      case .noTensor(let name, let known):
        Suggestion.closest(to: name, among: known).map { "it has \"\($0)\"" }
      case .csv(.noColumn(let name, let known)):
        Suggestion.closest(to: name, among: known).map { "did you mean `\($0)`?" }
          ?? "its columns are \(known.joined(separator: ", "))"
      case .csv(.missingValue): "the option 'missing: drop' leaves such rows out"
      case .csv(.notNumber): "the option 'features:' names the columns to use"
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
      hint: problem.hint ?? "relative paths start where cairn was started")
  }
}

extension ArrayFile.Problem {
  fileprivate var text: String {
    switch self {
    case .notNPY: "is not an npy file"
    case .notIDX: "is not an idx file"
    case .cutShort: "is cut short"
    case .malformedHeader: "has a malformed header"
    case .malformedShape: "has a malformed shape"
    case .impossibleShape: "has an impossible shape"
    case .fortranOrder: "is in Fortran order; save it in C order (`np.ascontiguousarray`)"
    case .unreadType(let type): "holds elements of type \(type), which Cairn does not read"
    case .unknownType: "holds elements of an unknown type"
    case .wrongLength(let shape): "has other bytes than its shape \(shape)"
    case .integersTooLarge: "has integers that do not fit an i32"
    }
  }
}

extension Safetensors.Problem {
  fileprivate var text: String {
    switch self {
    case .tooShort: "is too short to be a safetensors file"
    case .headerCutShort(let bytes): "is cut short: its header should have \(bytes) bytes"
    case .headerNotJSON: "has a header that is not JSON"
    case .malformedEntry(let name): "has a malformed entry for the tensor \"\(name)\""
    case .unreadType(let name, let type):
      "holds \"\(name)\" in the type \(type); Cairn reads F32, F64 and I32"
    case .impossibleShape(let name): "gives \"\(name)\" an impossible shape"
    case .bytesCutShort(let name): "is cut short: the bytes of \"\(name)\" are not all there"
    case .wrongLength(let name): "gives \"\(name)\" other bytes than its shape has"
    case .sharedBytes(let name): "gives \"\(name)\" bytes that another tensor has"
    case .gap(let name): "has bytes before \"\(name)\" that belong to no tensor"
    case .rest(let bytes): "has \(bytes) bytes at its end that belong to no tensor"
    }
  }
}

extension CSVTable.Problem {
  fileprivate var text: String {
    switch self {
    case .empty: "is empty: it needs a header line"
    case .rowLength(let line, let cells, let names):
      "has \(cells) cells on line \(line), but \(names) names in its header"
    case .textAfterQuote(let line): "has text after a closing quote on line \(line)"
    case .openQuote(let line): "has a quote on line \(line) that is never closed"
    case .noColumn(let name, _): "has no column `\(name)`"
    case .noNumericColumn: "has no column of numbers"
    case .missingValue(let line, let column):
      "has no value on line \(line) in the column `\(column)`"
    case .notNumber(let cell, let line, let column):
      "has \"\(cell.prefix(40))\" on line \(line) in the column `\(column)`, where a number is "
        + "expected"
    case .tooLarge(let cell, let line, let column):
      "has \(cell.prefix(40)) on line \(line) in the column `\(column)`, more than an f32 can hold"
    }
  }
}
