import Foundation
import GraphLab
import Graphs
import Tensors

/// Runs a graph by the definitions, in doubles. Random draws are a fixed function of site and
/// element.
struct Interpreter {
  /// The results of each node.
  var values: [[Numbers]] = []
  let inputs: [Numbers]

  init(_ graph: Graph, inputs: [Numbers]) {
    self.inputs = inputs
    for node in graph.nodes {
      let operands = node.operands.map(value)
      values.append(severalResults(node, operands) ?? [evaluate(node, operands)])
    }
  }

  func value(_ operand: Operand) -> Numbers {
    let whole =
      switch operand.origin {
      case .input(let index): inputs[index]
      case .node(let index, let result): values[index][result]
      }
    guard let view = operand.view else { return whole.reshaped(operand.shape) }
    let base = whole.reshaped(view.base)
    let part = Numbers(view.shape) { index in
      var place = view.slices.map(\.start)
      for (axis, source) in view.order.enumerated() {
        place[source] += index[axis] * view.slices[source].step
      }
      return base[place]
    }
    return part.reshaped(operand.shape)
  }

  /// A number from [0, 1) for an element of a draw.
  static func draw(site: Int, element: Int) -> Double {
    var random = SplitMix(seed: UInt64(site * 1_000_003 + element))
    return Double.random(in: 0..<1, using: &random)
  }

  /// Of the operations that make several values, or none.
  private func severalResults(_ node: Node, _ operands: [Numbers]) -> [Numbers]? {
    switch node.operation {
    case .layerNorm(let epsilon):
      let (x, rows) = (operands[0], node.results[1].shape)
      func row(_ index: [Int]) -> [Double] { x.line(index + [0], axis: x.shape.rank - 1) }
      let mean = Numbers(rows) { row($0).reduce(0, +) / Double(row($0).count) }
      let scale = Numbers(rows) { index in
        let squares = row(index).map { ($0 - mean[index]) * ($0 - mean[index]) }
        return 1 / (squares.reduce(0, +) / Double(squares.count) + epsilon).squareRoot()
      }
      let value = Numbers(x.shape) { index in
        let row = Array(index.dropLast())
        return (x[index] - mean[row]) * scale[row] * operands[1][index] + operands[2][index]
      }
      return [value, mean, scale]
    case .layerNormAdjoint(let parts):
      return parts.map { Self.layerNormAdjoint($0, operands) }
    case .linearCrossEntropy(let rule, pieces: _):
      let scores = Self.scores(operands[0], operands[1])
      let sums = Numbers(operands[2].shape) { index in
        log(scores.line(index + [0], axis: scores.shape.rank - 1).map { exp($0) }.reduce(0, +))
      }
      return [Numbers(.scalar, [Self.labelled(scores, operands[2], rule).loss]), sums]
    case .linearCrossEntropyAdjoint(let parts, let rule, pieces: _):
      let (g, x, w) = (operands[0].values[0], operands[1], operands[2])
      let slopes = Self.labelled(Self.scores(x, w), operands[3], rule).slopes
      let rows = Numbers.indices(of: operands[3].shape)
      return parts.map { part in
        switch part {
        case .x:
          Numbers(x.shape) { index in
            (0..<w.shape[1]).reduce(0.0) {
              $0 + g * slopes[Array(index.dropLast()) + [$1]] * w[[index.last ?? 0, $1]]
            }
          }
        case .w:
          Numbers(w.shape) { index in
            rows.reduce(0.0) { $0 + g * slopes[$1 + [index[1]]] * x[$1 + [index[0]]] }
          }
        }
      }
    case .update:
      return []
    default:
      return Self.topics(node, operands)
    }
  }

