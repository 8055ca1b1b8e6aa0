package import Syntax
import Writing

/// A script that holds its own output: below each command, lines `#> …` with what it printed.
///
/// Such a script must reproduce itself. Errors are recorded like any output, and running goes on
/// behind them.
package struct Transcript {
  /// What running a transcript gave.
  package struct Result {
    /// The text with its output as it is now; nothing else of it changes.
    package let text: String
    /// Where commands failed: lines of `text`.
    package let failures: [Int]
    /// The parts that differ from what was recorded, as a small comparison; empty where none does.
    package let difference: String
    /// Faults of syntax, for which nothing ran.
    package let faults: [Diagnostic]
  }

  private static let marker = "#>"

  private let name: String
  private let makeSession: () -> Session

  /// - Parameters:
  ///   - name: What messages call the file: its last path component, so that the record does not
  ///     depend on where it
  ///     lies.
  ///   - makeSession: A fresh session for each run.
  package init(name: String, makeSession: @escaping () -> Session) {
    self.name = name
    self.makeSession = makeSession
  }

  /// Runs the text once and compares what it prints with what is recorded in it: every character,
  /// or numbers to so many digits.
  package func check(_ text: String, digits: Int? = nil) -> Result {
    let (recorded, failures) = run(text)
    return Result(
      text: recorded, failures: failures,
      difference: recorded == text
        ? "" : Transcript.difference(from: text, to: recorded, digits: digits),
      faults: faults(of: text))
  }

  private func faults(of text: String) -> [Diagnostic] {
    makeSession().parse(SourceText(name: name, text: text)).faults
  }

  /// Runs the text and puts its output in place of what is recorded.
  ///
  /// Messages name lines, and output moves lines, so it runs again until the text reproduces
  /// itself. A text with faults of syntax stays as it is.
  package func record(_ text: String) -> Result {
    let faults = faults(of: text)
    guard faults.isEmpty else {
      return Result(text: text, failures: [], difference: "", faults: faults)
    }
    var (current, failures) = run(text)
    for _ in 0..<3 where Transcript.lineCount(current) != Transcript.lineCount(text) {
      let (next, nextFailures) = run(current)
      let isStable = next == current
      (current, failures) = (next, nextFailures)
      if isStable { break }
    }
    return Result(
      text: current, failures: failures,
      difference: current == text ? "" : Transcript.difference(from: text, to: current),
      faults: [])
  }

  private static func lineCount(_ text: String) -> Int {
    text.utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
  }

  /// Runs the text; gives it with its output now, and the lines there of the commands that failed.
  private func run(_ text: String) -> (text: String, failures: [Int]) {
    let source = SourceText(name: name, text: text)
    let session = makeSession()
    let renderer = DiagnosticRenderer(isColoured: false)
    var outputs: [Int: [String]] = [:]
    var failed: Set<Int> = []
    let lines = Transcript.lines(of: text)
    var statementEnd = 0
    session.run(
      source, goesOn: .always, willRun: { statementEnd = $0.range.end.line },
      each: { report in
        let wanted = statementEnd > 0 ? statementEnd : report.fault?.range?.end.line ?? 1
        let end = Transcript.lastLineOfText(lines, upTo: wanted)
        var printed = report.text
        if let fault = report.fault {
          failed.insert(end)
          printed += renderer.text(fault)
        }
        outputs[end, default: []] += Transcript.recorded(printed)
      })
    return Transcript.merge(lines, outputs, failed)
  }

  /// The last line at or before `line` that is neither empty nor recorded output.
  private static func lastLineOfText(_ lines: [String], upTo line: Int) -> Int {
    var line = min(line, lines.count)
    while line > 1, isOutput(lines[line - 1]) || lines[line - 1].allSatisfy(\.isWhitespace) {
      line -= 1
    }
    return line
  }

  /// The lines of a text without their newlines; a carriage return stays.
  private static func lines(of text: String) -> [String] {
    text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
  }

  private static func isOutput(_ line: String) -> Bool { line.hasPrefix(marker) }

  /// Printed text as recorded lines.
  private static func recorded(_ text: String) -> [String] {
    var lines = Transcript.lines(of: text)
    while let last = lines.last, last.trimmedAtEnd.isEmpty { lines.removeLast() }
    return lines.map { (marker + " " + $0).trimmedAtEnd }
  }

  /// The lines without their old output and with the new, and where in it the failed commands end.
  private static func merge(
    _ lines: [String], _ outputs: [Int: [String]], _ failed: Set<Int>
  ) -> (text: String, failures: [Int]) {
    var result: [String] = []
    var failures: [Int] = []
    for (index, line) in lines.enumerated() where !isOutput(line) {
      result.append(line)
      if failed.contains(index + 1) { failures.append(result.count) }
      guard let output = outputs[index + 1] else { continue }
      // Output below a last line without a newline gives it one, and keeps the file's end as it
      // was.
      let ending = line.hasSuffix("\r") ? "\r" : ""
      result += output.map { $0 + ending }
    }
    return (result.joined(separator: "\n"), failures)
  }

  // MARK: Comparison

  /// For each command whose output differs: its line, the lines recorded (`-`) and the lines now
  /// (`+`). With `digits`, numbers differ where so many digits do.
  static func difference(from old: String, to new: String, digits: Int? = nil) -> String {
    func agree(_ old: [String], _ new: [String]) -> Bool {
      guard let digits, old.count == new.count else { return old == new }
      return zip(old, new).allSatisfy { NumbersInText.agree($0, $1, digits: digits) }
    }
    let before = blocks(of: old)
    let after = blocks(of: new)
    var lines: [String] = []
    for (one, other) in zip(before, after) where !agree(one.output, other.output) {
      lines.append("line \(one.line): \(one.text)")
      var left = ArraySlice(one.output)
      var right = ArraySlice(other.output)
      var isCut = false
      while let a = left.first, let b = right.first, a == b {
        left.removeFirst()
        right.removeFirst()
        isCut = true
      }
      if isCut { lines.append("    …") }
      isCut = false
      while let a = left.last, let b = right.last, a == b {
        left.removeLast()
        right.removeLast()
        isCut = true
      }
      lines += left.map { "  - \($0)" } + right.map { "  + \($0)" }
      if isCut { lines.append("    …") }
    }
    return lines.map { $0 + "\n" }.joined()
  }

  /// A line of the script with the output recorded below it.
  private struct Block {
    /// Its number, from 1.
    let line: Int
    /// As it stands in the script.
    let text: String
    /// The lines below it, without the `#> `.
    var output: [String]
  }

  /// The lines of a text that are no output; the first block holds output that stands above them
  /// all.
  private static func blocks(of text: String) -> [Block] {
    var blocks: [Block] = [Block(line: 1, text: "", output: [])]
    for (index, line) in lines(of: text).enumerated() {
      if isOutput(line) {
        blocks[blocks.count - 1].output.append(String(line.dropFirst(marker.count + 1)))
      } else {
        blocks.append(Block(line: index + 1, text: line, output: []))
      }
    }
    return blocks
  }
}
