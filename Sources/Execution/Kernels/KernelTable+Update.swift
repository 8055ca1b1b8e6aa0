import CKernels
import Foundation
import Graphs
import Tensors

extension KernelTable {
  static func update(
    _ rule: UpdateRule, operands: [BufferView], context: RunContext
  ) -> Instruction {
    let (type, p, g, count) =
      (
        operands[0].dtype.code, operands[0].pointer, operands[1].pointer, operands[0].count
      )
    guard operands[0].dtype.isFloating, count > 0 else { return {} }
    switch rule {
    case .sgd(let rate):
      return { ck_sgd(type, rate, p, g, count) }
    case .momentum(let rate, let momentum):
      let v = operands[2].pointer
      return { ck_momentum(type, rate, momentum, p, g, v, count) }
    case .adam(let rate, let beta1, let beta2, let epsilon):
      return adam(
        rate, beta1, beta2, epsilon, keep: 1, operands: operands, type: type, context: context)
    case .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
      return adam(
        rate, beta1, beta2, epsilon, keep: 1 - rate * decay, operands: operands, type: type,
        context: context)
    }
  }

  private static func adam(
    _ rate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double, keep: Double,
    operands: [BufferView], type: Int32, context: RunContext
  ) -> Instruction {
    let (p, g, m, v, count) =
      (
        operands[0].pointer, operands[1].pointer, operands[2].pointer, operands[3].pointer,
        operands[0].count
      )
    return {
      let t = Double(context.updateNumber)
      ck_adam(
        type, rate / (1 - pow(beta1, t)), beta1, beta2, epsilon, sqrt(1 - pow(beta2, t)), keep, p,
        g, m, v, count)
    }
  }
}
