import Glibc

/// One line on a terminal that tells how a long command goes, and goes away at the end.
final class ProgressLine {
  private let clock = ContinuousClock()
  private let start: ContinuousClock.Instant
  private var drawn: ContinuousClock.Instant?

  /// A line where standard error is a terminal; `nil` elsewhere.
  init?() {
    guard isatty(STDERR_FILENO) == 1, Terminal.environment("TERM") != "dumb" else { return nil }
    start = clock.now
  }

  /// Draws how training goes.
  func show(step: Int, total: Int?, loss: Double) {
    draw { seconds in
      let rate = seconds > 0 ? Int(Double(step) / seconds) : 0
      return "step \(step)" + (total.map { " of \($0)" } ?? "")
        + "   loss \(ProgressLine.short(loss))   \(rate) steps/s"
    }
  }

  /// Draws the line, ten times a second at most. What it says is told the seconds since the start.
  func draw(_ text: (Double) -> String) {
    let now = clock.now
    if let drawn, now - drawn < .milliseconds(100) { return }
    if drawn == nil, now - start < .milliseconds(200) { return }
    drawn = now
    let line = text((now - start) / .seconds(1))
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
