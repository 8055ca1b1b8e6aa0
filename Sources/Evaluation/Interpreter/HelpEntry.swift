/// Help on one name.
package struct HelpEntry: Sendable {
  /// What help is given on, as it is typed.
  package let name: String
  /// `sum(x, axis: none, keepdims: false)`
  package let signature: String
  /// `a strategy`, `a word of the language`; empty where the signature says it.
  package let kind: String
  /// One sentence.
  package let summary: String
  /// More, where there is more to say; may be empty.
  package let details: String
  /// A line of Cairn; may be empty.
  package let example: String

  /// Without `kind` the signature says what the name is.
  package init(
    name: String, signature: String, kind: String = "", summary: String, details: String,
    example: String
  ) {
    self.name = name
    self.signature = signature
    self.kind = kind
    self.summary = summary
    self.details = details
    self.example = example
  }
}
