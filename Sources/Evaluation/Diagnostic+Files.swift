import DataFiles
import Foundation
import Syntax
import Writing

/// The wording of files: what is wrong with them, and with what is in them.
extension Diagnostic {
  /// What is wrong with a file.
  enum FileProblem {
    case missing, directory, unreadable, notUTF8
    /// The end of the name of a file of another format than is written.
    case otherFormat(String)
    /// Why it cannot be written.
    case unwritable(FileFailure)
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
      case .unwritable(let failure): "cannot be written: \(failure.writing)"
      case .otherFormat(let suffix):
        "has a name for another format: what is written is a safetensors file, not \(suffix)"
      case .array(let problem): problem.text
      case .safetensors(let problem): problem.text
      case .csv(let problem): problem.text
      case .noTensor(let name, _): "has no tensor \"\(name)\", which the layer needs"
      case .otherTensor(let name, let found, let expected):
        "has \"\(name)\" as \(found), but the layer's is \(expected.typeDescription)"
      case .extraTensor(let name): "has the tensor \"\(name)\", which the layer has not"
      }
    }

    /// - Parameter path: The file, as messages name it.
    fileprivate func hint(_ path: String) -> String? {
      switch self {
      case .missing:
        "relative paths start beside the script, or where cairn was started"
      case .noTensor(let name, let known):
        Suggestion.closest(to: name, among: known).map { "it has \"\($0)\"" }
      case .csv(let problem): problem.hint
      case .unwritable(let failure): failure.hint(FileFailure.shown(path))
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
      .io, "file", "\(FileFailure.quoted(path)) \(problem.text)", at: range,
      hint: problem.hint(path))
  }
}

/// A whole number without a point.
private func whole(_ number: Double) -> String { String(format: "%.0f", number) }

extension ArrayFile.Problem {
  fileprivate var text: String {
    switch self {
    case .notNPY: "is not an npy file"
    case .notIDX: "is not an idx file"
    case .cutShort: "is cut short"
    case .malformedHeader: "has a malformed header"
    case .malformedShape: "has a malformed shape"
    case .impossibleShape: "has an impossible shape"
    case .structured:
      "holds records of several fields; save each field as an array of its own"
    case .unreadType(let type): "holds elements of type \(type), which Cairn does not read"
    case .unknownType: "holds elements of an unknown type"
    case .wrongLength(let shape): "has other bytes than its shape \(shape)"
    case .integerTooLarge(let number):
      "holds the integer \(whole(number)), which an i32 cannot hold"
    case .compression(.cutShort): "is cut short: it is compressed, and ends too early"
    case .compression(.damaged): "is compressed, and damaged"
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
      "holds \"\(name)\" in the type \(type), which Cairn does not read"
    case .integerTooLarge(let name, let number):
      "holds the integer \(whole(number)) in \"\(name)\", which an i32 cannot hold"
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
    case .rowLength(let line, let cells, let columns):
      "has \(CountFormat.counted(cells, "cell")) on line \(line), but "
        + "\(CountFormat.counted(columns, "column")) on its first"
    case .textAfterQuote(let line): "has text after a closing quote on line \(line)"
    case .openQuote(let line): "has a quote on line \(line) that is never closed"
    case .numbersAsNames(let number):
      "has the number \(number.prefix(40)) on its first line, where the names of its columns stand"
    case .noColumn(let name, _): "has no column `\(name)`"
    case .repeatedColumn(let name): "has several columns `\(name)`"
    case .noNumericColumn: "has no column of numbers"
    case .emptyColumn(let name): "has no value at all in the column `\(name)`"
    case .featureTwice(let name): "would give the column `\(name)` as a feature twice"
    case .featureIsLabel(let name): "would give the column `\(name)` as a feature and as the label"
    case .noFeatures: "would give no features: the list of their columns is empty"
    case .missingValue(let line, let column):
      "has no value on line \(line) in the column `\(column)`"
    case .notNumber(let cell, let line, let column):
      "has \"\(cell.prefix(40))\" on line \(line) in the column `\(column)`, where a number is "
        + "expected"
    case .mixedColumn(let mixture):
      "has \"\(mixture.cell.prefix(40))\" on line \(mixture.line) in the column "
        + "`\(mixture.column)`, which has the number \(mixture.number.prefix(40)) on line "
        + "\(mixture.numberLine)"
    case .tooLarge(let cell, let line, let column):
      "has \(cell.prefix(40)) on line \(line) in the column `\(column)`, more than an f32 can hold"
    }
  }

  /// What may be done about it; `nil` for nothing in particular.
  fileprivate var hint: String? {
    switch self {
    case .noColumn(let name, let known):
      Suggestion.closest(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? "its columns are \(known.joined(separator: ", "))"
    case .numbersAsNames:
      "`header: false` reads a table without names, `header: true` takes the line as names"
    case .repeatedColumn: "an integer names a column by its place, from 0: `label: 2`"
    case .emptyColumn: "`missing: drop` leaves the column out"
    case .featureTwice: "name each column once"
    case .featureIsLabel: "leave the label out of 'features': a net would read its answer there"
    case .noFeatures: "leave 'features' out: all columns of numbers are taken then"
    case .missingValue: "`missing: drop` leaves such rows out"
    case .notNumber: "mend it, or name the columns to use, as `help csv` shows"
    case .mixedColumn(let mixture) where mixture.isLabel:
      "labels are all numbers, or all words"
    case .mixedColumn(let mixture) where !mixture.numeric.isEmpty:
      "mend the cell, or name the columns to use: `features: "
        + "[\(mixture.numeric.map { "\"\($0)\"" }.joined(separator: ", "))]`"
    case .mixedColumn: "a column is read where all its cells are numbers, or none is"
    case .rowLength, .textAfterQuote, .openQuote, .noNumericColumn:
      "`separator: \";\"` reads a table whose cells semicolons separate"
    case .empty, .tooLarge: nil
    }
  }
}
