import DataFiles
import Glibc
import Syntax
import Tensors
import Writing

/// The wording of files of data: what keeps their numbers from being read.
extension DataFileFault {
  /// What is wrong, behind the file's name.
  var text: String {
    switch self {
    case .file(.system(ENOENT)): "does not exist"
    case .file(.directory): "is a directory, not a file"
    case .file(.device): "is a device; files and pipes are read"
    case .file(.changed): "was changed by another program while it was read"
    case .file(let failure): "cannot be read: \(failure.reading)"
    case .spool(let failure):
      "is a pipe, and the temporary file for what it gives cannot be written: \(failure.writing)"
    case .gzip(let problem): problem.text
    case .array(let problem): problem.text
    case .safetensors(let problem): problem.text
    case .csv(let problem): problem.text
    case .text(let problem): problem.text
    case .archive(let problem): problem.text
    case .member(let name, let fault): "holds \(short(name)), which \(fault.text)"
    case .memory: "finds no room"
    }
  }

  /// What may be done about it.
  /// - Parameter path: The file as the learner named it.
  func hint(_ path: String) -> String? {
    switch self {
    case .file(.system(ENOENT)):
      "relative paths start beside the script, or where cairn was started"
    case .file(.directory): "name a file in it"
    case .file(.device): "copy what it gives into a file"
    case .file(.changed): "read it once the other program is done"
    case .file(let failure): failure.hint(FileFailure.shown(path))
    case .spool: "copy what the pipe gives into a file, and name that"
    case .gzip(let problem): problem.hint
    case .array(let problem): problem.hint(path)
    case .safetensors(let problem): problem.hint
    case .csv(let problem): problem.hint
    case .text(let problem): problem.hint
    case .archive(let problem): problem.hint
    case .member(let name, let fault): fault.hint(name)
    case .memory: nil
    }
  }
}

/// A text from a file for a message: in quotes, and its beginning only where it is long.
private func short(_ text: String) -> String {
  (text.utf8.count > 80 ? text.prefix(60) + "…" : text).quoted
}

private func bytes(_ count: Int) -> String { CountFormat.counted(count, "byte") }

extension GzipStream.Problem {
  fileprivate var text: String {
    switch self {
    case .cutShort: "is compressed, and ends before its last block does: it is cut short"
    case .damaged: "is compressed, and damaged: its bytes are no gzip"
    case .checksum:
      "is compressed, and damaged: what it holds has another checksum or length than stands behind "
        + "it"
    case .trailing: "is compressed, and has bytes behind its end that are no gzip"
    }
  }

  fileprivate var hint: String {
    "'gzip -t' in a shell tests a file: fetch it again where that fails"
  }
}

extension ArrayFile.Problem {
  fileprivate var text: String {
    switch self {
    case .notNPY: "is not an npy file: it does not begin with 'NUMPY'"
    case .notIDX: "is not an idx file: it does not begin with two zeros and a type"
    case .cutShort: "is cut short: it ends before its header does"
    case .version(let major, let minor):
      "is an npy file of version \(major).\(minor), which there is not; 1.0, 2.0 and 3.0 are read"
    case .longHeader(let bytes, let limit):
      "has a header of \(ByteFormat.text(bytes)); \(ByteFormat.text(limit)) are read at most"
    case .header(let part, let found, let place):
      "has a malformed header: expected \(part.text) at its byte \(place), found "
        + (found.isEmpty ? "its end" : short(found))
    case .impossibleShape(let axes):
      "has the shape \(axes), which no tensor can have: at most \(Shape.rankLimit) axes and "
        + "2⁴⁸ elements"
    case .structured: "holds records of several fields, where one type of number is expected"
    case .unreadType(let type):
      "holds elements of type \(short(type)), which Cairn does not read"
    case .unknownType(let number):
      "holds elements of type \(number); the format has the types 8, 9, 11, 12, 13 and 14"
    case .fewBytes(let contents, let found):
      "is cut short: \(contents.text) take \(bytes(contents.byteCount)), and it has \(bytes(found))"
    case .inflated(let contents, let most):
      "is compressed, and too short for what its header says: "
        + "\(contents.text) take \(bytes(contents.byteCount)), and it holds \(bytes(most)) at most"
    case .moreBytes(let contents, let found):
      "is too long: \(contents.text) take \(bytes(contents.byteCount)), and it has "
        + (found.map { bytes($0) } ?? "more")
    case .integerTooLarge(let number):
      "holds the integer \(number), and an i64 here holds up to 2^53"
    }
  }

