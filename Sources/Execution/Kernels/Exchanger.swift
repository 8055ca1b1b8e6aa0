package import Graphs
package import Tensors

/// Who has workers that train together exchange numbers: what an `exchange` means is theirs to say.
package protocol Exchanger: AnyObject {
  /// Does one worker's part. Where other workers have to do theirs first it sets the context's
  /// `isPaused`; its results are there when the worker goes on.
  func exchange(_ part: ExchangePart, _ context: RunContext)
}

/// One worker's part of an exchange.
package struct ExchangePart {
  /// What is exchanged.
  package let exchange: Exchange
  /// What this worker gives.
  package let operands: [BufferView]
  /// What it gets; none where operands are written over, or sent away. The first may lie where the
  /// first operand lies.
  package let results: [BufferView]
  /// `Exchange.scratchBytes`; `nil` for none.
  package let scratch: UnsafeMutableRawPointer?
  /// By how much its numbers count.
  package let weight: Double

  /// What it writes: results, or operands in place.
  package var targets: [BufferView] { results.isEmpty ? operands : results }
}

extension Exchange {
  /// Bytes that a worker needs beside operands and results: in a ring a part to send and a part to
  /// receive; else all that it gives, times its share, and as much to receive.
  package func scratchBytes(_ operands: [TensorType]) -> Int {
    guard adds, let width = operands.first?.dtype.byteWidth else { return 0 }
    let count = operands.reduce(0) { $0 + $1.shape.count }
    switch way {
    case .ring: return 2 * ((count + workers - 1) / workers * width).lines
    case .tree, .naive: return 2 * (count * width).lines
    }
  }
}

extension KernelTable {
  /// Has the context's exchanger do this worker's part. Alone, a worker gets what it gives.
  static func exchange(
    _ exchange: Exchange, _ operands: [BufferView], into results: [BufferView],
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    {
      let part = ExchangePart(
        exchange: exchange, operands: operands, results: results, scratch: scratch,
        weight: context.rowShare)
      if let exchanger = context.exchanger {
        exchanger.exchange(part, context)
      } else {
        part.takeOwn()
      }
    }
  }
}