  private static func layerNormAdjoint(_ part: NormalizationPart, _ operands: [Numbers]) -> Numbers
  {
    let (g, x, gain, mean, scale) =
      (operands[0], operands[1], operands[2], operands[3], operands[4])
    let axis = x.shape.rank - 1
    let normal = Numbers(x.shape) { (x[$0] - mean[$0.dropLast()]) * scale[$0.dropLast()] }
    switch part {
    case .x:
      return Numbers(x.shape) { index in
        let slopes = zip(g.line(index, axis: axis), gain.values).map { $0 * $1 }
        let average = slopes.reduce(0, +) / Double(slopes.count)
        let tilt =
          zip(slopes, normal.line(index, axis: axis)).map { $0 * $1 }.reduce(0, +)
          / Double(slopes.count)
        return scale[index.dropLast()]
          * (g[index] * gain[index] - average - normal[index] * tilt)
      }
    case .gain, .offset:
      var sums = Numbers(gain.shape) { _ in 0 }
      for index in Numbers.indices(of: x.shape) {
        sums[index] += part == .gain ? g[index] * normal[index] : g[index]
      }
      return sums
    }
  }

  private func evaluate(_ node: Node, _ operands: [Numbers]) -> Numbers {
    let shape = node.shape
    switch node.operation {
    case .unary(let function):
      return operands[0].map { Self.apply(function, $0) }
    case .unaryAdjoint(let function):
      return Numbers(shape) { operands[0][$0] * Self.slope(function, operands[1][$0]) }
    case .binary(let function):
      return Numbers(shape) { Self.apply(function, operands[0][$0], operands[1][$0]) }
    case .scalar(let function, let number, let numberFirst):
      return operands[0].map {
        numberFirst ? Self.apply(function, number, $0) : Self.apply(function, $0, number)
      }
    case .select:
      return Numbers(shape) { operands[0][$0] != 0 ? operands[1][$0] : operands[2][$0] }
    case .clip(let low, let high):
      return operands[0].map { min(max($0, low), high) }
    case .clipAdjoint(let low, let high):
      return Numbers(shape) { (low...high).contains(operands[1][$0]) ? operands[0][$0] : 0 }
    case .cast(let dtype):
      switch dtype {
      case .bool: return operands[0].map { $0 == 0 ? 0 : 1 }
      case .i32, .i64: return operands[0].map { $0.rounded(.towardZero) }
      case .f32, .f64, .f16, .bf16: return operands[0]
      }
    case .broadcast:
      return Numbers(shape) { operands[0][$0] }
    case .matmul(let transposeLeft, let transposeRight):
      return Self.matmul(shape, operands, transposeLeft, transposeRight)
    case .reduce(let reduction, let axes, keepDims: _):
      return Self.reduce(reduction, axes, operands[0]).reshaped(shape)
    case .argReduce(let extremum, let axis):
      let kept = operands[0].shape.reduced([axis], keepDims: true)
      return Numbers(kept) { index in
        let line = operands[0].line(index, axis: axis)
        let best = extremum == .greatest ? line.max() : line.min()
        return Double(line.firstIndex { $0 == best } ?? 0)
      }.reshaped(shape)
    case .permute(let order):
      return Numbers(shape) { index in
        var source = index
        for (axis, from) in order.enumerated() { source[from] = index[axis] }
        return operands[0][source]
      }
    case .concat(let axis):
      return Numbers(shape) { index in
        var index = index
        for operand in operands {
          if index[axis] < operand.shape[axis] { return operand[index] }
          index[axis] -= operand.shape[axis]
        }
        return .nan
      }
    case .slice(let slices):
      return Numbers(shape) { operands[0][Self.source($0, slices)] }
    case .unslice(let slices, _):
      var result = Numbers(shape) { _ in 0 }
      for index in Numbers.indices(of: operands[0].shape) {
        result[Self.source(index, slices)] = operands[0][index]
      }
      return result
    case .take(let axis):
      return Numbers(shape) { operands[0][Self.taken($0, axis, operands[1])] }
    case .takeAdjoint(let axis, _):
      var result = Numbers(shape) { _ in 0 }
      for index in Numbers.indices(of: operands[0].shape) {
        result[Self.taken(index, axis, operands[1])] += operands[0][index]
      }
      return result
    case .gather(let axis):
      return Numbers(shape) { index in
        var source = index
        source[axis] = Int(operands[1][index])
        return operands[0][source]
      }
    case .gatherAdjoint(let axis, _):
      var result = Numbers(shape) { _ in 0 }
      for index in Numbers.indices(of: operands[0].shape) {
        var target = index
        target[axis] = Int(operands[1][index])
        result[target] += operands[0][index]
      }
      return result
    case .cumulativeSum(let axis, let reversed):
      return Numbers(shape) { index in
        let line = operands[0].line(index, axis: axis)
        return (reversed ? line[index[axis]...] : line[...index[axis]]).reduce(0, +)
      }
    case .triangle(let upper, let diagonal):
      return Numbers(shape) { index in
        let above = index[index.count - 1] - index[index.count - 2] - diagonal
        return (upper ? above >= 0 : above <= 0) ? operands[0][index] : 0
      }
    case .topIndices:
      return Numbers(shape) { index in
        let line = operands[0].line(
          Array(index.dropLast()) + [0], axis: operands[0].shape.rank - 1)
        let order = line.indices.sorted { (line[$1], $0) < (line[$0], $1) }
        return Double(order[index.last ?? 0])
      }
    case .oneHot:
      return Numbers(shape) { Double($0.last ?? 0) == operands[0][$0.dropLast()] ? 1 : 0 }
    case .softmax(let axis):
      return Self.softmax(operands[0], axis)
    case .softmaxAdjoint(let axis):
      return Numbers(shape) { index in
        let (g, y) = (operands[0].line(index, axis: axis), operands[1].line(index, axis: axis))
        return operands[1][index] * (operands[0][index] - zip(g, y).map(*).reduce(0, +))
      }
    case .logSoftmax(let axis):
      return Self.softmax(operands[0], axis).map { log($0) }
    case .logSoftmaxAdjoint(let axis):
      return Numbers(shape) { index in
        let sum = operands[0].line(index, axis: axis).reduce(0, +)
        return operands[0][index] - exp(operands[1][index]) * sum
      }
    case .logSumExp(let axis, keepDims: _):
      let kept = operands[0].shape.reduced([axis], keepDims: true)
      return Numbers(kept) { index in
        log(operands[0].line(index, axis: axis).map { exp($0) }.reduce(0, +))
      }.reshaped(shape)
    case .crossEntropy(let rule):
      return Numbers(shape, [Self.labelled(operands[0], operands[1], rule).loss])
    case .crossEntropyAdjoint(let rule):
      return Self.labelled(operands[1], operands[2], rule).slopes.map {
        operands[0].values[0] * $0
      }
    case .pairLoss(let loss):
      let sum = zip(operands[0].values, operands[1].values).reduce(0.0) {
        $0 + Self.pairLoss(loss, $1.0, $1.1).value
      }
      return Numbers(shape, [sum / Double(operands[0].values.count)])
    case .pairLossAdjoint(let loss):
      let share = operands[0].values[0] / Double(operands[1].values.count)
      return Numbers(
        shape,
        zip(operands[1].values, operands[2].values).map {
          share * Self.pairLoss(loss, $0, $1).slope
        })
    case .dropout(let rate, let site):
      return Numbers(
        shape,
        operands[0].values.enumerated().map { element, value in
          Self.draw(site: site, element: element) < rate ? 0 : value / (1 - rate)
        })
    case .random(_, _, _, let site):
      return Numbers(shape, (0..<shape.count).map { Self.draw(site: site, element: $0) })
    case .fill(let number, _, _):
      return Numbers(shape) { _ in number }
    case .stopGradient:
      return operands[0]
    case .range(let start, let step, _, let count):
      return Numbers(shape, (0..<count).map { start + Double($0) * step })
    case .literal(let numbers, _, _):
      return Numbers(shape, numbers)
    case .gradientScale(let norm, let limit, let lossScale):
      let squares = operands.flatMap(\.values).map { pow(min(max($0, -limit), limit), 2) }
      return Numbers(
        shape, [min(1, norm / squares.reduce(0, +).squareRoot()) / (lossScale ?? 1)])
    case .accumulate:
      return Numbers(shape, zip(operands[0].values, operands[1].values).map { $0 + $1 })
    case .exchange:
      return operands[0]
    case .conv2d(let convolution):
      return Self.convolution(convolution, x: operands[0], w: operands[1], y: nil, shape)
    case .conv2dTranspose(let convolution, height: _, width: _):
      return Self.convolution(convolution, x: nil, w: operands[1], y: operands[0], shape)
    case .conv2dWeights(let convolution, height: _, width: _):
      return Self.convolution(convolution, x: operands[0], w: nil, y: operands[1], shape)
    case .maxPool(let pooling), .averagePool(let pooling):
      return Self.pool(pooling, of: operands[0], node.operation, shape)
    case .maxPoolAdjoint(let pooling):
      return Self.poolAdjoint(pooling, operands[0], of: operands[1], shape)
    case .averagePoolAdjoint(let pooling, height: _, width: _):
      return Self.poolAdjoint(pooling, operands[0], of: nil, shape)
    case .pad(let padding, let number):
      var result = Numbers(shape) { _ in number }
      for index in Numbers.indices(of: operands[0].shape) {
        result[zip(index, padding).map { $0 + $1.before }] = operands[0][index]
      }
      return result
    case .normalize, .normalizeAdjoint, .attention, .attentionAdjoint, .cell, .cellAdjoint,
      .layerNorm, .layerNormAdjoint, .update, .linearCrossEntropy,
      .linearCrossEntropyAdjoint:
      return Numbers(shape, [])
    }
  }

