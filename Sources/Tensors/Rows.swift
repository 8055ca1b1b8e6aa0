/// Rows that overlap: stretches of a tensor's first axis, each so many entries behind the one
/// before it.
package struct Windows: Hashable, Sendable {
  /// Entries of a window.
  package let length: Int
  /// The entry with which the first window begins.
  package let start: Int
  /// Entries from a window's beginning to that of the next, 1 or more.
  package let step: Int
  /// Windows in all.
  package let count: Int

  /// The last window must end within the tensor that is looked at.
  package init(length: Int, start: Int, step: Int, count: Int) {
    self.length = length
    self.start = start
    self.step = step
    self.count = count
  }

  /// A stretch of the windows.
  package subscript(stretch: Range<Int>) -> Windows {
    Windows(
      length: length, start: start + stretch.lowerBound * step, step: step, count: stretch.count)
  }
}

/// What a column of data is read from row by row: a tensor's entries along its first axis, or
/// windows of them, of which none is held.
package struct Rows {
  /// What is looked at.
  private let tensor: Tensor
  private let windows: Windows?
  /// Bytes of an entry along the tensor's first axis.
  private let entryBytes: Int

  /// The tensor has one axis or more; the windows, where there are any, lie within the first.
  package init(_ tensor: Tensor, windows: Windows? = nil) {
    self.tensor = tensor
    self.windows = windows
    entryBytes = tensor.shape.axes.dropFirst().reduce(tensor.dtype.byteWidth, *)
  }

  /// The shape of so many of them together.
  package func shape(of count: Int) -> Shape {
    Rows.shape(of: count, tensor.shape, windows)
  }

  /// The shape of so many rows of a tensor of a shape, or of windows of it.
  package static func shape(of count: Int, _ shape: Shape, _ windows: Windows?) -> Shape {
    Shape([count] + (windows.map { [$0.length] } ?? []) + shape.axes.dropFirst())
  }

  /// The type of their elements.
  package var dtype: DType { tensor.dtype }

  /// Overwrites the first rows of a tensor of such rows by those of these numbers. Those that lie
  /// one behind the other are copied at once.
  package func gather(_ rows: ArraySlice<Int>, into target: Tensor) {
    guard windows == nil else { return copy(rows, into: target) }
    var (next, place) = (rows.startIndex, target.storage.pointer)
    while next < rows.endIndex {
      var end = next + 1
      while end < rows.endIndex, rows[end] == rows[end - 1] + 1 { end += 1 }
      let count = (end - next) * entryBytes
      place.copyMemory(from: tensor.storage.pointer + rows[next] * entryBytes, byteCount: count)
      (next, place) = (end, place + count)
    }
  }

  /// The same with a stretch of them, which is copied at once where they lie one behind the other.
  package func gather(_ stretch: Range<Int>, into target: Tensor) {
    guard windows == nil else { return copy(stretch, into: target) }
    target.storage.pointer.copyMemory(
      from: tensor.storage.pointer + stretch.lowerBound * entryBytes,
      byteCount: stretch.count * entryBytes)
  }

  private func copy(_ rows: some Sequence<Int>, into target: Tensor) {
    let width = entryBytes * (windows?.length ?? 1)
    let first = tensor.storage.pointer + entryBytes * (windows?.start ?? 0)
    let step = entryBytes * (windows?.step ?? 1)
    var place = target.storage.pointer
    for row in rows {
      place.copyMemory(from: first + row * step, byteCount: width)
      place += width
    }
  }
}
