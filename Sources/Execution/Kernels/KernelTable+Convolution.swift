import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// A convolution, or one of its adjoints: each element is one chain of fused multiply-adds (for
  /// weights, one for each of some runs of images, which are then added up in order), so that no
  /// bit depends on the number of threads or the set of kernels.
  static func convolution(
    _ operation: Operation, _ operands: [BufferView], into result: BufferView,
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    let types = operands.map { TensorType($0.shape, $0.dtype) }
    guard let type = result.dtype.floatingCode,
      let shapes = ConvolutionShapes(
        operation, operands: types, results: [TensorType(result.shape, result.dtype)])
    else { return {} }
    if operands.contains(where: { $0.count == 0 }) {
      return fill(0, into: result, context: context)
    }
    if shapes.isProduct, shapes.result != .weights {
      return product(shapes, operands, into: result, context: context)
    }
    let work = ConvolutionWork(shapes, code: type)
    let (first, second, made) = (operands[0].pointer, operands[1].pointer, result.pointer)
    return shapes.result == .weights
      ? work.weights(first, second, into: made, scratch: scratch, context: context)
      : work.images(first, weights: second, into: made, scratch: scratch, context: context)
  }

  /// Windows of one pixel.
  private static func product(
    _ shapes: ConvolutionShapes, _ operands: [BufferView], into result: BufferView,
    context: RunContext
  ) -> Instruction {
    func matrix(_ view: BufferView, columns: Int) -> BufferView {
      BufferView(
        pointer: view.pointer, shape: [view.count / columns, columns], dtype: view.dtype)
    }
    return matmul(
      matrix(operands[0], columns: operands[0].shape[3]),
      matrix(operands[1], columns: shapes.w[3]), transposeLeft: false,
      transposeRight: shapes.result == .transposed,
      into: matrix(result, columns: result.shape[3]), context: context)
  }
}

/// A convolution that runs: its pieces, and where taps lie.
private final class ConvolutionWork {
  private let shapes: ConvolutionShapes
  private let tiling: ImageTiling
  private let taps: ConvolutionTaps
  private let code: Int32
  private let width: Int

  init(_ shapes: ConvolutionShapes, code: Int32) {
    self.shapes = shapes
    self.code = code
    width = shapes.dtype.byteWidth
    tiling = shapes.tiling
    let source = shapes.result == .transposed ? shapes.y[3] : shapes.x[3]
    let turned = shapes.turnsWeights
    taps = ConvolutionTaps(
      shapes, tiling, channels: tiling.isFramed ? tiling.channels : source,
      weights: turned ? shapes.outputs * shapes.x[3] : shapes.inputs * shapes.w[3])
  }

  /// About how long all of it takes on one thread.
  private var nanoseconds: Double {
    let few = shapes.groups > 1 && min(shapes.inputs, shapes.outputs) < 8
    return shapes.work * (few ? 8 : 1) / KernelSet.current.multiplyAdds(of: shapes.dtype)
  }

  /// A convolution or its transpose.
  func images(
    _ x: UnsafeMutableRawPointer, weights: UnsafeMutableRawPointer,
    into y: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    let lanes = tiling.lanes
    let frames = scratch
    var weights = weights
    var turn: Instruction?
    if shapes.turnsWeights, let scratch {
      let (from, to) = (weights, scratch + lanes * tiling.frameBytes)
      turn = { [shapes, code] in
        ck_conv_turn(code, shapes.taps, shapes.groups, shapes.inputs, shapes.outputs, from, to)
      }
      weights = to
    }
    let read = weights
    let all = Crew.instruction(
      count: lanes, nanoseconds: nanoseconds / Double(lanes), asking: context
    ) { [self] part in
      for lane in part {
        let frame = frames.map { $0 + lane * tiling.frameBytes }
        for piece in tiling.pieces(of: lane, count: lanes) where !context.isStopped {
          convolve(piece, x, read, into: y, frame: frame)
        }
      }
    }
    return {
      turn?()
      all()
    }
  }

  /// One piece of a convolution or of its transpose, all phases of it.
  private func convolve(
    _ index: Int, _ x: UnsafeMutableRawPointer, _ w: UnsafeMutableRawPointer,
    into y: UnsafeMutableRawPointer, frame: UnsafeMutableRawPointer?
  ) {
    let piece = tiling.piece(index)
    let isTransposed = shapes.result == .transposed
    let (source, made) = isTransposed ? (shapes.y, shapes.x) : (shapes.x, shapes.y)
    let apart =
      isTransposed ? (shapes.convolution.height.stride, shapes.convolution.width.stride) : (1, 1)
    var block = ck_conv_block()
    let from = place(&block, piece, of: source, at: x, from: 0, frame: frame)
    block.images = piece.images.count
    block.groups = shapes.groups
    block.terms = isTransposed ? shapes.outputs : shapes.inputs
    block.outputs = isTransposed ? shapes.inputs : shapes.outputs
    block.y_image = made[1] * made[2] * made[3]
    block.y_row = apart.0 * made[2] * made[3]
    block.y_column = apart.1 * made[3]
    if shapes.turnsWeights {
      (block.w_term, block.w_output, block.w_group) = (shapes.x[3], 1, shapes.inputs)
    } else if isTransposed {
      (block.w_term, block.w_output, block.w_group) = (1, shapes.w[3], shapes.outputs)
    } else {
      (block.w_term, block.w_output, block.w_group) = (shapes.w[3], 1, shapes.outputs)
    }
    for phase in taps.phases {
      let rows = min(piece.rows.count, phase.rows - piece.rows.lowerBound)
      let columns = min(piece.columns.count, phase.columns - piece.columns.lowerBound)
      guard rows > 0, columns > 0 else { continue }
      (block.rows, block.columns, block.taps) = (rows, columns, phase.count)
      block.x_tap = UnsafePointer(phase.x)
      block.w_tap = UnsafePointer(phase.w)
      let row = piece.images.lowerBound * made[1] + phase.row + piece.rows.lowerBound * apart.0
      let column = phase.column + piece.columns.lowerBound * apart.1
      ck_conv(code, &block, from, w, y + (row * made[2] + column) * made[3] * width)
    }
  }

