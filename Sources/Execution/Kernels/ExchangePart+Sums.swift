import CKernels
import Graphs
import Tensors

/// The arithmetic of exchanges: elements are counted through all operands, one after the other.
extension ExchangePart {
  /// Elements in all.
  var count: Int { operands.reduce(0) { $0 + $1.count } }

  /// Bytes of an element.
  var width: Int { operands.first?.dtype.byteWidth ?? 1 }

  /// How loops in C know the type of the elements.
  private var code: Int32? { operands.first?.dtype.floatingCode }

  /// By how much this worker's numbers count in the sums.
  private var share: Double {
    if exchange.kind == .average { return 1 / Double(exchange.workers) }
    return exchange.takesSums ? 1 : weight
  }

  /// The first half of the scratch, and the second.
  var halves: (UnsafeMutableRawPointer, UnsafeMutableRawPointer)? {
    guard let scratch else { return nil }
    let bytes = exchange.scratchBytes(operands.map { TensorType($0.shape, $0.dtype) })
    return (scratch, scratch + bytes / 2)
  }

  /// Adds this worker's share of a stretch of elements to what lies at `sums`.
  func addShare(of stretch: Range<Int>, to sums: UnsafeMutableRawPointer) {
    guard let code else { return }
    forEachPiece(of: stretch, in: operands) { from, offset, count in
      ck_accumulate(code, share, sums + offset * width, from, sums + offset * width, count)
    }
  }

  /// Writes this worker's share of a stretch of elements.
  func writeShare(of stretch: Range<Int>, to place: UnsafeMutableRawPointer) {
    place.initializeMemory(as: UInt8.self, repeating: 0, count: stretch.count * width)
    addShare(of: stretch, to: place)
  }

  /// Adds numbers that came from another worker.
  func add(
    _ numbers: UnsafeRawPointer, count: Int, to sums: UnsafeMutableRawPointer
  ) {
    guard let code else { return }
    ck_accumulate(code, 1, sums, numbers, sums, count)
  }

  /// Writes a stretch of what this worker gets.
  func receive(_ stretch: Range<Int>, from numbers: UnsafeRawPointer) {
    forEachPiece(of: stretch, in: targets) { to, offset, count in
      to.copyMemory(from: numbers + offset * width, byteCount: count * width)
    }
  }

  /// Copies a stretch of what this worker got, or gives where nothing was written over it.
  func copy(_ stretch: Range<Int>, to place: UnsafeMutableRawPointer) {
    forEachPiece(of: stretch, in: targets) { from, offset, count in
      (place + offset * width).copyMemory(from: from, byteCount: count * width)
    }
  }

  /// Gets what it gives, as where there is nobody else.
  func takeOwn() {
    for (operand, target) in zip(operands, targets) where operand.pointer != target.pointer {
      target.pointer.copyMemory(from: operand.pointer, byteCount: operand.count * width)
    }
  }

  /// The pieces of a stretch, each within one tensor: where it lies, its place in the stretch, and
  /// how many elements it has.
  private func forEachPiece(
    of stretch: Range<Int>, in views: [BufferView],
    _ body: (UnsafeMutableRawPointer, _ offset: Int, _ count: Int) -> Void
  ) {
    var first = 0
    for view in views {
      let part = stretch.clamped(to: first..<first + view.count)
      if !part.isEmpty {
        body(
          view.pointer + (part.lowerBound - first) * width, part.lowerBound - stretch.lowerBound,
          part.count)
      }
      first += view.count
    }
  }
}
