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
    return npy(
      header: "{'descr': \(descr), 'fortran_order': \(order), 'shape': \(shape), }\n", bytes)
  }

  private static func npy(
    header text: String, version: UInt8 = 1, _ bytes: [UInt8] = []
  ) -> [UInt8] {
    let header = Array(text.utf8)
    let length = [UInt8(header.count), 0] + (version > 1 ? [0, 0] : [])
    return [0x93] + Array("NUMPY".utf8) + [version, 0] + length + header + bytes
  }

  private static func fault(ofNPY file: [UInt8]) -> DataFileFault? {
    #expect(throws: DataFileFault.self) { try Read(npy: file) }
  }

  @Test(
    arguments: [
      ("'<f2'", [0x00, 0x3C, 0x00, 0xC1], [1, -2.5], .f16),
      ("'>f2'", [0x3C, 0x00, 0x00, 0x01], [1, 0x1p-24], .f16),
      ("'>f4'", [0x3F, 0x80, 0, 0, 0xC0, 0, 0, 0], [1, -2], .f32),
      ("'>f8'", [0x3F, 0xF0, 0, 0, 0, 0, 0, 0, 0xC0, 0, 0, 0, 0, 0, 0, 0], [1, -2], .f64),
      ("'>i2'", [0xFF, 0xFE, 0x01, 0x00], [-2, 256], .i32),
      ("'>u4'", [0, 0, 1, 0, 0, 0, 0, 2], [256, 2], .i64),
      ("'<u8'", [7, 0, 0, 0, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0], [7, 9], .i64),
      ("'|b1'", [1, 0], [1, 0], .bool),
      ("'|i1'", [0xFF, 5], [-1, 5], .i32),
    ] as [(String, [UInt8], [Double], DType)])
  func `npy elements of either order of bytes`(
    descr: String, bytes: [UInt8], values: [Double], dtype: DType
  ) throws {
    let array = try Read(npy: Self.npy(descr, shape: "(2,)", bytes))
    #expect(array.values == values && array.dtype == dtype && array.shape == [2])
  }

  @Test func `half precision is read as the processor reads it`() throws {
    let bytes = (0...UInt16.max).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let array = try Read(npy: Self.npy("'<f2'", shape: "(65536,)", bytes))
    for (bits, value) in array.values.enumerated() {
      let expected = Double(Float16(bitPattern: UInt16(bits)))
      #expect(value == expected || value.isNaN && expected.isNaN)
    }
  }

  @Test func `columns that run first come out as rows`() throws {
    let bytes: [UInt8] = [0, 1, 2, 3, 4, 5]
    let array = try Read(npy: Self.npy("'|u1'", fortran: true, shape: "(2, 3)", bytes))
    #expect(array.shape == [2, 3] && array.values == [0, 2, 4, 1, 3, 5])
    let deep = try Read(
      npy: Self.npy("'|u1'", fortran: true, shape: "(1, 2, 3)", bytes))
    #expect(deep.shape == [1, 2, 3] && deep.values == [0, 2, 4, 1, 3, 5])
    let none = try Read(npy: Self.npy("'|u1'", fortran: true, shape: "(0, 3)", []))
    #expect(none.values.isEmpty)
  }

  @Test(
    arguments: [
      ("[('x', '<f4'), ('y', '<f4')]", .structured), ("'|O'", .unreadType("|O")),
      ("'<U5'", .unreadType("<U5")), ("'<c8'", .unreadType("<c8")), ("'f4'", .unreadType("f4")),
      ("'=f4'", .unreadType("=f4")), ("'|f4'", .unreadType("|f4")), ("''", .unreadType("")),
    ] as [(String, ArrayFile.Problem)])
  func `npy elements that are no numbers are refused`(
    descr: String, problem: ArrayFile.Problem
  ) {
    #expect(throws: DataFileFault.array(problem)) {
      try Read(npy: Self.npy(descr, shape: "(0,)", []))
    }
  }

  @Test func `whole numbers beyond 2^53 are refused, and told`() {
    for (descr, bytes, number) in [
      ("'<i8'", [1, 0, 0, 0, 0, 0, 0x20, 0], "9007199254740993"),
      ("'<i8'", [UInt8](repeating: 0xFF, count: 7) + [0x7F], "9223372036854775807"),
      ("'>u8'", [UInt8](repeating: 0xFF, count: 8), "18446744073709551615"),
    ] {
      #expect(throws: DataFileFault.array(.integerTooLarge(number))) {
        try Read(npy: Self.npy(descr, shape: "(1,)", bytes))
      }
    }
  }

  @Test(arguments: [0, 4, 9, 255] as [UInt8])
  func `npy versions that there are not are refused`(version: UInt8) {
    var file = Self.npy("'<f4'", shape: "(0,)", [])
    file[6] = version
    #expect(Self.fault(ofNPY: file) == .array(.version(Int(version), 0)))
    file[6] = 1
    file[7] = 1
    #expect(Self.fault(ofNPY: file) == .array(.version(1, 1)))
  }

  @Test(arguments: [1, 2, 3] as [UInt8])
  func `npy headers of each version are read`(version: UInt8) throws {
    let header = "{\"shape\": (2,),'fortran_order':False,\n 'descr': '|u1'}   \n"
    let read = try Read(npy: Self.npy(header: header, version: version, [3, 4]))
    #expect(read.values == [3, 4] && read.shape == [2])
  }

  @Test(
    arguments: [
      ("['descr']", .characters("{"), 0),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)", .characters(","), 54),
      ("{'descr': '<f4', 'fortran_order': False}", .entries, 39),
      ("{'descr': '<f4', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}", .name, 17),
      ("{'descr': '<f4', 'order': 'C', 'fortran_order': False, 'shape': (1,)}", .name, 17),
      ("{'descr': 4, 'fortran_order': False, 'shape': (1,)}", .type, 10),
      ("{'descr': '<f4', 'fortran_order': 0, 'shape': (1,)}", .order, 34),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (1)}", .shape, 50),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': 1}", .shape, 50),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,)}", .length, 51),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (1.0,)}", .characters(")"), 52),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (01,)}", .length, 51),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999999999999,)}", .length, 51),
      ("{'descr': '<f4', 'fortran_order': False, 'shape': (1,)} x", .end, 56),
    ] as [(String, NPYHeader.Part, Int)])
  func `a malformed npy header is refused with what was expected where`(
    header: String, part: NPYHeader.Part, place: Int
  ) {
    guard case .array(.header(part, _, place))? = Self.fault(ofNPY: Self.npy(header: header)) else {
      Issue.record("\(header): \(String(describing: Self.fault(ofNPY: Self.npy(header: header))))")
      return
    }
  }

  @Test func `bytes too few or too many are refused before anything is allocated`() {
    let contents = ArrayFile.Contents(type: .f32, shape: [1_000_000, 1000])
    for bytes in [8, 3] {
      let file = Self.npy(
        "'<f4'", shape: "(1000000, 1000)", [UInt8](repeating: 0, count: bytes))
      let ledger = Ledger()
      #expect(throws: DataFileFault.array(.fewBytes(contents, found: bytes))) {
        try ArrayFile(npy: MemoryStream(file)).read(as: .data, ledger: ledger)
      }
      #expect(ledger.acquisitions == 0)
    }
    let long = Self.npy("'<f4'", shape: "(1,)", [0, 0, 0, 0, 0])
    let one = ArrayFile.Contents(type: .f32, shape: [1])
    #expect(Self.fault(ofNPY: long) == .array(.moreBytes(one, found: 5)))
    // A pipe shows its end only when it is reached.
    #expect(throws: DataFileFault.array(.moreBytes(one, found: nil))) {
      try ArrayFile(npy: BlindStream(long)).read(as: .data, ledger: Ledger())
    }
    let short = Array(long.dropLast(3))
    #expect(throws: DataFileFault.array(.fewBytes(one, found: 2))) {
      try ArrayFile(npy: BlindStream(short)).read(as: .data, ledger: Ledger())
    }
  }

  @Test func `a header over the budget is refused, and nothing stays live`() throws {
    let ledger = Ledger(budget: 7)
    let file = try ArrayFile(
      npy: MemoryStream(Self.npy("'<f4'", shape: "(2,)", [UInt8](repeating: 0, count: 8))))
    #expect(throws: DataFileFault.self) { try file.read(as: .data, ledger: ledger) }
    #expect(ledger.liveTotal == 0)
  }

  @Test func `elements of more than a piece come out in order, whatever their type and order`()
    throws
  {
    let count = 700_001
    let numbers = (0..<count).map { UInt32($0) &* 2_654_435_761 % 30_000 }
    func bytes(_ width: Int, isBigEndian: Bool) -> [UInt8] {
      numbers.flatMap { number in
        let places = isBigEndian ? Array((0..<width).reversed()) : Array(0..<width)
        return places.map { UInt8(truncatingIfNeeded: UInt64(number) >> (8 * $0)) }
      }
    }
    let expected = numbers.map { Double($0) }
    for (order, isBigEndian) in [("<", false), (">", true)] {
      for (kind, width) in [("u2", 2), ("i4", 4), ("u4", 4), ("i8", 8)] {
        let file = Self.npy(
          "'\(order)\(kind)'", shape: "(\(count),)", bytes(width, isBigEndian: isBigEndian))
        #expect(try Read(npy: file).values == expected, "\(order)\(kind)")
      }
    }
    let columns = Self.npy(
      "'<i4'", fortran: true, shape: "(7, 100000)", Array(bytes(4, isBigEndian: false).dropLast(4)))
    let rows = try Read(npy: columns).values
    for (row, column) in [(0, 0), (6, 0), (3, 54_321), (0, 99_999), (6, 99_999)] {
      #expect(rows[row * 100_000 + column] == expected[column * 7 + row])
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
    let plain = try Read(idx: Self.images)
    #expect(plain.values == [1, 2, 3, 4, 5, 6] && plain.dtype == .f32)
    #expect(try Read(idx: Self.stored(Self.images)).values == plain.values)
    let two = Self.stored(Array(Self.images[..<7])) + Self.stored(Array(Self.images[7...]))
    #expect(try Read(idx: two).shape == [2, 3])
  }

  @Test func `gzip that is cut, bent, or holds more than its header says is refused`() {
    let file = Self.stored(Self.images)
    for length in 0..<file.count {
      let fault = #expect(throws: DataFileFault.self) { try Read(idx: Array(file[..<length])) }
      let expected: DataFileFault = length < 2 ? .array(.notIDX) : .gzip(.cutShort)
      #expect(fault == expected, "\(length)")
    }
    for (place, problem) in [
      (28, GzipStream.Problem.checksum), (file.count - 6, .checksum), (file.count - 2, .checksum),
      (2, .damaged), (3, .damaged), (12, .damaged),
    ] {
      var bent = file
      bent[place] ^= 0x81
      #expect(throws: DataFileFault.gzip(problem), "\(place)") { try Read(idx: bent) }
    }
    // A header that claims more than so few bytes can hold is refused before anything is allocated.
    var boastful = file
    boastful[20] = 0x7F
    let claim = ArrayFile.Contents(type: .u8, shape: [(0x7F << 16) + 2, 3], isBigEndian: true)
    let ledger = Ledger()
    #expect(throws: DataFileFault.array(.inflated(claim, most: 22704))) {
      try ArrayFile(idx: MemoryStream(boastful)).read(as: .data, ledger: ledger)
    }
    #expect(ledger.liveTotal == 0)
    let images = ArrayFile.Contents(type: .u8, shape: [2, 3], isBigEndian: true)
    #expect(throws: DataFileFault.array(.moreBytes(images, found: nil))) {
      try Read(idx: Self.stored(Self.images + [7]))
    }
    #expect(throws: DataFileFault.array(.fewBytes(images, found: 5))) {
      try Read(idx: Self.stored(Array(Self.images.dropLast())))
    }
    for rest in [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], [0, 0]] as [[UInt8]] {
      #expect(throws: DataFileFault.gzip(.trailing)) { try Read(idx: file + rest) }
    }
  }

  private static func bytes(_ shape: Shape) -> ArrayFile.Contents {
    ArrayFile.Contents(type: .u8, shape: shape, isBigEndian: true)
  }

  /// Files that are no idx files, and why.
  private static let noIDX: [([UInt8], ArrayFile.Problem)] = [
    ([], .notIDX),
    ([0, 0, 8], .notIDX),
    ([0, 1, 8, 1], .notIDX),
    ([0, 0, 8, 2, 0, 0], .cutShort),
    ([0, 0, 7, 1, 0, 0, 0, 1, 5], .unknownType(7)),
    ([0, 0, 8, 1, 0, 0, 0, 2, 5], .fewBytes(bytes([2]), found: 1)),
    ([0, 0, 8, 1, 0, 0, 0, 2, 5, 6, 7], .moreBytes(bytes([2]), found: 3)),
    (
      [0, 0, 8, 2] + [UInt8](repeating: 255, count: 8),
      .impossibleShape([4_294_967_295, 4_294_967_295])
    ),
  ]

  @Test(arguments: noIDX)
  func `what is no idx file is told`(file: [UInt8], problem: ArrayFile.Problem) {
    #expect(throws: DataFileFault.array(problem)) { try Read(idx: file) }
  }
}
