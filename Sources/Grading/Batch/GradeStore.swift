import Foundation
package import Notebook
package import Syntax

/// Grades that are known, in a folder that its owner alone may enter: a file for each pair of
/// checks and submission, by what they hold. A grade whose reason may lie in the machine is not
/// kept.
package struct GradeStore: Sendable {
  private let folder: String
  private let terms: [String]
  private let isFresh: Bool

  /// Makes the folder where it is not there; throws where others could put grades into it.
  ///
  /// - Parameters:
  ///   - version: Of the program: what another version found is found anew.
  ///   - limits: What submissions and tests may take.
  ///   - shelter: What has to be in force.
  ///   - isFresh: True where grades are kept, and none that is known is taken.
  package init(
    folder: String, version: String, limits: CheckLimits, shelter: Shelter, isFresh: Bool = false
  ) throws(Diagnostic) {
    (self.folder, self.isFresh) = (folder, isFresh)
    terms = [version, "\(limits)", "\(shelter.rawValue)"]
    try GradeStore.prepare(folder)
  }

  private static func prepare(_ folder: String) throws(Diagnostic) {
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    var status = stat()
    guard stat(folder, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .openState(folder, "cannot be made")
    }
    guard status.st_uid == geteuid() else { throw .openState(folder, "is somebody else's") }
    guard status.st_mode & 0o077 == 0 else {
      throw .openState(folder, "has mode \(String(status.st_mode & 0o777, radix: 8))")
    }
    guard access(folder, W_OK | X_OK) == 0 else {
      throw .openState(folder, "takes no new file")
    }
  }

  /// What tells grades apart, each part behind its length.
  func key(of parts: [String]) -> String {
    SeedKey.digest((terms + parts).flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) })
  }

  func grade(_ key: String, student: String) -> SubmissionGrade? {
    guard !isFresh, let data = FileManager.default.contents(atPath: folder + "/\(key).json"),
      let grade = try? JSONDecoder().decode(SubmissionGrade.self, from: data)
    else { return nil }
    return grade.student == student ? grade : nil
  }

  /// Keeps a grade, whole or not at all. Where it cannot be kept it is found anew the next time.
  func keep(_ grade: SubmissionGrade, _ key: String) {
    guard grade.fault?.isCertain != false, let data = try? JSONEncoder().encode(grade) else {
      return
    }
    try? data.write(to: URL(fileURLWithPath: folder + "/\(key).json"), options: .atomic)
  }
}
