import CKernels
import Foundation
import Graphs
import Tensors

extension KernelTable {
  /// Reads the learning rate and the number of the update from the context when it runs; never left
  /// unfinished. Operands: parameter, gradient, the moments, and the number that scales the
  /// gradient where `isScaled`.
  static func update(
    _ rule: UpdateRule, limit: Double, isScaled: Bool, operands: [BufferView],
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    let (parameter, count) = (operands[0], operands[0].count)
    guard let type = parameter.dtype.floatingCode, count > 0 else { return {} }
    if parameter.dtype.isShort {
      return shortUpdate(
        rule, limit: limit, isScaled: isScaled, operands: operands, scratch: scratch,
        context: context)
    }
    let moments = operands.dropFirst(2).dropLast(isScaled ? 1 : 0).map(\.pointer)
    let update = Update(
      type: type, limit: limit, scaling: isScaled ? operands.last?.pointer : nil,
      p: parameter.pointer, g: operands[1].pointer, m: moments.first,
      v: moments.dropFirst().first)
    if case .adafactor(let rate, let power, let epsilon, let threshold, let decay) = rule {
      guard let scratch else { return {} }
      return AdafactorUpdate(
        update, moments: moments, shape: parameter.shape,
        sums: scratch.assumingMemoryBound(to: Double.self), rate: rate, power: power,
        epsilon: epsilon, threshold: threshold, decay: decay, context: context
      ).instruction
    }
    let nanoseconds = 0.15 + 0.1 * Double(moments.count)
    return Crew.instruction(count: count, nanoseconds: nanoseconds, asking: nil) { part in
      update.run(rule, part, context)
    }
  }

  /// The same on short floats, in f32: tile by tile, for Adafactor, which looks at rows and
  /// columns, all at once in the scratch.
  private static func shortUpdate(
    _ rule: UpdateRule, limit: Double, isScaled: Bool, operands: [BufferView],
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    let tensors = Array(operands.dropLast(isScaled ? 1 : 0))
    let scaling = isScaled ? operands.suffix(1) : []
    let code = tensors[0].dtype.code
    if case .adafactor = rule {
      guard var place = scratch else { return {} }
      let wide = tensors.map { tensor in
        defer { place += tensor.shape.byteCount(of: .f32).lines }
        return BufferView(pointer: place, shape: tensor.shape, dtype: .f32)
      }
      let inner = update(
        rule, limit: limit, isScaled: isScaled, operands: wide + scaling, scratch: place,
        context: context)
      let pairs = Array(zip(tensors, wide))
      return {
        for (own, copy) in pairs {
          ck_cast(code, DType.f32.code, own.pointer, copy.pointer, own.count)
        }
        inner()
        for (position, (own, copy)) in pairs.enumerated() where position != 1 {
          ck_cast(DType.f32.code, code, copy.pointer, own.pointer, own.count)
        }
      }
    }
    return Crew.instruction(count: tensors[0].count, nanoseconds: 1, asking: nil) { part in
      let tile = 256
      withUnsafeTemporaryAllocation(of: Float.self, capacity: tile * tensors.count) { room in
        let copies = tensors.indices.map { UnsafeMutableRawPointer(room.baseAddress! + $0 * tile) }
        let update = Update(
          type: DType.f32.code, limit: limit, scaling: scaling.first?.pointer,
          p: copies[0], g: copies[1], m: copies.dropFirst(2).first,
          v: copies.dropFirst(3).first)
        for start in stride(from: part.lowerBound, to: part.upperBound, by: tile) {
          let count = min(tile, part.upperBound - start)
          for (own, copy) in zip(tensors, copies) {
            ck_cast(code, DType.f32.code, own.pointer + start * 2, copy, count)
          }
          update.run(rule, 0..<count, context)
          for (position, (own, copy)) in zip(tensors, copies).enumerated() where position != 1 {
            ck_cast(DType.f32.code, code, copy, own.pointer + start * 2, count)
          }
        }
      }
    }
  }

  /// The sum of a group's gradients so far and the share of one more, which the context says when
  /// it runs.
  static func accumulate(
    _ sum: BufferView, _ gradient: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode, y.count > 0 else { return {} }
    let width = y.dtype.byteWidth
    let (s, g, to) = (sum.pointer, gradient.pointer, y.pointer)
    return Crew.instruction(count: y.count, nanoseconds: 0.2, asking: nil) { part in
      let start = part.lowerBound * width
      ck_accumulate(type, context.share, s + start, g + start, to + start, part.count)
    }
  }

  /// Sums parts of each operand, whose order no number of threads changes, and writes `norm` over
  /// the root of their sum; 1 where that is more. With a loss scale, over that; NaN where the sum
  /// is not finite, and `context.skipsUpdates`.
  static func gradientScale(
    _ operands: [BufferView], norm: Double, limit: Double, lossScale: Double?,
    into y: BufferView, scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    let to = y.pointer.assumingMemoryBound(to: Double.self)
    guard norm.isFinite || lossScale != nil,
      let sums = scratch?.assumingMemoryBound(to: Double.self)
    else {
      return { to.pointee = 1 }
    }
    var first = 0
    var parts: [Instruction] = []
    for operand in operands {
      guard let type = operand.dtype.floatingCode else { continue }
      let (from, count, place) = (operand.pointer, operand.count, first)
      let bytes = UpdateSums.part * operand.dtype.byteWidth
      let number = UpdateSums.parts(of: count)
      parts.append(
        Crew.instruction(
          count: number, nanoseconds: 0.2 * Double(UpdateSums.part), asking: nil
        ) { range in
          for part in range {
            let rest = count - part * UpdateSums.part
            sums[place + part] = ck_squares(
              type, 1, limit, from + part * bytes, min(rest, UpdateSums.part))
          }
        })
      first += number
    }
    let total = first
    return {
      for part in parts { part() }
      let found = (0..<total).reduce(0.0) { $0 + sums[$1] }.squareRoot()
      let clipping = found > norm ? norm / found : 1
      context.skipsUpdates = lossScale != nil && !found.isFinite
      to.pointee = context.skipsUpdates ? .nan : clipping / (lossScale ?? 1)
    }
  }
}

