import Glibc

/// The limit on the process's address space ('ulimit -v'), under which stacks and mappings are
/// refused. In bytes.
package enum AddressSpace {
  /// The limit; `nil` where there is none.
  package static var limit: Int? {
    var limit = rlimit()
    guard getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit) == 0,
      limit.rlim_cur < rlim_t(Int.max)
    else { return nil }
    return Int(limit.rlim_cur)
  }

  /// What may still be mapped, at least 0; `nil` where there is no limit.
  package static var left: Int? {
    guard let limit else { return nil }
    var (text, count) = ([UInt8](repeating: 0, count: 64), 0)
    let descriptor = open("/proc/self/statm", O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return limit }
    count = read(descriptor, &text, text.count)
    close(descriptor)
    let digits = text.prefix(max(count, 0)).prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    let pages = digits.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) }
    return max(0, limit - pages * Pages.size)
  }
}
