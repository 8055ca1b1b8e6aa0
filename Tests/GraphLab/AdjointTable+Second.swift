import Graphs
import Tensors

/// Rows for second derivatives: of the operations that differentiation makes.
extension AdjointTable {
  static let adjointOperations: [GradientCheck] =
    Unary.allCases.filter { $0 != .negate }.map { function in
      let domain: GradientCheck.Domain = [.log, .sqrt].contains(function) ? .positive : .real
      return GradientCheck(.unaryAdjoint(function), [([2, 3], .real), ([2, 3], domain)])
    } + [
      GradientCheck(.clipAdjoint(low: -0.5, high: 0.8), [([3, 4], .real), ([3, 4], .real)]),
      GradientCheck(
        .crossEntropyAdjoint(), [([], .real), ([4, 3], .real), ([4], .integer(below: 3))]),
      GradientCheck(
        .crossEntropyAdjoint(), [([], .real), ([2, 2, 3], .real), ([2, 2], .integer(below: 3))]),
      GradientCheck(
        .crossEntropyAdjoint(LabelRule(smoothing: 0.3, ignored: 1)),
        [([], .real), ([2, 3, 3], .real), ([2, 3], .integer(below: 3))]),
    ]
    + lossesByFormula + normsByFormula + cellsByFormula + attentionsByFormula
    + [0, 1].flatMap { axis in
      [
        GradientCheck(.softmaxAdjoint(axis: axis), [([3, 2], .real), ([3, 2], .real)]),
        GradientCheck(.logSoftmaxAdjoint(axis: axis), [([3, 2], .real), ([3, 2], .real)]),
      ]
    }

  static let lossesOfTwo: [PairLoss] = [
    .binaryCrossEntropy, .absolute, .huber(delta: 0.5), .huber(delta: 100),
  ]

  // Adjoint operations that are differentiated through their formulas.

  private static let lossesByFormula: [GradientCheck] = lossesOfTwo.flatMap { loss in
    ([[], [2, 3]] as [Shape]).map {
      GradientCheck(.pairLossAdjoint(loss), [([], .real), ($0, .real), ($0, .real)])
    }
  }

  private static let normsByFormula: [GradientCheck] = [
    allResults(
      .layerNormAdjoint([.x, .gain, .offset]), shapes: [[3, 4], [3, 4], [4], [3], [3]]),
    allResults(
      .normalizeAdjoint(.batch, [.x, .gain, .offset]), shapes: [[3, 4], [3, 4], [4], [4], [4]]),
    allResults(
      .normalizeAdjoint(.group(2), [.x, .offset]),
      shapes: [[2, 3, 4], [2, 3, 4], [4], [2, 2], [2, 2]]),
    allResults(.normalizeAdjoint(.rms, [.x, .gain]), shapes: [[3, 4], [3, 4], [4], [3]]),
  ]

  private static let cellsByFormula: [GradientCheck] = [
    allResults(.cellAdjoint(.gru), shapes: [[2, 3], [2, 12], [2, 3]]),
    allResults(.cellAdjoint(.lstm), shapes: [[2, 2], [2, 2], [2, 8], [2, 2]]),
  ]

  private static let attentionsByFormula: [GradientCheck] =
    [(false, false), (true, false), (true, true)].flatMap { isCausal, headsInside in
      ([[.q, .k, .v], [.k], [.q, .v]] as [[AttentionPart]]).map { parts in
        let form = Attention(
          isCausal: isCausal, scale: 0.7, isMasked: false, headsInside: headsInside)
        let (value, sums): (Shape, Shape) =
          headsInside ? ([3, 2, 2], [3, 2]) : ([2, 3, 2], [2, 3])
        return allResults(
          .attentionAdjoint(form, parts),
          shapes: [value, [2, 3, 4], [2, 3, 4], [2, 3, 2], [2, 3], sums])
      }
    }

  /// An operation applied to inputs of these shapes, of which every result counts.
  private static func allResults(_ operation: Operation, shapes: [Shape]) -> GradientCheck {
    GradientCheck("all results of \(operation)", shapes.map { ($0, .real) }) { builder, x in
      var sum = try builder.emit(.fill(0, .f64, []), [])
      for result in try builder.emitAll(operation, x) {
        let bent = try builder.unary(.sin, result)
        let term = try builder.reduce(.sum, bent, axes: Array(0..<bent.shape.rank))
        sum = try builder.binary(.add, sum, term)
      }
      return sum
    }
  }
}
