import Experiments
import Reports
import Schedules
import Writing

extension Prediction {
  /// The three numbers as a table, and where guess and schedule part.
  var report: Report {
    var table = ReportTable(.left(), .right(quantity.rawValue))
    let sizes = ByteFormat.apart(guess, planned)
    let isClose = quantity.isBytes && sizes.0 == ByteFormat.exact(guess)
    func cell(_ number: Int) -> TableCell {
      if isClose { return .exactBytes(number) }
      return quantity.isBytes ? .bytes(number) : .integer(number)
    }
    table.add("your guess", cell(guess))
    table.add("the plan", cell(planned))
    table.add("measured", cell(measured))
    return Report(.table(table), .line(RichText(words)))
  }

  /// Where they part, in words.
  private var words: String {
    switch parting {
    case .right: return "exactly right"
    case .beyondCounting: return "far more than you guessed"
    case .steps(let more):
      return more > 0
        ? "\(CountFormat.counted(more, "step")) more than you guessed"
        : "\(CountFormat.counted(-more, "step")) fewer than you guessed"
    case .neverReached(let bytes):
      return "the schedule never holds so much: \(ByteFormat.text(bytes)) less at its highest"
    case .above(let index, let bytes):
      let action = plan.schedule.actions[index]
      let place = plan.workload.place(ofStep: plan.workload.step(of: action))
      return "they part at action \(index), \(action.reading(in: plan.workload))"
        + (place.map { " (\($0))" } ?? "") + ": \(ByteFormat.apart(bytes, guess).0) by then"
    case .more(let bytes): return "the plan holds \(ByteFormat.text(bytes)) more"
    }
  }
}
