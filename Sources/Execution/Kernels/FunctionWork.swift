import CKernels
import Graphs
import Tensors

/// A function of each element, or its adjoint, of floats that lie without gaps: threads share it.
final class FunctionWork: SharedWork {
  private let code: Int32
  private let (dtype, width): (DType, Int)
  /// Where the adjoint of the value lies; `nil` for the function itself.
  private let g: Spot?
  /// Of the function its operand; of its adjoint what `Unary.savesResult` says.
  private let x: Spot
  private let y: Spot

  /// The function of what lies at `x`, of a type; with `g`, its adjoint.
  init(
    _ function: Unary, _ g: Spot? = nil, of x: Spot, into y: Spot, _ type: TensorType,
    _ context: RunContext
  ) {
    code = function.code
    (dtype, width) = (type.dtype, type.dtype.byteWidth)
    (self.g, self.x, self.y) = (g, x, y)
    super.init(
      count: type.shape.count,
      nanoseconds: g != nil && function.savesResult ? 0.15 : function.nanoseconds(type.dtype),
      asking: context)
  }

  /// That of a call; `nil` where it is of another operation, or its tensors are others.
  convenience init?(_ part: FusedPart, into result: PlacedView?, _ context: RunContext) {
    guard let result, result.dtype == .f32 || result.dtype == .f64, result.count > 0,
      part.operands.allSatisfy({
        $0.outside?.type == result.type && $0.outside?.strides == result.strides
      })
    else { return nil }
    let spots = part.operands.compactMap { $0.outside?.spot }
    switch part.operation {
    case .unary(let function):
      self.init(function, of: spots[0], into: result.spot, result.type, context)
    case .unaryAdjoint(let function):
      self.init(function, spots[0], of: spots[1], into: result.spot, result.type, context)
    default: return nil
    }
  }

  override func run(_ part: Range<Int>, at places: Places) {
    let (start, count) = (part.lowerBound * width, part.count)
    let (x, y) = (x.pointer(places) + start, y.pointer(places) + start)
    guard let g = g?.pointer(places) else {
      switch dtype {
      case .f32: ck_unary_f32(code, x, y, count)
      case .f64: ck_unary_f64(code, x, y, count)
      default: ck_unary_short(code, dtype.code, x, y, count)
      }
      return
    }
    switch dtype {
    case .f32: ck_unary_adjoint_f32(code, g + start, x, y, count)
    case .f64: ck_unary_adjoint_f64(code, g + start, x, y, count)
    default: ck_unary_adjoint_short(code, dtype.code, g + start, x, y, count)
    }
  }
}
