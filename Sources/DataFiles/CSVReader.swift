import Writing

/// Goes through the bytes of a table, cell by cell, and holds a piece and a cell of them at a time.
struct CSVReader: ~Copyable {
  /// What stands behind a cell.
  enum End { case separator, row, file }

  /// Bytes of the longest cell.
  static let longestCell = 1 << 20

  private let stream: any ByteStream
  private let separator: UInt8
  private let room: Room
  private let bytes: UnsafeMutablePointer<UInt8>
  /// Where in `bytes` the next byte is, and how many there are.
  private var place = 0
  private var end = 0
  /// Where in `bytes` the cell is.
  private var cellStart = 0
  private var cellEnd = 0
  private var isBegun = false
  private var isAtEnd = false
  private var isWithinRow = false
  /// The line that is reached, from 1.
  private var line = 1

  /// All bits of the cell's bytes.
  private var bits: UInt8 = 0
  /// The line on which the row starts, from 1.
  private(set) var rowLine = 1

  /// A reader of a stream from where it stands. Throws where there is no room for what it holds.
  init(_ stream: any ByteStream, separator: UInt8) throws(DataFileFault) {
    self.stream = stream
    self.separator = separator
    room = try workRoom(CSVReader.longestCell + Piece.byteCount)
    bytes = room.bytes.baseAddress.unsafelyUnwrapped.assumingMemoryBound(to: UInt8.self)
  }

  /// The bytes of the cell: without its quotes, and without spaces around it. They lie there until
  /// the next one is read.
  var cell: UnsafeBufferPointer<UInt8> {
    UnsafeBufferPointer(start: bytes + cellStart, count: cellEnd - cellStart)
  }

  /// Whether the cell has nothing but ASCII.
  var isASCII: Bool { bits < 0x80 }

  /// Reads the next cell, and says what stands behind it; `nil` at the end of the rows.
  mutating func next() throws(DataFileFault) -> End? {
    if !isBegun { try begin() }
    cellStart = place
    cellEnd = place
    if !isWithinRow {
      guard try hasByte() else { return nil }
      rowLine = line
      isWithinRow = true
    }
    bits = 0
    try skipSpaces()
    cellStart = place
    cellEnd = place
    if place < end, bytes[place] == UInt8(ascii: "\"") {
      try readQuoted()
    } else {
      try readPlain()
    }
    let end = try finish()
    guard cellEnd - cellStart <= CSVReader.longestCell else { throw tooLong }
    return end
  }

  private var tooLong: DataFileFault {
    .csv(.longCell(line: rowLine, limit: CSVReader.longestCell))
  }

  /// Passes over a byte order mark.
  private mutating func begin() throws(DataFileFault) {
    isBegun = true
    if try hasByte(), end >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { place = 3 }
  }

  /// Whether a byte is left; reads on where those that were read are used up.
  private mutating func hasByte() throws(DataFileFault) -> Bool {
    if place < end { return true }
    if isAtEnd { return false }
    let kept = end - cellStart
    guard kept <= CSVReader.longestCell else { throw tooLong }
    room.bytes.baseAddress?.copyMemory(from: bytes + cellStart, byteCount: kept)
    place -= cellStart
    cellEnd -= cellStart
    cellStart = 0
    let piece = UnsafeMutableRawBufferPointer(rebasing: room.bytes[kept..<(kept + Piece.byteCount)])
    end = kept + (try stream.read(into: piece))
    isAtEnd = end - kept < piece.count
    return place < end
  }

  private mutating func readPlain() throws(DataFileFault) {
    repeat {
      while place < end {
        let byte = bytes[place]
        if isEnd(byte) {
          cellEnd = place
          trim()
          return
        }
        bits |= byte
        place += 1
      }
    } while try hasByte()
    cellEnd = place
    trim()
  }

  private mutating func trim() {
    while cellEnd > cellStart, isSpace(bytes[cellEnd - 1]) { cellEnd -= 1 }
  }

  /// A cell in quotes, in which two quotes are one. Its bytes are moved together where they lie.
  private mutating func readQuoted() throws(DataFileFault) {
    let start = line
    place += 1
    cellStart = place
    cellEnd = place
    while try hasByte() {
      let byte = bytes[place]
      place += 1
      if byte == UInt8(ascii: "\"") {
        guard try hasByte(), bytes[place] == UInt8(ascii: "\"") else {
          try skipSpaces()
          guard try !hasByte() || isEnd(bytes[place]) else {
            throw .csv(.textAfterQuote(line: line))
          }
          return
        }
        place += 1
      }
      if byte == UInt8(ascii: "\n") { line += 1 }
      bits |= byte
      bytes[cellEnd] = byte
      cellEnd += 1
    }
    throw .csv(.openQuote(line: start))
  }

  /// Takes what stands behind the cell.
  private mutating func finish() throws(DataFileFault) -> End {
    guard try hasByte() else {
      isWithinRow = false
      return .file
    }
    let byte = bytes[place]
    place += 1
    if byte == separator { return .separator }
    if byte == UInt8(ascii: "\r"), try hasByte(), bytes[place] == UInt8(ascii: "\n") { place += 1 }
    line += 1
    isWithinRow = false
    return .row
  }

  private mutating func skipSpaces() throws(DataFileFault) {
    while try hasByte(), isSpace(bytes[place]) { place += 1 }
  }

  /// A blank that separates nothing.
  private func isSpace(_ byte: UInt8) -> Bool {
    (byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")) && byte != separator
  }

  private func isEnd(_ byte: UInt8) -> Bool {
    byte == separator || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
  }
}
