/// Archives as they should be, and as they should not.
struct ZipBuilder {
  /// A member, and what the archive says of it where that is not so.
  struct Member {
    var name: String
    var data: [UInt8]
    var isDeflated = false
    var method: Int?
    var flags = 0
    var checksum: UInt32?
    var byteCount: Int?
    var storedBytes: Int?
    /// What stands before the member, where it is other than in the directory.
    var localName: String?
    var localByteCount: Int?
    var start: Int?
    /// Lengths in a field of zip64.
    var isLarge = false

    init(_ name: String, _ data: [UInt8], isDeflated: Bool = false) {
      self.name = name
      self.data = data
      self.isDeflated = isDeflated
    }

    fileprivate var stored: [UInt8] {
      guard isDeflated else { return data }
      // One block that is stored as it is (RFC 1951, 3.2.4).
      return [1] + ZipBuilder.little(data.count, 2) + ZipBuilder.little(~data.count & 0xFFFF, 2)
        + data
    }
  }

  var members: [Member]
  var comment: [UInt8] = []
  /// Said at the end, where it is not so.
  var entryCount: Int?
  var directoryStart: Int?
  var directoryBytes: Int?
  var disk = 0
  /// Writes the end's numbers in a record of zip64.
  var isLarge = false

  init(_ members: [Member]) { self.members = members }

  /// The archive.
  var bytes: [UInt8] {
    var file: [UInt8] = []
    var directory: [UInt8] = []
    for member in members {
      let start = member.start ?? file.count
      let method = member.method ?? (member.isDeflated ? 8 : 0)
      let checksum = Int(member.checksum ?? ZipBuilder.checksum(of: member.data))
      let stored = member.storedBytes ?? member.stored.count
      let count = member.byteCount ?? member.data.count
      let localName = Array((member.localName ?? member.name).utf8)
      file += ZipBuilder.little(0x0403_4B50, 4) + ZipBuilder.little(20, 2)
      file += ZipBuilder.little(member.flags, 2) + ZipBuilder.little(method, 2)
      file += ZipBuilder.little(0, 4) + ZipBuilder.little(checksum, 4)
      file += ZipBuilder.little(stored, 4) + ZipBuilder.little(member.localByteCount ?? count, 4)
      file += ZipBuilder.little(localName.count, 2) + ZipBuilder.little(0, 2)
      file += localName + member.stored
      let name = Array(member.name.utf8)
      let extra =
        member.isLarge
        ? ZipBuilder.little(1, 2) + ZipBuilder.little(24, 2) + ZipBuilder.little(count, 8)
          + ZipBuilder.little(stored, 8) + ZipBuilder.little(start, 8) : []
      func said(_ number: Int) -> [UInt8] {
        ZipBuilder.little(member.isLarge ? 0xFFFF_FFFF : number, 4)
      }
      directory += ZipBuilder.little(0x0201_4B50, 4) + ZipBuilder.little(20, 2)
      directory += ZipBuilder.little(20, 2) + ZipBuilder.little(member.flags, 2)
      directory += ZipBuilder.little(method, 2) + ZipBuilder.little(0, 4)
      directory += ZipBuilder.little(checksum, 4) + said(stored) + said(count)
      directory += ZipBuilder.little(name.count, 2) + ZipBuilder.little(extra.count, 2)
      directory += ZipBuilder.little(0, 2) + ZipBuilder.little(0, 2) + ZipBuilder.little(0, 2)
      directory += ZipBuilder.little(0, 4) + said(start) + name + extra
    }
    return file + directory + end(start: file.count, bytes: directory.count)
  }

  private func end(start: Int, bytes: Int) -> [UInt8] {
    let count = entryCount ?? members.count
    let (saidStart, saidBytes) = (directoryStart ?? start, directoryBytes ?? bytes)
    var end: [UInt8] = []
    if isLarge {
      let place = start + bytes
      end += ZipBuilder.little(0x0606_4B50, 4) + ZipBuilder.little(44, 8)
      end += ZipBuilder.little(45, 2) + ZipBuilder.little(45, 2) + ZipBuilder.little(0, 8)
      end += ZipBuilder.little(count, 8) + ZipBuilder.little(count, 8)
      end += ZipBuilder.little(saidBytes, 8) + ZipBuilder.little(saidStart, 8)
      end += ZipBuilder.little(0x0706_4B50, 4) + ZipBuilder.little(0, 4)
      end += ZipBuilder.little(place, 8) + ZipBuilder.little(1, 4)
    }
    end += ZipBuilder.little(0x0605_4B50, 4) + ZipBuilder.little(disk, 2) + ZipBuilder.little(0, 2)
    end += ZipBuilder.little(isLarge ? 0xFFFF : count, 2)
    end += ZipBuilder.little(isLarge ? 0xFFFF : count, 2)
    end += ZipBuilder.little(isLarge ? 0xFFFF_FFFF : saidBytes, 4)
    end += ZipBuilder.little(isLarge ? 0xFFFF_FFFF : saidStart, 4)
    return end + ZipBuilder.little(comment.count, 2) + comment
  }

  /// A number, its lowest byte first.
  static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// CRC-32, bit by bit.
  static func checksum(of data: [UInt8]) -> UInt32 {
    var state: UInt32 = 0xFFFF_FFFF
    for byte in data {
      state ^= UInt32(byte)
      for _ in 0..<8 { state = state & 1 == 1 ? state >> 1 ^ 0xEDB8_8320 : state >> 1 }
    }
    return ~state
  }
}
