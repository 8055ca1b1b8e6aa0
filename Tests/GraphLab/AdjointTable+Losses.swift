import Graphs
import Tensors

/// Rows for losses.
extension AdjointTable {
  static let losses: [GradientCheck] = labelled + lossesOfPairs

  /// With rules for labels, in any number of pieces.
  private static let labelled: [GradientCheck] =
    [
      LabelRule.plain, LabelRule(smoothing: 0.3), LabelRule(ignored: 1),
      LabelRule(smoothing: 0.3, ignored: 0),
    ].flatMap { rule in
      [
        GradientCheck(.crossEntropy(rule), [([4, 3], .real), ([4], .integer(below: 3))]),
        GradientCheck(.crossEntropy(rule), [([2, 2, 3], .real), ([2, 2], .integer(below: 3))]),
      ]
        + [1, 2, 5, 9].map { pieces in
          GradientCheck(
            .linearCrossEntropy(rule, pieces: pieces),
            [([6, 2], .real), ([2, 5], .real), ([6], .integer(below: 5))])
        }
    } + [
      GradientCheck("a cross entropy in pieces of fixed rows", [([2, 4], .real)]) { builder, x in
        let rows = try builder.emit(.fill(0.5, .f64, [3, 2]), [])
        let labels = try builder.emit(.literal([1, 3, 0], .i32, [3]), [])
        return try builder.emit(.linearCrossEntropy(pieces: 3), [rows, x[0], labels])
      }
    ]

  private static let lossesOfPairs: [GradientCheck] = [
    PairLoss.binaryCrossEntropy, .absolute, .huber(delta: 0.5), .huber(delta: 100),
  ].flatMap { loss in
    ([[], [7], [2, 3]] as [Shape]).map {
      GradientCheck(.pairLoss(loss), [($0, .real), ($0, .real)])
    }
  }
}
