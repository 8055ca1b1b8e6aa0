package import Syntax

/// What one student handed in.
package struct Submission: Sendable {
  /// Whose it is: the name in the folder that is graded, without the ending of a file.
  package let student: String
  /// What its file is called; empty where there is none.
  let name: String
  let content: Content

  /// Where its text is.
  enum Content: Sendable {
    /// In a file.
    case path(String)
    /// Here: it came in an archive.
    case bytes([UInt8])
    /// Nowhere, and why.
    case none(String)
  }

  /// The text. Throws a diagnostic that says why there is none to grade.
  package func read() throws(Diagnostic) -> SourceText {
    switch content {
    case .path(let path): try ScriptFile.read(path, name: name)
    case .bytes(let bytes): try ScriptFile.text(bytes, name: name)
    case .none(let reason): throw .notGradable(reason)
    }
  }
}
