package import Syntax

/// The files that an assignment lets submissions import, by their names without folders.
package enum GradeImports {
  /// Reads them. Throws where one cannot be read, or where two have one name.
  package static func read(_ paths: [String]) throws(Diagnostic) -> [String: String] {
    var files: [String: String] = [:]
    for path in paths {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      guard files[name] == nil else { throw .sameImport(name) }
      files[name] = try ScriptFile.read(path).text
    }
    return files
  }
}
