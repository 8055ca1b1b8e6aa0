import DataFiles
import Foundation
import Tensors
import Testing

@Suite struct NPZFileTests {
  /// An npy file of bytes, with a shape that it has or claims.
  private static func npy(_ bytes: [UInt8], shape: String? = nil) -> [UInt8] {
    let text =
      "{'descr': '|u1', 'fortran_order': False, 'shape': \(shape ?? "(\(bytes.count),)"), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.utf8.count), 0] + Array(text.utf8)
      + bytes
  }

  private static let w = ZipBuilder.Member("w.npy", npy([1, 2, 3]))
  private static let b = ZipBuilder.Member("layer/b.npy", npy([4, 5]), isDeflated: true)

  private static func read(
    _ bytes: [UInt8], ledger: Ledger = Ledger()
  ) throws(DataFileFault) -> [(name: String, values: [Double])] {
    var arrays: [(name: String, values: [Double])] = []
    try NPZFile(MemoryStream(bytes), ledger: ledger).forEachArray {
      (name, file) throws(DataFileFault) in
      arrays.append((name, try file.read(as: .data, ledger: ledger).doubles()))
    }
    return arrays
  }

  private static func fault(_ builder: ZipBuilder) -> DataFileFault? {
    #expect(throws: DataFileFault.self) { try read(builder.bytes) }
  }

  @Test func `stored and deflated members, with a comment, and with the records of zip64`() throws {
    var large = [Self.w, Self.b]
    for place in large.indices { large[place].isLarge = true }
    var withComment = ZipBuilder([Self.w, Self.b])
    withComment.comment = Array("PK and more".utf8)
    var withLargeEnd = ZipBuilder(large)
    withLargeEnd.isLarge = true
    for builder in [ZipBuilder([Self.w, Self.b]), withComment, ZipBuilder(large), withLargeEnd] {
      let arrays = try Self.read(builder.bytes)
      #expect(arrays.map(\.name) == ["w", "layer/b"])
      #expect(arrays.map(\.values) == [[1, 2, 3], [4, 5]])
    }
    #expect(try Self.read(ZipBuilder([]).bytes).isEmpty)
  }

