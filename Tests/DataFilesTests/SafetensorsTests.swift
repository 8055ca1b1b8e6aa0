import DataFiles
import Tensors
import Testing

@Suite struct SafetensorsTests {
  @Test(arguments: [
    // Two tensors share bytes; bytes before, between and after the tensors belong to none.
    ([(0, 8), (4, 12)], 12), ([(4, 12)], 12), ([(0, 8), (12, 20)], 20), ([(0, 8)], 12),
  ])
  func `a safetensors file whose tensors do not cover its bytes once is refused`(
    places: [(Int, Int)], length: Int
  ) {
    #expect(throws: Safetensors.Problem.self) {
      try Safetensors.read(Self.file(places, length: length))
    }
  }

  @Test func `empty tensors need no bytes of their own`() throws {
    let read = try Safetensors.read(Self.file([(0, 8), (8, 8), (8, 16), (0, 0)], length: 16))
    #expect(read.map(\.name) == ["t3", "t0", "t1", "t2"])
  }

  /// A file of f32 vectors at these offsets, before so many bytes of numbers.
  private static func file(_ places: [(Int, Int)], length: Int) -> [UInt8] {
    let entries = places.enumerated().map { (index, place) in
      "\"t\(index)\":{\"dtype\":\"F32\",\"shape\":[\((place.1 - place.0) / 4)],"
        + "\"data_offsets\":[\(place.0),\(place.1)]}"
    }
    let header = Array("{\(entries.joined(separator: ","))}".utf8)
    var file = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
    file += header
    file += [UInt8](repeating: 0, count: length)
    return file
  }

  @Test func `a name with quotes and control characters comes back`() throws {
    let name = "a \"b\"\\ \u{1}\n"
    let file = Safetensors.file([(name, .i32, [1], [1, 0, 0, 0])])
    #expect(try Safetensors.read(file).map(\.name) == [name])
  }

  @Test(
    arguments: [
      ("F16", [0x00, 0x3C, 0x00, 0xC1], [1, -2.5], .f32),
      ("BF16", [0x80, 0x3F, 0x20, 0xC0], [1, -2.5], .f32),
      ("F64", [0, 0, 0, 0, 0, 0, 0xF0, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0], [1, -2], .f64),
      ("I64", [7, 0, 0, 0, 0, 0, 0, 0] + [UInt8](repeating: 0xFF, count: 8), [7, -1], .i32),
      ("U8", [7, 255], [7, 255], .i32), ("BOOL", [0, 1], [0, 1], .bool),
    ] as [(String, [UInt8], [Double], DType)])
  func `types that a tensor has not are converted`(
    type: String, bytes: [UInt8], values: [Double], dtype: DType
  ) throws {
    let file = Self.file(type, bytes)
    let entry = try #require(try Safetensors.read(file).first)
    #expect(entry.dtype == dtype && entry.shape == [2])
    #expect(try Safetensors.numbers(of: entry, in: file) == values)
  }

  @Test func `a whole number that an i32 does not hold is told with its tensor`() throws {
    let file = Self.file("I64", [0, 0, 0, 0, 1, 0, 0, 0] + [UInt8](repeating: 0, count: 8))
    let entry = try #require(try Safetensors.read(file).first)
    #expect(throws: Safetensors.Problem.integerTooLarge("t", 4_294_967_296)) {
      try Safetensors.numbers(of: entry, in: file)
    }
    #expect(throws: Safetensors.Problem.unreadType("t", type: "F8_E4M3")) {
      try Safetensors.read(Self.file("F8_E4M3", [0, 0]))
    }
  }

  /// A file of one tensor of two elements.
  private static func file(_ type: String, _ bytes: [UInt8]) -> [UInt8] {
    let header = Array(
      "{\"t\":{\"dtype\":\"\(type)\",\"shape\":[2],\"data_offsets\":[0,\(bytes.count)]}}".utf8)
    return (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) } + header + bytes
  }
}
