import Writing

/// A grade as its student reads it.
enum TextFormat {
  static func text(of grade: SubmissionGrade) -> String {
    let view = StudentView(grade)
    let kind = view.hidden.isEmpty ? "points" : "points of visible tests"
    var lines = [
      "\(grade.student.printableLine): \(view.points.pointsText) of \(view.of.pointsText) \(kind)"
    ]
    var table = TextTable([.right, .left, .left, .left])
    for entry in view.entries {
      let points = entry.number == nil ? "" : "\(entry.points.pointsText) of \(entry.of.pointsText)"
      table.add(
        entry.number.map(String.init) ?? "-", entry.name.printableLine, entry.outcome.rawValue,
        points)
    }
    for (entry, row) in zip(view.entries, table.lines(indent: "  ")) {
      lines.append(row)
      if let message = entry.message { lines.append(message.printable.indented("       ")) }
    }
    if let note = view.hiddenNote { lines.append("  \(note)") }
    lines.append("  \(view.verdict)")
    return lines.joined(separator: "\n") + "\n"
  }
}
