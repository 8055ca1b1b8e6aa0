package import Tensors

/// A file of several arrays, as NumPy's `savez` and `savez_compressed` write them: a zip archive
/// whose members are npy files.
package struct NPZFile {
  /// What the members' names end in.
  static let suffix = ".npy"

  private let archive: ZipArchive

  /// Reads the archive's directory; no array is looked at yet.
  package init(
    _ stream: any AddressedStream, ledger: Ledger
  ) throws(DataFileFault) {
    var names: Set<String> = []
    archive = try ZipArchive(stream, ledger: ledger) { (member) throws(DataFileFault) in
      if let problem = member.problem { throw .archive(problem) }
      try NPZFile.check(member.name)
      guard names.insert(member.name).inserted else {
        throw .archive(.repeatedName(member.name))
      }
    }
  }

  /// Names are those of arrays.
  private static func check(_ name: String) throws(DataFileFault) {
    guard !name.hasSuffix("/") else { throw .archive(.name(name)) }
    guard name.hasSuffix(suffix), name.utf8.count > suffix.utf8.count else {
      throw .archive(.noArray(name))
    }
  }

  /// The arrays' names, in the order of the directory.
  package var names: [String] {
    archive.members.map { String($0.name.dropLast(NPZFile.suffix.count)) }
  }

  /// Calls a body with each array whose header was read, and its name, one after the other. What
  /// the body reads of it is read once. Throws `.member` for an array that is none.
  package func forEachArray(
    _ body: (String, ArrayFile) throws(DataFileFault) -> Void
  ) throws(DataFileFault) {
    for (name, member) in zip(names, archive.members) {
      do throws(DataFileFault) {
        try body(name, try ArrayFile(npy: try archive.stream(of: member), isPlain: true))
      } catch {
        guard case .array = error else { throw error }
        throw .member(member.name, error)
      }
    }
  }
}