  @Test func `an archive that is cut anywhere is refused`() {
    var large = ZipBuilder([Self.w, Self.b])
    large.isLarge = true
    for bytes in [ZipBuilder([Self.w, Self.b]).bytes, large.bytes] {
      for length in 0..<bytes.count {
        #expect(throws: DataFileFault.self, "\(length)") {
          try Self.read(Array(bytes[..<length]))
        }
        #expect(throws: DataFileFault.self, "\(length)") {
          try Self.read(Array(bytes[length...].dropFirst()))
        }
      }
    }
  }

  @Test func `whatever bytes are bent, nothing beyond what the file can hold is allocated`() {
    var generator = SplitMix(state: 9)
    var large = ZipBuilder([Self.w, Self.b])
    large.isLarge = true
    for bytes in [ZipBuilder([Self.w, Self.b]).bytes, large.bytes] {
      for _ in 0..<3000 {
        var bent = bytes
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          bent[Int.random(in: 0..<bent.count, using: &generator)] =
            [0, 1, 0x7F, 0xFF, UInt8.random(in: 0...255, using: &generator)][
              Int.random(in: 0..<5, using: &generator)]
        }
        let ledger = Ledger(budget: 1032 * bent.count)
        if let arrays = try? Self.read(bent, ledger: ledger) {
          #expect(arrays.reduce(0) { $0 + $1.values.count } <= bent.count)
        }
        #expect(ledger.liveTotal == 0)
      }
    }
  }

  /// Archives with one thing wrong, and what is said of each.
  private static let wrong: [(ZipBuilder, DataFileFault)] = {
    func with(
      _ change: (inout ZipBuilder.Member) -> Void, _ fault: DataFileFault,
      _ member: ZipBuilder.Member = w
    ) -> (ZipBuilder, DataFileFault) {
      var member = member
      change(&member)
      return (ZipBuilder([member]), fault)
    }
    func ending(
      _ change: (inout ZipBuilder) -> Void, _ fault: DataFileFault
    ) -> (ZipBuilder, DataFileFault) {
      var builder = ZipBuilder([w])
      change(&builder)
      return (builder, fault)
    }
    let names = ["../w.npy", "a/../w.npy", "/w.npy", "a//w.npy", "a\\w.npy", "./w.npy", "w\0.npy"]
    let length = w.data.count
    let entry = 30 + 5 + length
    var sameBytes = [w, b]
    sameBytes[1].start = 0
    sameBytes[1].name = "v.npy"
    var inDirectory = w
    inDirectory.storedBytes = length + 20
    inDirectory.byteCount = length + 20
    return names.map { name in with({ $0.name = name }, .archive(.name(name))) }
      + [
        with({ $0.name = "w.txt" }, .archive(.noArray("w.txt"))),
        with({ $0.name = ".npy" }, .archive(.noArray(".npy"))),
        with({ $0.name = "" }, .archive(.name(""))),
        with({ $0.checksum = 7 }, .archive(.checksum("w.npy"))),
        with({ $0.checksum = 7 }, .archive(.checksum("layer/b.npy")), b),
        with({ $0.method = 12 }, .archive(.method("w.npy", 12))),
        with({ $0.method = 8 }, .member("w.npy", .gzip(.trailing))),
        with({ $0.flags = 1 }, .archive(.encrypted("w.npy"))),
        with({ $0.localName = "v.npy" }, .archive(.header("w.npy"))),
        with({ $0.localByteCount = 3 }, .archive(.header("w.npy"))),
        with({ $0.byteCount = 3 }, .archive(.sizes("w.npy", bytes: 3, in: length))),
        with(
          { $0.byteCount = 1 << 31 },
          .archive(.sizes("layer/b.npy", bytes: 1 << 31, in: b.data.count + 5)), b),
        with(
          { $0.byteCount = b.data.count + 9 },
          .member("layer/b.npy", .array(.moreBytes(claim(2), found: 11))), b),
        with(
          { $0.byteCount = b.data.count - 1 },
          .member("layer/b.npy", .array(.fewBytes(claim(2), found: 1))), b),
        with(
          { $0.data = npy([1, 2], shape: "(1099511627776,)") },
          .member("w.npy", .array(.fewBytes(claim(1 << 40), found: 2)))),
        with({ $0.data = [0x1F, 0x8B] + npy([1]) }, .member("w.npy", .array(.notNPY))),
        with({ $0.data = [] }, .member("w.npy", .array(.notNPY))),
        with({ $0.start = 5 }, .archive(.header("w.npy"))),
        with({ $0.start = 1 << 20 }, .archive(.record(at: entry))),
        (ZipBuilder([w, w]), .archive(.repeatedName("w.npy"))),
        (ZipBuilder(sameBytes), .archive(.header("v.npy"))),
        (ZipBuilder([inDirectory]), .archive(.overlap("w.npy"))),
        ending({ $0.entryCount = 2 }, .archive(.entryCount(1, said: 2))),
        ending({ $0.entryCount = 0 }, .archive(.entryCount(1, said: 0))),
        ending({ $0.disk = 1 }, .archive(.severalParts)),
        ending({ $0.directoryStart = 3 }, .archive(.directory(at: 3, bytes: 51))),
        ending({ $0.directoryBytes = 9 }, .archive(.directory(at: entry, bytes: 9))),
        ending(
          {
            $0.isLarge = true
            $0.directoryBytes = 1 << 50
          }, .archive(.directory(at: entry, bytes: 1 << 50))),
      ]
  }()

  private static func claim(_ count: Int) -> ArrayFile.Contents {
    ArrayFile.Contents(type: .u8, shape: [count])
  }

  @Test func `what is wrong with an archive is told`() {
    for (builder, expected) in Self.wrong {
      #expect(Self.fault(builder) == expected, "\(expected)")
    }
    for bytes in [[], Array("PK".utf8), Array("no archive at all, and long enough".utf8)] {
      #expect(throws: DataFileFault.archive(.noDirectory)) { try Self.read(bytes) }
    }
  }

  @Test func `two members never have a byte in common`() {
    // The second begins inside the first, with a header of its own there: a bomb of overlaps.
    let inner = ZipBuilder([ZipBuilder.Member("v.npy", Self.npy([9]))]).bytes
    let outer = ZipBuilder.Member("w.npy", Self.npy(inner))
    let start = 30 + 5 + Self.npy([]).count + (outer.data.count - Self.npy([]).count - inner.count)
    var second = ZipBuilder.Member("v.npy", Self.npy([9]))
    second.start = start
    var builder = ZipBuilder([outer])
    builder.members.append(second)
    #expect(Self.fault(builder) == .archive(.overlap("v.npy")))
  }

  @Test func `thousands of members are read, and what they take is in the account`() throws {
    let members = (0..<5000).map { ZipBuilder.Member("w\($0).npy", Self.npy([UInt8($0 % 256)])) }
    let bytes = ZipBuilder(members).bytes
    let ledger = Ledger()
    let file = try NPZFile(MemoryStream(bytes), ledger: ledger)
    #expect(file.names.count == 5000 && ledger.liveTotal >= 5000 * 256)
    #expect(try Self.read(bytes).last?.values == [Double(4999 % 256)])
    #expect(throws: DataFileFault.self) {
      try NPZFile(MemoryStream(bytes), ledger: Ledger(budget: 1 << 20))
    }
  }

  @Test func `a claim of the most that deflate can hold takes no more than that`() {
    // 1,032 times its bytes are possible; the array's header says more than the member's length.
    var member = ZipBuilder.Member(
      "w.npy", Self.npy([1], shape: "(1000000000,)"), isDeflated: true)
    let stored = member.data.count + 5
    member.byteCount = stored * 1032
    let found = stored * 1032 - (member.data.count - 1)
    #expect(
      Self.fault(ZipBuilder([member]))
        == .member("w.npy", .array(.fewBytes(Self.claim(1_000_000_000), found: found))))
  }
}
