import Notebook
import Syntax

/// The session of a lesson: its cells run in it in order, as in a script, and what a student types
/// in between is forgotten before the next one runs.
///
/// What was typed may have moved names, parameters, random draws and budgets. So the session is
/// made
/// anew then and the cells before run again, unseen: what a cell prints is what it prints in a
/// script.
final class Stage {
  private let cells: [LessonFile.Cell]
  private let make: () -> Session
  private let prepare: (Session) -> Void
  private(set) var session: Session
  /// Cells that ran in the session.
  private var ran = 0
  /// True where something else ran in it too.
  private(set) var isPlayed = false
  /// True where what ran besides is over: it is forgotten before anything else runs.
  private var isLeft = false

  /// - Parameters:
  ///   - make: A fresh session for the lesson.
  ///   - prepare: Called with a session before something is shown of it.
  init(
    _ cells: [LessonFile.Cell], make: @escaping () -> Session,
    prepare: @escaping (Session) -> Void
  ) {
    (self.cells, self.make, self.prepare) = (cells, make, prepare)
    session = make()
    prepare(session)
  }

  /// Brings the session to where so many cells have run, and nothing else.
  func settle(at count: Int) {
    let isStopped = { self.session.interpreter.interruption.isRequested }
    if isPlayed || ran > count {
      session = make()
      (ran, isPlayed, isLeft) = (0, false, false)
    } else if ran == count {
      return
    } else {
      session.listener = nil
    }
    while ran < count, !isStopped() {
      for statement in cells[ran].statements where !isStopped() { _ = session.run(statement) }
      ran += 1
    }
    // What was stopped midway is no place to go on from.
    if isStopped() { isPlayed = true }
    prepare(session)
  }

  /// Runs a cell behind those before it.
  func run(_ cell: Int, each: (Statement, () -> CommandReport) -> Void) {
    settle(at: cell)
    for statement in cells[cell].statements {
      if session.interpreter.interruption.isRequested { break }
      each(statement) { self.session.run(statement) }
    }
    ran = cell + 1
    if session.interpreter.interruption.isRequested { isPlayed = true }
  }

  /// Runs what a student typed, where so many cells have run.
  func play(_ source: SourceText, after count: Int, each: (CommandReport) -> Void) {
    if !isPlayed || isLeft { settle(at: count) }
    isPlayed = true
    session.run(source, goesOn: .behindTests, each: each)
  }

  /// What a student typed is to be forgotten.
  func leave() { isLeft = isPlayed }
}
