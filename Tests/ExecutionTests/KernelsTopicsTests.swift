import Glibc
import Graphs
import Tensors
import Testing

@testable import Execution

/// Which of the statistics an element of x belongs to, and how many there are.
private func statistic(
  _ kind: Normalization, _ shape: Shape
) -> (of: (Int) -> Int, shape: Shape) {
  let size = shape[shape.rank - 1]
  switch kind {
  case .batch: return ({ $0 % size }, [size])
  case .group(let groups):
    let entry = shape.count / max(shape[0], 1)
    return (
      { $0 / entry * groups + $0 % size / (size / groups) }, [shape[0], groups]
    )
  case .rms: return ({ $0 / size }, Shape(Array(shape.axes.dropLast())))
  }
}

/// The averages over the elements of each of the statistics.
private func averages(_ terms: [Double], _ place: (Int) -> Int, _ count: Int) -> [Double] {
  var (sums, counts) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
  for (index, term) in terms.enumerated() {
    sums[place(index)] += term
    counts[place(index)] += 1
  }
  return zip(sums, counts).map { $0 / $1 }
}

private let norms: [(Normalization, Shape)] = [
  (.batch, [7, 3]), (.batch, [1, 1]), (.batch, [3, 5, 2, 70]), (.batch, [700, 33]),
  (.group(1), [3, 7]), (.group(4), [2, 5, 3, 8]), (.group(2), [1, 70, 140]), (.group(3), [0, 3]),
  (.group(33), [5, 3, 33]), (.rms, [7]), (.rms, [5, 33]), (.rms, [2, 3, 2100]), (.rms, [0, 4]),
]

@Test(arguments: norms.indices)
func `norms and their adjoints agree with double precision`(row: Int) {
  let (kind, shape) = norms[row]
  var dice = Dice(state: 23)
  let size = shape[shape.rank - 1]
  let (place, statistics) = statistic(kind, shape)
  for dtype in [DType.f32, .f64] {
    let x = Sample(random: shape, dtype, &dice)
    let g = Sample(random: shape, dtype, &dice)
    let gain = Sample(random: [size], dtype, &dice)
    let offset = Sample(random: [size], dtype, &dice)
    let none = [Double](repeating: 0, count: statistics.count)
    let mean = kind.isCentred ? averages(x.values, place, statistics.count) : none
    let centred = x.values.enumerated().map { $1 - mean[place($0)] }
    let variance = averages(centred.map { $0 * $0 }, place, statistics.count)
    let scale = variance.map { 1 / ($0 + 0.5).squareRoot() }
    let normal = centred.enumerated().map { $1 * scale[place($0)] }
    let value = normal.enumerated().map { index, number in
      number * gain.values[index % size] + (kind.isCentred ? offset.values[index % size] : 0)
    }
    let slopes = g.values.enumerated().map { $1 * gain.values[$0 % size] }
    let level = kind.isCentred ? averages(slopes, place, statistics.count) : none
    let tilt = averages(zip(slopes, normal).map { $0 * $1 }, place, statistics.count)
    let slope = slopes.indices.map { index in
      let unit = place(index)
      return scale[unit] * (slopes[index] - level[unit] - normal[index] * tilt[unit])
    }
    var (gains, offsets) = (gain.values.map { _ in 0.0 }, gain.values.map { _ in 0.0 })
    for index in normal.indices {
      gains[index % size] += g.values[index] * normal[index]
      offsets[index % size] += g.values[index]
    }
    let operation = Operation.normalize(kind, epsilon: 0.5)
    let operands = [x, gain] + (kind.isCentred ? [offset] : [])
    let expected = operation.resultNames.map { name in
      switch name {
      case "mean": mean
      case "scale": scale
      case "variance": variance
      default: value
      }
    }
    let found = run(
      operation, operands,
      into: operation.resultNames.map { TensorType($0.isEmpty ? shape : statistics, dtype) })
    for (found, expected) in zip(found, expected) {
      expectClose(found, expected, dtype, times: 20)
    }
    let given =
      [g, x, gain] + (kind.isCentred ? [Sample(statistics, dtype, mean)] : [])
      + [Sample(statistics, dtype, scale)]
    let all: [NormalizationPart: [Double]] = [.x: slope, .gain: gains, .offset: offsets]
    for parts in [kind.parts, [.x], [.gain], [.x, .gain]] as [[NormalizationPart]] {
      let found = run(
        .normalizeAdjoint(kind, parts), given,
        into: parts.map { TensorType($0 == .x ? shape : [size], dtype) })
      for (part, values) in zip(parts, found) {
        expectClose(values, all[part] ?? [], dtype, times: 80)
      }
    }
  }
}

