import Graphs
import Tensors

/// Along which axis of a value workers hold a part each, as a place among its elements: a reshape
/// moves no element, so it does not change.
struct DividedAxis: Hashable {
  /// How many entries the axes before it have in all.
  let outer: Int
  /// Which division it is part of, as an index into `TensorSplit`'s.
  let division: Int
}

extension Shape {
  /// The axis that begins behind so many entries of the axes before it, or that holds the place.
  func axis(behind outer: Int) -> Int? {
    var before = 1
    for (axis, count) in axes.enumerated() where count > 1 {
      if outer < before * count { return axis }
      before *= count
    }
    return nil
  }

  /// How many entries the axes before this one have in all.
  func outer(of axis: Int) -> Int { axes[..<axis].reduce(1, *) }
}

extension Operand {
  /// The axis of what this reads along which its value is divided; `nil` where a view leaves it
  /// out.
  func divided(_ value: DividedAxis) -> Int? {
    guard let view else { return shape.axis(behind: value.outer) }
    guard let base = view.base.axis(behind: value.outer),
      let place = view.order.firstIndex(of: base)
    else { return nil }
    return shape.axis(behind: view.shape.outer(of: place))
  }
}

extension Operation {
  /// The axis of the first result along which it is divided where the operand at a position is
  /// divided along `axis`; `nil` where each worker then has a part of a sum, or needs all of the
  /// axis: the result is whole.
  func dividedAxis(
    of position: Int, along axis: Int, _ operands: [Operand], result: Shape
  ) -> Int? {
    let rank = operands[position].shape.rank
    let aligned = axis + result.rank - rank
    switch self {
    case .matmul(let left, let right):
      let isTransposed = position == 0 ? left : right
      guard axis >= rank - 2 else { return aligned }
      // Rows of the first operand and columns of the second are those of the result.
      let isOwn = (axis == rank - 2) == ((position == 0) != isTransposed)
      return isOwn ? result.rank - (position == 0 ? 2 : 1) : nil
    case .conv2d(let convolution), .conv2dTranspose(let convolution, height: _, width: _):
      return axis == rank - 1 && convolution.groups == 1 ? nil : axis
    case .reduce(_, let axes, let keepDims):
      guard !axes.contains(axis) else { return nil }
      return keepDims ? axis : axis - axes.count { $0 < axis }
    case .permute(let order): return order.firstIndex(of: axis)
    case .softmax(let rows), .logSoftmax(let rows): return rows == axis ? nil : axis
    case .logSumExp(let rows, let keepDims):
      guard rows != axis else { return nil }
      return keepDims || axis < rows ? axis : axis - 1
    case .argReduce(_, let rows):
      return rows == axis ? nil : axis < rows ? axis : axis - 1
    case .layerNorm, .normalize(.rms, epsilon: _): return axis == rank - 1 ? nil : axis
    case .attention(let attention):
      return attention.headsInside && axis == rank - 3 ? rank - 2 : axis < rank - 2 ? axis : nil
    case .crossEntropy, .linearCrossEntropy, .pairLoss: return nil
    default: return result.axes.indices.contains(aligned) ? aligned : nil
    }
  }
}
