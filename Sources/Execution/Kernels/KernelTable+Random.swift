import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// Philox at (seed, site, step, element); seed and step are read from the context when it runs.
  static func random(
    _ distribution: Distribution, site: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (to, count) = (y.pointer, y.count)
    let site = UInt32(truncatingIfNeeded: site)
    switch distribution {
    case .normal:
      return { ck_normal(type, context.seed, site, context.step, to, count) }
    case .uniform(let low, let high):
      return { ck_uniform(type, low, high, context.seed, site, context.step, to, count) }
    }
  }

  /// Draws the mask anew from Philox at (seed, site, step, element), as its adjoint does.
  static func dropout(
    _ x: BufferView, rate: Double, site: Int, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let (from, to, count) = (x.pointer, y.pointer, y.count)
    let site = UInt32(truncatingIfNeeded: site)
    return { ck_dropout(type, rate, context.seed, site, context.step, from, to, count) }
  }
}
