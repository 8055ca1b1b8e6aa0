import DataFiles
import Foundation
import Syntax

/// What stands in a folder or in an archive under a name.
struct SubmissionEntry {
  let name: String
  let kind: Kind

  enum Kind {
    case file(Submission.Content)
    case folder([SubmissionEntry])
    /// What is not looked into, and why.
    case other(String)
  }

  /// True for what people did not put there: names that begin with a dot, and what a Mac adds to
  /// its archives.
  var isOfSystem: Bool { name.hasPrefix(".") || name == "__MACOSX" }
  var isFolder: Bool { if case .folder = kind { true } else { false } }
  var isScript: Bool { name.hasSuffix(SubmissionEntry.suffix) && !isOfSystem }

  /// Its text, or why it has none.
  var content: Submission.Content {
    switch kind {
    case .file(let content): content
    case .folder: .none("'\(name)' is a folder")
    case .other(let reason): .none("'\(name)' is \(reason)")
    }
  }

  static let suffix = ".cairn"
}

// MARK: In a folder

extension SubmissionEntry {
  /// What stands in a folder, by name. Of what stands in its folders' folders nothing is looked at.
  static func all(inFolder path: String, depth: Int = 2) throws -> [SubmissionEntry] {
    try FileManager.default.contentsOfDirectory(atPath: path).sorted().map { name in
      SubmissionEntry(name: name, kind: kind(of: path + "/" + name, depth: depth))
    }
  }

  private static func kind(of path: String, depth: Int) -> Kind {
    let type = (try? FileManager.default.attributesOfItem(atPath: path))?[.type]
    switch type as? FileAttributeType {
    case .typeRegular: return .file(.path(path))
    case .typeDirectory:
      guard depth > 1 else { return .folder([]) }
      do { return .folder(try all(inFolder: path, depth: depth - 1)) } catch {
        return .other("a folder that cannot be read")
      }
    // It could lead to the checks, or to somebody else's file.
    case .typeSymbolicLink: return .other("a link, which is not followed")
    default: return .other("neither a file nor a folder")
    }
  }
}

// MARK: In an archive

extension SubmissionEntry {
  /// Most entries of an archive, and bytes of all its submissions together.
  static let mostEntries = 100_000
  static let mostBytes = 256 << 20
  /// Folders in each other, and a file in them, of which more than their name is looked at.
  private static let deepest = 4

  /// What stands in an archive, by name, and apart from that what stands under a name that is none,
  /// with the reason. Only files that may be submissions are read.
  static func all(in files: ZipFiles) -> (entries: [SubmissionEntry], nameless: [String]) {
    var room = mostBytes
    var tree = Tree()
    var nameless: [String] = []
    for entry in files.entries {
      switch entry.kind {
      case .unreadable(.name):
        nameless.append("\(entry.name) (a name that leads out of its folder, or is none)")
      case .unreadable(.nameText):
        nameless.append("\(entry.name) (a name that is no text in UTF-8)")
      case _ where entry.path.count > deepest: tree.add(nil, at: entry.path.prefix(deepest))
      case .file:
        tree.add(.file(content(of: entry, in: files, room: &room)), at: entry.path[...])
      case .folder: tree.add(nil, at: entry.path[...])
      case .link: tree.add(.other("a link, which is not followed"), at: entry.path[...])
      case .unreadable(let problem): tree.add(.other(problem.reason), at: entry.path[...])
      }
    }
    return (tree.entries, nameless)
  }

  private static func content(
    of entry: ZipFiles.Entry, in files: ZipFiles, room: inout Int
  ) -> Submission.Content {
    guard entry.path.last?.hasSuffix(suffix) == true, entry.path.count <= 3 else {
      return .none("it is no '.cairn' file")
    }
    guard entry.byteCount <= ScriptFile.limit else {
      return .none("it has more than the 16 MiB that a script may have")
    }
    guard entry.byteCount <= room else {
      return .none("the archive's submissions have more than 256 MiB in all")
    }
    room -= entry.byteCount
    do { return .bytes(try files.bytes(of: entry)) } catch {
      return .none("what the archive holds of it is damaged")
    }
  }

  /// Folders in folders, as they grow from paths.
  private struct Tree {
    private var kinds: [String: Kind] = [:]
    private var folders: [String: Tree] = [:]
    /// Names that several entries have.
    private var repeated: Set<String> = []

    mutating func add(_ kind: Kind?, at path: ArraySlice<String>) {
      guard let name = path.first else { return }
      if path.count > 1 {
        folders[name, default: Tree()].add(kind, at: path.dropFirst())
      } else if let kind {
        if kinds.updateValue(kind, forKey: name) != nil { repeated.insert(name) }
      } else {
        folders[name, default: Tree()] = folders[name] ?? Tree()
      }
    }

    var entries: [SubmissionEntry] {
      Set(kinds.keys).union(folders.keys).sorted().map { name in
        SubmissionEntry(name: name, kind: kind(of: name))
      }
    }

    private func kind(of name: String) -> Kind {
      guard let kind = kinds[name] else { return .folder(folders[name]?.entries ?? []) }
      return repeated.contains(name) || folders[name] != nil
        ? .other("in the archive several times") : kind
    }
  }
}

extension ZipArchive.Problem {
  /// Why a member is not read; goes on behind 'is'.
  fileprivate var reason: String {
    switch self {
    case .encrypted: "encrypted"
    case .method: "packed in a way that is not read"
    default: "damaged"
    }
  }
}
