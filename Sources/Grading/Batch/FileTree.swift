import DataFiles
import Evaluation
import Foundation
import Syntax

/// Folders and files, on a disk or in an archive.
protocol FileTree: Sendable {
  /// What stands in a folder, whose path is empty or ends with a slash; in the order of names.
  func entries(of folder: String) -> [FileTreeEntry]
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
struct ArchiveTree: FileTree {
  private let path: String
  private let archive: FileArchive
  private let folders: [String: [FileTreeEntry]]

  /// Throws where the archive cannot be read.
  init(path: String) throws(Diagnostic) {
    self.path = path
    do { archive = try FileArchive(path: path) } catch { throw .archive(path, error) }
    var folders: [String: [String: FileTreeEntry.Kind]] = [:]
    for file in archive.paths {
      var folder = ""
      let parts = file.split(separator: "/").map(String.init)
      for (number, part) in parts.enumerated() {
        let isLast = number == parts.count - 1
        if folders[folder]?[part] != .folder {
          folders[folder, default: [:]][part] = isLast ? .file : .folder
        }
        folder += part + "/"
      }
    }
    self.folders = folders.mapValues { entries in
      entries.sorted { $0.key < $1.key }.map { FileTreeEntry(name: $0.key, kind: $0.value) }
    }
  }

  func entries(of folder: String) -> [FileTreeEntry] { folders[folder] ?? [] }

  func read(_ file: String) throws(Diagnostic) -> SourceText {
    let bytes: [UInt8]
    do { bytes = try archive.bytes(at: file, atMost: ScriptFile.limit) } catch {
      throw .archive("\(path), \(file)", error)
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw .scriptNotUTF8(file, bytes, at: nil)
    }
    return SourceText(name: file, text: text)
  }
}
