package import Tensors

/// What applies operations: a graph that grows, or an interpreter that computes them at once.
///
/// How the language's operators and functions are made of operations (promotion, broadcasting,
/// products, transposes) is written once, in the extension of this protocol.
package protocol Emitter {
  /// What operations are applied to.
  associatedtype Value
  associatedtype Failure: Error

  /// The short type that a block in mixed precision is computed in; `nil` elsewhere.
  var mixed: DType? { get }
  /// Applies an operation and gives its value, the first where it has several.
  mutating func emit(_ operation: Operation, _ operands: [Value]) throws(Failure) -> Value
  /// The shape and the element type of a value.
  func type(of value: Value) -> TensorType
  /// The same elements in another shape of as many; costs nothing.
  func read(_ value: Value, as shape: Shape) -> Value
  /// Could a product read the value in another shape where it lies?
  func reads(_ value: Value, as shape: Shape) -> Bool
  /// What is thrown where operands do not fit.
  func refusal(_ error: ShapeError, of operands: [Value]) -> Failure
}
