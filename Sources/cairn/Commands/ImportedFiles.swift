import ArgumentParser
import Grading
import Syntax

/// The files that submissions may import, as `--import` names them.
struct ImportedFiles: ParsableArguments {
  @Option(
    name: .customLong("import"),
    help: ArgumentHelp(
      "A file that submissions may import by its name; may be given several times.",
      valueName: "file"))
  var paths: [String] = []

  /// Their texts, by their names without folders.
  func read() throws(Diagnostic) -> [String: String] {
    var texts: [String: String] = [:]
    for path in paths {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      let text = try ScriptFile.read(path).text
      guard texts.updateValue(text, forKey: name) == nil else { throw .sameImport(name) }
    }
    let bytes = texts.values.reduce(0) { $0 + $1.utf8.count }
    guard bytes <= ScriptFile.limit else { throw .largeImports(bytes, limit: ScriptFile.limit) }
    return texts
  }
}
