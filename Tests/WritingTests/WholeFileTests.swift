import Foundation
import Testing

@testable import Writing

/// Files are written whole or not at all, and stay what they are.
@Suite struct WholeFileTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cairn-test-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private func remove() { try? FileManager.default.removeItem(at: folder) }

  private func path(_ name: String) -> String { folder.path + "/" + name }

  private func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  private var names: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() }
  }

  private func status(_ name: String) -> stat {
    var status = stat()
    stat(path(name), &status)
    return status
  }

  private func mode(_ name: String) -> mode_t { status(name).st_mode & 0o7777 }

  @Test func `a file is made, then replaced, and nothing stays beside it`() throws {
    defer { remove() }
    try WholeFile.write("first", to: path("a"))
    #expect(try text("a") == "first")
    try WholeFile.write("", to: path("a"))
    #expect(try text("a").isEmpty)
    try WholeFile.write([1, 2, 3], to: path("b"), mode: 0o600)
    #expect(mode("b") == 0o600)
    #expect(try names == ["a", "b"])
  }

  @Test func `pieces make one file, and none where one of them fails`() throws {
    defer { remove() }
    try WholeFile.write(to: path("a")) { (sink) throws(FileFailure) in
      for _ in 0..<1000 { try sink.put(Array("piece".utf8)) }
    }
    #expect(try text("a") == String(repeating: "piece", count: 1000))
    #expect(throws: FileFailure.stopped) {
      try WholeFile.write(to: path("a")) { (sink) throws(FileFailure) in
        try sink.put([1, 2, 3])
        throw .stopped
      }
    }
    #expect(try text("a").count == 5000)
    #expect(try names == ["a"])
  }

  @Test func `a file that was there keeps its permissions`() throws {
    defer { remove() }
    try WholeFile.write("first", to: path("a"))
    chmod(path("a"), 0o751)
    try WholeFile.write("second", to: path("a"))
    #expect(mode("a") == 0o751)
    #expect(try text("a") == "second")
  }

  @Test(.enabled(if: geteuid() == 0)) func `a file that was there keeps its owner`() throws {
    defer { remove() }
    try WholeFile.write("first", to: path("a"))
    chown(path("a"), 1234, 1235)
    chmod(path("a"), 0o4751)
    try WholeFile.write("second", to: path("a"))
    #expect(status("a").st_uid == 1234 && status("a").st_gid == 1235)
    #expect(mode("a") == 0o4751)
  }

  @Test func `the other names of a file stay names of it`() throws {
    defer { remove() }
    try WholeFile.write(String(repeating: "first", count: 100), to: path("a"))
    #expect(link(path("a"), path("b")) == 0)
    try WholeFile.write("second", to: path("a"))
    #expect(try text("a") == "second" && text("b") == "second")
    #expect(status("a").st_ino == status("b").st_ino)
    #expect(try names == ["a", "b"])
  }

  @Test func `links stay links, those to a file that is not there yet too`() throws {
    defer { remove() }
    let files = FileManager.default
    try files.createDirectory(atPath: path("inner"), withIntermediateDirectories: false)
    try files.createSymbolicLink(atPath: path("near"), withDestinationPath: "inner/far")
    try files.createSymbolicLink(atPath: path("inner/far"), withDestinationPath: "file")
    for content in ["first", "second"] {
      try WholeFile.write(content, to: path("near"))
      #expect(try text("inner/file") == content)
      #expect(try files.destinationOfSymbolicLink(atPath: path("near")) == "inner/far")
      #expect(try files.destinationOfSymbolicLink(atPath: path("inner/far")) == "file")
    }
  }

  @Test func `a link may lead to a name that is no UTF-8`() throws {
    defer { remove() }
    let name: [CChar] = [CChar(bitPattern: 0xe9), 0]
    #expect(symlink(name, path("a")) == 0)
    try WholeFile.write("through", to: path("a"))
    #expect(try text("a") == "through")
    var found = stat()
    #expect(lstat(path("a"), &found) == 0 && found.st_mode & S_IFMT == S_IFLNK)
  }

  @Test func `devices and pipes are written as they are`() throws {
    defer { remove() }
    try WholeFile.write("nothing", to: "/dev/null")
    var status = stat()
    #expect(stat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    let reader = open(path("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    try WholeFile.write("through", to: path("pipe"))
    var bytes = [UInt8](repeating: 0, count: 16)
    #expect(read(reader, &bytes, bytes.count) == 7)
    #expect(throws: FileFailure.system(ENOSPC)) {
      try WholeFile.write("full", to: "/dev/full")
    }
  }

  @Test func `a wait for a pipe's reader ends when nobody wants it any more`() throws {
    defer { remove() }
    #expect(mkfifo(path("pipe"), 0o600) == 0)
    var asked = 0
    #expect(throws: FileFailure.stopped) {
      try WholeFile.write("x", to: path("pipe")) {
        asked += 1
        return asked > 2
      }
    }
    let reader = open(path("pipe"), O_RDONLY | O_NONBLOCK)
    defer { close(reader) }
    let much = [UInt8](repeating: 1, count: 1 << 20)
    #expect(throws: FileFailure.stopped) {
      try WholeFile.write(much, to: path("pipe")) { true }
    }
  }

  @Test func `what the process has open is written where it stands`() throws {
    defer { remove() }
    try WholeFile.write("kept ", to: path("a"))
    let file = open(path("a"), O_WRONLY | O_APPEND)
    defer { close(file) }
    try WholeFile.write("added", to: "/dev/fd/\(file)")
    #expect(try text("a") == "kept added")
  }

  @Test func `what cannot be written stays as it was`() throws {
    defer { remove() }
    try WholeFile.write("kept", to: path("a"))
    func refusal(_ path: String) -> FileFailure? {
      do throws(FileFailure) {
        try WholeFile.write("x", to: path)
        return nil
      } catch { return error }
    }
    #expect(refusal(folder.path) == .directory)
    #expect(refusal(path("none/")) == .directory)
    #expect(refusal("") == .system(ENOENT))
    #expect(refusal(path("none/a")) == .system(ENOENT))
    #expect(refusal(path("a/b")) == .system(ENOTDIR))
    #expect(refusal(path("a\0b")) == .nulInName)
    #expect(refusal(path(String(repeating: "n", count: 256))) == .system(ENAMETOOLONG))
    #expect(refusal(path(String(repeating: "n/", count: 2048))) == .system(ENAMETOOLONG))
    try FileManager.default.createSymbolicLink(
      atPath: path("round"), withDestinationPath: "round")
    #expect(refusal(path("round")) == .system(ELOOP))
    chmod(path("a"), 0o444)
    #expect(refusal(path("a")) == .readOnly)
    #expect(try names == ["a", "round"])
    #expect(try text("a") == "kept")
  }

  @Test func `a name of 255 bytes is written as any other`() throws {
    defer { remove() }
    let name = String(repeating: "ü", count: 127) + "n"
    for content in ["first", "second"] {
      try WholeFile.write(content, to: path(name))
      #expect(try text(name) == content)
    }
    #expect(try names == [name])
  }

  @Test func `a file that another program changed meanwhile is left as it is`() throws {
    defer { remove() }
    let old = Array("what was read".utf8)
    func rewrite() throws(FileFailure) {
      try WholeFile.write(Array("mine".utf8), to: path("a"), replacing: old)
    }
    #expect(throws: FileFailure.changed) { try rewrite() }
    #expect(try names.isEmpty)
    for other in ["", "what was read, and more", "what was", "what was rEad"] {
      try WholeFile.write(other, to: path("a"))
      #expect(throws: FileFailure.changed) { try rewrite() }
      #expect(try text("a") == other)
    }
    try WholeFile.write(old, to: path("a"))
    try rewrite()
    #expect(try text("a") == "mine")
    #expect(try names == ["a"])
  }

  @Test func `what a write left that was ended is removed, and nothing else`() throws {
    defer { remove() }
    let others = [
      ".b.cairn-0badcafe.part", ".a.cairn-0badcafe", ".a.cairn-0badcaf.part",
      ".a.cairn-0BADCAFE.part", "a.cairn-0badcafe.part", ".aa.cairn-0badcafe.part",
    ]
    for name in others + [".a.cairn-0badcafe.part"] {
      #expect(FileManager.default.createFile(atPath: path(name), contents: Data([1])))
    }
    try WholeFile.write("first", to: path("a"))
    #expect(try names == (others + ["a"]).sorted())
  }

  @Test func `a file that is being written twice at once is whole, and one of the two`() throws {
    defer { remove() }
    try WholeFile.write(to: path("a")) { (sink) throws(FileFailure) in
      try sink.put(Array("outer".utf8))
      try WholeFile.write("inner", to: path("a"))
    }
    #expect(try text("a") == "outer")
    #expect(try names == ["a"])
  }

  @Test func `where a write of several names was cut short, the next says what is left`() throws {
    defer { remove() }
    try WholeFile.write("half", to: path("a"))
    try WholeFile.write("before", to: path(".a.cairn-before"))
    #expect(throws: FileFailure.leftover(copy: path(".a.cairn-before"))) {
      try WholeFile.write("x", to: path("a"))
    }
    #expect(try text("a") == "half")
    let copy = open(path(".a.cairn-before"), O_RDWR)
    #expect(flock(copy, LOCK_EX) == 0)
    #expect(throws: FileFailure.busy) { try WholeFile.write("x", to: path("a")) }
    close(copy)
    #expect(unlink(path(".a.cairn-before")) == 0)
    try WholeFile.write("whole", to: path("a"))
    #expect(try names == ["a"])
  }
}
