import Glibc

/// One line on a terminal that tells how training or grading goes, and goes away at the end.
final class ProgressLine {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant?

  /// A line where standard error is a terminal; `nil` elsewhere.
  init?() {
    guard isatty(STDERR_FILENO) == 1, Terminal.environment("TERM") != "dumb" else { return nil }
    start = clock.now
  }

  /// Draws the line, ten times a second at most.
  func show(step: Int, total: Int?, loss: Double) {
    guard let seconds = secondsIfDue() else { return }
    let rate = seconds > 0 ? Int(Double(step) / seconds) : 0
    var line =
      "step \(step)" + (total.map { " of \($0)" } ?? "") + "   loss \(ProgressLine.short(loss))"
    line += "   \(rate) steps/s"
    draw(line)
  }

  /// The same of submissions that are graded.
  func show(graded: Int, of total: Int) {
    guard let seconds = secondsIfDue() else { return }
    draw("graded \(graded) of \(total)   \(Int(seconds)) s")
  }

  /// Seconds since the start, where it is time to draw again.
  private func secondsIfDue() -> Double? {
    let now = clock.now
    if let drawn, now - drawn < .milliseconds(100) { return nil }
    if drawn == nil, now - start < .milliseconds(200) { return nil }
    drawn = now
    return (now - start) / .seconds(1)
  }

  private func draw(_ line: String) {
    Output.put("\r\(line.prefix(max(20, Terminal.width - 1)))\u{1B}[K", to: STDERR_FILENO)
  }

  /// Four significant digits.
  private static func short(_ number: Double) -> Double {
    guard number.isFinite, number != 0 else { return number }
    let scale = pow(10, 3 - floor(log10(abs(number))))
    return scale.isFinite && scale > 0 ? (number * scale).rounded() / scale : number
  }

  /// Takes the line away.
  func erase() {
    if drawn != nil { Output.put("\r\u{1B}[K", to: STDERR_FILENO) }
    drawn = nil
  }
}