/// One case of attention: leading axes, queries, keys, width, columns.
private let heads: [(lead: [Int], Int, Int, Int, Int)] = [
  ([], 1, 1, 1, 1), ([2], 3, 5, 4, 6), ([2], 65, 65, 4, 4), ([1], 130, 70, 3, 5),
  ([1], 64, 130, 17, 66), ([0], 3, 3, 2, 2), ([2], 0, 3, 2, 2),
]

/// What attention gives and its adjoints by their definitions, in double precision: value,
/// logarithms of sums, and adjoints of q, k and v.
private func reference(
  _ form: Attention, _ sizes: (lead: [Int], Int, Int, Int, Int), q: Sample, k: Sample, v: Sample,
  mask: Sample?, g: Sample
) -> [[Double]] {
  let (lead, queries, keys, width, columns) = sizes
  var value = [Double](repeating: 0, count: g.values.count)
  var sums: [Double] = []
  var dq = q.values.map { _ in 0.0 }
  var (dk, dv) = (k.values.map { _ in 0.0 }, v.values.map { _ in 0.0 })
  for head in 0..<lead.reduce(1, *) {
    for i in 0..<queries {
      let row = head * queries + i
      var scores = (0..<keys).map { j in
        (0..<width).reduce(0.0) { sum, t in
          sum + q.values[row * width + t] * k.values[(head * keys + j) * width + t]
        } * form.scale
      }
      for j in 0..<keys {
        if form.isCausal, j > i { scores[j] = -.infinity }
        guard let mask else { continue }
        let number = mask.value(at: Array(repeating: 0, count: lead.count) + [i, j])
        if mask.dtype == .bool, number == 0 { scores[j] = -.infinity }
        if mask.dtype != .bool { scores[j] += number }
      }
      let top = scores.max() ?? 0
      let sum = scores.reduce(0.0) { $0 + exp($1 - top) }
      sums.append(top + log(sum))
      let weights = scores.map { exp($0 - top) / sum }
      func slope(_ j: Int) -> Double {
        (0..<columns).reduce(0.0) { total, c in
          total + g.values[row * columns + c] * v.values[(head * keys + j) * columns + c]
        }
      }
      let slopes = (0..<keys).map(slope)
      let level = zip(weights, slopes).map { $0 * $1 }.reduce(0, +)
      for j in 0..<keys {
        let key = head * keys + j
        for c in 0..<columns {
          value[row * columns + c] += weights[j] * v.values[key * columns + c]
          dv[key * columns + c] += weights[j] * g.values[row * columns + c]
        }
        let share = weights[j] * (slopes[j] - level) * form.scale
        for t in 0..<width {
          dq[row * width + t] += share * k.values[key * width + t]
          dk[key * width + t] += share * q.values[row * width + t]
        }
      }
    }
  }
  return [value, sums, dq, dk, dv]
}

