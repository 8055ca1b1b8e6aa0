import Glibc

/// Names of scripts that are there, for one that is not.
enum FileNames {
  /// So many files are looked at; where there are more, none is: looking would take long.
  private static let most = 1000
  private static let ending = ".cairn"

  /// The name of a script in the directory of `path` that `name`, what the learner wrote for it,
  /// may mean; `nil` where none is near.
  static func like(_ name: String, at path: String) -> String? {
    let (written, asked) = (split(name), split(path))
    let files = files(in: asked.folder.isEmpty ? "." : asked.folder)
    if files.contains(asked.file + ending) { return name + ending }
    // Ends that all have would bring all near.
    let stems = files.filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }
    let stem = asked.file.hasSuffix(ending) ? asked.file.dropLast(ending.count) : asked.file[...]
    return Suggestion.closest(to: String(stem), among: stems).map { written.folder + $0 + ending }
  }

  /// A path's part up to its last slash, and the name behind it.
  private static func split(_ path: String) -> (folder: String, file: String) {
    let place = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
    return (String(path[..<place]), String(path[place...]))
  }

  private static func files(in folder: String) -> [String] {
    guard let directory = opendir(folder) else { return [] }
    defer { closedir(directory) }
    var names: [String] = []
    while let entry = readdir(directory) {
      guard names.count < most else { return [] }
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      names.append(String(decoding: name, as: UTF8.self))
    }
    return names
  }
}
