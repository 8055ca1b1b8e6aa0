import Syntax

/// A piece of compiled program. Trees of nodes are evaluated by calling the root.
class CodeNode {
  /// Where the node stands in the source: messages point at it.
  let range: SourceRange

  /// Subclasses add what they evaluate.
  init(_ range: SourceRange) { self.range = range }

  /// Evaluates the node in a frame. Throws `Fault` with the place and a hint.
  func evaluate(_ frame: Frame) throws(Fault) -> Value { .none }
}

/// A value that is known when the code is compiled.
final class ConstantNode: CodeNode {
  /// The value.
  let value: Value
  /// Where it lies as long as the node lives.
  let place: UnsafePointer<Value>

  /// The value is the same object each time it is evaluated.
  init(_ value: Value, _ range: SourceRange) {
    self.value = value
    let place = UnsafeMutablePointer<Value>.allocate(capacity: 1)
    place.initialize(to: value)
    self.place = UnsafePointer(place)
    super.init(range)
  }

  deinit {
    let place = UnsafeMutablePointer(mutating: place)
    place.deinitialize(count: 1)
    place.deallocate()
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value { value }
}
