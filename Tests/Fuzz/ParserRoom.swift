import Evaluation
import Syntax

/// Whatever bytes come: the parser tells at most ten faults, each at a place in the text and with
/// words; and what has none is formatted to a text that means the same and stays as it is.
enum ParserRoom {
  static func enter(_ bytes: [UInt8]) {
    guard let thread else { fatalError("no thread with a large stack") }
    thread.run { look(bytes) }
  }

  private nonisolated(unsafe) static let thread = EvaluationThread()

  private static func look(_ bytes: [UInt8]) {
    let source = SourceText(name: "fuzz", text: String(decoding: bytes, as: UTF8.self))
    let result = Parser.parse(source)
    hold(result.faults.count <= 10, "more than ten faults")
    for fault in result.faults {
      hold(!DiagnosticRenderer().text(fault).isEmpty, "a fault without words")
      hold((fault.range?.upper ?? 0) <= source.bytes.count, "a fault outside of the text")
    }
    guard result.faults.isEmpty else { return }
    let formatted = Formatter.format(result.script)
    let again = Parser.parse(SourceText(name: "fuzz", text: formatted))
    hold(again.faults.isEmpty, "formatted, it does not parse:\n\(formatted)")
    hold(
      TreePrinter.text(result.script) == TreePrinter.text(again.script),
      "formatted, it means something else:\n\(formatted)")
    let twice = Formatter.format(again.script)
    hold(twice == formatted, "formatted twice:\n\(twice)\nonce:\n\(formatted)")
  }
}
