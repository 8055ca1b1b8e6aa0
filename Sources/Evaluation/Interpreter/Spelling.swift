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
  func append(_ text: Text) { text.withBytes { append($0) } }

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
    var rest = number.magnitude
    count += Spelling.digits(of: rest)
    var place = bytes + count
    // Two digits at a time: each pair waits for the division before it.
    while rest >= 10 {
      let hundredth = rest / 100
      let pair = UInt8(truncatingIfNeeded: rest - 100 * hundredth)
      place -= 2
      place[0] = UInt8(ascii: "0") + pair / 10
      place[1] = UInt8(ascii: "0") + pair % 10
      rest = hundredth
      if rest == 0 { return }
    }
    place[-1] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest)
  }

  private static let powersOfTen = sequence(first: UInt(1)) { $0 * 10 }.prefix(20).map { $0 }

  /// How many digits a number has: a bit is worth about 1233 / 4096 of one.
  @inline(__always)
  private static func digits(of number: UInt) -> Int {
    let least = ((UInt.bitWidth - (number | 1).leadingZeroBitCount) * 1233) >> 12
    return (number | 1) < powersOfTen[least] ? least : least + 1
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
  func text(from start: Int) -> Text {
    .of(UnsafeBufferPointer(start: bytes + start, count: count - start))
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

extension Interpreter {
  /// Puts what lies somewhere behind the string that is being put together, as `print` shows it.
  @inline(__always)
  func spell(_ value: UnsafePointer<Value>) {
    if let text = value.text {
      text._withUnsafeGuaranteedRef { spelling.append($0) }
    } else if let number = value.integer {
      spelling.append(number)
    } else {
      spelling.append(text(of: value.pointee))
    }
  }
}