@Test(arguments: heads.indices, [0, 1, 2, 3])
func `tiled attention and its adjoint agree with double precision`(row: Int, way: Int) {
  let sizes = heads[row]
  let (lead, queries, keys, width, columns) = sizes
  var dice = Dice(state: 29)
  let form = Attention(isCausal: way == 1, scale: 0.3, isMasked: way > 1)
  for dtype in [DType.f32, .f64] {
    let q = Sample(random: Shape(lead + [queries, width]), dtype, &dice)
    let k = Sample(random: Shape(lead + [keys, width]), dtype, &dice)
    let v = Sample(random: Shape(lead + [keys, columns]), dtype, &dice)
    let g = Sample(random: Shape(lead + [queries, columns]), dtype, &dice)
    var mask: Sample?
    // No query without a key.
    if way == 2 {
      mask = Sample(
        [queries, keys], .bool,
        (0..<(queries * keys)).map { $0 % keys == 0 || $0 * 7919 % 3 == 0 ? 1 : 0 })
    }
    if way == 3 { mask = Sample(random: [1, keys], dtype, &dice) }
    let expected = reference(form, sizes, q: q, k: k, v: v, mask: mask, g: g)
    let rows = Shape(lead + [queries])
    let operands = [q, k, v] + (mask.map { [$0] } ?? [])
    let found = run(
      .attention(form), operands, into: [TensorType(g.shape, dtype), TensorType(rows, dtype)])
    for (found, expected) in zip(found, expected) {
      expectClose(found, expected, dtype, times: 40)
    }
    let delta = (0..<rows.count).map { row in
      (0..<columns).reduce(0.0) { sum, c in
        sum + g.values[row * columns + c] * expected[0][row * columns + c]
      }
    }
    let given =
      [g] + operands + [Sample(rows, dtype, expected[1]), Sample(rows, dtype, delta)]
    let shapes: [AttentionPart: Shape] = [.q: q.shape, .k: k.shape, .v: v.shape]
    for parts in [[.q, .k, .v], [.q], [.k], [.v], [.q, .v]] as [[AttentionPart]] {
      let found = run(
        .attentionAdjoint(form, parts), given,
        into: parts.map { TensorType(shapes[$0] ?? [], dtype) })
      for (part, values) in zip(parts, found) {
        let place = part == .q ? 2 : part == .k ? 3 : 4
        expectClose(values, expected[place], dtype, times: 400)
      }
    }
  }
}

@Test func `a query that sees no key gives nan, and spoils no other`() {
  var dice = Dice(state: 31)
  let q = Sample(random: [70, 2], .f32, &dice)
  let k = Sample(random: [130, 2], .f32, &dice)
  let mask = Sample(
    [70, 130], .bool, (0..<(70 * 130)).map { $0 / 130 == 66 ? 0 : $0 % 130 > 64 ? 1 : 0 })
  let form = Attention(isCausal: false, scale: 1, isMasked: true)
  let found = run(
    .attention(form), [q, k, k, mask], into: [TensorType([70, 2], .f32), TensorType([70], .f32)])
  for row in 0..<70 {
    #expect(found[0][row * 2].isNaN == (row == 66))
    #expect(found[1][row].isFinite == (row != 66))
  }
}

@Test func `recurrent cells agree with double precision`() {
  var dice = Dice(state: 37)
  func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }
  for dtype in [DType.f32, .f64] {
    for state in [Shape([1]), [3, 5], [2, 3, 33], [0, 2]] {
      let size = state[state.rank - 1]
      func wide(_ times: Int) -> Shape { Shape(state.axes.dropLast() + [times * size]) }
      func place(_ index: Int, _ times: Int, _ part: Int) -> Int {
        index / size * times * size + part * size + index % size
      }
      let h = Sample(random: state, dtype, &dice)
      let a = Sample(random: wide(3), dtype, &dice)
      let b = Sample(random: wide(3), dtype, &dice)
      let gru = run(
        .cell(.gru), [a, b, h], into: [TensorType(state, dtype), TensorType(wide(4), dtype)])
      let next = h.values.indices.map { i in
        let r = sigmoid(a.values[place(i, 3, 0)] + b.values[place(i, 3, 0)])
        let z = sigmoid(a.values[place(i, 3, 1)] + b.values[place(i, 3, 1)])
        let c = tanh(a.values[place(i, 3, 2)] + r * b.values[place(i, 3, 2)])
        return (1 - z) * c + z * h.values[i]
      }
      expectClose(gru[0], next, dtype, times: 4)
      let gates = Sample(random: wide(4), dtype, &dice)
      let lstm = run(
        .cell(.lstm), [gates, h], into: [TensorType(state, dtype), TensorType(state, dtype)])
      let cell = h.values.indices.map { i in
        sigmoid(gates.values[place(i, 4, 1)]) * h.values[i]
          + sigmoid(gates.values[place(i, 4, 0)]) * tanh(gates.values[place(i, 4, 2)])
      }
      expectClose(lstm[1], cell, dtype, times: 4)
      expectClose(
        lstm[0],
        cell.indices.map { sigmoid(gates.values[place($0, 4, 3)]) * tanh(cell[$0]) }, dtype,
        times: 4)
      // The adjoints agree with central differences in the tables; here, over what they may reuse.
      run(
        .cellAdjoint(.gru), [h, Sample(wide(4), dtype, gru[1]), h],
        into: [TensorType(wide(3), dtype), TensorType(wide(3), dtype), TensorType(state, dtype)])
      run(
        .cellAdjoint(.lstm), [h, h, gates, h],
        into: [TensorType(wide(4), dtype), TensorType(state, dtype)])
    }
  }
}

