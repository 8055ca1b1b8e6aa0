import DataFiles
import Foundation
import Tensors
import Testing

@Suite struct ArrayFileTests {
  /// An npy file with this description of its elements and its order.
  private static func npy(
    _ descr: String, fortran: Bool = false, shape: String, _ bytes: [UInt8]
  ) -> [UInt8] {
    let order = fortran ? "True" : "False"
    let header = Array(
      "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n".utf8)
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.count), 0] + header + bytes
  }

  @Test(
    arguments: [
      ("'<f2'", [0x00, 0x3C, 0x00, 0xC1], [1, -2.5], .f32),
      ("'>f2'", [0x3C, 0x00, 0x00, 0x01], [1, 0x1p-24], .f32),
      ("'>f4'", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], [1, -2], .f32),
      ("'>f8'", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1, -2], .f64),
      ("'>i2'", [0xFF, 0xFE, 0x01, 0x00], [-2, 256], .i32),
      ("'>u4'", [0, 0, 1, 0, 0, 0, 0, 2], [256, 2], .i32),
      ("'<u8'", [7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0], [7, 9], .i32),
      ("'|b1'", [1, 0], [1, 0], .bool),
      ("'|i1'", [0xFF, 5], [-1, 5], .i32),
    ] as [(String, [UInt8], [Double], DType)])
  func `npy elements of either order of bytes`(
    descr: String, bytes: [UInt8], values: [Double], dtype: DType
  ) throws {
    let array = try ArrayFile(npy: Self.npy(descr, shape: "(2,)", bytes))
    #expect(array.values == values && array.dtype == dtype && array.shape == [2])
  }

  @Test func `half precision is read as the processor reads it`() throws {
    let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let array = try ArrayFile(npy: Self.npy("'<f2'", shape: "(65536,)", bytes))
    for (bits, value) in array.values.enumerated() {
      let expected = Double(Float16(bitPattern: UInt16(bits)))
      #expect(value == expected || value.isNaN && expected.isNaN)
    }
  }

  @Test func `columns that run first come out as rows`() throws {
    let bytes: [UInt8] = [0, 1, 2, 3, 4, 5]
    let array = try ArrayFile(npy: Self.npy("'|u1'", fortran: true, shape: "(2, 3)", bytes))
    #expect(array.shape == [2, 3] && array.values == [0, 2, 4, 1, 3, 5])
    let deep = try ArrayFile(
      npy: Self.npy("'|u1'", fortran: true, shape: "(1, 2, 3)", bytes))
    #expect(deep.shape == [1, 2, 3] && deep.values == [0, 2, 4, 1, 3, 5])
    let none = try ArrayFile(npy: Self.npy("'|u1'", fortran: true, shape: "(0, 3)", []))
    #expect(none.values.isEmpty)
  }

  @Test(
    arguments: [
      ("[('x', '<f4'), ('y', '<f4')]", .structured), ("'|O'", .unreadType("|O")),
      ("'<U5'", .unreadType("<U5")), ("'<c8'", .unreadType("<c8")), ("'f4'", .unreadType("f4")),
    ] as [(String, ArrayFile.Problem)])
  func `npy elements that are no numbers are refused`(
    descr: String, problem: ArrayFile.Problem
  ) {
    #expect(throws: problem) { try ArrayFile(npy: Self.npy(descr, shape: "(0,)", [])) }
  }

  @Test func `whole numbers that an i32 does not hold are refused, and told`() {
    #expect(throws: ArrayFile.Problem.integerTooLarge(2_147_483_648)) {
      try ArrayFile(npy: Self.npy("'<u4'", shape: "(1,)", [0, 0, 0, 0x80]))
    }
  }

  // MARK: Compressed idx

  /// 2 × 3 bytes, by `gzip -n`.
  private static let images: [UInt8] = [
    0x00, 0x00, 0x08, 0x02, 0, 0, 0, 2, 0, 0, 0, 3, 1, 2, 3, 4, 5, 6,
  ]

  /// A gzip member that stores bytes as they are.
  private static func stored(_ bytes: [UInt8]) -> [UInt8] {
    func little(_ number: UInt32, _ count: Int) -> [UInt8] {
      (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt32(8 * $0)) }
    }
    var checksum: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      checksum ^= UInt32(byte)
      for _ in 0..<8 { checksum = checksum >> 1 ^ (checksum & 1 == 1 ? 0xEDB8_8320 : 0) }
    }
    let count = UInt32(bytes.count)
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3, 1] + little(count, 2) + little(~count, 2)
      + bytes + little(~checksum, 4) + little(count, 4)
  }

  @Test func `an idx file is read from gzip, member after member`() throws {
    let plain = try ArrayFile(idx: Self.images)
    #expect(plain.values == [1, 2, 3, 4, 5, 6] && plain.dtype == .f32)
    #expect(try ArrayFile(idx: Self.stored(Self.images)).values == plain.values)
    let two = Self.stored(Array(Self.images[..<7])) + Self.stored(Array(Self.images[7...]))
    #expect(try ArrayFile(idx: two).shape == [2, 3])
  }

  @Test func `gzip that is cut, bent, or holds more than its header says is refused`() {
    let file = Self.stored(Self.images)
    for length in 2..<file.count {
      #expect(throws: ArrayFile.Problem.self) { try ArrayFile(idx: Array(file[..<length])) }
    }
    for place in [20, file.count - 6] {
      var bent = file
      bent[place] ^= 1
      #expect(throws: ArrayFile.Problem.self) { try ArrayFile(idx: bent) }
    }
    let long = Self.stored(Self.images + [7])
    #expect(throws: ArrayFile.Problem.wrongLength([2, 3])) { try ArrayFile(idx: long) }
    #expect(throws: ArrayFile.Problem.compression(.damaged)) {
      try ArrayFile(idx: file + [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12])
    }
  }
}
