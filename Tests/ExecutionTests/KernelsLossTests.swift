import Foundation
import Graphs
import Tensors
import Testing

@testable import Execution

private let rules = [
  LabelRule.plain, LabelRule(smoothing: 0.2), LabelRule(ignored: 2),
  LabelRule(smoothing: 0.2, ignored: -1),
]

/// Scores, labels, and what a naive loop makes of them: the loss, and its slopes for g = 1.5.
private struct Labelled {
  var labels: [Int]
  var loss = 0.0
  var slopes: [Double]

  init(_ scores: [Double], classes: Int, _ rule: LabelRule, _ dice: inout Dice) {
    let rows = scores.count / classes
    labels = (0..<rows).map { _ in Int.random(in: 0..<classes, using: &dice) }
    if let ignored = rule.ignored { labels[rows / 2] = ignored }
    // One row counts, whatever the others do.
    labels[rows - 1] = 0
    slopes = scores.map { _ in 0 }
    let counted = (0..<rows).filter { labels[$0] != rule.ignored }
    for row in counted {
      let line = Array(scores[(row * classes)..<((row + 1) * classes)])
      let top = line.max() ?? 0
      let sum = log(line.reduce(0) { $0 + exp($1 - top) }) + top
      for (place, score) in line.enumerated() {
        let target =
          rule.smoothing / Double(classes) + (place == labels[row] ? 1 - rule.smoothing : 0)
        loss -= target * (score - sum) / Double(counted.count)
        slopes[row * classes + place] =
          1.5 * (exp(score - sum) - target) / Double(counted.count)
      }
    }
  }
}

@Test(arguments: rules)
func `cross entropy reads labels by a rule`(rule: LabelRule) {
  var dice = Dice(state: 12)
  for dtype in [DType.f32, .f64] {
    for (rows, classes) in [(1, 3), (5, 4), (7, 300), (2, 2000)] {
      let x = Sample(random: [rows, classes], dtype, &dice)
      let naive = Labelled(x.values, classes: classes, rule, &dice)
      let labels = Sample([rows], .i32, naive.labels.map(Double.init))
      let loss = runWithScratch(
        .crossEntropy(rule), [x, labels], into: [TensorType(.scalar, dtype)])
      expectClose(loss[0], [naive.loss], dtype, times: 8)
      let slopes = runWithScratch(
        .crossEntropyAdjoint(rule), [Sample([], dtype, [1.5]), x, labels],
        into: [TensorType([rows, classes], dtype)])
      expectClose(slopes[0], naive.slopes, dtype, times: 4)
    }
  }
}

@Test(arguments: rules)
func `cross entropy in pieces is that of the product`(rule: LabelRule) {
  var dice = Dice(state: 13)
  for dtype in [DType.f32, .f64] {
    for (rows, size, classes, pieces) in [(1, 1, 3, 1), (5, 7, 11, 3), (70, 20, 130, 8)] {
      let x = Sample(random: [rows, size], dtype, &dice)
      let w = Sample(random: [size, classes], dtype, &dice, within: 0.5)
      var scores = [Double](repeating: 0, count: rows * classes)
      for r in 0..<rows {
        for c in 0..<classes {
          for k in 0..<size {
            scores[r * classes + c] += x.values[r * size + k] * w.values[k * classes + c]
          }
        }
      }
      let naive = Labelled(scores, classes: classes, rule, &dice)
      let labels = Sample([rows], .i32, naive.labels.map(Double.init))
      let scalar = TensorType(.scalar, dtype)
      let forward = runWithScratch(
        .linearCrossEntropy(rule, pieces: pieces), [x, w, labels],
        into: [scalar, TensorType([rows], dtype)])
      expectClose(forward[0], [naive.loss], dtype, times: 16)
      let sums = Sample([rows], dtype, forward[1])
      func adjoints(_ pieces: Int) -> [[Double]] {
        runWithScratch(
          .linearCrossEntropyAdjoint([.x, .w], rule, pieces: pieces),
          [Sample([], dtype, [1.5]), x, w, labels, sums],
          into: [TensorType([rows, size], dtype), TensorType([size, classes], dtype)])
      }
      let found = adjoints(pieces)
      var (dx, dw) = (x.values.map { _ in 0.0 }, w.values.map { _ in 0.0 })
      for r in 0..<rows {
        for c in 0..<classes {
          for k in 0..<size {
            dx[r * size + k] += naive.slopes[r * classes + c] * w.values[k * classes + c]
            dw[k * classes + c] += naive.slopes[r * classes + c] * x.values[r * size + k]
          }
        }
      }
      expectClose(found[0], dx, dtype, times: 16)
      expectClose(found[1], dw, dtype, times: 16)
      // The pieces change no bit: each element is one chain of sums.
      #expect(adjoints(1).map(bits) == found.map(bits))
    }
  }
}

@Test func `losses of pairs are averages of their formulas, and stable`() {
  var dice = Dice(state: 14)
  for dtype in [DType.f32, .f64] {
    for count in [1, 7, 700] {
      let a = Sample(random: [count], dtype, &dice)
      let b = Sample(
        [count], dtype, (0..<count).map { _ in Double.random(in: 0...1, using: &dice) })
      let formulas: [(PairLoss, (Double, Double) -> Double, (Double, Double) -> Double)] = [
        (
          .binaryCrossEntropy,
          { log(1 + exp(-$0)) * $1 + log(1 + exp($0)) * (1 - $1) }, { 1 / (1 + exp(-$0)) - $1 }
        ),
        (.absolute, { abs($0 - $1) }, { $0 > $1 ? 1 : -1 }),
        (
          .huber(delta: 0.5),
          { abs($0 - $1) <= 0.5 ? ($0 - $1) * ($0 - $1) / 2 : 0.5 * (abs($0 - $1) - 0.25) },
          { min(max($0 - $1, -0.5), 0.5) }
        ),
      ]
      for (loss, value, slope) in formulas {
        let pairs = zip(a.values, b.values)
        let mean = pairs.reduce(0) { $0 + value($1.0, $1.1) } / Double(count)
        expectClose(run(.pairLoss(loss), [a, b], into: [], dtype), [mean], dtype, times: 4)
        let slopes = run(
          .pairLossAdjoint(loss), [Sample([], dtype, [3]), a, b], into: [count], dtype)
        expectClose(slopes, pairs.map { 3 * slope($0, $1) / Double(count) }, dtype, times: 4)
      }
    }
    // A sure and right answer costs its small probability of being wrong, not 0.
    let sure = run(
      .pairLoss(.binaryCrossEntropy),
      [Sample([2], dtype, [20, -20]), Sample([2], dtype, [1, 0])],
      into: [], dtype)[0]
    #expect(abs(sure / exp(-20) - 1) < 1e-5)
  }
}
