import Foundation
import Syntax
import Testing

@testable import Evaluation
@testable import Notebook

@Suite struct CommandTextsTests {
  private func file(limit: Int = 1 << 30, folders: [String] = SpillFile.usualFolders) -> SpillFile {
    SpillFile(limit: limit, folders: folders)
  }

  /// A text of about a hundred bytes for each number.
  private func text(_ number: Int) -> String {
    "let größe\(number) = \(number)\n" + String(repeating: "#", count: 80)
  }

  @Test func `texts come back from the file as they were, in order`() throws {
    let file = file()
    let texts = CommandTexts(file: file)
    for number in 0..<5000 { try texts.append(text(number), command: number) }
    #expect(file.byteCount > 400_000)
    #expect(try texts.all() == (0..<5000).map(text))
    texts.removeAll()
    #expect(try texts.all() == [])
    #expect(file.byteCount == 0)
    try texts.append("1", command: 5000)
    #expect(try texts.all() == ["1"])
  }

  @Test(arguments: [true, false], [1, 10, 700, 1500, 3000])
  func `commands that are taken back leave the texts, wherever these lie`(
    hasFile: Bool, far: Int
  ) throws {
    let texts = CommandTexts(file: hasFile ? file() : nil)
    var (expected, command) = ([(command: Int, text: String)](), 0)
    func add(_ count: Int) throws {
      for _ in 0..<count {
        try texts.append(text(command), command: command)
        expected.append((command, text(command)))
        command += 1
      }
    }
    func takeBack(_ number: Int) {
      texts.takeBack(from: number)
      expected.removeAll { $0.command >= number }
    }
    try add(2000)
    takeBack(2000 - far)
    takeBack(2000 - far - 1)
    try add(1)
    takeBack(2000)
    try add(1000)
    takeBack(command - far)
    try add(3)
    #expect(try texts.all() == expected.map(\.text))
  }

  @Test func `a file that takes no more loses nothing, and says so`() throws {
    let texts = CommandTexts(file: file(limit: 200_000))
    var problems: [SpillFile.Problem] = []
    for number in 0..<5000 {
      do throws(SpillFile.Problem) {
        try texts.append(text(number), command: number)
      } catch { problems.append(error) }
    }
    // It is asked again each time when there are twice as many.
    #expect((1...4).contains(problems.count))
    #expect(problems.allSatisfy { $0 == .full(limit: 200_000) })
    #expect(try texts.all() == (0..<5000).map(text))
  }

  @Test func `a session says once that its texts stay in memory`() throws {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = true
    configuration.undoFolders = ["/nonexistent"]
    let session = Session(configuration: configuration)
    var said: [String] = []
    let commands = (0..<4000).map { "\"\($0)" + String(repeating: "x", count: 100) + "\"" }
    session.run(SourceText(name: "test", text: commands.joined(separator: "\n"))) {
      if !$0.said.parts.isEmpty { said.append($0.output) }
    }
    #expect(
      said == [
        "note: the texts of commands stay in memory from here on: No such file or directory\n"
      ])
    #expect(try session.history() == commands)
  }
}
