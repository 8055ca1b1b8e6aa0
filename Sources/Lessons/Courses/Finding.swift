/// Something wrong in a course, with its place; who writes the course is told.
package struct Finding: Sendable, Equatable {
  /// The path of the file, as the course was named.
  package let file: String
  /// The line there; `nil` where the file as a whole is meant.
  package let line: Int?
  /// What is wrong, in a sentence.
  package let message: String

  /// A finding in a file.
  init(_ file: String, _ line: Int? = nil, _ message: String) {
    (self.file, self.line, self.message) = (file, line, message)
  }

  /// `lessons/01-a/lesson.cairn:12: …`
  package var text: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(message)" }
}
