import Foundation
import Graphs
import Tensors

/// Normalisations, attention and recurrent cells by their definitions.
extension Interpreter {
  /// All results of a node of these kinds; `nil` for others.
  static func topics(_ node: Node, _ operands: [Numbers]) -> [Numbers]? {
    switch node.operation {
    case .normalize(let kind, let epsilon):
      let norm = Norm(kind, x: operands[0], groups: node.results[1].shape)
      return norm.value(operands, epsilon: epsilon)
    case .normalizeAdjoint(let kind, let parts):
      let norm = Norm(kind, x: operands[1], groups: operands[operands.count - 1].shape)
      return parts.map { norm.adjoint($0, operands) }
    case .attention(let form): return attention(form, shown(node, 3, operands))
    case .attentionAdjoint(let form, let parts):
      return attentionAdjoint(form, parts, shown(node, 4, operands))
    case .cell(let cell): return Self.cell(cell, operands)
    case .cellAdjoint(let cell): return cellAdjoint(cell, operands)
    default: return nil
    }
  }

  /// The operands with a mask of truths, where there is one at this position, as what is added.
  private static func shown(_ node: Node, _ mask: Int, _ operands: [Numbers]) -> [Numbers] {
    guard node.operands.count > mask, node.operands[mask].dtype == .bool else { return operands }
    var operands = operands
    operands[mask] = operands[mask].map { $0 == 0 ? -.infinity : 0 }
    return operands
  }

  /// Which statistics belong to an element.
  private struct Norm {
    let kind: Normalization
    let x: Numbers
    /// The shape of the statistics.
    let shape: Shape

    init(_ kind: Normalization, x: Numbers, groups: Shape) {
      (self.kind, self.x, shape) = (kind, x, groups)
    }

    func place(_ index: [Int]) -> [Int] {
      switch kind {
      case .batch: [index[index.count - 1]]
      case .group(let groups):
        [index[0], index[index.count - 1] / (x.shape[x.shape.rank - 1] / groups)]
      case .rms: Array(index.dropLast())
      }
    }

    /// The average, for each of the statistics, of a function of x's indices.
    func average(_ term: ([Int]) -> Double) -> Numbers {
      var (sums, counts) = (Numbers(shape) { _ in 0 }, Numbers(shape) { _ in 0 })
      for index in Numbers.indices(of: x.shape) {
        sums[place(index)] += term(index)
        counts[place(index)] += 1
      }
      return Numbers(shape, zip(sums.values, counts.values).map { $0 / $1 })
    }

    func value(_ operands: [Numbers], epsilon: Double) -> [Numbers] {
      let mean = kind.isCentred ? average { x[$0] } : Numbers(shape) { _ in 0 }
      let variance = average { index in
        let distance = x[index] - mean[place(index)]
        return distance * distance
      }
      let scale = variance.map { 1 / ($0 + epsilon).squareRoot() }
      let value = Numbers(x.shape) { index in
        let place = place(index)
        let offset = operands.count > 2 ? operands[2][index] : 0
        return (x[index] - mean[place]) * scale[place] * operands[1][index] + offset
      }
      switch kind {
      case .batch: return [value, mean, scale, variance]
      case .group: return [value, mean, scale]
      case .rms: return [value, scale]
      }
    }

    func adjoint(_ part: NormalizationPart, _ operands: [Numbers]) -> Numbers {
      let (g, gain, scale) = (operands[0], operands[2], operands[operands.count - 1])
      let mean = kind.isCentred ? operands[3] : Numbers(shape) { _ in 0 }
      let normal = Numbers(x.shape) { (x[$0] - mean[place($0)]) * scale[place($0)] }
      guard part == .x else {
        var sums = Numbers(gain.shape) { _ in 0 }
        for index in Numbers.indices(of: x.shape) {
          sums[index] += part == .gain ? g[index] * normal[index] : g[index]
        }
        return sums
      }
      let level = kind.isCentred ? average { g[$0] * gain[$0] } : Numbers(shape) { _ in 0 }
      let tilt = average { g[$0] * gain[$0] * normal[$0] }
      return Numbers(x.shape) { index in
        let place = place(index)
        return scale[place] * (g[index] * gain[index] - level[place] - normal[index] * tilt[place])
      }
    }
  }

