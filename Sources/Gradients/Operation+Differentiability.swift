package import Graphs

extension Operation {
  /// True where a gradient flows from the result to this operand.
  ///
  /// None flows through what is constant almost everywhere (comparisons, argmax, argmin, one_hot, floor_divide),
  /// to the divisor of a remainder, to conditions, indices and labels, or through operations that
  /// differentiation itself adds (adjoint operations that are not linear) and updates. Nor does one to or from an
  /// i32 tensor, whatever the operation.
  package func isDifferentiable(at position: Int) -> Bool {
    switch self {
    case .unary, .clip, .cast, .broadcast, .matmul, .reduce, .permute, .concat, .slice, .unslice,
      .softmax, .logSoftmax, .logSumExp, .dropout:
      true
    case .binary(let function):
      function.isDifferentiable(at: position)
    case .scalar(let function, _, let numberFirst):
      function.isDifferentiable(at: numberFirst ? 1 : 0)
    case .select:
      position > 0
    case .take, .takeAdjoint, .crossEntropy:
      position == 0
    case .unaryAdjoint, .clipAdjoint, .argReduce, .oneHot, .softmaxAdjoint, .logSoftmaxAdjoint,
      .crossEntropyAdjoint, .random, .fill, .update:
      false
    }
  }
}

extension Binary {
  fileprivate func isDifferentiable(at position: Int) -> Bool {
    switch self {
    case .add, .subtract, .multiply, .divide, .power, .minimum, .maximum: true
    case .remainder: position == 0
    case .floorDivide, .equal, .notEqual, .less, .lessOrEqual, .greater, .greaterOrEqual: false
    }
  }
}
