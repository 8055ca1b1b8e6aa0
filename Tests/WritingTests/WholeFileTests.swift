import Foundation
import Testing

@testable import Writing

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

  private func mode(_ name: String) -> mode_t {
    var status = stat()
    stat(path(name), &status)
    return status.st_mode & 0o7777
  }

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

  @Test func `a file that was there keeps its permissions`() throws {
    defer { remove() }
    try WholeFile.write("first", to: path("a"))
    chmod(path("a"), 0o751)
    try WholeFile.write("second", to: path("a"))
    #expect(mode("a") == 0o751)
    #expect(try text("a") == "second")
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
    #expect(throws: WholeFile.Problem(code: ENOSPC)) {
      try WholeFile.write("full", to: "/dev/full")
    }
  }

  @Test func `what cannot be written stays as it was`() throws {
    defer { remove() }
    try WholeFile.write("kept", to: path("a"))
    #expect(throws: WholeFile.Problem(code: EISDIR)) {
      try WholeFile.write("x", to: folder.path)
    }
    #expect(throws: WholeFile.Problem(code: ENOENT)) { try WholeFile.write("x", to: "") }
    #expect(throws: WholeFile.Problem(code: ENOENT)) {
      try WholeFile.write("x", to: path("none/a"))
    }
    #expect(throws: WholeFile.Problem(code: ENOTDIR)) {
      try WholeFile.write("x", to: path("a/b"))
    }
    try FileManager.default.createSymbolicLink(
      atPath: path("round"), withDestinationPath: "round")
    #expect(throws: WholeFile.Problem(code: ELOOP)) {
      try WholeFile.write("x", to: path("round"))
    }
    #expect(throws: WholeFile.Problem(code: ENAMETOOLONG)) {
      try WholeFile.write("x", to: path(String(repeating: "n", count: 256)))
    }
    #expect(try names == ["a", "round"])
    #expect(try text("a") == "kept")
  }
}
