import Tensors
import Writing

/// The directory of a zip archive (PKWARE's APPNOTE.TXT 6.3, with its zip64 records), which stands
/// at the file's end and says where each member lies.
///
/// What it says is compared with the file and with what stands before each member, before anything
/// of a member is read: names, lengths, and that no two members share bytes. A member that cannot be
/// read, or whose name is none, says why; the others can be read all the same.
package struct ZipArchive {
  /// Why bytes are no archive, or one that is not read. The first strings are names of members.
  package enum Problem: Error, Hashable {
    /// There is no directory's end at the file's end.
    case noDirectory
    /// The file is a part of an archive that lies in several.
    case severalParts
    /// What the directory's end says does not fit the file: the directory should lie at a place,
    /// and have so many bytes.
    case directory(at: Int, bytes: Int)
    /// Something else stands where a record of the directory is expected, at a place from 0.
    case record(at: Int)
    /// The directory has so many entries, and its end says another number.
    case entryCount(Int, said: Int)
    /// A name that is no UTF-8, at a place from 0.
    case nameText(at: Int)
    /// A name that would lead out of a folder, or that is no file's.
    case name(String)
    /// A name that does not end in `.npy`.
    case noArray(String)
    case repeatedName(String)
    case encrypted(String)
    /// A member that is neither stored as it is nor deflated: the number of the method.
    case method(String, Int)
    /// So many bytes are said to be held in so many, which cannot be.
    case sizes(String, bytes: Int, in: Int)
    /// What stands before a member says something else than the directory.
    case header(String)
    /// A member lies where another does, or the directory.
    case overlap(String)
    /// What a member holds has another checksum (CRC-32) than the directory says.
    case checksum(String)
    /// A member holds more or fewer bytes than the directory says.
    case length(String, said: Int)
  }

  /// What the directory says of a member.
  struct Member {
    let name: String
    /// Why it cannot be read, or by that name; `nil` where it can.
    let problem: Problem?
    /// True where its writer says that it is a symbolic link: it holds the path of another file.
    let isLink: Bool
    let isDeflated: Bool
    let checksum: UInt32
    /// Bytes in the archive, and of what they hold.
    let storedBytes: Int
    let byteCount: Int
    /// Where what stands before it begins.
    let start: Int
    /// Where its bytes begin; 0 until that is looked up.
    var dataStart = 0

    /// Where its bytes end.
    var end: Int { dataStart + storedBytes }
    /// True for a folder, which holds nothing itself.
    var isFolder: Bool { name.hasSuffix("/") }
  }

  /// In the order of the directory.
  let members: [Member]
  private let stream: any AddressedStream
  /// What the members take, in the account.
  private let table: Workspace

  /// Reads the directory of an archive, and looks at what stands before each member that can be
  /// read.
  ///
  /// - Parameter check: Called with each entry of the directory; where it throws, there is no
  ///   archive.
  init(
    _ stream: any AddressedStream, ledger: Ledger,
    check: (Member) throws(DataFileFault) -> Void
  ) throws(DataFileFault) {
    self.stream = stream
    let table = try room { () throws(MemoryError) in try Workspace(ledger: ledger) }
    self.table = table
    let end = try ZipEnd(stream)
    let bytes = end.directory
    let directoryRoom = try room { () throws(MemoryError) in
      try Workspace(byteCount: bytes.count, ledger: ledger)
    }
    defer { withExtendedLifetime(directoryRoom) {} }
    var reader = ZipDirectoryReader(try stream.bytes(at: bytes), start: bytes.lowerBound)
    var members: [Member] = []
    while !reader.isAtEnd {
      let member = try reader.member()
      try room { () throws(MemoryError) in try table.add(256 + 2 * member.name.utf8.count) }
      try check(member)
      members.append(member)
    }
    guard members.count == end.count else {
      throw .archive(.entryCount(members.count, said: end.count))
    }
    for place in members.indices where members[place].problem == nil {
      members[place].dataStart = try ZipArchive.dataStart(of: members[place], in: stream)
    }
    try ZipArchive.checkPlaces(
      of: members.filter { $0.problem == nil }, before: bytes.lowerBound)
    self.members = members
  }

  /// A member's bytes, as they were before it was archived.
  func stream(of member: Member) throws(DataFileFault) -> any ByteStream {
    try ZipMemberStream(member, in: stream)
  }

  /// Where the bytes of a member begin: behind a header of its own, which repeats what the
  /// directory says.
  private static func dataStart(
    of member: Member, in stream: any AddressedStream
  ) throws(DataFileFault) -> Int {
    let fixed = 30
    let name = Array(member.name.utf8)
    let header = try stream.bytes(at: member.start..<member.start + fixed + name.count)
    guard header.count == fixed + name.count else { throw .archive(.header(member.name)) }
    let fields = LittleEndian(header)
    guard fields.u32(0) == 0x0403_4B50, fields.u16(8) == (member.isDeflated ? 8 : 0),
      fields.u16(26) == name.count, header[fixed...].elementsEqual(name)
    else { throw .archive(.header(member.name)) }
    // Where its writer could not go back, lengths and checksum stand behind the member, and 0 here;
    // where it left room for large ones, they stand in a field of zip64.
    let isOpen = fields.u16(6) & 8 != 0
    func agrees(_ said: Int, _ known: Int) -> Bool {
      said == known || isOpen && said == 0 || said == 0xFFFF_FFFF
    }
    guard isOpen || fields.u32(14) == member.checksum,
      agrees(Int(fields.u32(18)), member.storedBytes), agrees(Int(fields.u32(22)), member.byteCount)
    else { throw .archive(.header(member.name)) }
    return member.start + fixed + name.count + Int(fields.u16(28))
  }

  /// No two members have a byte in common, and none has one of the directory.
  private static func checkPlaces(
    of members: [Member], before directory: Int
  ) throws(DataFileFault) {
    var end = 0
    for member in members.sorted(by: { ($0.start, $0.name) < ($1.start, $1.name) }) {
      guard member.start >= end, member.end <= directory else {
        throw .archive(.overlap(member.name))
      }
      end = member.end
    }
  }
}

