/// A string that is put together piece by piece, in room that is used again. One may begin while
/// another is not done: each ends where it began.
final class Spelling {
  private var bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: Spelling.usual)
  private var capacity = Spelling.usual
  /// Bytes so far: where the next string begins.
  private(set) var count = 0

  /// Bytes of room that are kept between strings, at most.
  private static let usual = 1 << 12

  deinit { bytes.deallocate() }

  @inline(__always)
  func append(_ string: String) {
    let isDone: Void? = string.utf8.withContiguousStorageIfAvailable { append($0) }
    if isDone == nil { append(contentsOf: string) }
  }

  @inline(never)
  private func append(contentsOf string: String) {
    Array(string.utf8).withUnsafeBufferPointer { append($0) }
  }

  @inline(__always)
  func append(_ string: UnsafeBufferPointer<UInt8>) {
    guard let start = string.baseAddress else { return }
    if count + string.count > capacity { grow(by: string.count) }
    (bytes + count).update(from: start, count: string.count)
    count += string.count
  }

  /// A whole number, as `print` shows it.
  @inline(__always)
  func append(_ number: Int) {
    if count + 20 > capacity { grow(by: 20) }
    if number < 0 {
      bytes[count] = UInt8(ascii: "-")
      count += 1
    }
    var digits = 1
    var rest = number.magnitude
    while rest >= 10 {
      rest /= 10
      digits += 1
    }
    rest = number.magnitude
    for place in stride(from: count + digits - 1, through: count, by: -1) {
      let tenth = rest / 10
      bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest - 10 * tenth)
      rest = tenth
    }
    count += digits
  }

  @inline(never)
  private func grow(by more: Int) {
    capacity = max(2 * capacity, count + more)
    let larger = UnsafeMutablePointer<UInt8>.allocate(capacity: capacity)
    larger.update(from: bytes, count: count)
    bytes.deallocate()
    bytes = larger
  }

  /// What was appended since a place.
  @inline(__always)
  func string(from start: Int) -> String {
    String(
      decoding: UnsafeBufferPointer(start: bytes + start, count: count - start), as: UTF8.self)
  }

  /// Forgets what was appended since a place. Much room is given back.
  @inline(__always)
  func end(at start: Int) {
    count = start
    if start == 0, capacity > Spelling.usual { shrink() }
  }

  @inline(never)
  private func shrink() {
    bytes.deallocate()
    capacity = Spelling.usual
    bytes = .allocate(capacity: capacity)
  }
}
