import Foundation
import Testing

@testable import Writing

/// Files and lines are read up to a number of bytes.
@Suite struct InputTests {
  private let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/cairn-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  private func remove() { try? FileManager.default.removeItem(atPath: folder) }

  private func refusal(_ path: String, isWrittenAgain: Bool = false) -> FileFailure? {
    do throws(FileFailure) {
      _ = try InputFile.read(path, atMost: 8, isWrittenAgain: isWrittenAgain)
      return nil
    } catch { return error }
  }

  @Test func `a file is read whole, up to its limit`() throws {
    defer { remove() }
    let path = folder + "/a"
    for count in [0, 1, 7, 8] {
      try WholeFile.write([UInt8](repeating: 7, count: count), to: path)
      #expect(try InputFile.read(path, atMost: 8) == [UInt8](repeating: 7, count: count))
    }
    try WholeFile.write([UInt8](repeating: 7, count: 9), to: path)
    #expect(refusal(path) == .tooLarge(limit: 8))
    let large = (0..<200_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try WholeFile.write(large, to: path)
    #expect(try InputFile.read(path, atMost: 1 << 20) == large)
  }

  @Test func `what is no file says what it is`() throws {
    defer { remove() }
    #expect(refusal("/dev/zero") == .device)
    #expect(refusal("/dev/null") == .device)
    #expect(refusal(folder) == .directory)
    #expect(refusal(folder + "/none") == .system(ENOENT))
    #expect(refusal(folder + "/a\0b") == .nulInName)
    #expect(symlink("round", folder + "/round") == 0)
    #expect(refusal(folder + "/round") == .system(ELOOP))
    #expect(symlink("/dev/zero", folder + "/zero") == 0)
    #expect(refusal(folder + "/zero") == .device)
    #expect(mkfifo(folder + "/pipe", 0o600) == 0)
    #expect(refusal(folder + "/pipe", isWrittenAgain: true) == .pipe)
  }

  @Test func `a pipe is waited for, and read to its end or its limit`() throws {
    defer { remove() }
    let path = folder + "/pipe"
    #expect(mkfifo(path, 0o600) == 0)
    var asked = 0
    #expect(throws: FileFailure.stopped) {
      try InputFile.read(path, atMost: 8) {
        asked += 1
        return asked > 1
      }
    }
    for (text, isTaken) in [("12345678", true), ("123456789", false)] {
      let writer = Thread { try? WholeFile.write(text, to: path) }
      writer.start()
      if isTaken {
        #expect(try InputFile.read(path, atMost: 8) == Array(text.utf8))
      } else {
        #expect(throws: FileFailure.tooLarge(limit: 8)) { try InputFile.read(path, atMost: 8) }
      }
    }
  }

  /// A pipe that holds the text and is closed, and does not wait.
  private func pipe(_ text: String) throws -> Int32 {
    var ends: [Int32] = [-1, -1]
    try #require(Foundation.pipe(&ends) == 0)
    let bytes = Array(text.utf8)
    try #require(write(ends[1], bytes, bytes.count) == bytes.count)
    close(ends[1])
    _ = fcntl(ends[0], F_SETFL, O_NONBLOCK)
    return ends[0]
  }

  private func lines(_ text: String, longest: Int = 1000) throws -> [String] {
    let descriptor = try pipe(text)
    defer { close(descriptor) }
    let input = InputLines(descriptor, longest: longest)
    var lines: [String] = []
    while let line = try input.next() { lines.append(line) }
    return lines
  }

  @Test func `lines end with a newline, a return before it, or the end`() throws {
    #expect(try lines("") == [])
    #expect(try lines("\n") == [""])
    #expect(try lines("a\n\nb\r\nc") == ["a", "", "b", "c"])
    #expect(try lines("ü\u{0}\n") == ["ü\u{0}"])
  }

  @Test func `a line has at most as many bytes as it may`() throws {
    #expect(try lines("1234\n12", longest: 4) == ["1234", "12"])
    #expect(throws: FileFailure.tooLarge(limit: 4)) { try lines("12\n12345\n12", longest: 4) }
    #expect(throws: FileFailure.tooLarge(limit: 4)) { try lines("12345", longest: 4) }
  }

  @Test func `a descriptor that does not wait is waited for, in pieces`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(Foundation.pipe(&ends) == 0)
    let (reader, writer) = (ends[0], ends[1])
    for end in ends { _ = fcntl(end, F_SETFL, O_NONBLOCK) }
    let sent = [UInt8](repeating: 65, count: 1 << 20) + [10]
    let thread = Thread {
      try? sent.withUnsafeBytes { try Descriptor.write($0, to: writer) }
      close(writer)
    }
    thread.start()
    let input = InputLines(reader, longest: sent.count)
    #expect(try input.next()?.utf8.count == 1 << 20)
    #expect(try input.next() == nil)
    close(reader)
  }

  @Test func `a closed descriptor is no end`() {
    #expect(throws: FileFailure.system(EBADF)) { try InputLines(-1, longest: 9).next() }
  }
}
