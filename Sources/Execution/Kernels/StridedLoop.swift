/// Nested loops over one shape with the strides of several tensors, merged into as few axes as
/// possible.
///
/// Axes of length 1 vanish; neighbours merge where every tensor's strides allow it. The rank is at
/// least 1.
final class StridedLoop {
  /// Number of axes that are left: 1 or more.
  let rank: Int32
  /// All numbers lie in one block, as many for each of the following as there are axes: where the
  /// piece that is worked on starts, its lengths, those of a whole piece, those of all, and the
  /// strides of each tensor.
  private let place: UnsafeMutablePointer<Int>
  private var piece: UnsafeMutablePointer<Int> { place + Int(rank) }
  private var step: UnsafeMutablePointer<Int> { place + 2 * Int(rank) }
  /// The length of each axis, in order.
  var lengths: UnsafeMutablePointer<Int> { place + 3 * Int(rank) }
  /// One pointer a tensor, to as many strides as there are axes, in elements.
  var strides: Strides { Strides(first: place + 4 * Int(rank), rank: Int(rank)) }

  /// The strides of several tensors, one behind the other.
  struct Strides {
    fileprivate let first: UnsafeMutablePointer<Int>
    fileprivate let rank: Int

    /// Those of a tensor.
    subscript(tensor: Int) -> UnsafeMutablePointer<Int> { first + tensor * rank }
  }

  /// `transposing` moves the axis along which the first tensor is contiguous next to the last,
  /// where it is another: a copy then works in square tiles.
  init(lengths: [Int], strides: [[Int]], transposing: Bool = false) {
    var kept: [Int] = []
    var merged: [Int: Int] = [:]
    for axis in lengths.indices where lengths[axis] != 1 {
      if let last = kept.last,
        strides.allSatisfy({ $0[last] == $0[axis] &* lengths[axis] })
      {
        kept[kept.count - 1] = axis
        merged[axis] = (merged[last] ?? lengths[last]) &* lengths[axis]
      } else {
        kept.append(axis)
      }
    }
    if transposing, let last = kept.indices.last, strides[0][kept[last]] != 1,
      let unit = kept.firstIndex(where: { strides[0][$0] == 1 })
    {
      kept.insert(kept.remove(at: unit), at: last - 1)
    }
    let count = max(kept.count, 1)
    rank = Int32(count)
    place = .allocate(capacity: (4 + strides.count) * count)
    place.initialize(repeating: 0, count: 3 * count)
    self.lengths.initialize(repeating: 1, count: (1 + strides.count) * count)
    for (number, axis) in kept.enumerated() {
      self.lengths[number] = merged[axis] ?? lengths[axis]
      for (tensor, own) in strides.enumerated() { self.strides[tensor][number] = own[axis] }
    }
  }

  /// Elements of a piece: some milliseconds of work.
  static let pieceElements = 1 << 20

  /// Calls `body` with the lengths of pieces that together are all, in row-major order; asks
  /// `context` before each whether to stop. `start` tells where the piece starts.
  ///
  /// In a piece, the axes behind the first that is cut are whole; but where `tile` is more than 1,
  /// a piece has at least so many entries of the last axis but one, and the last is cut instead.
  func inPieces(
    of most: Int = StridedLoop.pieceElements, tile: Int = 1, asking context: RunContext,
    _ body: (UnsafeMutablePointer<Int>) -> Void
  ) {
    let rank = Int(rank)
    place.update(repeating: 0, count: rank)
    guard (0..<rank).reduce(1, { $0 &* lengths[$1] }) > most else { return body(lengths) }
    cut(rank, most, tile)
    while !context.isStopped {
      for axis in 0..<rank { piece[axis] = min(step[axis], lengths[axis] - place[axis]) }
      body(piece)
      var axis = rank - 1
      place[axis] += step[axis]
      while place[axis] >= lengths[axis] {
        if axis == 0 { return }
        place[axis] = 0
        axis -= 1
        place[axis] += step[axis]
      }
    }
  }

  /// The element of a tensor that the piece in work starts at.
  func start(_ tensor: Int) -> Int {
    (0..<Int(rank)).reduce(0) { $0 &+ place[$1] &* strides[tensor][$1] }
  }

  /// Finds the lengths of a whole piece.
  private func cut(_ rank: Int, _ most: Int, _ tile: Int) {
    var inner = 1
    for axis in (0..<rank).reversed() {
      step[axis] = min(lengths[axis], max(1, most / inner))
      inner *= step[axis]
    }
    if tile > 1, rank > 1, step[rank - 2] < tile {
      step[rank - 2] = min(tile, lengths[rank - 2])
      step[rank - 1] = min(lengths[rank - 1], max(tile, most / step[rank - 2]))
    }
  }

  deinit { place.deallocate() }
}
