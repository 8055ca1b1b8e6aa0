import Graphs
import Tensors

/// A convolution or an adjoint of one with its lengths, and what follows from them: pieces, lanes,
/// scratch.
///
/// Scratch is a frame for each lane and, in a transposed convolution, the weights with the axes of
/// inputs and outputs exchanged; in the adjoint of weights, a sum for each of some runs of pieces,
/// which are added up in order.
struct ConvolutionShapes {
  /// Which of the three is computed from the other two.
  enum Result { case images, transposed, weights }

  let result: Result
  let convolution: Convolution
  /// The image that the convolution reads and the one that it makes, [n, height, width, channels],
  /// and its weights.
  let x: Shape, y: Shape, w: Shape
  let dtype: DType

  /// Of an operation on operands of these types; `nil` for one of another kind.
  init?(_ operation: Operation, operands: [TensorType], results: [TensorType]) {
    let (first, second, made) = (operands[0].shape, operands[1].shape, results[0].shape)
    dtype = results[0].dtype
    switch operation {
    case .conv2d(let convolution):
      (result, self.convolution) = (.images, convolution)
      (x, w, y) = (first, second, made)
    case .conv2dTranspose(let convolution, height: _, width: _):
      (result, self.convolution) = (.transposed, convolution)
      (y, w, x) = (first, second, made)
    case .conv2dWeights(let convolution, height: _, width: _):
      (result, self.convolution) = (.weights, convolution)
      (x, y, w) = (first, second, made)
    default: return nil
    }
  }

  /// Groups, and inputs and outputs of each.
  var groups: Int { convolution.groups }
  var inputs: Int { w[2] }
  var outputs: Int { w[3] / groups }
  /// Taps of a window.
  var taps: Int { w[0] * w[1] }

  /// True where a window is one pixel, and the convolution a product of matrices.
  var isProduct: Bool {
    let plain = Sliding()
    return w[0] == 1 && w[1] == 1 && groups == 1 && convolution.height == plain
      && convolution.width == plain
  }

  /// Multiply-adds in all, as far as a number holds them.
  var work: Double { Double(y.count) * Double(taps) * Double(inputs) }

  /// Lanes that are worth their scratch: some microseconds of work each, and no more of them than
  /// threads that could share it.
  private var lanes: Int { max(1, min(16, Int(min(work / 1_000_000, 16)))) }

  /// The pieces that the result, or the pixels that are summed over, fall into.
  var tiling: ImageTiling {
    let (height, width) = (convolution.height, convolution.width)
    switch result {
    case .images, .weights:
      return ImageTiling(
        images: x[0],
        rows: .init(height, size: w[0], pixels: y[1], length: x[1]),
        columns: .init(width, size: w[1], pixels: y[2], length: x[2]),
        channels: result == .weights ? slice * (groups > 1 ? inputs : 1) : x[3],
        width: dtype.byteWidth, lanes: lanes)
    case .transposed:
      return ImageTiling(
        images: x[0],
        rows: .init(transposed: height, size: w[0], pixels: x[1], length: y[1]),
        columns: .init(transposed: width, size: w[1], pixels: x[2], length: y[2]),
        channels: y[3], width: dtype.byteWidth, lanes: lanes)
    }
  }

  // MARK: The adjoint of weights

  /// Bytes of sums that are held beside the result.
  private static let sumLimit = 1 << 20

  /// Runs of pieces that have sums of their own: fewer where weights are many, and then they are
  /// shared out to lanes by their inputs.
  var sums: Int {
    let bytes = w.byteCount(of: dtype)
    return bytes == 0 ? 1 : max(1, min(lanes, ConvolutionShapes.sumLimit / bytes))
  }

  /// Inputs of a lane, or groups where there are several.
  var slice: Int {
    let all = groups > 1 ? groups : inputs
    return (all - 1) / max(1, min(lanes / sums, all / 8)) + 1
  }

  /// Slices in all.
  var slices: Int { ((groups > 1 ? groups : inputs) - 1) / slice + 1 }

  // MARK: Scratch

  /// Bytes of weights up to which they are exchanged at once and not panel by panel.
  private static let turnLimit = 1 << 20

  /// True where a transposed convolution reads the weights from a copy with inputs and outputs
  /// exchanged.
  var turnsWeights: Bool {
    result == .transposed
      && (w.byteCount(of: dtype) <= ConvolutionShapes.turnLimit
        || groups > 1 && inputs < ConvolutionShapes.fewOutputs)
  }

  /// Outputs of a group below which kernels go along the groups.
  private static let fewOutputs = 8

  /// Bytes of scratch.
  var scratchBytes: Int {
    if isProduct && result != .weights || x.count == 0 || y.count == 0 { return 0 }
    let tiling = tiling
    switch result {
    case .images:
      return tiling.frameBytes * tiling.lanes
    case .transposed:
      return tiling.frameBytes * tiling.lanes + (turnsWeights ? w.byteCount(of: dtype) : 0)
    case .weights:
      let sums = min(sums, tiling.pieces)
      return tiling.frameBytes * sums * slices + (sums > 1 ? sums * w.byteCount(of: dtype) : 0)
    }
  }
}