  /// The images, weights or windows that are not given, from the others.
  private static func convolution(
    _ convolution: Convolution, x: Numbers?, w: Numbers?, y: Numbers?, _ shape: Shape
  ) -> Numbers {
    var result = Numbers(shape) { _ in 0 }
    forEachTerm(
      of: convolution, x: x?.shape ?? shape, w: w?.shape ?? shape, y: y?.shape ?? shape
    ) { i, j, k in
      switch (x, w, y) {
      case (let x?, let w?, _): result.values[k] += x.values[i] * w.values[j]
      case (_, let w?, let y?): result.values[i] += y.values[k] * w.values[j]
      case (let x?, _, let y?): result.values[j] += x.values[i] * y.values[k]
      default: break
      }
    }
    return result
  }

  /// The places in images of this shape that the window of a place has.
  private static func window(_ pooling: Pooling, _ place: [Int], of x: Shape) -> [[Int]] {
    pooling.height.entries(of: place[1], in: x[1]).flatMap { row in
      pooling.width.entries(of: place[2], in: x[2]).map { [place[0], row, $0, place[3]] }
    }
  }

  private static func size(_ pooling: Pooling, _ place: [Int], of x: Shape) -> Double {
    Double(
      pooling.height.size(of: place[1], in: x[1]) * pooling.width.size(of: place[2], in: x[2]))
  }

