import Glibc
package import Writing

/// The wording of files that cannot be read or written.
extension Diagnostic {
  /// Raised where a script cannot be read.
  ///
  /// - Parameters:
  ///   - name: what messages call it.
  ///   - path: where it should be.
  static func unreadableScript(
    _ name: String, path: String, _ problem: FileFailure, at range: SourceRange?
  ) -> Diagnostic {
    let shown = FileFailure.shown(name)
    switch problem {
    case .system(ENOENT):
      let hint =
        FileNames.like(name, at: path).map { "did you mean '\(FileFailure.shown($0))'?" }
        ?? (name.unicodeScalars.contains("\u{FFFD}")
          ? "names that are not UTF-8 are not understood: rename the file"
          : "relative paths start beside the script, or where cairn was started")
      return Diagnostic(.io, "no-file", "there is no file \(shown)", at: range, hint: hint)
    case .directory:
      return Diagnostic(
        .io, "is-directory", "\(shown) is a directory, and a file of Cairn text was expected",
        at: range,
        hint: range == nil ? "name the scripts in it: '\(shown)/*.cairn' in a shell" : nil)
    case .device, .socket:
      let kind = problem == .device ? "device" : "socket"
      return Diagnostic(
        .io, "not-a-file", "\(shown) is a \(kind), and a file or a pipe was expected", at: range,
        hint: range == nil ? "'-' in place of a name is standard input" : nil)
    case .pipe:
      return Diagnostic(
        .io, "not-a-file",
        "\(shown) is a pipe, and a file was expected: what is written into a pipe does not stay",
        at: range, hint: "'cairn format -' reads standard input, and prints")
    case .tooLarge(let limit):
      return Diagnostic(
        .io, "too-large",
        "\(shown) has more than \(ByteFormat.text(limit)), the most that a script may have",
        at: range, hint: "'import' makes one script of several files")
    case .stopped:
      return Diagnostic(
        .interrupted, "interrupted", "interrupted while \(shown) had nothing to give", at: range)
    default:
      return Diagnostic(
        .io, "unreadable", "\(shown) cannot be read: \(problem.reading)", at: range,
        hint: problem.hint(shown))
    }
  }

  /// Raised where the reading of a text was stopped: nothing of it has run.
  static func readingStopped(_ source: SourceText) -> Diagnostic {
    Diagnostic(
      .interrupted, "interrupted", "the command was stopped while \(source.name) was read",
      at: SourceRange(source, 0, 0), hint: "nothing of it has run")
  }

  /// Raised where standard input gives no script.
  package static func unreadableInput(_ problem: FileFailure) -> Diagnostic {
    let hint = "a script is given as 'cairn run - < FILE', or by its name"
    switch problem {
    case .directory:
      return Diagnostic(
        .io, "is-directory", "standard input is a directory, and a text was expected", at: nil,
        hint: hint)
    case .tooLarge(let limit):
      return Diagnostic(
        .io, "too-large",
        "standard input gave more than \(ByteFormat.text(limit)), the most that a script, or a "
          + "line of one, may have", at: nil, hint: "'import' makes one script of several files")
    case .stopped:
      return Diagnostic(
        .interrupted, "interrupted", "interrupted while standard input had nothing to give",
        at: nil)
    case .system(EBADF):
      return Diagnostic(
        .io, "unreadable", "standard input cannot be read: it is closed", at: nil, hint: hint)
    default:
      return Diagnostic(
        .io, "unreadable", "standard input cannot be read: \(problem.reading)", at: nil, hint: hint)
    }
  }

  /// Raised where the bytes of a script, or of standard input, are no UTF-8. The place of the first
  /// that is not is told.
  static func scriptNotUTF8(_ name: String, _ bytes: [UInt8], at range: SourceRange?) -> Diagnostic
  {
    let shown = FileFailure.shown(name)
    let text = SourceText(name: shown, text: String(decoding: bytes, as: UTF8.self))
    let offset = endOfUTF8(bytes)
    let place = SourceRange(text, offset, min(offset + 3, text.bytes.count))
    return Diagnostic(
      .io, "not-utf8", "\(shown) is not a text in UTF-8", at: range ?? place,
      hint: "convert it, for example with: iconv -f LATIN1 -t UTF-8 \(shown)",
      notes: range == nil ? [] : [Note(place, "the first bytes that are not")])
  }

