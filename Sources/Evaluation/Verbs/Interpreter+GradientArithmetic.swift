import Graphs
import Syntax
import Tensors

/// Arithmetic of gradients: what a step is taken along is made of several, scaled, or held in
/// bounds.
extension Interpreter {
  /// `g + h`, `g - h`, `0.5 * g`, `g / 4`: gradient by gradient, the losses and outputs likewise.
  func gradientOperator(
    _ operation: BinaryOperator, _ a: Value, _ b: Value, at range: SourceRange
  ) throws(Fault) -> Value {
    switch (operation, a, b) {
    case (.add, .gradients(let x), .gradients(let y)):
      return .gradients(try combined(.add, x, y, at: range))
    case (.subtract, .gradients(let x), .gradients(let y)):
      return .gradients(try combined(.subtract, x, y, at: range))
    case (.multiply, .gradients(let x), _):
      guard let number = double(b) else { break }
      return .gradients(try scaled(x, .multiply, by: number, at: range))
    case (.multiply, _, .gradients(let y)):
      guard let number = double(a) else { break }
      return .gradients(try scaled(y, .multiply, by: number, at: range))
    case (.divide, .gradients(let x), _):
      guard let number = double(b) else { break }
      return .gradients(try scaled(x, .divide, by: number, at: range))
    default: break
    }
    throw Fault(.operatorMismatch(operation.rawValue, a, b, at: range))
  }

  /// Gradients, each times or divided by a number, and the loss with them.
  func scaled(
    _ gradients: GradientsValue, _ function: Binary, by number: Double, at range: SourceRange
  ) throws(Fault) -> GradientsValue {
    func scale(_ x: TensorValue) throws(Fault) -> TensorValue {
      try emit(.scalar(function, number, numberFirst: false), [x], at: range)
    }
    return try changed(gradients, loss: try scale(gradients.loss), scale)
  }

  /// What a function of the language makes of each gradient; the loss stays.
  func mapped(
    _ gradients: GradientsValue, _ function: PassedArgument, at range: SourceRange
  ) throws(Fault) -> GradientsValue {
    return try changed(gradients, loss: gradients.loss) { (gradient) throws(Fault) in
      let value = try call(
        function.value, [PassedArgument(label: nil, value: .tensor(gradient), range: range)],
        at: range)
      guard case .tensor(let new) = value, new.shape == gradient.shape,
        new.dtype == gradient.dtype
      else { throw Fault(.mappedGradient(gradient, gives: value, at: function.range)) }
      return new
    }
  }

  /// The gradients times the factor that brings their norm, taken over all of them, down to
  /// `limit`; as they are where it is not above.
  func clipped(
    _ gradients: GradientsValue, norm limit: Double, at range: SourceRange
  ) throws(Fault) -> GradientsValue {
    if gradients.isTraced {
      // limit / max(norm, limit), which is 1 where the norm is not above.
      let norm = try tracedNorm(of: gradients, at: range)
      let greater = try emit(
        .scalar(.maximum, limit, numberFirst: false), [norm], at: range)
      let factor = try emit(.scalar(.divide, limit, numberFirst: true), [greater], at: range)
      return try changed(gradients, loss: gradients.loss) { (gradient) throws(Fault) in
        var emission = Emission(self, at: range)
        return try emission.binary(.multiply, gradient, factor)
      }
    }
    let norm = gradients.norm
    guard norm > limit else { return gradients }
    let factor = limit / norm
    return try changed(gradients, loss: gradients.loss) { (gradient) throws(Fault) in
      try emit(.scalar(.multiply, factor, numberFirst: false), [gradient], at: range)
    }
  }

  /// The gradients with each element within ±`limit`.
  func clipped(
    _ gradients: GradientsValue, value limit: Double, at range: SourceRange
  ) throws(Fault) -> GradientsValue {
    return try changed(gradients, loss: gradients.loss) { (gradient) throws(Fault) in
      try emit(.clip(low: -limit, high: limit), [gradient], at: range)
    }
  }

  /// Gradients of the same things, added or subtracted.
  private func combined(
    _ function: Binary, _ a: GradientsValue, _ b: GradientsValue, at range: SourceRange
  ) throws(Fault) -> GradientsValue {
    func named(_ x: GradientsValue) -> [ObjectIdentifier: GradientsValue.Entry] {
      Dictionary(x.entries.map { (ObjectIdentifier($0.target), $0) }) { first, _ in first }
    }
    let (mine, other) = (named(a), named(b))
    if let extra = b.entries.first(where: { mine[ObjectIdentifier($0.target)] == nil }) {
      throw Fault(.gradientMissing(extra.name, at: range))
    }
    var entries: [GradientsValue.Entry] = []
    for entry in a.entries {
      guard let partner = other[ObjectIdentifier(entry.target)] else {
        throw Fault(.gradientMissing(entry.name, at: range))
      }
      entries.append(
        entry.with(
          asGradient(
            try emit(.binary(function), [entry.gradient, partner.gradient], at: range))))
    }
    return GradientsValue(
      loss: try emit(.binary(function), [a.loss, b.loss], at: range), entries: entries, plan: nil)
  }

  private func changed(
    _ gradients: GradientsValue, loss: TensorValue,
    _ change: (TensorValue) throws(Fault) -> TensorValue
  ) throws(Fault) -> GradientsValue {
    var entries: [GradientsValue.Entry] = []
    for entry in gradients.entries {
      let new = try change(entry.gradient)
      entries.append(entry.with(new === entry.gradient ? new : asGradient(new)))
    }
    return GradientsValue(
      loss: loss, entries: entries, plan: nil, outputs: gradients.outputs)
  }

  /// A tensor that was made just now, counted as a gradient from here on; one that a name holds
  /// stays what it is.
  private func asGradient(_ x: TensorValue) -> TensorValue {
    if let storage = x.tensor?.storage, storage.account == .values,
      isKnownUniquelyHeld(.tensor(x))
    {
      storage.account = .gradients
    }
    return x
  }

  /// `g.norm`: a number, or in the block that computes the gradients a tensor.
  func norm(of gradients: GradientsValue, at range: SourceRange) throws(Fault) -> Value {
    gradients.isTraced
      ? .tensor(try tracedNorm(of: gradients, at: range)) : .float(gradients.norm)
  }

  private func tracedNorm(
    of gradients: GradientsValue, at range: SourceRange
  ) throws(Fault) -> TensorValue {
    var emission = Emission(self, at: range)
    var sum: TensorValue?
    for gradient in gradients.entries.map(\.gradient) {
      let squares = try emission.reduce(
        .sum, try emission.unary(.square, gradient), axes: Array(0..<gradient.shape.rank))
      if let before = sum {
        sum = try emission.binary(.add, before, squares)
      } else {
        sum = squares
      }
    }
    guard let sum else { return try scalarTensor(0, at: range) }
    return try emission.unary(.sqrt, sum)
  }
}

extension GradientsValue.Entry {
  /// The same target with another gradient.
  fileprivate func with(_ gradient: TensorValue) -> Self {
    Self(name: name, target: target, gradient: gradient)
  }
}

extension GradientsValue {
  /// True where they are values of a block that is being traced.
  var isTraced: Bool {
    entries.contains { if case .traced = $0.gradient.backing { true } else { false } }
  }

  /// The square root of the sum of the squares of all elements.
  package var norm: Double {
    var sum = 0.0
    for entry in entries {
      guard let tensor = entry.gradient.tensor else { continue }
      for index in 0..<tensor.shape.count {
        let x = tensor.element(at: index) ?? 0
        sum += x * x
      }
    }
    return sum.squareRoot()
  }
}