  private static func pool(
    _ pooling: Pooling, of x: Numbers, _ operation: Graphs.Operation, _ shape: Shape
  ) -> Numbers {
    Numbers(shape) { place in
      let entries = window(pooling, place, of: x.shape).map { x[$0] }
      if case .maxPool = operation { return entries.max() ?? .nan }
      return entries.reduce(0, +) / size(pooling, place, of: x.shape)
    }
  }

  /// Of the greatest entries of x, or without x of averages.
  private static func poolAdjoint(
    _ pooling: Pooling, _ g: Numbers, of x: Numbers?, _ shape: Shape
  ) -> Numbers {
    var result = Numbers(shape) { _ in 0 }
    for place in Numbers.indices(of: g.shape) {
      let entries = window(pooling, place, of: shape)
      if let x {
        let best = entries.map { x[$0] }.max()
        if let first = entries.first(where: { x[$0] == best }) { result[first] += g[place] }
      } else {
        for entry in entries { result[entry] += g[place] / size(pooling, place, of: shape) }
      }
    }
    return result
  }

  private static func source(_ index: [Int], _ slices: [AxisSlice]) -> [Int] {
    zip(index, slices).map { $1.start + $0 * $1.step }
  }

  private static func taken(_ index: [Int], _ axis: Int, _ indices: Numbers) -> [Int] {
    let middle = Array(index[axis..<(axis + indices.shape.rank)])
    return index[..<axis] + [Int(indices[middle])] + index[(axis + indices.shape.rank)...]
  }

