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
}
