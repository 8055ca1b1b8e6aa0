import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Philox at (seed, site, step, element); seed and step are read from the context when it runs.
  static func random(
    _ distribution: Distribution, site: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (to, count, width) = (y.pointer, y.count, y.dtype.byteWidth)
    let row = context.elementsOfRow[site] ?? 0
    let site = UInt32(truncatingIfNeeded: site)
    switch distribution {
    case .normal:
      return Crew.alone(count: count, nanoseconds: 2, asking: context) { part in
        ck_normal(
          type, context.seed, site, context.step, to + part.lowerBound * width,
          part.lowerBound + row * context.firstRow, part.count)
      }
    case .uniform(let low, let high):
      return Crew.alone(count: count, nanoseconds: 1, asking: context) { part in
        ck_uniform(
          type, low, high, context.seed, site, context.step, to + part.lowerBound * width,
          part.lowerBound + row * context.firstRow, part.count)
      }
    }
  }

  /// Draws the mask anew from Philox at (seed, site, step, element), as its adjoint does.
  static func dropout(
    _ x: BufferView, rate: Double, site: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (from, to, width) = (x.pointer, y.pointer, y.dtype.byteWidth)
    let row = context.elementsOfRow[site] ?? 0
    let site = UInt32(truncatingIfNeeded: site)
    return Crew.alone(count: y.count, nanoseconds: 1, asking: context) { part in
      let start = part.lowerBound * width
      ck_dropout(
        type, rate, context.seed, site, context.step, from + start, to + start,
        part.lowerBound + row * context.firstRow, part.count)
    }
  }
}
