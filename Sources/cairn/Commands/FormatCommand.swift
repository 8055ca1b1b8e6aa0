import ArgumentParser
import Glibc
import Notebook
import Syntax

/// `cairn format FILE…`: canonical layout.
struct FormatCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "format",
    abstract: "Lay scripts out canonically; `-` reads standard input and prints.")

  @ParentCommand var root: Cairn
  @OptionGroup var given: CommonOptions

  @Flag(help: "Change nothing; fail where a file is not laid out canonically, and name it.")
  var check = false

  @ArgumentParser.Argument(help: ArgumentHelp(Helps.scripts, valueName: "file"))
  var files: [String]

  func run() throws {
    let printer = Printer(given.over(root.common))
    var isOK = true
    for file in files {
      do throws(Diagnostic) {
        let isFileOK = try format(file, printer)
        isOK = isOK && isFileOK
      } catch {
        printer.show(error, file: file)
        isOK = false
      }
    }
    if !isOK { throw ExitCode.failure }
  }

  private func format(_ file: String, _ printer: Printer) throws(Diagnostic) -> Bool {
    let source =
      file == "-"
      ? try ScriptFile.readStandardInput() : try ScriptFile.read(file, isWrittenAgain: !check)
    let result = Parser.parse(source)
    guard result.faults.isEmpty else {
      for fault in result.faults { printer.show(fault) }
      return false
    }
    let text = Formatter.format(result.script)
    if check {
      if text == source.text { return true }
      printer.put("\(file) is not laid out canonically\n")
      return false
    }
    if file == "-" {
      printer.put(text)
    } else if text != source.text {
      try ScriptFile.rewrite(source, as: text, path: file)
    }
    return true
  }
}