  private static func softmax(_ operand: Numbers, _ axis: Int) -> Numbers {
    Numbers(operand.shape) { index in
      let line = operand.line(index, axis: axis)
      let highest = line.max() ?? 0
      return exp(operand[index] - highest) / line.map { exp($0 - highest) }.reduce(0, +)
    }
  }

  private static func reduce(_ reduction: Reduction, _ axes: [Int], _ operand: Numbers) -> Numbers {
    let kept = operand.shape.reduced(axes, keepDims: true)
    var groups = [[Double]](repeating: [], count: kept.count)
    let frame = Numbers(kept) { _ in 0 }
    for index in Numbers.indices(of: operand.shape) {
      groups[frame.offset(index)].append(operand[index])
    }
    return Numbers(
      kept,
      groups.map { group in
        switch reduction {
        case .sum: group.reduce(0, +)
        case .average: group.reduce(0, +) / Double(group.count)
        case .max: group.max() ?? .nan
        case .min: group.min() ?? .nan
        }
      })
  }

  private static func matmul(
    _ shape: Shape, _ operands: [Numbers], _ transposeLeft: Bool, _ transposeRight: Bool
  ) -> Numbers {
    let inner = operands[0].shape.axes.dropLast(transposeLeft ? 1 : 0).last ?? 0
    return Numbers(shape) { index in
      let batch = Array(index.dropLast(2))
      let (row, column) = (index[index.count - 2], index[index.count - 1])
      return (0..<inner).reduce(0.0) { sum, k in
        let a = operands[0][batch + (transposeLeft ? [k, row] : [row, k])]
        return sum + a * operands[1][batch + (transposeRight ? [column, k] : [k, column])]
      }
    }
  }

  private static func apply(_ function: Unary, _ x: Double) -> Double {
    switch function {
    case .negate: -x
    case .exp: exp(x)
    case .log: log(x)
    case .sqrt: x.squareRoot()
    case .square: x * x
    case .tanh: tanh(x)
    case .sigmoid: 1 / (1 + exp(-x))
    case .relu: max(x, 0)
    case .gelu: x * (1 + erf(x / 2.0.squareRoot())) / 2
    case .softplus: log(1 + exp(x))
    case .silu: x / (1 + exp(-x))
    case .sin: sin(x)
    case .cos: cos(x)
    case .abs: abs(x)
    }
  }

  /// f′, from the result where `savesResult` and from the operand elsewhere.
  private static func slope(_ function: Unary, _ s: Double) -> Double {
    switch function {
    case .negate: return -1
    case .exp: return s
    case .log: return 1 / s
    case .sqrt: return 0.5 / s
    case .square: return 2 * s
    case .tanh: return 1 - s * s
    case .sigmoid: return s * (1 - s)
    case .relu: return s > 0 ? 1 : 0
    case .gelu:
      let density = exp(-s * s / 2) / (2 * Double.pi).squareRoot()
      return (1 + erf(s / 2.0.squareRoot())) / 2 + s * density
    case .softplus: return 1 / (1 + exp(-s))
    case .silu:
      let sigmoid = 1 / (1 + exp(-s))
      return sigmoid * (1 + s * (1 - sigmoid))
    case .sin: return cos(s)
    case .cos: return -sin(s)
    case .abs: return s > 0 ? 1 : s < 0 ? -1 : 0
    }
  }

  private static func apply(_ function: Binary, _ a: Double, _ b: Double) -> Double {
    switch function {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: pow(a, b)
    case .minimum: min(a, b)
    case .maximum: max(a, b)
    case .floorDivide: (a / b).rounded(.down)
    case .remainder: a - (a / b).rounded(.down) * b
    case .equal: a == b ? 1 : 0
    case .notEqual: a != b ? 1 : 0
    case .less: a < b ? 1 : 0
    case .lessOrEqual: a <= b ? 1 : 0
    case .greater: a > b ? 1 : 0
    case .greaterOrEqual: a >= b ? 1 : 0
    }
  }
}
