package import Syntax

/// What one student handed in.
package struct Submission: Sendable {
  /// Whose it is: the path in the folder that is graded, without the ending of a file.
  package let student: String
  let content: Content

  /// Where its text is.
  enum Content: Sendable {
    /// In a file of this name, which is read when it is asked for.
    case file(name: String, read: @Sendable () throws(Diagnostic) -> SourceText)
    /// Nowhere: there is nothing to grade, and why.
    case nothing(why: String)
  }

  /// Its text, named as its file, without folders. Throws where there is none to be had.
  package func text() throws(Diagnostic) -> SourceText {
    switch content {
    case .nothing(let why): throw .nothingToGrade(why)
    case .file(let name, let read): SourceText(name: name, text: try read().text)
    }
  }
}
