package import Tensors
import Writing

/// A text as symbols: its characters (code points of UTF-8) numbered in their order, or its bytes.
///
/// It is looked through twice and a piece at a time: for its alphabet and its length, and for its
/// symbols. A mark of the order of bytes in front is no character of it.
package struct TextFile {
  /// Why bytes are no text.
  package enum Problem: Error, Hashable {
    /// There are none.
    case empty
    /// A byte that no UTF-8 has there, on a line from 1, at a place among all bytes from 0.
    case notUTF8(line: Int, byte: Int)
    /// The last character's bytes are not all there.
    case cutShort(line: Int)
  }

  /// What the symbols stand for.
  package let alphabet: Alphabet
  /// Symbols that it has.
  package let count: Int
  private let stream: any RereadableStream
  private let set: CharacterSet

  /// Looks through a text for the first time. Throws where it is empty, and, where its characters
  /// are asked for, where it is no UTF-8.
  package init(
    _ stream: any RereadableStream, unit: Alphabet.Unit
  ) throws(DataFileFault) {
    self.stream = stream
    set = try CharacterSet()
    var count = 0
    switch unit {
    case .byte:
      try TextFile.pieces(of: stream) { (piece) throws(DataFileFault) in count += piece.count }
      alphabet = Alphabet()
    case .character:
      let set = set
      try TextFile.characters(of: stream) { (character) in
        set.insert(character)
        count += 1
      }
      alphabet = Alphabet(characters: set.number())
    }
    guard count > 0 else { throw .text(.empty) }
    self.count = count
  }

  /// The symbols, i32 [count], which the ledger counts as data.
  package func symbols(ledger: Ledger) throws(DataFileFault) -> Tensor {
    let tensor = try room { () throws(MemoryError) in
      try Tensor(uninitialized: [count], dtype: .i32, account: .data, ledger: ledger)
    }
    let symbols = tensor.storage.pointer.assumingMemoryBound(to: Int32.self)
    var place = 0
    // A file that has others by now is refused, and nothing is written behind the end.
    var isOther = false
    try stream.rewind()
    if alphabet.unit == .byte {
      try TextFile.pieces(of: stream) { (piece) throws(DataFileFault) in
        guard piece.count <= count - place else { throw .file(.changed) }
        for byte in piece {
          symbols[place] = Int32(byte)
          place += 1
        }
      }
    } else {
      try TextFile.characters(of: stream) { (character) in
        guard place < count, set.contains(character) else {
          isOther = true
          return
        }
        symbols[place] = Int32(set.number(of: character))
        place += 1
      }
    }
    guard !isOther, place == count else { throw .file(.changed) }
    return tensor
  }

  private static func pieces(
    of stream: any ByteStream,
    _ visit: (UnsafeRawBufferPointer) throws(DataFileFault) -> Void
  ) throws(DataFileFault) {
    try Piece.with { (room) throws(DataFileFault) in
      while true {
        let found = try stream.read(into: room)
        if found == 0 { return }
        try visit(UnsafeRawBufferPointer(rebasing: room[..<found]))
      }
    }
  }

  private static func characters(
    of stream: any ByteStream, _ visit: (UInt32) -> Void
  ) throws(DataFileFault) {
    var decoder = UTF8Decoder()
    var (line, byteCount, isFirst) = (1, 0, true)
    try pieces(of: stream) { (piece) throws(DataFileFault) in
      for byte in piece {
        switch decoder.take(byte) {
        case .character(let character):
          if character == 0x0A { line += 1 }
          if !isFirst || character != 0xFEFF { visit(character) }
          isFirst = false
        case .inside: break
        case .fault: throw .text(.notUTF8(line: line, byte: byteCount))
        }
        byteCount += 1
      }
    }
    guard decoder.missing == 0 else { throw .text(.cutShort(line: line)) }
  }
}

/// Characters (code points), one bit each, and their numbers in their order.
private final class CharacterSet {
  private static let wordCount = 0x11_0000 / 64
  private let room: Room
  private let words: UnsafeMutablePointer<UInt64>
  /// Characters before those of a word.
  private let before: UnsafeMutablePointer<Int>

  /// None. Throws where the machine has no room for the bits.
  init() throws(DataFileFault) {
    room = try workRoom(2 * 8 * CharacterSet.wordCount)
    let words = room.bytes.bindMemory(to: UInt64.self)
    words.initialize(repeating: 0)
    self.words = words.baseAddress.unsafelyUnwrapped
    before = UnsafeMutableRawPointer(self.words + CharacterSet.wordCount)
      .bindMemory(to: Int.self, capacity: CharacterSet.wordCount)
  }

  func insert(_ character: UInt32) { words[Int(character / 64)] |= 1 << UInt64(character % 64) }

  func contains(_ character: UInt32) -> Bool {
    words[Int(character / 64)] & 1 << UInt64(character % 64) != 0
  }

  /// Gives all that are there their numbers, and lists them in that order.
  func number() -> [Unicode.Scalar] {
    var characters: [Unicode.Scalar] = []
    for word in 0..<CharacterSet.wordCount {
      before[word] = characters.count
      var bits = words[word]
      while bits != 0 {
        let scalar = Unicode.Scalar(UInt32(word * 64 + bits.trailingZeroBitCount))
        // What UTF-8 spells is a scalar.
        if let scalar { characters.append(scalar) }
        bits &= bits - 1
      }
    }
    return characters
  }

  /// The number of one that is there.
  func number(of character: UInt32) -> Int {
    let word = Int(character / 64)
    return before[word] + (words[word] & (1 << UInt64(character % 64) - 1)).nonzeroBitCount
  }
}