  /// The scores of queries with keys, −∞ where one does not see the other.
  private static func scores(_ form: Attention, _ q: Numbers, _ k: Numbers, _ mask: Numbers?)
    -> Numbers
  {
    let keys = k.shape[k.shape.rank - 2]
    return Numbers(Shape(Array(q.shape.axes.dropLast()) + [keys])) { index in
      let (row, column) = (index[index.count - 2], index[index.count - 1])
      let lead = Array(index.dropLast(2))
      if form.isCausal, column > row { return -.infinity }
      var score = 0.0
      for term in 0..<q.shape[q.shape.rank - 1] {
        score += q[lead + [row, term]] * k[lead + [column, term]]
      }
      return score * form.scale + (mask?[index] ?? 0)
    }
  }

  private static func attention(_ form: Attention, _ operands: [Numbers]) -> [Numbers] {
    let (q, v) = (operands[0], operands[2])
    let scores = scores(form, q, operands[1], form.isMasked ? operands[3] : nil)
    let axis = scores.shape.rank - 1
    let sums = Numbers(Shape(Array(scores.shape.axes.dropLast()))) { index in
      log(scores.line(index + [0], axis: axis).map { exp($0) }.reduce(0, +))
    }
    let columns = v.shape[v.shape.rank - 1]
    let queries = form.queries(inValue: Array(q.shape.axes.dropLast()))
    let value = Numbers(Shape(queries + [columns])) { index in
      let row = form.queries(inValue: Array(index.dropLast()))
      return (0..<v.shape[v.shape.rank - 2]).reduce(0.0) { sum, key in
        let weight = exp(scores[row + [key]] - sums[row])
        return sum + weight * v[Array(row.dropLast()) + [key, index[index.count - 1]]]
      }
    }
    return [value, sums]
  }

  private static func attentionAdjoint(
    _ form: Attention, _ parts: [AttentionPart], _ operands: [Numbers]
  ) -> [Numbers] {
    let (g, q, k, v) = (operands[0], operands[1], operands[2], operands[3])
    let (sums, delta) = (operands[operands.count - 2], operands[operands.count - 1])
    let scores = scores(form, q, k, form.isMasked ? operands[4] : nil)
    var (dq, dk, dv) = (q.map { _ in 0 }, k.map { _ in 0 }, v.map { _ in 0 })
    for index in Numbers.indices(of: scores.shape) {
      let lead = Array(index.dropLast(2))
      let row = lead + [index[index.count - 2]]
      let place = form.queries(inValue: row)
      let key = lead + [index[index.count - 1]]
      let weight = exp(scores[index] - sums[row])
      var slope = 0.0
      for column in 0..<v.shape[v.shape.rank - 1] {
        dv[key + [column]] += weight * g[place + [column]]
        slope += g[place + [column]] * v[key + [column]]
      }
      let share = weight * (slope - delta[place]) * form.scale
      for term in 0..<q.shape[q.shape.rank - 1] {
        dq[row + [term]] += share * k[key + [term]]
        dk[key + [term]] += share * q[row + [term]]
      }
    }
    return parts.map { part in
      switch part {
      case .q: dq
      case .k: dk
      case .v: dv
      }
    }
  }

  private static func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  /// Parts of the last axis, each as long as the state's.
  private static func part(_ numbers: Numbers, _ index: [Int], _ number: Int, _ size: Int)
    -> Double
  {
    numbers[Array(index.dropLast()) + [number * size + index[index.count - 1]]]
  }

