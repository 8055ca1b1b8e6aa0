import Dispatch
import Grading
import Synchronization

/// How grading goes, on one line of a terminal: how many are done, for how long, and who is
/// running.
final class GradeProgress: Sendable {
  private struct State {
    let line: ProgressLine
    /// Draws the time where nothing else happens.
    let ticks = DispatchSource.makeTimerSource()
    var done = 0
    var running: [String] = []
  }

  private let total: Int
  private let state: Mutex<State>

  /// A line for so many submissions; `nil` where standard error is no terminal.
  init?(of total: Int) {
    guard let line = ProgressLine() else { return nil }
    self.total = total
    state = Mutex(State(line: line))
    state.withLock { state in
      state.ticks.schedule(deadline: .now(), repeating: .milliseconds(500))
      state.ticks.setEventHandler { [weak self] in self?.draw() }
      state.ticks.resume()
    }
  }

  /// Hears of what happens.
  func hear(_ event: GradeBatch.Event) {
    state.withLock { state in
      switch event {
      case .began(let student): state.running.append(student)
      case .tested: break
      case .ended(let student):
        state.done += 1
        state.running.removeAll { $0 == student }
      }
    }
    draw()
  }

  /// Takes the line away.
  func end() {
    state.withLock { state in
      state.ticks.cancel()
      state.line.erase()
    }
  }

  private func draw() {
    state.withLock { state in
      // A tick that was on its way when the line was taken away draws none.
      guard !state.ticks.isCancelled else { return }
      let names = state.running.map(\.printableLine).joined(separator: ", ")
      state.line.draw { seconds in
        "graded \(state.done) of \(total)   \(Int(seconds)) s   \(names)"
      }
    }
  }
}
