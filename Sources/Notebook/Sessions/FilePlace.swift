import Foundation

/// A place in a line where a file's name is being typed: in a string, or behind a session's command
/// that takes a file.
package struct FilePlace {
  /// The name as far as it stands before the word at the cursor.
  private let start: String
  /// True where a quote ends the name.
  package let isQuoted: Bool

  /// `nil` where `before`, the line up to the word at the cursor, ends in no such place.
  package init?(_ before: String) {
    for command in [":load --echo ", ":load ", ":save "] where before.hasPrefix(command) {
      start = String(before.dropFirst(command.count).drop { $0 == " " || $0 == "\"" })
      isQuoted = false
      return
    }
    var open: String.Index?
    var isEscaped = false
    for index in before.indices {
      switch before[index] {
      case _ where isEscaped: isEscaped = false
      case "\\": isEscaped = open != nil
      case "\"": open = open == nil ? before.index(after: index) : nil
      case "#" where open == nil: return nil
      default: break
      }
    }
    guard let open else { return nil }
    start = String(before[open...])
    isQuoted = true
  }

  /// What the word can become: names in the directory typed so far, sorted; those of directories
  /// end with `/`.
  package func candidates(for word: String) -> [String] {
    let typed = start + word
    let slash = typed.lastIndex(of: "/")
    let directory = slash.map { String(typed[...$0]) } ?? ""
    let stem = String(typed[(slash.map(typed.index(after:)) ?? typed.startIndex)...])
    let place = directory.isEmpty ? "." : directory
    let names = (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? []
    return names.filter { $0.hasPrefix(stem) && ($0.hasPrefix(".") == stem.hasPrefix(".")) }
      .map { name in
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(
          atPath: place + "/" + name, isDirectory: &isDirectory)
        let whole = directory + name + (exists && isDirectory.boolValue ? "/" : "")
        return String(whole.dropFirst(start.count))
      }
      .sorted()
  }
}
