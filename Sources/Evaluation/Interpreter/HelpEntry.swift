/// Help on one name.
package struct HelpEntry: Sendable {
  /// What help is given on, as it is typed.
  package let name: String
  /// `sum(x, axis: none, keepdims: false)`
  package let signature: String
  /// One sentence.
  package let summary: String
  /// More, where there is more to say; may be empty.
  package let details: String
  /// A line of Cairn; may be empty.
  package let example: String
}
