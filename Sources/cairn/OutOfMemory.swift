import CMemory
import Writing

/// What the program does where the system refuses memory that it cannot do without. What can be
/// large is asked for by who bears a refusal, and has errors of its own.
enum OutOfMemory {
  /// EX_OSERR of sysexits.h: the system does not give what the program needs.
  static let status: Int32 = 71

  /// From here on such a refusal ends the program with a line and that status.
  static func install() {
    install(nil)
    PassingFile.removeAll()
    install {
      Terminal.restore()
      PassingFile.removeAll()
    }
  }

  private static func install(_ last: (@convention(c) () -> Void)?) {
    cm_end_where_refused(
      ProcessText.memoryRefused.utf8Start.cString, ProcessText.memoryNeeded.utf8Start.cString,
      status, last)
  }
}

extension UnsafePointer<UInt8> {
  /// The same bytes as C names them.
  fileprivate var cString: UnsafePointer<CChar> {
    UnsafeRawPointer(self).assumingMemoryBound(to: CChar.self)
  }
}
