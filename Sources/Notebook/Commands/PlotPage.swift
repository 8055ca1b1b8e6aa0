import Evaluation
import Reports
import Syntax
import Writing

/// Lists of numbers as curves: `plot t.losses`, `plot [xs, ys]`.
struct PlotPage {
  private let command: Command
  private var series: [CurvePlot.Series] = []

  /// Throws where an argument is neither numbers nor lists of numbers.
  init(_ command: Command, _ arguments: [Value]) throws(Fault) {
    self.command = command
    guard !arguments.isEmpty else { throw Fault(.missingNumbers(for: command)) }
    for (place, value) in arguments.enumerated() { try add(value, argument: place) }
  }

  /// The curves, over the places of their numbers.
  var report: Report {
    Report(.chart(.curve(CurvePlot(series, xTitle: "place", yTitle: title))))
  }

  private var title: String { series.count == 1 ? series[0].name : "" }

  /// Most numbers of a curve: what is drawn is not in the account.
  private static let most = 1_000_000

  /// Refuses curves that are too long to be drawn.
  private func check(_ value: Value, argument place: Int) throws(Fault) {
    let count =
      switch value {
      case .range(let range): range.count
      case .tensor(let tensor): tensor.shape.count
      case .list(let list): list.count
      default: 0
      }
    guard count <= PlotPage.most else {
      throw Fault(.tooManyNumbers(command, argument: place, count, limit: PlotPage.most))
    }
  }

  private mutating func add(_ value: Value, argument place: Int) throws(Fault) {
    try check(value, argument: place)
    if let numbers = PlotPage.numbers(value) {
      series.append(CurvePlot.Series(name(ofArgument: place), numbers))
      return
    }
    guard case .list(let list) = value, list.count > 0 else {
      throw Fault(.notNumbers(command, argument: place, value))
    }
    for (part, element) in list.elements.enumerated() {
      try check(element, argument: place)
      guard let numbers = PlotPage.numbers(element) else {
        throw Fault(.notNumbers(command, argument: place, element))
      }
      series.append(CurvePlot.Series(name(ofPart: part, argument: place), numbers))
    }
  }

  /// The numbers of a list of them, a range, or a tensor of one axis; `nil` for what is none of
  /// these.
  private static func numbers(_ value: Value) -> [Double]? {
    switch value {
    case .range(let range):
      return (range.lower..<range.upper).map(Double.init)
    case .tensor(let tensor):
      return tensor.shape.rank == 1 && tensor.isConcrete ? tensor.doubles() : nil
    case .list(let list):
      var numbers: [Double] = []
      for element in list.elements {
        guard let number = number(element) else { return nil }
        numbers.append(number)
      }
      return numbers.isEmpty ? nil : numbers
    default: return nil
    }
  }

  private static func number(_ value: Value) -> Double? {
    switch value {
    case .integer(let number), .bytes(let number): Double(number)
    case .float(let number): number
    case .tensor(let tensor): tensor.shape.count == 1 ? tensor.doubles().first : nil
    default: nil
    }
  }

  /// An argument as the learner wrote it, where that is short.
  private func name(ofArgument place: Int) -> String {
    PlotPage.short(command.arguments[place].range.text, place)
  }

  private func name(ofPart part: Int, argument place: Int) -> String {
    if case .list(let parts) = command.arguments[place].kind, parts.indices.contains(part) {
      return PlotPage.short(parts[part].range.text, part)
    }
    return "#\(part + 1)"
  }

  private static func short(_ text: String, _ place: Int) -> String {
    text.contains("\n") || text.count > 40 ? "#\(place + 1)" : text
  }
}
