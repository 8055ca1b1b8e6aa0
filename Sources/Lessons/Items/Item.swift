package import Syntax

/// A question or an exercise of a lesson.
package struct Item: Sendable {
  /// By which progress is kept.
  package let id: String
  /// What it asks for.
  package let kind: ItemKind
  /// The question.
  package let question: Prose
  /// What can be chosen, in order.
  package let options: [Option]
  /// Commands that run before the answer, in its session.
  package let setup: SourceText?
  /// Commands that are shown after a guess; they define `measured`.
  package let reveal: SourceText?
  /// What an answer has to meet.
  package let check: SourceText?
  /// Model answers.
  package let models: [Example]
  /// What a student starts from.
  package let stub: Example?
  /// Wrong answers, each with the reply to it.
  package let wrongIdeas: [WrongIdea]
  /// Each deeper than the one before.
  package let hints: [Prose]
  /// The path of its file.
  package let file: String
  /// The folder that its paths start in.
  package let directory: String

  /// An answer that may be chosen.
  package struct Option: Sendable {
    /// By which it is chosen.
    package let letter: String
    /// What it says.
    package let text: Prose
    /// True where it may be chosen.
    package let isRight: Bool
    /// What who chose it is told.
    package let reply: Prose
    /// Its line in the file.
    package let line: Int
  }

  /// An answer that stands in the file.
  package struct Example: Sendable {
    /// As a student would type it.
    package let text: String
    /// Its line in the file.
    package let line: Int
  }

  /// A wrong answer with the idea behind it.
  package struct WrongIdea: Sendable {
    /// What the author calls it.
    package let name: String
    /// An answer of whoever has the idea.
    package let example: Example
    /// What whoever has it is told.
    package let reply: Prose
    /// Commands that all succeed for answers of this idea; `nil` where such an answer equals the
    /// example.
    package let when: SourceText?
  }

  /// The letters of the right options.
  package var rightLetters: [String] { options.filter(\.isRight).map(\.letter) }
}
