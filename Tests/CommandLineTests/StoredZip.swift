/// A zip archive whose files are stored as they are (PKWARE's APPNOTE.TXT 6.3).
enum StoredZip {
  /// The bytes of an archive of these files; those of `links` are symbolic links.
  static func bytes(_ files: [(name: String, text: String)], links: Set<String> = []) -> [UInt8] {
    var (archive, directory): ([UInt8], [UInt8]) = ([], [])
    for file in files {
      let (name, data) = (Array(file.name.utf8), Array(file.text.utf8))
      let common =
        little(0, 2) + little(0, 2) + little(0, 4) + little(Int(checksum(data)), 4)
        + little(data.count, 4) + little(data.count, 4) + little(name.count, 2) + little(0, 2)
      let mode = links.contains(file.name) ? 0o120777 : 0o100644
      // Made on a Unix (3), with the mode in the upper half of the outer attributes.
      directory += little(0x0201_4B50, 4) + little(0x0314, 2) + little(20, 2) + common
      directory += little(0, 2) + little(0, 2) + little(0, 2) + little(mode << 16, 4)
      directory += little(archive.count, 4) + name
      archive += little(0x0403_4B50, 4) + little(20, 2) + common + name + data
    }
    return archive + directory + little(0x0605_4B50, 4) + little(0, 4)
      + little(files.count, 2) + little(files.count, 2) + little(directory.count, 4)
      + little(archive.count, 4) + little(0, 2)
  }

  private static func little(_ number: Int, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  /// CRC-32.
  private static func checksum(_ bytes: [UInt8]) -> UInt32 {
    var sum = ~UInt32(0)
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 { sum = sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
    }
    return ~sum
  }
}
