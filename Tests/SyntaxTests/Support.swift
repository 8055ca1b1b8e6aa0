import Foundation
import Testing

@testable import Syntax

func parse(_ text: String) -> Parser.Result {
  Parser.parse(SourceText(name: "test.cairn", text: text))
}

/// The outline of a text that must parse.
func tree(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
  let result = parse(text)
  expectNoFaults(result, text, sourceLocation)
  return TreePrinter.text(result.script)
}

func expectNoFaults(_ result: Parser.Result, _ text: String, _ location: SourceLocation) {
  let faults = result.faults.map { DiagnosticRenderer().text($0) }.joined(separator: "\n\n")
  #expect(result.faults.isEmpty, "\(faults)\nin\n\(text)", sourceLocation: location)
}

/// Checks that a text parses, that its formatted text means the same, and that formatting that
/// changes nothing. Gives the formatted text.
@discardableResult
func expectFormats(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) -> String {
  let first = parse(text)
  expectNoFaults(first, text, sourceLocation)
  guard first.faults.isEmpty else { return text }
  let formatted = Formatter.format(first.script)
  let second = parse(formatted)
  expectNoFaults(second, formatted + "\nformatted from\n" + text, sourceLocation)
  #expect(
    TreePrinter.text(first.script) == TreePrinter.text(second.script),
    "\(text)\nbecame\n\(formatted)", sourceLocation: sourceLocation)
  #expect(
    Formatter.format(second.script) == formatted, "from\n\(text)", sourceLocation: sourceLocation)
  return formatted
}

/// The comments of a text, in the order of the alphabet.
func comments(_ text: String) -> [String] {
  text.split(separator: "\n").compactMap { line in
    line.firstIndex(of: "#").map { String(line[$0...]).trimmingSuffix() }
  }.sorted()
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}

/// Runs a piece of work on a thread with the 8 MiB of stack that the parser asks for.
func onDeepStack<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async -> Value {
  await withCheckedContinuation { continuation in
    let thread = Thread { continuation.resume(returning: work()) }
    thread.stackSize = 8 << 20
    thread.start()
  }
}
