package import Reports
import Writing

/// The lessons of a course, with what is done of each.
package struct CourseMap {
  private let course: Course
  private let progress: Progress
  private let isPlain: Bool
  private let width: Int

  /// The map of a course for a student who is so far, in so many columns.
  package init(_ course: Course, _ progress: Progress, isPlain: Bool, width: Int) {
    (self.course, self.progress, self.isPlain) = (course, progress, isPlain)
    self.width = width
  }

  /// A line a lesson, and how to go on.
  package var report: Report {
    let hasBars = !isPlain && width >= CourseMap.wide
    let titleWidth = max(20, width - (hasBars ? 43 : 31))
    var table = ReportTable([.right(), .left()] + (hasBars ? [.left()] : []) + [.left()])
    for lesson in course.lessons {
      let tally = progress.tally(of: lesson)
      let isHere = progress.place?.lesson == lesson.name && !tally.isFinished
      let name = lesson.title.clipped(to: titleWidth)
      let title: RichText = isHere ? "\(strong: name)" : RichText(name)
      let bar = TableCell.bar(
        tally.done, of: max(tally.items, 1), width: CourseMap.barWidth)
      table.add(
        [.integer(lesson.number), .text(title)] + (hasBars ? [bar] : [])
          + [.text(CourseMap.state(tally, isHere: isHere))])
    }
    return Report(
      .line(RichText(course.title, .strong)), .gap, .table(table), .gap,
      .paragraph(
        progress.isEmpty
          ? "Enter begins with the first lesson; a number opens that lesson; 'quit' leaves."
          : "Enter goes on where you stopped; a number opens that lesson; 'quit' leaves."))
  }

  private static let barWidth = 10
  /// Columns from which on there is room for bars.
  private static let wide = 72

  private static func state(_ tally: Progress.Tally, isHere: Bool) -> RichText {
    guard tally.isBegun else { return "" }
    var text: RichText = "\(tally.answered) of \(tally.items)"
    if tally.skipped > 0 { text += ", \(tally.skipped) skipped" }
    if tally.isFinished { text += tally.done == tally.items ? ", \(good: "done")" : ", read" }
    return isHere ? text + ", here" : text
  }

  /// How much of a lesson is done, as a bar and in words.
  static func standing(_ tally: Progress.Tally, isPlain: Bool) -> RichText {
    var words: RichText = """
      \(tally.answered) of \(count: tally.items, "question") answered
      """
    if tally.skipped > 0 { words += ", \(tally.skipped) skipped" }
    guard !isPlain, tally.items > 0 else { return words }
    let bar = Bar.text(tally.done, of: tally.items, width: 20)
    return RichText("[" + bar.padded(to: 20) + "] ") + words
  }
}
