import Tensors

/// The files of a zip archive as people hand them out: of any kind, in folders, each read by itself
/// and nowhere unpacked.
package struct ZipFiles {
  /// An entry of the archive's directory.
  package struct Entry {
    /// What it is.
    package enum Kind: Equatable {
      case file
      case folder
      /// The path of another file, which is not followed.
      case link
      /// What cannot be read, or not by that name, and why.
      case unreadable(ZipArchive.Problem)
    }

    /// As it stands in the archive.
    package let name: String
    /// The names of its folders, and its own.
    package let path: [String]
    package let kind: Kind
    /// Bytes that it holds, as the directory says; what it says is checked when it is read.
    package let byteCount: Int
    fileprivate let member: ZipArchive.Member
  }

  /// How an archive begins, with members or without.
  private static let beginnings: [[UInt8]] = [[0x50, 0x4B, 3, 4], [0x50, 0x4B, 5, 6]]

  /// In the order of the directory.
  package let entries: [Entry]
  private let archive: ZipArchive

  /// True for bytes that begin as an archive does.
  package static func isArchive(_ stream: any AddressedStream) throws(DataFileFault) -> Bool {
    beginnings.contains(try stream.bytes(at: 0..<4))
  }

  /// Reads an archive's directory.
  package init(_ stream: any AddressedStream) throws(DataFileFault) {
    archive = try ZipArchive(stream, ledger: Ledger()) { _ in }
    entries = archive.members.map { member in
      let kind: Entry.Kind =
        member.problem.map { .unreadable($0) }
        ?? (member.isFolder ? .folder : member.isLink ? .link : .file)
      return Entry(
        name: member.name, path: member.name.split(separator: "/").map(String.init), kind: kind,
        byteCount: member.byteCount, member: member)
    }
  }

  /// The bytes of a file. Throws where they are not those that the directory tells of.
  package func bytes(of entry: Entry) throws(DataFileFault) -> [UInt8] {
    try archive.stream(of: entry.member).next(entry.byteCount)
  }
}
