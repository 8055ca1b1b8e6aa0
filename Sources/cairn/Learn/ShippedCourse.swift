import Glibc

/// The course that comes with Cairn: the folder `lessons` of the project.
///
/// It stays files, rather than a part of the program: a student may read them and run a lesson as a
/// script, and who writes one sees it without building anything.
enum ShippedCourse {
  /// Where it is looked for, in order: `$CAIRN_COURSE`; beside the program and above it, as
  /// `lessons` of a checkout or `share/cairn/lessons` of an installation; the checkout that the
  /// program was built from.
  static var places: [String] {
    if let wish = Terminal.environment("CAIRN_COURSE"), !wish.isEmpty { return [wish] }
    var places: [String] = []
    var folder = Substring(executable)
    while let slash = folder.lastIndex(of: "/") {
      folder = folder[..<slash]
      places += [folder + "/lessons", folder + "/share/cairn/lessons"]
    }
    let source = #filePath.split(separator: "/", omittingEmptySubsequences: false)
    // Sources/cairn/Learn/ShippedCourse.swift lies four steps below.
    return places + [source.dropLast(4).joined(separator: "/") + "/lessons"]
  }

  /// Its folder; `nil` where it is in none of the places.
  static var folder: String? { places.first { access($0 + "/course.md", R_OK) == 0 } }

  /// The path of the running program, links followed.
  private static var executable: String {
    var buffer = [UInt8](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : ""
  }
}