/// Operations long enough for several threads, with their operands.
private func longRuns() -> [(Operation, [Sample], [TensorType])] {
  var dice = Dice(state: 43)
  func sample(_ axes: Int...) -> Sample { Sample(random: Shape(axes), .f32, &dice) }
  func types(_ shapes: Shape...) -> [TensorType] { shapes.map { TensorType($0, .f32) } }
  let (x, g, gain) = (sample(900, 20, 36), sample(900, 20, 36), sample(36))
  let groups = sample(900, 4)
  let q = sample(3, 200, 32)
  let form = Attention(isCausal: true, scale: 0.2, isMasked: false)
  typealias Run = (Operation, [Sample], [TensorType])
  let value = types(x.shape)
  let batch: Run = (
    .normalize(.batch, epsilon: 1), [x, gain, gain], value + types([36], [36], [36])
  )
  let batchAdjoint: Run = (
    .normalizeAdjoint(.batch, [.x, .gain, .offset]), [g, x, gain, gain, gain],
    value + types([36], [36])
  )
  let group: Run = (
    .normalize(.group(4), epsilon: 1), [x, gain, gain], value + types([900, 4], [900, 4])
  )
  let groupAdjoint: Run = (
    .normalizeAdjoint(.group(4), [.x, .gain, .offset]), [g, x, gain, groups, groups],
    value + types([36], [36])
  )
  let rms: Run = (.normalize(.rms, epsilon: 1), [x, gain], value + types([900, 20]))
  let attention: Run = (.attention(form), [q, q, q], types([3, 200, 32], [3, 200]))
  let attentionAdjoint: Run = (
    .attentionAdjoint(form, [.q, .k, .v]), [q, q, q, q, sample(3, 200), sample(3, 200)],
    types([3, 200, 32], [3, 200, 32], [3, 200, 32])
  )
  let lstm: Run = (
    .cell(.lstm), [sample(900, 400), sample(900, 100)], types([900, 100], [900, 100])
  )
  return [batch, batchAdjoint, group, groupAdjoint, rms, attention, attentionAdjoint, lstm]
}

extension OwnProcessTests {
  @Test func `norms, attention and cells give the same bits whatever the number of threads`() async
  {
    await #expect(processExitsWith: .success) {
      let runs = longRuns()
      var seen: [[[[UInt8]]]] = []
      for threads in [1, 2, 7] {
        Crew.threads.store(threads, ordering: .relaxed)
        seen.append(runs.map { runBytes($0.0, $0.1, into: $0.2) })
      }
      #expect(seen.allSatisfy { $0 == seen[0] })
    }
  }
}

@Test func `norms and attention that are asked to stop leave their work undone`() throws {
  let ledger = Ledger()
  for (operation, operands, results) in longRuns() {
    let tensors = try operands.map { operand in
      try Tensor(shape: operand.shape, dtype: .f32, account: .values, ledger: ledger) {
        operand.values[$0]
      }
    }
    let context = RunContext()
    context.interruption.request()
    #expect(throws: ExecutionError.interrupted, "\(operation)") {
      try Eager.apply(operation, to: tensors, ledger: ledger, context: context)
    }
    context.interruption.clear()
    let found = try Eager.apply(operation, to: tensors, ledger: ledger, context: context)
    #expect(found.count == results.count)
  }
}