/// What stands at an archive's end: where its directory lies, and how many entries it has.
struct ZipEnd {
  /// Where the directory's bytes lie.
  let directory: Range<Int>
  /// Entries that it should have.
  let count: Int

  private static let endBytes = 22
  private static let longestComment = 0xFFFF
  private static let endBytes64 = 56
  private static let locatorBytes = 20

  /// Looks for it. Throws where there is none, and where what it says does not fit the file.
  init(_ stream: any AddressedStream) throws(DataFileFault) {
    guard let size = stream.byteCount else { throw .archive(.noDirectory) }
    let tailStart = max(0, size - ZipEnd.endBytes - ZipEnd.longestComment)
    let tail = try stream.bytes(at: tailStart..<size)
    // The last record whose comment ends with the file.
    let place = stride(from: tail.count - ZipEnd.endBytes, through: 0, by: -1).first { place in
      let fields = LittleEndian(tail[place...])
      return fields.u32(0) == 0x0605_4B50
        && place + ZipEnd.endBytes + Int(fields.u16(20)) == tail.count
    }
    guard let place else { throw .archive(.noDirectory) }
    let fields = LittleEndian(tail[place...])
    guard fields.u16(4) == fields.u16(6), fields.u16(8) == fields.u16(10),
      fields.u16(4) == 0 || fields.u16(4) == 0xFFFF
    else { throw .archive(.severalParts) }
    var (count, bytes, start) = (Int(fields.u16(10)), Int(fields.u32(12)), Int(fields.u32(16)))
    var end = tailStart + place
    if count == 0xFFFF || bytes == 0xFFFF_FFFF || start == 0xFFFF_FFFF,
      let large = try ZipEnd.large(before: end, in: stream)
    {
      (count, bytes, start, end) = large
    }
    guard start >= 0, bytes >= 0, start <= end, bytes == end - start else {
      throw .archive(.directory(at: start, bytes: bytes))
    }
    directory = start..<end
    self.count = count
  }

