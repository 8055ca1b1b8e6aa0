/// What a step makes, in the operation's order. Most steps make one thing: that takes no block of
/// memory.
package struct StepResults: Hashable, Sendable {
  /// All behind the first.
  private var rest: [Step.Value] = []
  private var only: Step.Value?

  /// These.
  package init(_ values: some Sequence<Step.Value>) {
    for value in values { append(value) }
  }

  /// Adds the next.
  package mutating func append(_ value: Step.Value) {
    if only == nil { only = value } else { rest.append(value) }
  }
}

extension StepResults: RandomAccessCollection, MutableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { only == nil ? 0 : 1 + rest.count }

  package subscript(place: Int) -> Step.Value {
    get {
      guard place == 0 else { return rest[place - 1] }
      guard let only else { preconditionFailure("a step that makes nothing has no result") }
      return only
    }
    set { if place == 0 { only = newValue } else { rest[place - 1] = newValue } }
  }
}

extension StepResults: ExpressibleByArrayLiteral {
  package init(arrayLiteral values: Step.Value...) { self.init(values) }
}
