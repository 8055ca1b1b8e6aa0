import Graphs
import Tensors

/// Where inputs and values lie at one point of a schedule.
struct Addresses {
  private let ofInput: [UnsafeMutableRawPointer]
  /// Where each step's value was put last.
  var ofStep: [UnsafeMutableRawPointer]

  /// Inputs lie where their tensors do. Steps have no values yet, and updates never have: their address is `nowhere`,
  /// where nothing is read or written.
  init(inputs: [Tensor], steps: Int, nowhere: UnsafeMutableRawPointer) {
    ofInput = inputs.map(\.storage.pointer)
    ofStep = Array(repeating: nowhere, count: steps)
  }

  subscript(operand: Operand) -> UnsafeMutableRawPointer {
    switch operand.origin {
    case .input(let input): ofInput[input]
    case .node(let step, result: _): ofStep[step]
    }
  }

  /// The instruction of a node whose operands and value lie where this says now.
  func instruction(
    for node: Node, step: Int, scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    KernelTable.instruction(
      for: node.operation,
      operands: node.operands.map {
        BufferView(pointer: self[$0], shape: $0.shape, dtype: $0.dtype)
      },
      results: node.results.map {
        BufferView(pointer: ofStep[step], shape: $0.shape, dtype: $0.dtype)
      },
      scratch: scratch, context: context)
  }
}