  /// How many bytes are UTF-8 before the first that are not.
  private static func endOfUTF8(_ bytes: [UInt8]) -> Int {
    var parser = Unicode.UTF8.ForwardParser()
    var iterator = bytes.makeIterator()
    var count = 0
    while case .valid(let scalar) = parser.parseScalar(from: &iterator) { count += scalar.count }
    return count
  }

  /// Raised where a script cannot be written.
  static func unwritableScript(_ path: String, _ problem: FileFailure) -> Diagnostic {
    let shown = FileFailure.shown(path)
    switch problem {
    case .changed:
      return Diagnostic(
        .io, "changed", "\(shown) was changed by another program meanwhile, and is left as it is",
        at: nil, hint: "look at it, and give the command once more")
    case .stopped:
      return Diagnostic(
        .interrupted, "interrupted", "interrupted while nobody read \(shown)", at: nil)
    default:
      return Diagnostic(
        .io, "unwritable", "\(shown) cannot be written: \(problem.writing)", at: nil,
        hint: problem.hint(shown))
    }
  }

  /// Raised where standard output, or standard error, does not take what is said.
  package static func unwritableOutput(_ name: String, _ problem: FileFailure) -> Diagnostic {
    let reason =
      problem == .system(EBADF) ? "it is closed, or open for reading alone" : problem.writing
    return Diagnostic(.io, "unwritable", "\(name) cannot be written: \(reason)", at: nil)
  }
}

extension FileFailure {
  /// Why a file cannot be read; goes on behind a colon.
  package var reading: String {
    switch self {
    case .system(ENOTDIR): "its path leads through a file that is no directory"
    default: common
    }
  }

  /// Why a file cannot be written; goes on behind a colon.
  package var writing: String {
    switch self {
    case .system(ENOENT): "the directory that it should stand in does not exist"
    case .system(ENOTDIR): "its path leads through a file that is no directory"
    default: common
    }
  }

  /// Why it can be neither read nor written.
  private var common: String {
    switch self {
    case .system(EISDIR), .directory: "it is a directory"
    case .system(ELOOP): "its symbolic links lead in a circle"
    case .system(ENAMETOOLONG):
      "its name is too long: the system takes 255 bytes, and 4095 for a whole path"
    case .system(let code): SystemError.text(code)
    case .nulInName: "its name has a NUL character, which no file's name has"
    case .device: "it is a device"
    case .socket: "it is a socket"
    case .pipe: "it is a pipe"
    case .tooLarge(let limit): "it has more than \(ByteFormat.text(limit))"
    case .readOnly: "it is read-only"
    case .closedDirectory(let code):
      "the directory that it stands in takes no new file: \(SystemError.text(code))"
    case .changed: "another program changed it meanwhile"
    case .isOutput: "it is where standard output or standard error goes to"
    case .busy: "another program is writing it"
    case .leftover(let copy):
      "an earlier write was cut short; what it held before stands in \(FileFailure.shown(copy))"
    case .halfWritten(let code, let copy):
      "\(SystemError.text(code)); it is half written, and what it held before stands in "
        + FileFailure.shown(copy)
    case .stopped: "interrupted"
    }
  }

  /// What may be done about it; `nil` for nothing in particular.
  package func hint(_ name: String) -> String? {
    switch self {
    case .readOnly: "'chmod u+w \(name)' lets it be written"
    case .system(EACCES): "'ls -ld \(name)' shows who may do what"
    case .system(ELOOP): "'ls -l \(name)' shows where the link leads"
    case .leftover(let copy), .halfWritten(_, let copy):
      "move '\(FileFailure.shown(copy))' back to it, or delete it"
    case .closedDirectory: "write it elsewhere, and copy it"
    default: nil
    }
  }

  /// A file's name as messages show it: on one line, and short.
  package static func shown(_ name: String) -> String {
    let isPlain =
      !name.isEmpty
      && !name.unicodeScalars.contains {
        $0.properties.generalCategory == .control
      }
    return isPlain ? cut(name) : quoted(name)
  }

  /// The same between double quotes.
  package static func quoted(_ name: String) -> String { cut(name).quoted }

  private static func cut(_ name: String) -> String {
    name.count > 120 ? "\(name.prefix(60))…\(name.suffix(50))" : name
  }
}
