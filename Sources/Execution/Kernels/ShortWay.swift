import Graphs
import Tensors

/// How an operation on f16 or bf16 is computed by its kernel for f32: operands are taken to f32 in
/// the scratch, the kernel runs there, and what it makes is rounded once. Where rows do not depend
/// on each other a few go at a time, so that the scratch is small; else everything goes at once.
struct ShortWay {
  /// An operand or a result.
  struct Part {
    /// Its type.
    let type: TensorType
    /// The shape of one of its rows; `nil` where every tile reads it whole.
    let row: Shape?

    /// Bytes that it takes in the scratch while tiles of so many rows are computed; none where it
    /// is read where it lies.
    func bytes(ofRows rows: Int) -> Int {
      guard let row else { return type.dtype.isShort ? type.shape.byteCount(of: .f32) : 0 }
      return row.count.saturating(rows).saturating(type.dtype.computed.byteWidth)
    }
  }

  /// What the average over all rows does with those of tiles.
  enum Sharing {
    /// Rows do not meet.
    case none
    /// The result is the average of what the rows give.
    case averages
    /// The first operand is shared out among the rows.
    case shares
  }

  /// The operation on a tile.
  let operation: Operation
  let operands: [Part]
  let results: [Part]
  /// Rows in all, and of a tile; 1 and 1 where everything goes at once.
  let rows: Int, rowsOfTile: Int
  let sharing: Sharing
  /// Bytes that the kernel for f32 uses besides, for each lane.
  let innerScratch: Int

  /// Elements of a tile, where a row has no more.
  static let tileElements = 512
  /// Lanes that tiles are shared out to, whatever the number of threads.
  private static let mostLanes = 4

  /// Everything at once.
  init(whole operation: Operation, operands: [TensorType], results: [TensorType]) {
    self.init(
      operation, operands.map { Part(type: $0, row: nil) },
      results.map { Part(type: $0, row: nil) }, rows: 1)
  }

  /// Tile by tile.
  init(
    _ operation: Operation, _ operands: [Part], _ results: [Part], rows: Int,
    sharing: Sharing = .none
  ) {
    self.operation = operation
    self.operands = operands
    self.results = results
    self.rows = rows
    self.sharing = sharing
    let longest = (operands + results).compactMap { $0.row?.count }.max() ?? 1
    let most = max(1, ShortWay.tileElements / max(longest, 1))
    rowsOfTile = min(rows, most)
    let tile = rowsOfTile
    func types(_ parts: [Part]) -> [TensorType] { parts.map { $0.computed(rows: tile) } }
    innerScratch = operation.scratchBytes(operands: types(operands), results: types(results))
  }

  /// Tiles in all.
  var tiles: Int { (rows - 1) / rowsOfTile + 1 }

  /// Tiles of one lane follow each other. Where a kernel can find a fault there is one lane.
  var lanes: Int { sharing == .none ? min(ShortWay.mostLanes, tiles) : 1 }

  /// Bytes of scratch in all, each part in whole lines of the cache.
  var scratchBytes: Int {
    let parts = operands + results
    let shared = parts.reduce(0) {
      $0.added($1.row == nil ? $1.bytes(ofRows: 1).lines : 0)
    }
    let lane = parts.reduce(innerScratch.lines) {
      $0.added($1.row == nil ? 0 : $1.bytes(ofRows: rowsOfTile).lines)
    }
    return shared.added(lane.saturating(lanes)).added(sharing == .shares ? 64 : 0)
  }
}

extension ShortWay.Part {
  /// The type in which the kernel for f32 sees it, for so many rows.
  func computed(rows: Int) -> TensorType {
    TensorType(row.map { Shape([rows] + $0.axes) } ?? type.shape, type.dtype.computed)
  }
}

extension Int {
  /// Rounded up to whole lines of the cache.
  var lines: Int { self > Int.max - 63 ? self : (self + 63) & ~63 }

