import Foundation
package import Notebook

/// What shuts submissions in on this machine: a process is started for none, and says.
package enum ShelterProbe {
  /// Seconds that it may take.
  private static let patience = 30.0

  /// What is in force for processes that a command starts; nothing where none could be started.
  package static func found(_ command: [String], limits: CheckLimits) -> Shelter {
    guard let child = try? ChildProcess(command) else { return [] }
    defer { child.end() }
    let order = SubmissionOrder(name: "", text: "", files: [:], limits: limits, threads: 1)
    do throws(Frames.Failure) {
      try child.frames.send(order)
      return try child.frames.receive(
        Shelter.self, of: 1 << 10, until: Date(timeIntervalSinceNow: patience))
    } catch {
      return []
    }
  }
}
