import Glibc

/// A file's place as the system takes it: bytes without a NUL, which need not be UTF-8.
struct FilePath {
  /// What stands before the last name: empty, or with a slash at its end.
  let folder: [UInt8]
  /// The last name; empty where a slash stands at the end.
  let name: [UInt8]

  /// Throws where a NUL stands in the path.
  init(_ path: String) throws(FileFailure) {
    guard !path.utf8.contains(0) else { throw .nulInName }
    self.init(bytes: Array(path.utf8))
  }

  private init(bytes: [UInt8]) {
    let split = bytes.lastIndex(of: UInt8(ascii: "/")).map { $0 + 1 } ?? 0
    folder = Array(bytes[..<split])
    name = Array(bytes[split...])
  }

  private init(folder: [UInt8], name: [UInt8]) {
    (self.folder, self.name) = (folder, name)
  }

  /// As calls of the system take it.
  var cString: [CChar] { FilePath.cString(folder + name) }
  /// The folder as calls of the system take it.
  var folderCString: [CChar] {
    FilePath.cString(folder.isEmpty ? [UInt8(ascii: ".")] : folder)
  }
  /// As messages show it.
  var text: String { String(decoding: folder + name, as: UTF8.self) }

  /// A file in the same folder.
  func beside(_ name: [UInt8]) -> FilePath { FilePath(folder: folder, name: name) }

  /// Links that a path may lead through, as the operating system has it.
  private static let mostLinks = 40

  /// The file behind symbolic links, be it there or not.
  func behindLinks() throws(FileFailure) -> FilePath {
    var path = self
    for _ in 0...FilePath.mostLinks {
      var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
      let count = buffer.withUnsafeMutableBytes { buffer in
        buffer.baseAddress.map { readlink(path.cString, $0, buffer.count) } ?? -1
      }
      guard count >= 0 else {
        guard errno == EINVAL || errno == ENOENT else { throw .system(errno) }
        return path
      }
      let link = Array(buffer[..<count])
      path = FilePath(bytes: link.first == UInt8(ascii: "/") ? link : path.folder + link)
    }
    throw .system(ELOOP)
  }

  private static func cString(_ bytes: [UInt8]) -> [CChar] {
    bytes.map(CChar.init(bitPattern:)) + [0]
  }
}
