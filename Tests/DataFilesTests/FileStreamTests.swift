import DataFiles
import Foundation
import Tensors
import Testing
import Writing

@Suite struct FileStreamTests {
  /// A folder for one test, gone at its end.
  private static func inFolder(_ body: (String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.path + "/cairn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  @Test func `what is no file and no pipe is told`() throws {
    try Self.inFolder { folder in
      symlink("loop", folder + "/loop")
      for (path, fault) in [
        (folder, .directory), (folder + "/none", .system(ENOENT)),
        (folder + "/none/x", .system(ENOENT)), (folder + "\0.npy", .nulInName),
        ("/dev/zero", .device), ("/dev/null", .device), (folder + "/loop", .system(ELOOP)),
      ] as [(String, FileFailure)] {
        #expect(throws: DataFileFault.file(fault)) { try FileStream(path: path) }
      }
    }
  }

  @Test func `a pipe is read to its end, and a table from it as from a file`() throws {
    try Self.inFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      let text = "a,b\n" + (0..<100_000).map { "\($0),1\n" }.joined()
      let writer = Thread {
        try? text.write(toFile: path, atomically: false, encoding: .utf8)
      }
      writer.start()
      let stream = try FileStream(path: path)
      #expect(stream.remaining == nil)
      let copy = try stream.rereadable()
      #expect(copy.remaining == text.utf8.count)
      let table = try CSVTable(copy, ledger: Ledger())
      let read = try table.examples(CSVTable.Request(), ledger: Ledger())
      #expect(read.count == 100_000 && read.features?.element(at: 199_998) == 99_999)
      // The copy is in no folder.
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["pipe"])
    }
  }

  @Test func `waiting for a pipe that nobody writes to can be stopped`() throws {
    try Self.inFolder { folder in
      let path = folder + "/pipe"
      #expect(mkfifo(path, 0o600) == 0)
      var asked = 0
      let stream = try FileStream(path: path) {
        asked += 1
        return asked > 2
      }
      #expect(throws: DataFileFault.file(.stopped)) { try ArrayFile(npy: stream) }
    }
  }

  @Test func `a file that changes between two looks is refused`() throws {
    try Self.inFolder { folder in
      let path = folder + "/t.csv"
      try "a\n1\n2\n".write(toFile: path, atomically: false, encoding: .utf8)
      let table = try CSVTable(try FileStream(path: path), ledger: Ledger())
      let file = try #require(FileHandle(forWritingAtPath: path))
      try file.seekToEnd()
      try file.write(contentsOf: Data("3\n".utf8))
      try file.close()
      #expect(throws: DataFileFault.file(.changed)) {
        try table.examples(CSVTable.Request(), ledger: Ledger())
      }
    }
  }
}
