/// A tensor's bytes as a kernel sees them: contiguous and row-major, unless strides say otherwise.
package struct BufferView {
  /// Where the first element lies.
  package let pointer: UnsafeMutableRawPointer
  /// The shape in which the elements are read.
  package let shape: Shape
  /// The type of the elements.
  package let dtype: DType
  /// Elements between neighbours along each axis.
  package let strides: [Int]

  /// A view of `shape.count` elements, which stay where they are while it is used; in row-major
  /// order where no strides are given.
  package init(
    pointer: UnsafeMutableRawPointer, shape: Shape, dtype: DType, strides: [Int]? = nil
  ) {
    self.pointer = pointer
    self.shape = shape
    self.dtype = dtype
    self.strides = strides ?? shape.strides
  }

  /// Elements in all.
  package var count: Int { shape.count }

  /// Writes all elements, computed from their places in row-major order: see `write(_:_:)`.
  package func write(_ element: (Int) -> Double) { write(0..<count, element) }

  /// Writes the elements at these places in row-major order, computed from the places: rounded to
  /// a float's type, cut toward 0 and clamped to i32 or i64, where NaN is 0; 1 for bool where they
  /// are not 0.
  package func write(_ places: Range<Int>, _ element: (Int) -> Double) {
    switch dtype {
    case .f32: store(places) { Float(element($0)) }
    case .f64: store(places, element)
    case .f16: store(places) { ShortFloat.f16.bits(of: element($0)) }
    case .bf16: store(places) { ShortFloat.bf16.bits(of: element($0)) }
    case .i32: store(places) { BufferView.clamped(element($0)) }
    case .i64: store(places) { BufferView.clampedLong(element($0)) }
    case .bool: store(places) { UInt8(element($0) == 0 ? 0 : 1) }
    }
  }

  /// The number cut toward 0 and held within i32; 0 for NaN.
  static func clamped(_ value: Double) -> Int32 {
    if value.isNaN { return 0 }
    if value >= Double(Int32.max) { return Int32.max }
    if value <= Double(Int32.min) { return Int32.min }
    return Int32(value)
  }

  /// The number cut toward 0 and held within what an i64 may hold; 0 for NaN.
  static func clampedLong(_ value: Double) -> Int64 {
    if value.isNaN { return 0 }
    let limit = Double(DType.wholeLimit)
    return Int64(min(max(value, -limit), limit))
  }

  private func store<Element>(_ places: Range<Int>, _ element: (Int) -> Element) {
    let target = pointer.assumingMemoryBound(to: Element.self)
    for index in places { target[index] = element(index) }
  }

  /// Splits the shape around an axis: elements before it, its length, elements after it.
  package func around(_ axis: Int) -> (outer: Int, length: Int, inner: Int) {
    (
      shape.axes[..<axis].reduce(1, *), shape.axes[axis],
      shape.axes[(axis + 1)...].reduce(1, *)
    )
  }
}