  /// Where a piece reads images: there, or in the frame, which is filled from a channel on.
  private func place(
    _ block: inout ck_conv_block,
    _ piece: (images: Range<Int>, rows: Range<Int>, columns: Range<Int>), of source: Shape,
    at x: UnsafeMutableRawPointer, from channel: Int, frame: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer {
    let (rows, columns) = (tiling.rows, tiling.columns)
    let start = x + (piece.images.lowerBound * source[1] * source[2] * source[3] + channel) * width
    guard tiling.isFramed, let frame else {
      block.x_image = source[1] * source[2] * source[3]
      block.x_row = rows.step * source[2] * source[3]
      block.x_column = columns.step * source[3]
      let row = piece.rows.lowerBound * rows.step
      let column = piece.columns.lowerBound * columns.step
      return start + (row * source[2] + column) * source[3] * width
    }
    let channels = min(tiling.channels, source[3] - channel)
    let height = rows.span(piece.rows.count)
    block.x_image = height * tiling.frameColumns * tiling.channels
    block.x_row = rows.step * tiling.frameColumns * tiling.channels
    block.x_column = columns.step * tiling.channels
    ck_conv_frame(
      piece.images.count, height, tiling.frameColumns, channels * width,
      tiling.channels * width, piece.rows.lowerBound * rows.step + rows.low,
      piece.columns.lowerBound * columns.step + columns.low, source[1], source[2],
      source[3] * width, start, frame)
    return frame
  }

  /// The adjoint of weights.
  func weights(
    _ x: UnsafeMutableRawPointer, _ g: UnsafeMutableRawPointer,
    into w: UnsafeMutableRawPointer, scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    let sums = min(shapes.sums, tiling.pieces)
    let slices = shapes.slices
    let lanes = sums * slices
    let bytes = shapes.w.byteCount(of: shapes.dtype)
    let parts = scratch.map { $0 + lanes * tiling.frameBytes }
    let all = Crew.instruction(
      count: lanes, nanoseconds: nanoseconds / Double(lanes), asking: context
    ) { [self] part in
      for lane in part {
        let (sum, slice) = lane.quotientAndRemainder(dividingBy: slices)
        let frame = scratch.map { $0 + lane * tiling.frameBytes }
        let to = sums > 1 ? parts.map { $0 + sum * bytes } ?? w : w
        var isFirst = true
        for piece in tiling.pieces(of: sum, count: sums) where !context.isStopped {
          weigh(piece, slice, x, g, into: to, isFirst: isFirst, frame: frame)
          isFirst = false
        }
      }
    }
    guard sums > 1, let parts else { return all }
    let (code, width, count) = (code, width, shapes.w.count)
    let add = Crew.instruction(
      count: count, nanoseconds: 0.1 * Double(sums), asking: context
    ) { part in
      let start = part.lowerBound * width
      ck_add_parts(code, parts + start, w + start, sums, count, part.count)
    }
    return {
      all()
      add()
    }
  }

  /// What one piece adds to the adjoint of some weights.
  private func weigh(
    _ index: Int, _ slice: Int, _ x: UnsafeMutableRawPointer, _ g: UnsafeMutableRawPointer,
    into w: UnsafeMutableRawPointer, isFirst: Bool, frame: UnsafeMutableRawPointer?
  ) {
    let piece = tiling.piece(index)
    let (made, phase) = (shapes.y, taps.phases[0])
    let isGrouped = shapes.groups > 1
    let first = slice * shapes.slice
    let count = min(shapes.slice, (isGrouped ? shapes.groups : shapes.inputs) - first)
    var block = ck_conv_block()
    let from = place(
      &block, piece, of: shapes.x, at: x, from: first * (isGrouped ? shapes.inputs : 1),
      frame: frame)
    (block.images, block.rows, block.columns) =
      (piece.images.count, piece.rows.count, piece.columns.count)
    (block.groups, block.outputs) = (isGrouped ? count : 1, shapes.outputs)
    (block.terms, block.taps) = (isGrouped ? shapes.inputs : count, phase.count)
    block.x_tap = UnsafePointer(phase.x)
    block.w_tap = UnsafePointer(phase.w)
    block.y_image = made[1] * made[2] * made[3]
    block.y_row = made[2] * made[3]
    block.y_column = made[3]
    (block.w_term, block.w_output, block.w_group) = (shapes.w[3], 1, shapes.outputs)
    let row = (piece.images.lowerBound * made[1] + piece.rows.lowerBound) * made[2]
    let pixel = (row + piece.columns.lowerBound) * made[3]
    let output = isGrouped ? first * shapes.outputs : 0
    ck_conv_weights(
      code, &block, from, g + (pixel + output) * width,
      w + (isGrouped ? output : first * shapes.w[3]) * width, isFirst ? 1 : 0)
  }
}