  /// - Parameter path: The file as the learner named it.
  fileprivate func hint(_ path: String) -> String {
    switch self {
    case .notNPY where path.hasSuffix(".npz"):
      "an npz file is an archive of npy files: `load(\(path.quoted))` reads it"
    case .notNPY: "NumPy writes such files: 'numpy.save(\"x.npy\", x)'"
    case .notIDX: "MNIST's files are such: 'train-images-idx3-ubyte', compressed by gzip or not"
    case .cutShort, .fewBytes, .inflated, .moreBytes: "fetch or write the file again"
    case .version, .longHeader, .header: "write it again with 'numpy.save'"
    case .impossibleShape: "a header of another format, or a damaged one, may read so"
    case .structured: "save each field as an array of its own"
    case .unreadType:
      "read are f2, f4, f8, i1, i2, i4, i8, u1, u2, u4, u8 and b1: 'x.astype(\"f4\")' in NumPy"
    case .unknownType: "the format's third byte tells its type: 8 is that of MNIST's bytes"
    case .integerTooLarge: "'x.astype(\"f8\")' in NumPy makes floats of them, rounded"
    }
  }
}

extension ArrayFile.Contents {
  /// `6 elements u8[2, 3]`
  fileprivate var text: String {
    CountFormat.counted(shape.count, "element") + " \(type)\(shape)"
  }
}

extension NPYHeader.Part {
  fileprivate var text: String {
    switch self {
    case .characters(let characters): "'\(characters)'"
    case .name: "one of the names 'descr', 'fortran_order' and 'shape', each once"
    case .type: "a type in quotes"
    case .order: "True or False"
    case .shape: "a tuple of lengths, such as (2, 3) or (6,)"
    case .length: "a length"
    case .entries: "the entries 'descr', 'fortran_order' and 'shape'"
    case .end: "nothing more"
    case .text: "UTF-8 text"
    }
  }
}

extension Safetensors.Problem {
  fileprivate var text: String {
    switch self {
    case .tooShort(let found):
      "is too short for a safetensors file: 8 bytes tell its header's length, and it has "
        + bytes(found)
    case .longHeader(let count, let limit):
      "is not a safetensors file: its header would have \(count) bytes, and the format allows "
        + CountFormat.grouped(limit)
    case .headerCutShort(let count, let found):
      "is cut short: its header should have \(bytes(count)), and \(bytes(found)) are left"
    case .header(let part, let found, let place):
      "has a malformed header: expected \(part.text) at its byte \(place), found "
        + (found.isEmpty ? "its end" : short(found))
    case .repeatedName(let name): "has two entries \(short(name)), where names are there once"
    case .repeatedField(let name, let field):
      "gives \(short(name)) '\(field)' twice"
    case .unknownField(let name, let field):
      "gives \(short(name)) the field \(short(field)), where dtype, shape and data_offsets are "
        + "expected"
    case .missingField(let name, let field): "gives \(short(name)) no '\(field)'"
    case .unreadType(let name, let type):
      "holds \(short(name)) in the type \(short(type)), which Cairn does not read"
    case .integerTooLarge(let name, let number):
      "holds the integer \(number) in \(short(name)), and an i64 here holds up to 2^53"
    case .impossibleShape(let name, let axes):
      "gives \(short(name)) the shape \(axes), which no tensor can have: at most "
        + "\(Shape.rankLimit) axes and 2⁴⁸ elements"
    case .backwards(let name, let begin, let end):
      "gives \(short(name)) bytes that begin at \(begin) and end before, at \(end)"
    case .bytesCutShort(let name, let end, let found):
      "is cut short: \(short(name)) ends at byte \(end) behind the header, and the file at \(found)"
    case .wrongLength(let name, let type, let shape, let found):
      "gives \(short(name)) \(bytes(found)), where \(type)\(shape) takes "
        + bytes(shape.count * type.byteWidth)
    case .sharedBytes(let name, let other):
      "gives \(short(name)) bytes that \(short(other)) has"
    case .gap(let name, let count):
      "has \(bytes(count)) before \(short(name)) that belong to no tensor"
    case .rest(let count):
      "has \(count.map { bytes($0) } ?? "bytes") at its end that belong to no tensor"
    }
  }

