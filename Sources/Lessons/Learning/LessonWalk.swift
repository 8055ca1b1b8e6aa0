import Evaluation
import Notebook
import Reports
import Syntax

/// A student's way through one lesson, stop by stop.
final class LessonWalk {
  /// What a line that is no command of the lesson means.
  enum Mode {
    /// It runs in the lesson's session.
    case reading
    /// It is an answer.
    case asking(Item)
    /// It runs in the lesson's session, with a question waiting.
    case playing(Item)
  }

  let lesson: Lesson
  unowned let tutor: Tutor
  let stage: Stage
  /// The stop that is shown; as many as there are stops at the lesson's end.
  private(set) var stop: Int
  var mode = Mode.reading
  /// Where an answer of several commands is written.
  var desk: ItemDesk?
  /// What `:why` says.
  var reason: Report?
  private var entries = 0

  /// At a stop, which is not shown yet.
  init(_ lesson: Lesson, in tutor: Tutor, at stop: Int) {
    (self.lesson, self.tutor, self.stop) = (lesson, tutor, stop)
    let cells = lesson.file.stops.compactMap { stop -> LessonFile.Cell? in
      if case .cell(let cell) = stop { cell } else { nil }
    }
    stage = Stage(
      cells, make: { [unowned tutor] in tutor.makeSession(in: lesson.folder) },
      prepare: { [unowned tutor] in tutor.prepare($0) })
  }

  private var stops: [LessonFile.Stop] { lesson.file.stops }

  /// What completion asks.
  var session: Session { stage.session }

  /// Shows where one is, and the stop.
  func begin() {
    if stop > 0 { tutor.tell(TutorText.resumed(lesson, part: stop + 1, of: stops.count)) }
    if tutor.progress.isEmpty { tutor.tell(TutorText.welcome) }
    show()
  }

  var prompt: String {
    switch mode {
    case .asking(let item): TutorText.prompt(asking: item)
    case .playing: TutorText.playPrompt
    case .reading:
      TutorText.prompt(lesson, part: min(stop + 1, stops.count), of: stops.count)
    }
  }

  /// True where what is typed are commands of the language, of one line or several.
  var takesCommands: Bool {
    if case .asking(let item) = mode { item.kind != .choice && item.kind != .text } else { true }
  }

  /// Letters that choose an option.
  var lettersTaken: Set<String> {
    if case .asking(let item) = mode { Set(item.options.map(\.letter)) } else { [] }
  }

  // MARK: Commands of the lesson

  /// Does what a command says, but for those that leave the lesson.
  func obey(_ command: LessonCommand) {
    switch command {
    case .next: next(isEnter: false)
    case .back: back()
    case .skip: skip()
    case .play: play()
    case .hint: hint()
    case .info: tutor.show(TutorText.info(lesson, of: tutor.course, part: stop, of: stops.count))
    case .reset: reset()
    case .list: tutor.show(LessonPage(self).list)
    case .submit: submit()
    case .main, .quit: break
    }
  }

  /// Goes on; a question that waits is not passed.
  func next(isEnter: Bool) {
    switch mode {
    case .asking(let item):
      return tutor.tell(
        isEnter && item.kind.isCode ? TutorText.codeWaits : TutorText.questionWaits)
    case .playing(let item):
      stage.leave()
      return ask(item)
    case .reading: break
    }
    if stop >= stops.count {
      guard let following = tutor.lesson(behind: lesson) else { return tutor.showMap() }
      return tutor.open(following, again: true)
    }
    stop += 1
    show()
  }

  private func back() {
    guard stop > 0 else { return tutor.tell(TutorText.atStart) }
    stop -= 1
    show()
  }

  private func play() {
    switch mode {
    case .asking(let item):
      mode = .playing(item)
      tutor.tell(TutorText.playing)
    case .playing, .reading: tutor.tell(TutorText.mayPlay)
    }
  }

  private func reset() {
    switch mode {
    case .asking(let item) where item.kind.isCode:
      desk?.reset()
      tutor.show(TutorText.stub(item))
    case .asking: tutor.tell(TutorText.nothingToReset)
    case .playing:
      stage.leave()
      tutor.tell(TutorText.forgotten)
    case .reading:
      if stop < stops.count, case .item(let id, _) = stops[stop], let item = lesson.items[id] {
        return ask(item)
      }
      stage.leave()
      tutor.tell(TutorText.forgotten)
    }
  }

  // MARK: Stops

  /// Cells of code before a stop.
  private func cellsBefore(_ stop: Int) -> Int {
    stops.prefix(stop).count { if case .cell = $0 { true } else { false } }
  }

  /// Shows the stop that is reached.
  private func show() {
    (mode, desk) = (.reading, nil)
    stage.leave()
    tutor.keep {
      $0.place = Progress.place(of: stop, in: lesson)
      if stop >= stops.count { $0.finished.insert(lesson.name) }
    }
    guard stop < stops.count else { return tutor.show(LessonPage(self).end) }
    switch stops[stop] {
    case .prose(let prose, _): tutor.show(Report([.gap] + prose.report.parts + [.gap]))
    case .cell(let cell): show(cell)
    case .item(let id, let line):
      guard let item = lesson.items[id] else {
        return tutor.tell(TutorText.brokenItem(id, lesson, line: line))
      }
      if let record = tutor.progress.items[item.id], record.outcome.isDone {
        return tutor.show(LessonPage(self).answered(item, record))
      }
      ask(item)
    }
  }

  private func show(_ cell: LessonFile.Cell) {
    if !cell.title.isEmpty { tutor.show(Report(.gap, .line(RichText(cell.title, .strong)))) }
    let listing = CellListing(cell)
    stage.run(cellsBefore(stop)) { statement, run in
      tutor.show(Report(.code(listing.text(upTo: statement))))
      let report = run()
      tutor.setting.show(.command(report))
      if let fault = report.fault { reason = TutorText.why(fault) }
    }
    let rest = listing.rest
    if !rest.isEmpty { tutor.show(Report(.code(rest))) }
    tutor.show(Report(.gap))
  }

  /// Shows a question, and waits for an answer.
  private func ask(_ item: Item) {
    mode = .asking(item)
    if item.kind.isCode, desk == nil {
      desk = ItemDesk(item) { [unowned tutor] in tutor.makeSession(in: $0) }
    }
    tutor.show(LessonPage(self).question(item))
  }

  // MARK: What is typed

  /// Takes what is no command of the lesson.
  func take(_ text: String) {
    entries += 1
    switch mode {
    case .asking(let item): answer(text, to: item)
    case .playing: play(text, after: cellsBefore(stop))
    case .reading: play(text, after: cellsBefore(stop + 1))
    }
  }

  /// What messages call what was typed last.
  func source(_ text: String) -> SourceText { SourceText(name: "<try \(entries)>", text: text) }

  private func play(_ text: String, after count: Int) {
    stage.play(source(text), after: count) { report in
      tutor.setting.show(.command(report))
      if let fault = report.fault { reason = TutorText.why(fault) }
    }
  }

  /// Answers a line that begins with a colon.
  func colon(_ text: String) {
    guard text.lowercased() == ":why" else { return tutor.tell(TutorText.unknownColon(text)) }
    tutor.show(reason ?? Report(.paragraph(TutorText.nothingToExplain)))
  }

  /// Says so where a command's letter is a name in the lesson too.
  func remarkOnName(_ text: String) {
    guard text.count == 1, session.interpreter.bindings.contains(where: { $0.name == text }) else {
      return
    }
    tutor.tell(TutorText.letterIsName(text))
  }
}