/// The sums that updates make of a tensor: of parts of it, each in one order, then of these.
enum UpdateSums {
  /// Elements of a part.
  static let part = 4096

  /// Parts of so many elements.
  static func parts(of count: Int) -> Int { (count + part - 1) / part }

  /// Bytes of scratch that a rule needs for a parameter, its gradient and its moments: Adafactor's,
  /// a number for each row of a matrix or part of a vector, one for each matrix, and two beside;
  /// and copies in f32 of short floats.
  static func scratchBytes(_ rule: UpdateRule, _ tensors: [TensorType]) -> Int {
    guard let parameter = tensors.first, parameter.dtype.isShort else {
      return tensors.first.map { scratchBytes(rule, of: $0.shape) } ?? 0
    }
    guard case .adafactor = rule else { return 0 }
    return tensors.reduce(scratchBytes(rule, of: parameter.shape)) {
      $0 + $1.shape.byteCount(of: .f32).lines
    }
  }

  private static func scratchBytes(_ rule: UpdateRule, of shape: Shape) -> Int {
    guard case .adafactor = rule, shape.count > 0 else { return 0 }
    let rows = AdafactorUpdate.Rows(shape)
    return 8 * (rows.count + rows.matrices + 2)
  }
}

/// What all rules read: pointers, and what is done to the gradient first.
struct Update {
  let type: Int32
  let limit: Double
  /// The number that scales the gradient; `nil` for 1.
  let scaling: UnsafeMutableRawPointer?
  let p: UnsafeMutableRawPointer, g: UnsafeMutableRawPointer
  /// The moments that its rule has, in order.
  let m: UnsafeMutableRawPointer?, v: UnsafeMutableRawPointer?

  /// Bytes of an element.
  var width: Int { type == DType.f64.code ? 8 : 4 }
  var scale: Double { scaling?.load(as: Double.self) ?? 1 }

  /// The elements of a part, by any rule that treats each alone.
  func run(_ rule: UpdateRule, _ part: Range<Int>, _ context: RunContext) {
    guard !context.skipsUpdates else { return }
    var numbers = numbers(rule, context)
    ck_update(type, &numbers, g + part.lowerBound * width, part.lowerBound, part.count)
  }

  /// What the loops of a rule that treats each element alone read.
  func numbers(_ rule: UpdateRule, _ context: RunContext) -> ck_update {
    var numbers = rule.numbers(scale: scale, limit: limit, context)
    (numbers.p, numbers.m, numbers.v) = (p, m, v)
    return numbers
  }
}

extension UpdateRule {
  /// What its loops read but where tensors lie: a rule that treats each element alone.
  func numbers(scale: Double, limit: Double, _ context: RunContext) -> ck_update {
    let rate = context.updateRate ?? self.rate
    var numbers = ck_update()
    (numbers.scale, numbers.limit, numbers.rate) = (scale, limit, rate)
    switch self {
    case .sgd(_, let momentum, let isNesterov, let decay):
      numbers.rule = Int32(CK_SGD.rawValue)
      (numbers.first, numbers.nesterov) = (momentum, isNesterov ? 1 : 0)
      numbers.decay = decay
    case .adam(_, let beta1, let beta2, let epsilon, let decay):
      adam(&numbers, beta1, beta2, epsilon, context)
      (numbers.keep, numbers.decay) = (1, decay)
    case .adamW(_, let beta1, let beta2, let epsilon, let decay):
      adam(&numbers, beta1, beta2, epsilon, context)
      numbers.keep = 1 - rate * decay
    case .rmsprop(_, let alpha, let epsilon, let momentum, let decay):
      numbers.rule = Int32(CK_RMSPROP.rawValue)
      (numbers.first, numbers.second) = (alpha, momentum)
      (numbers.epsilon, numbers.decay) = (epsilon, decay)
    case .adagrad(_, let epsilon, let rateDecay, let decay):
      numbers.rule = Int32(CK_ADAGRAD.rawValue)
      numbers.rate = rate / (1 + Double(context.updateNumber - 1) * rateDecay)
      (numbers.epsilon, numbers.decay) = (epsilon, decay)
    case .lion(_, let beta1, let beta2, let decay):
      numbers.rule = Int32(CK_LION.rawValue)
      (numbers.first, numbers.second) = (beta1, beta2)
      numbers.keep = 1 - rate * decay
    case .adafactor: break  // `AdafactorUpdate`'s
    }
    return numbers
  }

  private func adam(
    _ numbers: inout ck_update, _ beta1: Double, _ beta2: Double, _ epsilon: Double,
    _ context: RunContext
  ) {
    let (first, root) = corrections(beta1, beta2, context)
    numbers.rule = Int32(CK_ADAM.rawValue)
    numbers.rate /= first
    (numbers.first, numbers.second) = (beta1, beta2)
    (numbers.epsilon, numbers.root) = (epsilon, root)
  }

  /// 1 − β₁ᵗ and √(1 − β₂ᵗ).
  private func corrections(
    _ beta1: Double, _ beta2: Double, _ context: RunContext
  ) -> (first: Double, root: Double) {
    let t = Double(context.updateNumber)
    return (1 - pow(beta1, t), (1 - pow(beta2, t)).squareRoot())
  }
}
