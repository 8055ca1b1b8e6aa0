import ArgumentParser
import Execution
import Glibc

/// The kernels that the program runs with: the fastest of this processor, or those that
/// `CAIRN_KERNELS` names, for tests.
enum KernelChoice {
  private static let variable = "CAIRN_KERNELS"

  /// What `cairn --version` says of them.
  static var text: String { "kernels: \(KernelSet.current.rawValue)" }

  /// Uses the set that the environment names, if it names one; a usage error where it is none, or
  /// none of this processor.
  static func takeFromEnvironment() throws {
    guard let value = getenv(variable) else { return }
    let name = String(cString: value)
    guard !name.isEmpty else { return }
    guard let set = KernelSet(rawValue: name), set.isRunnable else {
      let runnable = KernelSet.allCases.filter(\.isRunnable).map(\.rawValue)
      throw ValidationError(
        "\(variable) names kernels that this processor runs: \(runnable.joined(separator: ", "));"
          + " here it is '\(name)'.")
    }
    set.use()
  }
}
