import Foundation

/// Grades that are known, in a folder: a file for each pair of checks and submission, by what they
/// hold and how it was run. A grade whose reason may lie in the machine is not kept.
package struct GradeStore: Sendable {
  private let folder: String
  private let version: String

  /// - Parameter version: Of the program: what another version found is found anew.
  package init(folder: String, version: String) {
    (self.folder, self.version) = (folder, version)
  }

  /// What tells grades apart: checks, submission and its file's name, draws, program, and how it
  /// is run.
  func key(
    checks: ChecksFile, name: String, digest: String, seeds: [[UInt64]], refuted: Set<Int>,
    terms: String
  ) -> String {
    let parts = [
      version, checks.source.name, checks.source.text, name, digest, "\(seeds)",
      "\(refuted.sorted())", terms,
    ]
    return SeedKey.digest(parts.flatMap { Array("\($0.utf8.count):".utf8) + Array($0.utf8) })
  }

  func grade(_ key: String, student: String) -> SubmissionGrade? {
    guard let data = FileManager.default.contents(atPath: folder + "/\(key).json"),
      let grade = try? JSONDecoder().decode(SubmissionGrade.self, from: data)
    else { return nil }
    return grade.student == student ? grade : nil
  }

  /// Keeps a grade, whole or not at all. Where it cannot be kept it is found anew the next time.
  func keep(_ grade: SubmissionGrade, _ key: String) {
    guard grade.fault?.isCertain != false, let data = try? JSONEncoder().encode(grade) else {
      return
    }
    try? FileManager.default.createDirectory(
      atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    try? data.write(to: URL(fileURLWithPath: folder + "/\(key).json"), options: .atomic)
  }
}
