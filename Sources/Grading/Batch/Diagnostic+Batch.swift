package import Syntax
import Writing

/// The wording of batches that cannot be graded, and of what cannot be kept of them.
extension Diagnostic {
  /// Nothing to grade.
  static func noSubmissions(_ path: String) -> Diagnostic {
    Diagnostic(
      .io, "no-submissions",
      "expected a submission, or a folder or a zip archive of them; found none at "
        + "'\(FileFailure.shown(path))'", at: nil,
      hint: "each is a file whose name ends in '.cairn', or a folder with one")
  }

  /// An archive of submissions that is none, or is damaged.
  static func unreadableArchive(_ path: String) -> Diagnostic {
    Diagnostic(
      .io, "unreadable",
      "expected a zip archive that is whole; '\(FileFailure.shown(path))' begins as one, and is "
        + "damaged, cut short, or in several parts", at: nil,
      hint: "'unzip -t' in a shell tests an archive; a folder that it was unpacked to does as well")
  }

  /// An archive of more than anybody hands in.
  static func largeArchive(_ path: String, _ count: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      .io, "too-large",
      "'\(FileFailure.shown(path))' has \(CountFormat.grouped(count)) entries, and "
        + "\(CountFormat.grouped(limit)) are read at most", at: nil,
      hint: "unpack it, and name a folder of submissions")
  }

  /// A machine that does not shut submissions in.
  package static func notShutIn(_ found: Shelter) -> Diagnostic {
    Diagnostic(
      .io, "not-shut-in",
      "submissions are not run here, since only this would shut them in: \(found.text)", at: nil,
      hint: "'--trusted' runs those of people whom you trust all the same")
  }

  /// A submission without a text to grade.
  static func notGradable(_ reason: String) -> Diagnostic {
    Diagnostic(.io, "not-gradable", "there is no file to grade: \(reason)", at: nil)
  }

  /// A folder for grades that others could put grades into.
  static func openState(_ path: String, _ reason: String) -> Diagnostic {
    Diagnostic(
      .io, "open-state",
      "expected a folder for grades that you alone may enter; \(FileFailure.shown(path)) \(reason)",
      at: nil, hint: "'mkdir -m 700 grades' makes one, and '--state grades' takes it")
  }

  /// One file for what has a file for each submission.
  package static func notOneFile(_ path: String) -> Diagnostic {
    Diagnostic(
      .io, "not-one-file",
      "'-o \(FileFailure.shown(path))' names one file, and there are several to write", at: nil,
      hint: "name a folder: '-o grades/'")
  }

  /// More to import than goes to a process at once.
  package static func largeImports(_ bytes: Int, limit: Int) -> Diagnostic {
    Diagnostic(
      .io, "too-large",
      "the files given by '--import' have \(ByteFormat.text(bytes)), and may have "
        + "\(ByteFormat.text(limit)) in all", at: nil)
  }

  /// Two files to import by one name.
  package static func sameImport(_ name: String) -> Diagnostic {
    Diagnostic(
      .name, "same-import", "two files given by '--import' have the name '\(name)'", at: nil,
      hint: "submissions import a file by its name without folders: rename one")
  }
}
