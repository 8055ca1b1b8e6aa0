import Foundation
import Glibc
import Testing

@testable import Grading

/// What shuts submissions in, tried from inside, in processes of their own.
@Suite struct ShelterTests {
  /// Numbers of what the system allowed, among things that a shut-in process may not do.
  private static let forbidden: [(name: String, isAllowed: @Sendable () -> Bool)] = [
    ("read a file", { open("/etc/passwd", O_RDONLY) >= 0 }),
    ("write a file", { creat("/nowhere/file", 0o600) >= 0 || errno == ENOENT }),
    ("make a folder", { mkdir("/nowhere/folder", 0o700) == 0 || errno == ENOENT }),
    ("take a file away", { unlink("/nowhere/file") == 0 || errno == ENOENT }),
    ("look at a folder", { opendir("/") != nil }),
    ("follow a link", { readlink("/proc/self/exe", buffer, 8) >= 0 }),
    ("open a network connection", { socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) >= 0 }),
    ("speak to another process", { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0 }),
    ("start a process", { ForkedProcess.fork() >= 0 }),
    ("become another program", { execv("/bin/true", words) >= 0 || errno != EPERM }),
    ("signal its parent", { kill(getppid(), 0) == 0 }),
    ("raise its limits", { setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &more) == 0 }),
    ("take much memory", { mmap(nil, 64 << 30, PROT_READ, MAP_PRIVATE | 0x20, -1, 0) != failed }),
    ("take another user's rights", { setuid(1) == 0 || errno != EPERM }),
  ]

  nonisolated(unsafe) private static let buffer = UnsafeMutablePointer<CChar>.allocate(capacity: 8)
  nonisolated(unsafe) private static let words = {
    let words = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>.allocate(capacity: 1)
    words.initialize(to: nil)
    return words
  }()
  nonisolated(unsafe) private static var more = rlimit(rlim_cur: 1 << 20, rlim_max: 1 << 20)
  nonisolated(unsafe) private static let failed = UnsafeMutableRawPointer(bitPattern: -1)

  @Test func `What is shut in reaches no file, no network and no other process`() {
    for (number, each) in Self.forbidden.enumerated() {
      let status = ForkedProcess.status {
        guard Shelter.enter(bytes: 1 << 30) == .whole else { return 100 }
        return each.isAllowed() ? Int32(number) + 1 : 0
      }
      #expect(status == 0, "a shut-in process could \(each.name): \(status)")
    }
  }

  @Test func `What is not shut in could do nearly all of it`() {
    // What is refused anyway would show nothing of the shelter.
    let refused = Self.forbidden.filter { each in
      ForkedProcess.status { each.isAllowed() ? 0 : 1 } != 0
    }.map(\.name)
    #expect(Set(refused).isSubset(of: ["take another user's rights", "raise its limits"]))
  }

  @Test func `What is shut in can compute with threads and memory`() {
    let status = ForkedProcess.status {
      guard Shelter.enter(bytes: 1 << 30) == .whole else { return 100 }
      var thread = pthread_t()
      guard pthread_create(&thread, nil, { _ in nil }, nil) == 0 else { return 1 }
      guard pthread_join(thread, nil) == 0 else { return 2 }
      guard let bytes = malloc(1 << 30) else { return 3 }
      memset(bytes, 1, 1 << 20)
      return 0
    }
    #expect(status == 0)
  }

  @Test func `Each way of shutting in has words`() {
    #expect(
      Shelter.whole.text
        == "seccomp filter, no new privileges, limits on memory, processor time and files")
    #expect(Shelter([]).text == "nothing")
  }
}

/// Something done in a process of its own, as a copy of this one.
enum ForkedProcess {
  /// `fork`, which Swift hides: the copy has only the thread that asks for it.
  static let fork = unsafeBitCast(
    dlsym(nil, "fork"), to: (@convention(c) () -> pid_t).self)

  /// The status that the copy ends with; 128 and the number where a signal ends it.
  static func status(_ body: () -> Int32) -> Int32 {
    let process = fork()
    if process == 0 {
      // As few files are open as in a process that runs a submission.
      closefrom(3)
      _exit(body())
    }
    var status: Int32 = 0
    while waitpid(process, &status, 0) < 0, errno == EINTR {}
    return status & 0x7f == 0 ? status >> 8 & 0xff : 128 + (status & 0x7f)
  }
}
