import Foundation

extension Tensor {
  /// Zeros. Throws `MemoryError` where the budget or the machine has no room.
  package init(
    zeros shape: Shape, dtype: DType, account: AccountClass, ledger: Ledger
  ) throws(MemoryError) {
    try self.init(uninitialized: shape, dtype: dtype, account: account, ledger: ledger)
    memset(storage.pointer, 0, byteCount)
  }

  /// Elements computed from their places in row-major order, without a list of them. Rounds as
  /// `init(values:…)` does.
  package init(
    shape: Shape, dtype: DType, account: AccountClass, ledger: Ledger, element: (Int) -> Double
  ) throws(MemoryError) {
    try self.init(uninitialized: shape, dtype: dtype, account: account, ledger: ledger)
    view.write(element)
  }

  /// True where both have the same shape, type and elements, bit for bit.
  package func hasSameBits(as other: Tensor) -> Bool {
    shape == other.shape && dtype == other.dtype
      && memcmp(storage.pointer, other.storage.pointer, byteCount) == 0
  }

  /// All elements in row-major order.
  package func doubles() -> [Double] {
    switch dtype {
    case .f32: elements(of: Float.self).map(Double.init)
    case .f64: Array(elements(of: Double.self))
    case .f16: elements(of: UInt16.self).map(ShortFloat.f16.number)
    case .bf16: elements(of: UInt16.self).map(ShortFloat.bf16.number)
    case .i32: elements(of: Int32.self).map(Double.init)
    case .i64: elements(of: Int64.self).map(Double.init)
    case .bool: elements(of: UInt8.self).map(Double.init)
    }
  }

  /// The element at a place in row-major order; `nil` outside.
  package func element(at index: Int) -> Double? {
    index >= 0 && index < shape.count ? number(at: index) : nil
  }

  /// The element at a place in row-major order, which must be there.
  package func number(at index: Int) -> Double {
    switch dtype {
    case .f32: Double(elements(of: Float.self)[index])
    case .f64: elements(of: Double.self)[index]
    case .f16: ShortFloat.f16.number(elements(of: UInt16.self)[index])
    case .bf16: ShortFloat.bf16.number(elements(of: UInt16.self)[index])
    case .i32: Double(elements(of: Int32.self)[index])
    case .i64: Double(elements(of: Int64.self)[index])
    case .bool: Double(elements(of: UInt8.self)[index])
    }
  }

  /// Overwrites the element at a place in row-major order, which must be there; rounds as
  /// `init(values:…)` does.
  package func write(_ number: Double, at index: Int) {
    let pointer = storage.pointer + index * dtype.byteWidth
    switch dtype {
    case .f32: pointer.storeBytes(of: Float(number), as: Float.self)
    case .f64: pointer.storeBytes(of: number, as: Double.self)
    case .f16: pointer.storeBytes(of: ShortFloat.f16.bits(of: number), as: UInt16.self)
    case .bf16: pointer.storeBytes(of: ShortFloat.bf16.bits(of: number), as: UInt16.self)
    case .i64: pointer.storeBytes(of: BufferView.clampedLong(number), as: Int64.self)
    case .i32: pointer.storeBytes(of: BufferView.clamped(number), as: Int32.self)
    case .bool: pointer.storeBytes(of: number == 0 ? 0 : 1, as: UInt8.self)
    }
  }

  /// The largest magnitude of an element; 0 where there is none.
  package var greatestMagnitude: Double {
    (0..<shape.count).reduce(0) { max($0, abs(number(at: $1))) }
  }

  /// The element of a tensor that has exactly one.
  package var scalar: Double? { shape.count == 1 ? element(at: 0) : nil }

  /// The raw bytes of the elements: equal exactly where two tensors are bit for bit the same.
  package func bytes() -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: storage.pointer, count: byteCount))
  }

  /// The raw bytes of the elements where they lie, in pieces of 1 MiB at most; good while the
  /// tensor is.
  package var pieces: [UnsafeRawBufferPointer] {
    let all = UnsafeRawBufferPointer(start: storage.pointer, count: byteCount)
    return stride(from: 0, to: byteCount, by: 1 << 20).map {
      UnsafeRawBufferPointer(rebasing: all[$0..<min($0 + (1 << 20), byteCount)])
    }
  }

  /// Overwrites the elements, as `init(values:…)` reads them.
  package func write(_ values: [Double]) {
    switch dtype {
    case .f32: store(values) { Float($0) }
    case .f64: store(values) { $0 }
    case .f16: store(values, ShortFloat.f16.bits)
    case .bf16: store(values, ShortFloat.bf16.bits)
    case .i64: store(values, BufferView.clampedLong)
    case .i32: store(values, BufferView.clamped)
    case .bool: store(values) { UInt8($0 == 0 ? 0 : 1) }
    }
  }

  private func elements<Element>(of type: Element.Type) -> UnsafeBufferPointer<Element> {
    UnsafeBufferPointer(
      start: UnsafePointer(storage.pointer.assumingMemoryBound(to: type)), count: shape.count)
  }

  private func store<Element>(_ values: [Double], _ convert: (Double) -> Element) {
    let target = storage.pointer.assumingMemoryBound(to: Element.self)
    for index in 0..<shape.count {
      target[index] = convert(index < values.count ? values[index] : 0)
    }
  }
}

extension Tensor? {
  /// True where both are missing, or both are there and bit for bit the same.
  package func hasSameBits(as other: Tensor?) -> Bool {
    switch (self, other) {
    case (nil, nil): true
    case (let mine?, let other?): mine.hasSameBits(as: other)
    default: false
    }
  }
}
