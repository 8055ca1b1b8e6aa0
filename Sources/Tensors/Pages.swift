import Foundation

/// Blocks of whole pages from the system, which go back to it when unmapped.
enum Pages {
  /// Bytes of a page.
  static let size = 4096
  /// Bytes of a huge page.
  static let hugeSize = 2 << 20

  /// `bytes` in whole pages; `nil` where that overflows.
  static func rounded(_ bytes: Int) -> Int? {
    let (sum, overflow) = bytes.addingReportingOverflow(size - 1)
    return overflow ? nil : sum & ~(size - 1)
  }

  /// `bytes` (whole pages, at least one) of zeros; `nil` where the system has none.
  static func map(_ bytes: Int) -> UnsafeMutableRawPointer? {
    let block = mmap(nil, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    return block == MAP_FAILED ? nil : block
  }

  /// Gives the whole pages inside a stretch of a block back to the system; they read as zeros when
  /// touched again.
  static func discard(_ block: UnsafeMutableRawPointer, _ stretch: Range<Int>) {
    let first = (stretch.lowerBound + size - 1) & ~(size - 1)
    let last = stretch.upperBound & ~(size - 1)
    if last > first { madvise(block + first, last - first, MADV_DONTNEED) }
  }

  /// Gives a block of `map` back to the system.
  static func unmap(_ block: UnsafeMutableRawPointer, _ bytes: Int) { munmap(block, bytes) }

  /// Asks for huge pages where whole ones lie inside the block: first touches are then several
  /// times faster, and no byte outside the block is paid for.
  static func preferHuge(_ block: UnsafeMutableRawPointer, _ bytes: Int) {
    let start = UInt(bitPattern: block)
    let first = (start + UInt(hugeSize) - 1) & ~UInt(hugeSize - 1)
    let last = (start + UInt(bytes)) & ~UInt(hugeSize - 1)
    if last > first, let inside = UnsafeMutableRawPointer(bitPattern: first) {
      madvise(inside, Int(last - first), MADV_HUGEPAGE)
    }
  }
}
