import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Arithmetic on i32 that leaves i32, or on i64 that leaves i64, is a fault.
  static func unary(
    _ function: Unary, of x: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (code, from, to, count) = (function.code, x.pointer, y.pointer, y.count)
    let (dtype, width) = (y.dtype, y.dtype.byteWidth)
    // The shape rule lets none come here.
    if dtype == .bool { return {} }
    if dtype.isIndex {
      // One thread, which alone reports.
      let whole = dtype == .i32 ? ck_unary_i32 : ck_unary_i64
      return Crew.alone(count: count, nanoseconds: 0.5, asking: context) { part in
        let start = part.lowerBound * width
        context.report(
          whole(code, from + start, to + start, part.count), on: dtype, in: .unary(function))
      }
    }
    return FunctionWork(function, of: Spot(0), into: Spot(1), y.type, context)
      .instruction(at: [from, to])
  }

  /// `saved` is the value or the operand, as `Unary.savesResult` says.
  static func unaryAdjoint(
    _ function: Unary, _ g: BufferView, _ saved: BufferView, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    // The shape rule lets no other come here.
    guard y.dtype.isFloating else { return {} }
    return FunctionWork(function, Spot(0), of: Spot(1), into: Spot(2), y.type, context)
      .instruction(at: [g.pointer, saved.pointer, y.pointer])
  }

  /// Operands of one type, broadcast to `y`; arithmetic on i32 or i64 that leaves them or divides
  /// by 0 is a fault.
  static func binary(
    _ function: Binary, _ a: BufferView, _ b: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (code, type, left, right, to) =
      (function.code, a.dtype.code, a.pointer, b.pointer, y.pointer)
    let loop = StridedLoop(
      lengths: y.shape.axes,
      strides: [
        a.strides(broadcastTo: y.shape), b.strides(broadcastTo: y.shape), y.shape.strides,
      ])
    let (dtype, width, result) = (a.dtype, a.dtype.byteWidth, y.dtype.byteWidth)
    if a.count == y.count, b.count == y.count, a.dtype.isFloating, a.isContiguous, b.isContiguous {
      return Crew.instruction(count: y.count, nanoseconds: 0.15, asking: context) { part in
        let start = part.lowerBound * width
        var length = part.count
        _ = ck_binary_walk(
          code, type, 1, &length, loop.strides[0], loop.strides[1], left + start, right + start,
          to + part.lowerBound * result)
      }
    }
    return {
      loop.inPieces(asking: context) { lengths in
        context.report(
          ck_binary_walk(
            code, type, loop.rank, lengths, loop.strides[0], loop.strides[1],
            left + loop.start(0) * width, right + loop.start(1) * width,
            to + loop.start(2) * result),
          on: dtype, in: .binary(function))
      }
    }
  }

  /// The number takes the operand's type: rounded to f32, for short floats too, or truncated to
  /// i32 or i64.
  static func scalar(
    _ function: Binary, _ x: BufferView, _ number: Double, numberFirst: Bool,
    into y: BufferView, context: RunContext
  ) -> Instruction {
    if function == .power, !numberFirst {
      if number == 2 { return unary(.square, of: x, into: y, context: context) }
      if number == 0.5 { return unary(.sqrt, of: x, into: y, context: context) }
      if number == -1 {
        return scalar(.divide, x, 1, numberFirst: true, into: y, context: context)
      }
    }
    let (code, type, from, to) = (function.code, x.dtype.code, x.pointer, y.pointer)
    let (dtype, width, result) = (x.dtype, x.dtype.byteWidth, y.dtype.byteWidth)
    if dtype.isShort {
      return Crew.instruction(count: y.count, nanoseconds: 1, asking: context) { part in
        ck_scalar_short(
          code, type, from + part.lowerBound * width, number, numberFirst ? 1 : 0,
          to + part.lowerBound * result, part.count)
      }
    }
    let constant = NumberCell(number, dtype: dtype)
    let loop = StridedLoop(lengths: [y.count], strides: numberFirst ? [[0], [1]] : [[1], [0]])
    return Crew.alone(count: y.count, nanoseconds: 2, asking: context) { part in
      let (constant, from) = (constant.pointer, from + part.lowerBound * width)
      var length = part.count
      context.report(
        ck_binary_walk(
          code, type, 1, &length, loop.strides[0], loop.strides[1],
          numberFirst ? constant : from, numberFirst ? from : constant,
          to + part.lowerBound * result),
        on: dtype, in: .scalar(function, number, numberFirst: numberFirst))
    }
  }

  /// Picks from `a` where `c` is not 0, else from `b`, all broadcast to `y`.
  static func select(
    _ c: BufferView, _ a: BufferView, _ b: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (width, condition, left, right, to) =
      (y.dtype.byteWidth, c.pointer, a.pointer, b.pointer, y.pointer)
    let loop = StridedLoop(
      lengths: y.shape.axes, strides: [c, a, b, y].map { $0.strides(broadcastTo: y.shape) })
    return {
      loop.inPieces(asking: context) { lengths in
        ck_select_walk(
          Int32(width), loop.rank, lengths, loop.strides[0], loop.strides[1], loop.strides[2],
          condition + loop.start(0), left + loop.start(1) * width, right + loop.start(2) * width,
          to + loop.start(3) * width)
      }
    }
  }

  /// NaN stays NaN; bounds of i32 are taken inwards to whole numbers.
  static func clip(
    _ x: BufferView, low: Double, high: Double, into y: BufferView, context: RunContext
  ) -> Instruction {
    let (type, from, to, width) = (y.dtype.code, x.pointer, y.pointer, y.dtype.byteWidth)
    return Crew.alone(count: y.count, nanoseconds: 0.5, asking: context) { part in
      let start = part.lowerBound * width
      ck_clip(type, low, high, from + start, to + start, part.count)
    }
  }

  /// A bound itself counts as inside.
  static func clipAdjoint(
    _ g: BufferView, _ x: BufferView, low: Double, high: Double, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    let (type, from, value, to) = (y.dtype.code, g.pointer, x.pointer, y.pointer)
    let width = y.dtype.byteWidth
    return Crew.alone(count: y.count, nanoseconds: 0.5, asking: context) { part in
      let start = part.lowerBound * width
      ck_clip_adjoint(type, low, high, from + start, value + start, to + start, part.count)
    }
  }

  /// Floats are cut toward 0 for i32 and i64; what does not fit one is a fault.
  static func cast(_ x: BufferView, into y: BufferView, context: RunContext) -> Instruction {
    let (old, new, all, to) = (x.dtype.code, y.dtype.code, x.pointer, y.pointer)
    let (source, target) = (x.dtype, y.dtype)
    let (width, result) = (source.byteWidth, target.byteWidth)
    let isChecked = target.isIndex && (source.isFloating || (source, target) == (.i64, .i32))
    return Crew.alone(count: y.count, nanoseconds: 2, asking: context) { part in
      let (from, count) = (all + part.lowerBound * width, part.count)
      let place = isChecked ? ck_first_outside(old, new, from, count) : -1
      if place >= 0 {
        var number = 0.0
        ck_cast(old, DType.f64.code, from + place * width, &number, 1)
        context.report(KernelFault(.notInteger(number, target), in: .cast(target)))
      }
      ck_cast(old, new, from, to + part.lowerBound * result, count)
    }
  }

  /// A number that `y` holds: the shape rule has checked it.
  static func fill(_ value: Double, into y: BufferView, context: RunContext) -> Instruction {
    let (type, to, width) = (y.dtype.code, y.pointer, y.dtype.byteWidth)
    // Pages that are touched for the first time take longer than the loop.
    return Crew.alone(count: y.count, nanoseconds: 2, asking: context) { part in
      ck_fill(type, value, to + part.lowerBound * width, part.count)
    }
  }

  /// Element i is start + i·step, computed in f64.
  static func range(
    _ start: Double, _ step: Double, into y: BufferView, context: RunContext
  ) -> Instruction {
    Crew.alone(count: y.count, nanoseconds: 20, asking: context) { part in
      y.write(part) { start + Double($0) * step }
    }
  }

  /// As many numbers as `y` has elements, in row-major order.
  static func literal(
    _ numbers: [Double], into y: BufferView, context: RunContext
  ) -> Instruction {
    Crew.alone(count: y.count, nanoseconds: 20, asking: context) { part in
      y.write(part) { numbers[$0] }
    }
  }
}

extension Unary {
  /// About how long an element takes, on a processor of 2023.
  func nanoseconds(_ dtype: DType) -> Double {
    switch self {
    case .negate, .sqrt, .square, .relu, .abs: 0.1
    case .exp, .log, .tanh, .sigmoid, .gelu, .softplus, .silu, .sin, .cos:
      switch dtype {
      case .f32: 0.6
      case .f16, .bf16: 1.2
      case .f64, .i32, .i64, .bool: 5
      }
    }
  }
}

/// One element that lives as long as the instruction that reads it.
final class NumberCell {
  /// Where the element lies.
  let pointer: UnsafeMutableRawPointer

  /// Rounds the number to f32, or cuts it to i32 or i64, where that is the type.
  init(_ number: Double, dtype: DType) {
    pointer = .allocate(byteCount: 8, alignment: 8)
    ck_fill(dtype.code, number, pointer, 1)
  }

  deinit { pointer.deallocate() }
}
