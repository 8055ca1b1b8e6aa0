import Testing

@testable import DataFiles

/// Archives of files of any kind.
@Suite struct ZipFilesTests {
  private func files(_ members: [ZipBuilder.Member]) throws -> ZipFiles {
    try ZipFiles(MemoryStream(ZipBuilder(members).bytes))
  }

  @Test func `files and folders are listed, and each file is read by itself`() throws {
    let files = try files([
      .init("ada/", []), .init("ada/a.cairn", Array("let a = 1".utf8)),
      .init("bob.cairn", Array("let b = 2".utf8), isDeflated: true),
    ])
    #expect(files.entries.map(\.kind) == [.folder, .file, .file])
    #expect(files.entries.map(\.path) == [["ada"], ["ada", "a.cairn"], ["bob.cairn"]])
    #expect(try files.bytes(of: files.entries[1]) == Array("let a = 1".utf8))
    #expect(try files.bytes(of: files.entries[2]) == Array("let b = 2".utf8))
  }

  @Test func `a member that cannot be read keeps nobody from the others`() throws {
    var secret = ZipBuilder.Member("eve.cairn", [1])
    secret.flags = 1
    let files = try files([
      .init("../out.cairn", [2]), secret, .init("/root.cairn", [3]), .init("ada.cairn", [4]),
    ])
    #expect(
      files.entries.map(\.kind) == [
        .unreadable(.name("../out.cairn")), .unreadable(.encrypted("eve.cairn")),
        .unreadable(.name("/root.cairn")), .file,
      ])
    #expect(try files.bytes(of: files.entries[3]) == [4])
  }

  @Test func `a file that is damaged is refused when it is read`() throws {
    var bent = ZipBuilder.Member("ada.cairn", [4])
    bent.checksum = 7
    let files = try files([bent])
    #expect(throws: DataFileFault.archive(.checksum("ada.cairn"))) {
      try files.bytes(of: files.entries[0])
    }
  }

  @Test func `an archive is told by how it begins`() throws {
    #expect(try ZipFiles.isArchive(MemoryStream(ZipBuilder([.init("a", [1])]).bytes)))
    #expect(try ZipFiles.isArchive(MemoryStream(ZipBuilder([]).bytes)))
    #expect(try !ZipFiles.isArchive(MemoryStream(Array("let a = 1".utf8))))
    #expect(try !ZipFiles.isArchive(MemoryStream([])))
  }
}