  /// The product; `Int.max` where it overflows.
  fileprivate func saturating(_ other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  /// The sum; `Int.max` where it overflows.
  fileprivate func added(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}

extension Operation {
  /// The way to compute it through f32; `nil` where no operand and no result is short, or where its
  /// own kernel takes short floats.
  func shortWay(operands: [TensorType], results: [TensorType]) -> ShortWay? {
    guard (operands + results).contains(where: \.dtype.isShort) else { return nil }
    switch self {
    case .softmax(let axis): return along(axis, .softmax(axis: 1), operands, results)
    case .softmaxAdjoint(let axis):
      return along(axis, .softmaxAdjoint(axis: 1), operands, results)
    case .logSoftmax(let axis): return along(axis, .logSoftmax(axis: 1), operands, results)
    case .logSoftmaxAdjoint(let axis):
      return along(axis, .logSoftmaxAdjoint(axis: 1), operands, results)
    case .logSumExp(let axis, keepDims: _):
      return along(axis, .logSumExp(axis: 1, keepDims: false), operands, results)
    case .crossEntropy(.plain):
      return rows(
        of: operands[0].shape, self, operands, results, split: [0, 1], [], sharing: .averages)
    case .crossEntropyAdjoint(.plain):
      return rows(
        of: operands[1].shape, self, operands, results, split: [1, 2], [0], sharing: .shares)
    case .layerNorm:
      return rows(of: operands[0].shape, self, operands, results, split: [0], [0, 1, 2])
    case .normalize(.rms, epsilon: _):
      return rows(of: operands[0].shape, self, operands, results, split: [0], [0, 1])
    case .layerNormAdjoint(let parts):
      return normAdjoint(.layerNormAdjoint([.x]), parts, operands, results)
    case .normalizeAdjoint(.rms, let parts):
      return normAdjoint(.normalizeAdjoint(.rms, [.x]), parts, operands, results)
    case .conv2d, .conv2dTranspose: return images(operands, results, whole: [1])
    case .maxPool, .maxPoolAdjoint, .averagePool, .averagePoolAdjoint:
      return images(operands, results, whole: [])
    default:
      return takesShortFloats
        ? nil : ShortWay(whole: self, operands: operands, results: results)
    }
  }

  /// The adjoint of x row by row, by an operation that gives it alone; sums over rows are the
  /// kernel's own.
  private func normAdjoint(
    _ operation: Operation, _ parts: [NormalizationPart], _ operands: [TensorType],
    _ results: [TensorType]
  ) -> ShortWay? {
    guard parts.first == .x else { return nil }
    let split = operands.indices.filter { $0 != 2 }
    return rows(
      of: operands[1].shape, operation, operands, [results[0]], split: split, [0])
  }

  /// Images, each of them a row; the operands of `whole` are read by all.
  private func images(
    _ operands: [TensorType], _ results: [TensorType], whole: [Int]
  ) -> ShortWay {
    let count = operands[0].shape[0]
    guard count > 0 else { return ShortWay(whole: self, operands: operands, results: results) }
    func parts(_ types: [TensorType], whole: [Int]) -> [ShortWay.Part] {
      types.enumerated().map { position, type in
        let image = Shape(Array(type.shape.axes.dropFirst()))
        return ShortWay.Part(type: type, row: whole.contains(position) ? nil : image)
      }
    }
    return ShortWay(self, parts(operands, whole: whole), parts(results, whole: []), rows: count)
  }

  /// True where the kernel computes with short floats itself, element by element or block by block.
  private var takesShortFloats: Bool {
    switch self {
    case .unary, .unaryAdjoint, .binary, .scalar, .select, .clip, .clipAdjoint, .cast, .broadcast,
      .matmul, .reduce, .argReduce, .permute, .concat, .slice, .unslice, .take, .takeAdjoint,
      .gather, .triangle,
      .oneHot, .pad, .dropout, .stopGradient, .random, .fill, .range, .literal, .update,
      .accumulate, .exchange,
      .gradientScale:
      true
    default: false
    }
  }

  /// Slabs before an axis, each of them a row.
  private func along(
    _ axis: Int, _ operation: Operation, _ operands: [TensorType], _ results: [TensorType]
  ) -> ShortWay {
    let axes = operands[0].shape.axes
    let outer = axes[..<axis].reduce(1, *)
    let inner = axes[(axis + 1)...].reduce(1, *)
    guard outer > 0 else { return ShortWay(whole: self, operands: operands, results: results) }
    func parts(_ types: [TensorType]) -> [ShortWay.Part] {
      types.map { type in
        let isReduced = type.shape.count != operands[0].shape.count
        return ShortWay.Part(type: type, row: isReduced ? [inner] : [axes[axis], inner])
      }
    }
    return ShortWay(operation, parts(operands), parts(results), rows: outer)
  }

  /// Rows of the last axis of a shape. `split` are the operands of which a tile has its own rows,
  /// whole ones or one number each; then the results.
  private func rows(
    of shape: Shape, _ operation: Operation, _ operands: [TensorType], _ results: [TensorType],
    split: [Int], _ splitResults: [Int], sharing: ShortWay.Sharing = .none
  ) -> ShortWay {
    let rows = shape.axes.dropLast().reduce(1, *)
    guard rows > 0 else { return ShortWay(whole: self, operands: operands, results: results) }
    func parts(_ types: [TensorType], _ split: [Int]) -> [ShortWay.Part] {
      types.enumerated().map { position, type in
        let row: Shape =
          type.shape.count == shape.count && type.shape.rank == shape.rank
          ? Shape([shape.axes.last ?? 1]) : .scalar
        return ShortWay.Part(type: type, row: split.contains(position) ? row : nil)
      }
    }
    return ShortWay(
      operation, parts(operands, split), parts(results, splitResults), rows: rows,
      sharing: sharing)
  }
}