  fileprivate var hint: String {
    switch self {
    case .tooShort, .headerCutShort, .bytesCutShort: "fetch or write the file again"
    case .longHeader: "'save' writes such files, and so does Python's safetensors"
    case .unreadType(_, let type) where SafetensorsHeader.types[type.uppercased()] != nil:
      "types are written in capitals: \(type.uppercased())"
    case .unreadType:
      "read are F16, BF16, F32, F64, I8, I16, I32, I64, U8, U16, U32, U64 and BOOL"
    case .integerTooLarge: "save it as floats: F64 holds larger numbers, rounded"
    case .header, .repeatedName, .repeatedField, .unknownField, .missingField, .impossibleShape,
      .backwards, .wrongLength, .sharedBytes, .gap, .rest:
      "a file whose header and bytes do not agree is not read in part: write it again"
    }
  }
}

extension SafetensorsHeader.Part {
  fileprivate var text: String {
    switch self {
    case .characters(let characters): "'\(characters)'"
    case .text: "a text in quotes"
    case .integer: "a whole number from 0"
    case .end: "nothing more"
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
    case .longCell(let line, let limit):
      "has a cell of more than \(ByteFormat.text(limit)) in the row that starts on line \(line)"
    case .notUTF8(let line): "has bytes on line \(line) that are no UTF-8 text"
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
    case .manyClasses(let column, let limit):
      "has more than \(CountFormat.grouped(limit)) different words in the column `\(column)`, "
        + "which is asked for as the label"
    case .manyCategories(let column, let limit):
      "has more than \(CountFormat.grouped(limit)) different words in the column `\(column)`, "
        + "which is asked for as a feature"
    case .tooLarge(let cell, let line, let column):
      "has \(cell.prefix(40)) on line \(line) in the column `\(column)`, more than an f32 can hold"
    }
  }

  /// The option of `csv` that may help, and what it does; `nil` where none may.
  var option: (code: String, effect: String)? {
    switch self {
    case .numbersAsNames:
      ("header: false", "reads a table without names; 'header: true' takes the line as names")
    case .emptyColumn: ("missing: drop", "leaves the column out")
    case .missingValue: ("missing: drop", "leaves such rows out")
    case .mixedColumn(let mixture) where !mixture.isLabel && !mixture.numeric.isEmpty:
      (
        "features: [\(mixture.numeric.map(\.quoted).joined(separator: ", "))]",
        "names the columns to use, unless the cell is mended"
      )
    case .rowLength, .textAfterQuote, .openQuote, .noNumericColumn:
      ("separator: \";\"", "reads a table whose cells semicolons separate")
    default: nil
    }
  }

