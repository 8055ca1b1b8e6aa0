import DataFiles
import Foundation
import Tensors
import Testing
import Writing

@Suite struct TextFileTests {
  /// The symbols of a text, what they stand for put together again, and the fault where there is
  /// one.
  private static func read(
    _ bytes: [UInt8], _ unit: Alphabet.Unit = .character
  ) throws(DataFileFault) -> (symbols: [Int], text: String, alphabet: Alphabet) {
    let file = try TextFile(MemoryStream(bytes), unit: unit)
    let symbols = try file.symbols(ledger: Ledger()).doubles().map { Int($0) }
    return (symbols, file.alphabet.decode(symbols), file.alphabet)
  }

  @Test func `characters are numbered in their order, and give the text again`() throws {
    let text = "zwölf Boxkämpfer 東京 😀 e\u{301}\r\n\0\u{7FF}\u{FFFF}\u{10FFFF}"
    let read = try Self.read(Array(text.utf8))
    #expect(read.text == text)
    let characters = Set(text.unicodeScalars).sorted()
    #expect(read.alphabet.characters == characters)
    #expect(read.symbols == text.unicodeScalars.map { characters.firstIndex(of: $0) ?? -1 })
    let symbols = UnsafeMutablePointer<Int32>.allocate(capacity: read.symbols.count)
    defer { symbols.deallocate() }
    try read.alphabet.encode(text, into: symbols)
    #expect((0..<read.symbols.count).map { Int(symbols[$0]) } == read.symbols)
    #expect(throws: Alphabet.Stranger(character: "q", place: 1)) {
      try read.alphabet.encode("zq", into: symbols)
    }
  }

  @Test func `bytes are what they are`() throws {
    let bytes = (0...255).map { UInt8($0) }
    let read = try Self.read(bytes, .byte)
    #expect(read.symbols == Array(0..<256) && read.alphabet.count == 256)
  }

  @Test func `what is UTF-8 is decided as Swift decides it, wherever a piece ends`() throws {
    var generator = SystemRandomNumberGenerator()
    let starts: [UInt8] = [
      0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1,
      0xEC,
      0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF,
    ]
    for _ in 0..<20_000 {
      let bytes = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
        starts[Int.random(in: 0..<starts.count, using: &generator)]
      }
      let wanted = String(validating: bytes, as: UTF8.self)
      let found = try? Self.read(bytes)
      #expect(found?.text == wanted, "\(bytes)")
    }
    // A piece is a mebibyte: a character of four bytes lies across its end.
    let long = Array(repeating: UInt8(ascii: "a"), count: (1 << 20) - 2) + Array("😀b".utf8)
    #expect(try Self.read(long).symbols.suffix(3) == [0, 2, 1])
  }

  @Test func `faults have their place`() {
    #expect(throws: DataFileFault.text(.empty)) { try Self.read([]) }
    #expect(throws: DataFileFault.text(.empty)) { try Self.read([], .byte) }
    #expect(throws: DataFileFault.text(.empty)) { try Self.read([0xEF, 0xBB, 0xBF]) }
    #expect(throws: DataFileFault.text(.notUTF8(line: 3, byte: 5))) {
      try Self.read(Array("a\nb\nc".utf8) + [0xFF])
    }
    #expect(throws: DataFileFault.text(.cutShort(line: 2))) {
      try Self.read(Array("a\n".utf8) + [0xF0, 0x9F])
    }
  }

  @Test func `a text that changes between two looks is refused`() throws {
    let path = FileManager.default.temporaryDirectory.path + "/cairn-\(UUID().uuidString).txt"
    try "abcabc".write(toFile: path, atomically: false, encoding: .utf8)
    defer { unlink(path) }
    let file = try TextFile(try FileStream(path: path), unit: .character)
    try "abcabcd".write(toFile: path, atomically: false, encoding: .utf8)
    #expect(throws: DataFileFault.file(.changed)) { try file.symbols(ledger: Ledger()) }
  }

  @Test func `a text takes four bytes a symbol in the ledger, and a budget holds`() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "x"), count: 1000)
    let ledger = Ledger()
    let tensor = try TextFile(MemoryStream(bytes), unit: .character).symbols(ledger: ledger)
    #expect(ledger.liveTotal == 4000 && tensor.storage.account == .data)
    #expect(throws: DataFileFault.self) {
      try TextFile(MemoryStream(bytes), unit: .character).symbols(ledger: Ledger(budget: 3999))
    }
  }
}
