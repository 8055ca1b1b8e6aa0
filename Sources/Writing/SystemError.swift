import Foundation

/// What the operating system says of its errors.
package enum SystemError {
  /// The words for an error's number (`errno`): `No such file or directory`.
  package static func text(_ code: Int32) -> String { String(cString: strerror(code)) }
}
