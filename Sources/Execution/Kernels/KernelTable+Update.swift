import CKernels
import Foundation
import Graphs
import Tensors

extension KernelTable {
  /// Reads the learning rate and the number of the update from the context when it runs; never left
  /// unfinished. Operands: parameter, gradient, then the moments.
  static func update(
    _ rule: UpdateRule, operands: [BufferView], context: RunContext
  ) -> Instruction {
    let (p, g, count) = (operands[0].pointer, operands[1].pointer, operands[0].count)
    guard let type = operands[0].dtype.floatingCode, count > 0 else { return {} }
    let width = operands[0].dtype.byteWidth
    switch rule {
    case .sgd(let rate):
      return Crew.instruction(count: count, nanoseconds: 0.15, asking: nil) { part in
        let start = part.lowerBound * width
        ck_sgd(type, context.updateRate ?? rate, p + start, g + start, part.count)
      }
    case .momentum(let rate, let momentum):
      let v = operands[2].pointer
      return Crew.instruction(count: count, nanoseconds: 0.2, asking: nil) { part in
        let start = part.lowerBound * width
        ck_momentum(
          type, context.updateRate ?? rate, momentum, p + start, g + start, v + start, part.count)
      }
    case .adam(let rate, let beta1, let beta2, let epsilon):
      return adam(
        rate, beta1, beta2, epsilon, decay: 0, operands: operands, type: type, context: context)
    case .adamW(let rate, let beta1, let beta2, let epsilon, let decay):
      return adam(
        rate, beta1, beta2, epsilon, decay: decay, operands: operands, type: type,
        context: context)
    }
  }

  private static func adam(
    _ rate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double, decay: Double,
    operands: [BufferView], type: Int32, context: RunContext
  ) -> Instruction {
    let (p, g, m, v, count) =
      (
        operands[0].pointer, operands[1].pointer, operands[2].pointer, operands[3].pointer,
        operands[0].count
      )
    let width = operands[0].dtype.byteWidth
    return Crew.instruction(count: count, nanoseconds: 0.4, asking: nil) { part in
      let t = Double(context.updateNumber)
      let rate = context.updateRate ?? rate
      let start = part.lowerBound * width
      ck_adam(
        type, rate / (1 - pow(beta1, t)), beta1, beta2, epsilon, sqrt(1 - pow(beta2, t)),
        1 - rate * decay,
        p + start, g + start, m + start, v + start, part.count)
    }
  }
}