  /// What may be done about it.
  fileprivate var hint: String {
    if let option { return "`\(option.code)` \(option.effect)" }
    return switch self {
    case .noColumn(let name, let known):
      Suggestion.closest(to: name, among: known).map { "did you mean `\($0)`?" }
        ?? "its columns are \(known.joined(separator: ", "))"
    case .repeatedColumn: "an integer names a column by its place, from 0: `label: 2`"
    case .featureTwice: "name each column once"
    case .featureIsLabel: "leave the label out of 'features': a net would read its answer there"
    case .noFeatures: "leave 'features' out: all columns of numbers are taken then"
    case .notNumber: "mend it, or name the columns to use, as `help csv` shows"
    case .mixedColumn(let mixture) where mixture.isLabel:
      "labels are all numbers, or all words"
    case .mixedColumn: "a column is read where all its cells are numbers, or none is"
    case .longCell: "a quote that opens a cell and stands in none may hold a whole file: double it"
    case .notUTF8: "'iconv -f latin1 -t utf-8' in a shell turns an older encoding into UTF-8"
    case .manyClasses: "a label is a class of many rows; a name of each row is none"
    case .manyCategories: "each category of a feature is a number in every row: leave it out"
    case .tooLarge: "the largest f32 is about 3.4e38: scale the column, or leave it out"
    case .empty, .numbersAsNames, .emptyColumn, .missingValue, .rowLength, .textAfterQuote,
      .openQuote, .noNumericColumn:
      "its first line should name the columns: 'length,width,species'"
    }
  }
}

extension TextFile.Problem {
  fileprivate var text: String {
    switch self {
    case .empty: "is empty: a text has one character at least"
    case .notUTF8(let line, let byte):
      "is no UTF-8 text: the byte at \(CountFormat.grouped(byte)), on line \(line), belongs to no "
        + "character"
    case .cutShort(let line):
      "is cut short: its last character, on line \(line), lacks bytes"
    }
  }

  fileprivate var hint: String {
    switch self {
    case .empty: "'wc -c' in a shell tells how many bytes a file has"
    case .notUTF8, .cutShort:
      "`unit: byte` takes bytes as they are; 'iconv -f latin1 -t utf-8' in a shell turns an older "
        + "encoding into UTF-8"
    }
  }
}

extension ZipArchive.Problem {
  fileprivate var text: String {
    switch self {
    case .noDirectory:
      "is no zip archive, or cut short: at its end stands no end of a directory"
    case .severalParts: "is a part of a zip archive that lies in several files"
    case .directory(let place, let count):
      "says that its directory of \(bytes(count)) begins at byte \(place), which does not fit the "
        + "file"
    case .record(let place):
      "has a malformed directory: expected one of its records at byte \(place), found something "
        + "else"
    case .entryCount(let count, let said):
      "has a directory of \(CountFormat.counted(count, "entry", "entries")), and says that it has "
        + CountFormat.grouped(said)
    case .nameText(let place): "has a name that is no UTF-8 text, at byte \(place)"
    case .name(let name):
      "has a member \(short(name)), where names without '..', empty parts and backslashes are "
        + "expected"
    case .noArray(let name):
      "has a member \(short(name)), where names that end in '.npy' are expected"
    case .repeatedName(let name): "has two members \(short(name)), where names are there once"
    case .encrypted(let name): "has an encrypted member \(short(name))"
    case .method(let name, let method):
      "has \(short(name)) compressed by method \(method); stored (0) and deflated (8) ones are read"
    case .sizes(let name, let count, let stored):
      "says that \(bytes(stored)) of \(short(name)) hold \(bytes(count)), which cannot be"
    case .header(let name):
      "says of \(short(name)) in its directory other things than before the member"
    case .overlap(let name):
      "has \(short(name)) where another member lies, or the directory"
    case .checksum(let name):
      "is damaged: what \(short(name)) holds has another checksum than the directory says"
    case .length(let name, let said):
      "is damaged: \(short(name)) does not hold the \(bytes(said)) that the directory says"
    }
  }

  fileprivate var hint: String {
    switch self {
    case .noArray: "'numpy.savez(\"x.npz\", w=w)' writes such files"
    case .encrypted, .method, .name, .nameText, .repeatedName:
      "write it again with 'numpy.savez' or 'numpy.savez_compressed'"
    default: "'unzip -t' in a shell tests an archive: fetch or write it again where that fails"
    }
  }
}
