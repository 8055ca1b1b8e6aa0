import Glibc

/// A file that is being written under a name of its own, beside the file whose place it is to take.
///
/// It is locked as long as it is open: one that is not was left behind by a process that was ended.
final class PartFile {
  /// What it is written through.
  let descriptor: Int32
  private let file: PassingFile
  /// False once it stands in its place.
  private var isTemporary = true

  /// Makes one beside `target`, with at most the rights `mode`.
  init(beside target: FilePath, mode: UInt32) throws(FileFailure) {
    while true {
      let path = target.beside(PartFile.name(for: target, UInt32.random(in: 0...UInt32.max)))
      let file = PassingFile(path.cString)
      guard let descriptor = try PartFile.make(file, mode) else { continue }
      // Whoever tidies up may have found it before it was locked, and have removed it.
      let isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK
      var status = stat()
      guard fstat(descriptor, &status) == 0 else {
        let code = errno
        unlink(file.path)
        close(descriptor)
        throw .system(code)
      }
      if isLocked, status.st_nlink > 0 {
        (self.descriptor, self.file) = (descriptor, file)
        return
      }
      close(descriptor)
    }
  }

  /// A new file; `nil` where one of that name is there.
  private static func make(_ file: PassingFile, _ mode: UInt32) throws(FileFailure) -> Int32? {
    do {
      let descriptor = try Descriptor.open(file.path, O_RDWR | O_CREAT | O_EXCL, mode)
      file.come()
      return descriptor
    } catch {
      switch error {
      case .system(EEXIST): return nil
      case .system(let code) where [EACCES, EPERM, EROFS].contains(code):
        throw .closedDirectory(code)
      default: throw error
      }
    }
  }

  deinit {
    if isTemporary { unlink(file.path) }
    close(descriptor)
  }

  /// Gives it the owner and the rights of a file; false where the system does not let it have them.
  func resembles(_ old: stat) -> Bool {
    var own = stat()
    guard fstat(descriptor, &own) == 0 else { return false }
    let isOthers = own.st_uid != old.st_uid || own.st_gid != old.st_gid
    if isOthers, fchown(descriptor, old.st_uid, old.st_gid) != 0 { return false }
    return fchmod(descriptor, old.st_mode & 0o7777) == 0
  }

  /// Waits until it is on the disk.
  func sync() throws(FileFailure) { try WholeFile.sync(descriptor) }

  /// Takes the target's place. False where the system lets no file stand there but the one that
  /// does.
  func takePlace(of target: FilePath) throws(FileFailure) -> Bool {
    guard rename(file.path, target.cString) == 0 else {
      if errno == EBUSY || errno == EXDEV { return false }
      throw .system(errno)
    }
    isTemporary = false
    file.leave()
    return true
  }

  // MARK: Names

  /// Longest part of a target's name, in bytes, that its part files' names repeat.
  private static let longestStem = 200
  private static let mark = Array(".cairn-".utf8)
  private static let ending = Array(".part".utf8)

  /// `.NAME.cairn-1f2e3d4c.part`
  private static func name(for target: FilePath, _ number: UInt32) -> [UInt8] {
    let digits = String(number, radix: 16)
    let padding = String(repeating: "0", count: 8 - digits.count)
    return stem(target) + Array((padding + digits).utf8) + ending
  }

  /// What the names of a target's part files begin with. A long name stands cut, with a sum over
  /// all of it.
  static func stem(_ target: FilePath) -> [UInt8] {
    var name = target.name
    if name.count > longestStem {
      // FNV-1a
      let sum = name.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
        ($0 ^ UInt64($1)) &* 0x100_0000_01b3
      }
      name = name[..<(longestStem - 17)] + Array("~\(String(sum, radix: 16))".utf8)
    }
    return [UInt8(ascii: ".")] + name + mark
  }

  /// Removes the part files of a target that nobody is writing.
  static func removeLeftovers(of target: FilePath) {
    guard let folder = opendir(target.folderCString) else { return }
    defer { closedir(folder) }
    let stem = stem(target)
    while let entry = readdir(folder) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
      let digits = name.dropFirst(stem.count).dropLast(ending.count)
      guard name.starts(with: stem), name.suffix(ending.count).elementsEqual(ending),
        digits.count == 8, digits.allSatisfy(isHexDigit)
      else { continue }
      remove(target.beside(name))
    }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
      || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  /// Removes a part file unless somebody has locked it.
  private static func remove(_ path: FilePath) {
    guard let file = try? Descriptor.open(path.cString, O_RDWR | O_NOFOLLOW | O_NONBLOCK)
    else { return }
    var status = stat()
    if fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      flock(file, LOCK_EX | LOCK_NB) == 0
    {
      unlink(path.cString)
    }
    close(file)
  }
}
