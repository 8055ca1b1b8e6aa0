import DataFiles
import Tensors
import Testing

@Suite struct SafetensorsTests {
  /// The tensors of a file with their names, in the order of their bytes.
  static func read(
    _ file: [UInt8], ledger: Ledger = Ledger()
  ) throws(DataFileFault) -> [(name: String, tensor: Tensor)] {
    try read(MemoryStream(file), ledger: ledger)
  }

  private static func read(
    _ stream: any ByteStream, ledger: Ledger = Ledger()
  ) throws(DataFileFault) -> [(name: String, tensor: Tensor)] {
    let file = try Safetensors(stream, ledger: ledger)
    var tensors: [(name: String, tensor: Tensor)] = []
    try file.read(
      as: { _ in .values }, ledger: ledger,
      visit: { place, tensor in tensors.append((file.entries[place].name, tensor)) })
    return tensors
  }

  /// A file with this header, before so many bytes of zeros.
  private static func file(header: String, bytes: [UInt8]) -> [UInt8] {
    let header = Array(header.utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + bytes
  }

  private static func file(header: String, length: Int) -> [UInt8] {
    file(header: header, bytes: [UInt8](repeating: 0, count: length))
  }

  /// A file of f32 vectors at these offsets, before so many bytes of numbers.
  private static func file(_ places: [(Int, Int)], length: Int) -> [UInt8] {
    let entries = places.enumerated().map { (index, place) in
      "\"t\(index)\":{\"dtype\":\"F32\",\"shape\":[\((place.1 - place.0) / 4)],"
        + "\"data_offsets\":[\(place.0),\(place.1)]}"
    }
    return file(header: "{\(entries.joined(separator: ","))}", length: length)
  }

  @Test(
    arguments: [
      ([(0, 8), (4, 12)], 12, .sharedBytes("t1", with: "t0")),
      ([(4, 12)], 12, .gap(before: "t0", bytes: 4)),
      ([(0, 8), (12, 20)], 20, .gap(before: "t1", bytes: 4)),
      ([(0, 8)], 12, .rest(bytes: 4)),
      ([(0, 8), (8, 20)], 12, .bytesCutShort("t1", end: 20, found: 12)),
    ] as [([(Int, Int)], Int, Safetensors.Problem)])
  func `a safetensors file whose tensors do not cover its bytes once is refused`(
    places: [(Int, Int)], length: Int, problem: Safetensors.Problem
  ) {
    let file = Self.file(places, length: length)
    #expect(throws: DataFileFault.safetensors(problem)) { try Self.read(file) }
    // A pipe shows its end only when it is reached.
    #expect(throws: DataFileFault.self) { try Self.read(BlindStream(file)) }
  }

  @Test func `empty tensors need no bytes of their own`() throws {
    let read = try Self.read(Self.file([(0, 8), (8, 8), (8, 16), (0, 0)], length: 16))
    #expect(read.map(\.name) == ["t3", "t0", "t1", "t2"])
  }

  @Test func `a name with quotes and control characters comes back`() throws {
    let name = "a \"b\"\\ \u{1}\n"
    let file = Safetensors.header(of: [(name, .i32, [1])]) + [1, 0, 0, 0]
    #expect(try Self.read(file).map(\.name) == [name])
    let escaped = #"{"\u0061\ud83d\ude00\/":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}"#
    #expect(try Self.read(Self.file(header: escaped, length: 0)).map(\.name) == ["a😀/"])
  }

  private static let entry = #"{"dtype":"F32","shape":[1],"data_offsets":[0,4]}"#

  @Test(
    arguments: [
      (#"{"a":\#(entry),"a":\#(entry)}"#, .repeatedName("a")),
      (#"{"a":\#(entry),"\u0061":\#(entry)}"#, .repeatedName("a")),
      (#"{"__metadata__":{},"__metadata__":{}}"#, .repeatedName("__metadata__")),
      (
        #"{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#,
        .repeatedField("a", field: "dtype")
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"extra":1}}"#,
        .unknownField("a", field: "extra")
      ),
      (#"{"a":{"dtype":"F32","data_offsets":[0,4]}}"#, .missingField("a", field: "shape")),
      (
        #"{"a":{"dtype":"F32","shape":[1.0],"data_offsets":[0,4]}}"#,
        .header(expected: .integer, found: #"1.0],"data_offsets":"#, at: 29)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1e0],"data_offsets":[0,4]}}"#,
        .header(expected: .integer, found: #"1e0],"data_offsets":"#, at: 29)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[true],"data_offsets":[0,4]}}"#,
        .header(expected: .integer, found: #"true],"data_offsets""#, at: 29)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}"#,
        .header(expected: .integer, found: #"-1],"data_offsets":["#, at: 29)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[01],"data_offsets":[0,4]}}"#,
        .header(expected: .integer, found: #"01],"data_offsets":["#, at: 29)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,8]}}"#,
        .header(expected: .characters("]"), found: ",8]}}", at: 51)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}"#,
        .header(expected: .characters(","), found: "]}}", at: 49)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}"#,
        .backwards("a", begin: 4, end: 0)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}"#,
        .wrongLength("a", .f32, [2], found: 4)
      ),
      (
        #"{"a":{"dtype":"F32","shape":[281474976710656],"data_offsets":[0,4]}}"#,
        .impossibleShape("a", axes: [281_474_976_710_656])
      ),
      (
        #"{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#,
        .unreadType("a", type: "F8_E4M3")
      ),
      (#"{"a":\#(entry)} x"#, .header(expected: .end, found: "x", at: 55)),
      (
        #" {"a":\#(entry)}"#,
        .header(expected: .characters("{"), found: #" {"a":{"dtype":"F32""#, at: 0)
      ),
      (#"[]"#, .header(expected: .characters("{"), found: "[]", at: 0)),
      (#"{"a":\#(entry),}"#, .header(expected: .text, found: "}", at: 54)),
      (#"{"__metadata__":{"n":1}}"#, .header(expected: .text, found: "1}}", at: 21)),
      (#"{"\ud83d":\#(entry)}"#, .header(expected: .text, found: #""\ud83d":{"dtype":"F"#, at: 1)),
    ] as [(String, Safetensors.Problem)])
  func `a header that is not the format's is refused with what was expected`(
    header: String, problem: Safetensors.Problem
  ) {
    #expect(throws: DataFileFault.safetensors(problem)) {
      try Self.read(Self.file(header: header, length: 4))
    }
  }

  @Test func `a header that is longer than the file, or than any, takes no memory`() {
    let ledger = Ledger()
    for (length, problem) in [
      (9, .headerCutShort(bytes: 9, found: 2)),
      (100_000_001, .longHeader(bytes: 100_000_001, limit: 100_000_000)),
      (UInt64.max, .longHeader(bytes: .max, limit: 100_000_000)),
    ] as [(UInt64, Safetensors.Problem)] {
      let file = (0..<8).map { UInt8(truncatingIfNeeded: length >> (8 * $0)) } + Array("{}".utf8)
      #expect(throws: DataFileFault.safetensors(problem)) { try Self.read(file, ledger: ledger) }
    }
    #expect(throws: DataFileFault.safetensors(.tooShort(bytes: 3))) { try Self.read([1, 2, 3]) }
    #expect(ledger.acquisitions == 0)
  }

  @Test func `texts under __metadata__ are no tensor`() throws {
    let header = #"{"__metadata__":{"format":"pt","n":""},"a":\#(Self.entry)}  "#
    #expect(try Self.read(Self.file(header: header, length: 4)).map(\.name) == ["a"])
  }

  @Test func `a hundred thousand entries are read, and what their table takes is counted`() throws {
    let count = 100_000
    let file =
      Safetensors.header(of: (0..<count).map { ("layers.\($0).weight", .f32, [1]) })
      + (0..<count).flatMap { _ in [0, 0, 128, 63] as [UInt8] }
    let ledger = Ledger()
    ledger.markCommand()
    let read = try Self.read(file, ledger: ledger)
    #expect(read.count == count)
    #expect(read.last?.name == "layers.99999.weight" && read.last?.tensor.doubles() == [1])
    #expect(ledger.live.total == 4 * count)
    #expect(ledger.commandPeak[.workspace] > 20 << 20)
    // Under a budget that the header alone exceeds, nothing of it is read.
    let tight = Ledger(budget: 1 << 20)
    #expect(throws: DataFileFault.self) { try Self.read(file, ledger: tight) }
    #expect(tight.liveTotal == 0 && tight.acquisitions == 0)
  }

  @Test(
    arguments: [
      ("F16", [0x00, 0x3C, 0x00, 0xC1], [1, -2.5], .f16),
      ("BF16", [0x80, 0x3F, 0x20, 0xC0], [1, -2.5], .bf16),
      ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], [1, -2], .f64),
      ("I64", [7, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8), [7, -1], .i64),
      ("U8", [7, 255], [7, 255], .i32), ("BOOL", [0, 1], [0, 1], .bool),
    ] as [(String, [UInt8], [Double], DType)])
  func `types of files become those of tensors`(
    type: String, bytes: [UInt8], values: [Double], dtype: DType
  ) throws {
    let tensor = try #require(try Self.read(Self.file(type, bytes)).first?.tensor)
    #expect(tensor.dtype == dtype && tensor.shape == [2] && tensor.doubles() == values)
  }

  @Test(arguments: DType.allCases)
  func `a tensor is the same after it was written and read`(dtype: DType) throws {
    let ledger = Ledger()
    let tensor = try Tensor(
      values: [1, 0], shape: [2], dtype: dtype, account: .values, ledger: ledger)
    let file = Safetensors.header(of: [("t", dtype, [2])]) + tensor.bytes()
    let read = try #require(try Self.read(file).first?.tensor)
    #expect(read.hasSameBits(as: tensor))
  }

  @Test func `a whole number beyond 2^53 is told with its tensor`() throws {
    let file = Self.file("I64", [0, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 8))
    let ledger = Ledger()
    #expect(throws: DataFileFault.safetensors(.integerTooLarge("t", "72057594037927936"))) {
      try Self.read(file, ledger: ledger)
    }
    #expect(ledger.liveTotal == 0)
  }

  /// A file of one tensor of two elements.
  private static func file(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
    file(
      header: "{\"t\":{\"dtype\":\"\(type)\",\"shape\":[2],\"data_offsets\":[0,\(bytes.count)]}}",
      bytes: bytes)
  }
}