  /// The same from the record of zip64, to which a locator leads that stands before the end; `nil`
  /// where there is none.
  private static func large(
    before end: Int, in stream: any AddressedStream
  ) throws(DataFileFault) -> (count: Int, bytes: Int, start: Int, end: Int)? {
    guard end >= locatorBytes else { return nil }
    let locator = LittleEndian(try stream.bytes(at: end - locatorBytes..<end))
    guard locator.u32(0) == 0x0706_4B50 else { return nil }
    guard locator.u32(4) == 0, locator.u32(16) <= 1 else { throw .archive(.severalParts) }
    guard let place = locator.count(8), place <= end - locatorBytes - endBytes64 else {
      throw .archive(.record(at: end - locatorBytes))
    }
    let record = LittleEndian(try stream.bytes(at: place..<place + endBytes64))
    guard record.u32(0) == 0x0606_4B50, let length = record.count(4),
      length == end - locatorBytes - place - 12, let count = record.count(32),
      record.count(24) == count, let bytes = record.count(40), let start = record.count(48)
    else { throw .archive(.record(at: place)) }
    guard record.u32(16) == 0, record.u32(20) == 0 else { throw .archive(.severalParts) }
    return (count, bytes, start, place)
  }
}

/// Goes through a directory, entry by entry.
struct ZipDirectoryReader {
  private let bytes: [UInt8]
  private let start: Int
  private var place = 0
  private static let entryBytes = 46

  /// The directory's bytes, which begin at a place in the file.
  init(_ bytes: [UInt8], start: Int) {
    self.bytes = bytes
    self.start = start
  }

  /// True where no entry is left.
  var isAtEnd: Bool { place == bytes.count }

  /// The next entry. Throws where it is none, and where behind it no other could be found; what
  /// else it says that cannot be is its problem.
  mutating func member() throws(DataFileFault) -> ZipArchive.Member {
    let recordPlace = start + place
    guard bytes.count - place >= ZipDirectoryReader.entryBytes else {
      throw .archive(.record(at: recordPlace))
    }
    let fields = LittleEndian(bytes[place...])
    let nameEnd = place + ZipDirectoryReader.entryBytes + Int(fields.u16(28))
    let extraEnd = nameEnd + Int(fields.u16(30))
    let end = extraEnd + Int(fields.u16(32))
    guard fields.u32(0) == 0x0201_4B50, end <= bytes.count else {
      throw .archive(.record(at: recordPlace))
    }
    let nameBytes = bytes[place + ZipDirectoryReader.entryBytes..<nameEnd]
    let name = String(decoding: nameBytes, as: UTF8.self)
    var (stored, count) = (Int(fields.u32(20)), Int(fields.u32(24)))
    var start = Int(fields.u32(42))
    var large = LargeFields(bytes[nameEnd..<extraEnd])
    if count == 0xFFFF_FFFF { count = large.next() ?? -1 }
    if stored == 0xFFFF_FFFF { stored = large.next() ?? -1 }
    if start == 0xFFFF_FFFF { start = large.next() ?? -1 }
    guard count >= 0, stored >= 0, start >= 0, start <= recordPlace,
      stored <= recordPlace - start
    else { throw .archive(.record(at: recordPlace)) }
    guard fields.u16(34) == 0 else { throw .archive(.severalParts) }
    let method = Int(fields.u16(10))
    let problem =
      String(validating: nameBytes, as: UTF8.self) == nil
      ? .nameText(at: recordPlace)
      : ZipDirectoryReader.isName(name)
        ? ZipDirectoryReader.problem(name, fields, method, stored: stored, count: count)
        : ZipArchive.Problem.name(name)
    place = end
    return ZipArchive.Member(
      name: name, problem: problem, isLink: ZipDirectoryReader.isLink(fields),
      isDeflated: method == 8, checksum: fields.u32(16), storedBytes: stored, byteCount: count,
      start: start)
  }

