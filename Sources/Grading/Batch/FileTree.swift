import DataFiles
import Evaluation
import Foundation
import Synchronization
import Syntax
import Writing

/// Folders and files, on a disk or in an archive.
protocol FileTree: Sendable {
  /// What stands in a folder, whose path is empty or ends with a slash; in the order of names.
  func entries(of folder: String) -> [FileTreeEntry]
  /// Names that have no place in it, and why.
  var unplaced: [(name: String, why: String)] { get }
  /// The text of a file.
  func read(_ path: String) throws(Diagnostic) -> SourceText
}

/// What stands in a folder.
struct FileTreeEntry {
  enum Kind { case file, folder, link, other }
  let name: String
  let kind: Kind
}

/// The files of a folder on a disk.
struct DiskTree: FileTree {
  /// What stands before all paths: empty, or a path that ends with a slash.
  let root: String
  let unplaced: [(name: String, why: String)] = []

  func entries(of folder: String) -> [FileTreeEntry] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []
    return names.sorted().map { name in
      FileTreeEntry(name: name, kind: kind(of: root + folder + name))
    }
  }

  private func kind(of path: String) -> FileTreeEntry.Kind {
    switch (try? FileManager.default.attributesOfItem(atPath: path))?[.type] as? FileAttributeType {
    case .typeRegular: .file
    case .typeDirectory: .folder
    case .typeSymbolicLink: .link
    default: .other
    }
  }

  func read(_ path: String) throws(Diagnostic) -> SourceText { try ScriptFile.read(root + path) }
}

/// The files of a zip archive, which is never unpacked.
final class ArchiveTree: FileTree {
  private let path: String
  private let state: Mutex<State>
  private let folders: [String: [FileTreeEntry]]
  let unplaced: [(name: String, why: String)]

  private struct State: @unchecked Sendable {
    let archive: ZipFiles
    let entries: [String: ZipFiles.Entry]
  }

  /// Throws where the archive's directory cannot be read.
  init(path: String) throws(Diagnostic) {
    self.path = path
    let archive: ZipFiles
    do { archive = try ZipFiles(try FileStream(path: path).rereadable()) } catch {
      throw .archive(path, error)
    }
    var folders: [String: [String: FileTreeEntry.Kind]] = [:]
    var entries: [String: ZipFiles.Entry] = [:]
    var unplaced: [(name: String, why: String)] = []
    for entry in archive.entries where entry.kind != .folder {
      let place = entry.path.joined(separator: "/")
      if case .unreadable(.name) = entry.kind {
        unplaced.append((entry.name, "its name in the archive leads out of the folder"))
      } else if entries[place] != nil {
        unplaced.append((entry.name, "the archive has two files of this name"))
      } else {
        entries[place] = entry
        ArchiveTree.add(entry, to: &folders)
      }
    }
    self.unplaced = unplaced
    self.folders = folders.mapValues { entries in
      entries.sorted { $0.key < $1.key }.map { FileTreeEntry(name: $0.key, kind: $0.value) }
    }
    state = Mutex(State(archive: archive, entries: entries))
  }

  private static func add(
    _ entry: ZipFiles.Entry, to folders: inout [String: [String: FileTreeEntry.Kind]]
  ) {
    var folder = ""
    for part in entry.path.dropLast() {
      folders[folder, default: [:]][part] = .folder
      folder += part + "/"
    }
    guard let last = entry.path.last, folders[folder]?[last] == nil else { return }
    folders[folder, default: [:]][last] = entry.kind == .link ? .link : .file
  }

  func entries(of folder: String) -> [FileTreeEntry] { folders[folder] ?? [] }

  func read(_ file: String) throws(Diagnostic) -> SourceText {
    let result = state.withLock { state in
      Result { () throws(DataFileFault) in try ArchiveTree.bytes(of: file, in: state) }
    }
    let bytes: [UInt8]
    do { bytes = try result.get() } catch { throw .archive(path, error) }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .scriptNotUTF8(file, bytes, at: nil)
    }
    return SourceText(name: file, text: text)
  }

  private static func bytes(of file: String, in state: State) throws(DataFileFault) -> [UInt8] {
    guard let entry = state.entries[file] else { throw .file(.system(ENOENT)) }
    if case .unreadable(let problem) = entry.kind { throw .archive(problem) }
    guard entry.byteCount <= ScriptFile.limit else {
      throw .file(.tooLarge(limit: ScriptFile.limit))
    }
    return try state.archive.bytes(of: entry)
  }
}
