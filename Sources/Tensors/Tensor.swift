/// A concrete tensor: elements in row-major order, contiguous, in storage that several tensors may
/// share.
///
/// Tensors are values that nothing writes to once they are made; parameters, states, moments and
/// the input buffers of a training loop are the exceptions, and have storage of their own.
package struct Tensor {
  /// The lengths of its axes.
  package let shape: Shape
  /// The type of its elements.
  package let dtype: DType
  /// Its bytes, from the first element on; other tensors may share them.
  package let storage: Storage

  /// A tensor over storage that holds `shape.count` elements or more.
  package init(shape: Shape, dtype: DType, storage: Storage) {
    self.shape = shape
    self.dtype = dtype
    self.storage = storage
  }

  /// Elements not yet written. Throws `MemoryError` where the budget or the machine has no room.
  package init(
    uninitialized shape: Shape, dtype: DType, account: AccountClass, ledger: Ledger
  ) throws(MemoryError) {
    let (bytes, overflow) = shape.count.multipliedReportingOverflow(by: dtype.byteWidth)
    guard !overflow, bytes >= 0 else { throw .exhausted(needed: Int.max) }
    self.init(
      shape: shape, dtype: dtype,
      storage: try Storage(byteCount: bytes, account: account, ledger: ledger))
  }

  /// The given elements in row-major order, rounded to `dtype`. Elements that `values` lacks are 0,
  /// those that it has beyond the shape are left out. For `i32` and `i64`, numbers are truncated
  /// toward 0 and clamped; NaN gives 0.
  package init(
    values: [Double], shape: Shape, dtype: DType, account: AccountClass, ledger: Ledger
  ) throws(MemoryError) {
    try self.init(uninitialized: shape, dtype: dtype, account: account, ledger: ledger)
    write(values)
  }

  /// Bytes of the elements.
  package var byteCount: Int { shape.count * dtype.byteWidth }

  /// As the kernels see it.
  package var view: BufferView {
    BufferView(pointer: storage.pointer, shape: shape, dtype: dtype)
  }

  /// The same elements in another shape of as many; `nil` where the counts differ. Shares the
  /// storage.
  package func reshaped(_ shape: Shape) -> Tensor? {
    shape.count == self.shape.count ? Tensor(shape: shape, dtype: dtype, storage: storage) : nil
  }

  /// The first entries along the first axis, as many as there are up to `rows`. Shares the storage.
  package func prefix(rows: Int) -> Tensor {
    guard let length = shape.axes.first else { return self }
    return Tensor(
      shape: Shape([min(max(rows, 0), length)] + shape.axes.dropFirst()), dtype: dtype,
      storage: storage)
  }

  /// A copy with storage of its own.
  package func copy(as account: AccountClass) throws(MemoryError) -> Tensor {
    let copy = try Tensor(
      uninitialized: shape, dtype: dtype, account: account, ledger: storage.ledger)
    copy.storage.pointer.copyMemory(from: storage.pointer, byteCount: byteCount)
    return copy
  }

  /// Makes every element 0.
  package func fillWithZeros() {
    storage.pointer.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
  }

  /// Copies the elements of a tensor of as many bytes into this one's storage.
  package func overwrite(with other: Tensor) {
    storage.pointer.copyMemory(
      from: other.storage.pointer, byteCount: min(byteCount, other.byteCount))
  }
}