  /// Why what a member holds cannot be read; `nil` where it can.
  private static func problem(
    _ name: String, _ fields: LittleEndian, _ method: Int, stored: Int, count: Int
  ) -> ZipArchive.Problem? {
    guard fields.u16(8) & 0x2041 == 0 else { return .encrypted(name) }
    guard method == 0 || method == 8 else { return .method(name, method) }
    let most = method == 0 ? stored : stored * GzipStream.mostInflation
    guard count <= most, method == 8 || count == stored else {
      return .sizes(name, bytes: count, in: stored)
    }
    return nil
  }

  /// Names are those of files and folders within a folder.
  private static func isName(_ name: String) -> Bool {
    let path = name.hasSuffix("/") ? name.dropLast() : name[...]
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    return !name.utf8.contains(0) && !name.contains("\\")
      && !parts.contains { $0 == ".." || $0 == "." || $0.isEmpty }
  }

  /// Where the writer ran on a Unix, the upper half of the outer attributes is the file's mode.
  private static func isLink(_ fields: LittleEndian) -> Bool {
    fields.u16(4) >> 8 == 3 && fields.u16(40) & 0o170000 == 0o120000
  }

  /// The numbers of the extra field of zip64 (its number is 1), in their order.
  private struct LargeFields {
    private var numbers: ArraySlice<UInt8> = []

    init(_ extra: ArraySlice<UInt8>) {
      var rest = extra
      while rest.count >= 4 {
        let fields = LittleEndian(rest)
        let length = Int(fields.u16(2))
        rest = rest.dropFirst(4)
        guard length <= rest.count else { return }
        if fields.u16(0) == 1 { numbers = rest.prefix(length) }
        rest = rest.dropFirst(length)
      }
    }

    mutating func next() -> Int? {
      guard numbers.count >= 8 else { return nil }
      defer { numbers = numbers.dropFirst(8) }
      return LittleEndian(numbers).count(0)
    }
  }
}

/// Numbers at places of bytes, the lowest byte first.
struct LittleEndian {
  private let bytes: ArraySlice<UInt8>

  /// Bytes; those that are missing at their end are read as 0.
  init(_ bytes: ArraySlice<UInt8>) { self.bytes = bytes }

  /// The same.
  init(_ bytes: [UInt8]) { self.bytes = bytes[...] }

  /// A number of two bytes.
  func u16(_ place: Int) -> UInt16 { UInt16(truncatingIfNeeded: number(place, 2)) }

  /// A number of four bytes.
  func u32(_ place: Int) -> UInt32 { UInt32(truncatingIfNeeded: number(place, 4)) }

  /// A number of eight bytes; `nil` where no file has so many.
  func count(_ place: Int) -> Int? {
    let number = number(place, 8)
    return number < 1 << 56 ? Int(number) : nil
  }

  private func number(_ place: Int, _ width: Int) -> UInt64 {
    (0..<width).reversed().reduce(0) { number, byte in
      let index = bytes.startIndex + place + byte
      return number << 8 | (index < bytes.endIndex ? UInt64(bytes[index]) : 0)
    }
  }
}

extension AddressedStream {
  /// The bytes of a stretch, or fewer at the end.
  func bytes(at stretch: Range<Int>) throws(DataFileFault) -> [UInt8] {
    let room = try workRoom(stretch.count)
    defer { withExtendedLifetime(room) {} }
    let found = try read(at: stretch.lowerBound, into: room.bytes)
    return Array(room.bytes[..<found])
  }
}
