import Writing

/// The wording of what `cairn course` says.
package enum CourseText {
  /// A course was made in a folder.
  package static func made(_ folder: String) -> String {
    """
    \(folder) is a small course of one lesson. Learn it: 'cairn learn \(path(folder))'. \
    Check it: 'cairn course check \(path(folder))'.

    """
  }

  private static func path(_ folder: String) -> String {
    folder.contains("/") ? folder : "./" + folder
  }

  /// What a check went through, and how much it found.
  package static func checked(lessons: Int, items: Int, findings: Int) -> String {
    let subject =
      "\(CountFormat.counted(lessons, "lesson")), \(CountFormat.counted(items, "item"))"
    return findings == 0
      ? "\(subject): all is well\n"
      : "\(subject): \(CountFormat.counted(findings, "finding"))\n"
  }
}
