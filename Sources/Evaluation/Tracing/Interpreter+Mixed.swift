import Graphs
import Syntax
import Tensors

/// Mixed precision (Micikevicius et al. 2018): parameters are f32, and read as copies of two bytes.
extension Interpreter {
  /// The type behind `mixed`: a short one, or f32, which turns mixed precision off.
  func mixedType(_ word: Identifier) throws(Fault) -> DType {
    guard
      let dtype = DType.allCases.first(where: { $0.description == word.name }),
      dtype.isShort || dtype == .f32
    else { throw Fault(.value(.mixedType(word.name), at: word.range)) }
    return dtype
  }

  /// Runs a body in mixed precision: in a short type, or in f32 as elsewhere.
  func inMixed<Result>(
    _ dtype: DType, _ body: () throws(Fault) -> Result
  ) throws(Fault) -> Result {
    let outer = mixed
    mixed = dtype.isShort ? dtype : nil
    defer { mixed = outer }
    return try body()
  }

  /// True for a parameter of f32 that operations read as a short copy here.
  func isReadShort(_ value: TensorValue) -> Bool {
    guard mixed != nil, value.role == .parameter, value.dtype == .f32 else { return false }
    return value.isConcrete || value.isSketch
  }

  /// The copy: in a block one for each region that reads it, elsewhere one each time.
  func shortCopy(of value: TensorValue, at range: SourceRange) throws(Fault) -> TensorValue {
    guard let mixed else { return value }
    let key = trace.map { trace in
      Trace.ShortCopy(
        tensor: ObjectIdentifier(value), dtype: mixed, region: trace.builder.region)
    }
    if let key, let known = trace?.shortCopies[key] { return known }
    let copy = try apply(.cast(mixed), [value], at: range)[0]
    if let key { trace?.shortCopies[key] = copy }
    return copy
  }
}
