import Foundation
import Graphs
import Tensors

/// What losses mean, by their definitions.
extension Interpreter {
  /// x @ w for rows x of any number of axes.
  static func scores(_ x: Numbers, _ w: Numbers) -> Numbers {
    Numbers(Shape(x.shape.axes.dropLast() + [w.shape[1]])) { index in
      (0..<w.shape[0]).reduce(0.0) {
        $0 + x[Array(index.dropLast()) + [$1]] * w[[$1, index.last ?? 0]]
      }
    }
  }

  /// The cross entropy of logits, and its slope in each of them.
  static func labelled(
    _ logits: Numbers, _ labels: Numbers, _ rule: LabelRule
  ) -> (loss: Double, slopes: Numbers) {
    let (axis, classes) = (logits.shape.rank - 1, logits.shape[logits.shape.rank - 1])
    func counts(_ row: [Int]) -> Bool { rule.ignored.map { Double($0) != labels[row] } ?? true }
    func target(_ row: [Int], _ place: Int) -> Double {
      rule.smoothing / Double(classes) + (Double(place) == labels[row] ? 1 - rule.smoothing : 0)
    }
    let rows = Numbers.indices(of: labels.shape).filter(counts)
    var loss = 0.0
    for row in rows {
      let line = logits.line(row + [0], axis: axis)
      let sum = log(line.map { exp($0) }.reduce(0, +))
      for (place, score) in line.enumerated() { loss -= target(row, place) * (score - sum) }
    }
    let slopes = Numbers(logits.shape) { index in
      let row = Array(index.dropLast())
      guard counts(row) else { return 0 }
      let sum = logits.line(index, axis: axis).map { exp($0) }.reduce(0, +)
      return (exp(logits[index]) / sum - target(row, index[axis])) / Double(rows.count)
    }
    return (loss / Double(rows.count), slopes)
  }

  /// A loss of one pair, and its slope in a.
  static func pairLoss(
    _ loss: PairLoss, _ a: Double, _ b: Double
  ) -> (value: Double, slope: Double) {
    let d = a - b
    switch loss {
    case .binaryCrossEntropy:
      let p = 1 / (1 + exp(-a))
      return (-b * log(p) - (1 - b) * log(1 - p), p - b)
    case .absolute: return (abs(d), d < 0 ? -1 : 1)
    case .huber(let delta):
      return abs(d) <= delta
        ? (d * d / 2, d) : (delta * (abs(d) - delta / 2), d < 0 ? -delta : delta)
    }
  }
}