  private static func joined(_ parts: [Numbers]) -> Numbers {
    let size = parts[0].shape.axes.last ?? 1
    let lead = Array(parts[0].shape.axes.dropLast())
    return Numbers(Shape(lead + [size * parts.count])) { index in
      let (number, place) = index[index.count - 1].quotientAndRemainder(dividingBy: size)
      return parts[number][Array(index.dropLast()) + [place]]
    }
  }

  private static func cell(_ cell: RecurrentCell, _ operands: [Numbers]) -> [Numbers] {
    let state = operands[operands.count - 1]
    let size = state.shape.axes.last ?? 1
    let a = operands[0]
    switch cell {
    case .gru:
      let b = operands[1]
      let r = Numbers(state.shape) { sigmoid(part(a, $0, 0, size) + part(b, $0, 0, size)) }
      let z = Numbers(state.shape) { sigmoid(part(a, $0, 1, size) + part(b, $0, 1, size)) }
      let u = Numbers(state.shape) { part(b, $0, 2, size) }
      let c = Numbers(state.shape) { tanh(part(a, $0, 2, size) + r[$0] * u[$0]) }
      let next = Numbers(state.shape) { (1 - z[$0]) * c[$0] + z[$0] * state[$0] }
      return [next, joined([r, z, c, u])]
    case .lstm:
      let next = Numbers(state.shape) { index in
        sigmoid(part(a, index, 1, size)) * state[index]
          + sigmoid(part(a, index, 0, size)) * tanh(part(a, index, 2, size))
      }
      return [
        Numbers(state.shape) { sigmoid(part(a, $0, 3, size)) * tanh(next[$0]) }, next,
      ]
    }
  }

  private static func cellAdjoint(_ cell: RecurrentCell, _ operands: [Numbers]) -> [Numbers] {
    let state = operands[operands.count - 1]
    let shape = state.shape
    let size = shape.axes.last ?? 1
    switch cell {
    case .gru:
      let (g, gates) = (operands[0], operands[1])
      func gate(_ number: Int) -> Numbers { Numbers(shape) { part(gates, $0, number, size) } }
      let (r, z, c, u) = (gate(0), gate(1), gate(2), gate(3))
      let slope = Numbers(shape) { g[$0] * (1 - z[$0]) * (1 - c[$0] * c[$0]) }
      let reset = Numbers(shape) { slope[$0] * u[$0] * r[$0] * (1 - r[$0]) }
      let update = Numbers(shape) { g[$0] * (state[$0] - c[$0]) * z[$0] * (1 - z[$0]) }
      return [
        joined([reset, update, slope]),
        joined([reset, update, Numbers(shape) { slope[$0] * r[$0] }]),
        Numbers(shape) { g[$0] * z[$0] },
      ]
    case .lstm:
      let (gy, gc, a) = (operands[0], operands[1], operands[2])
      let i = Numbers(shape) { sigmoid(part(a, $0, 0, size)) }
      let f = Numbers(shape) { sigmoid(part(a, $0, 1, size)) }
      let g = Numbers(shape) { tanh(part(a, $0, 2, size)) }
      let o = Numbers(shape) { sigmoid(part(a, $0, 3, size)) }
      let shown = Numbers(shape) { tanh(f[$0] * state[$0] + i[$0] * g[$0]) }
      let slope = Numbers(shape) { gc[$0] + gy[$0] * o[$0] * (1 - shown[$0] * shown[$0]) }
      return [
        joined([
          Numbers(shape) { slope[$0] * g[$0] * i[$0] * (1 - i[$0]) },
          Numbers(shape) { slope[$0] * state[$0] * f[$0] * (1 - f[$0]) },
          Numbers(shape) { slope[$0] * i[$0] * (1 - g[$0] * g[$0]) },
          Numbers(shape) { gy[$0] * shown[$0] * o[$0] * (1 - o[$0]) },
        ]),
        Numbers(shape) { slope[$0] * f[$0] },
      ]
    }
  }
}
