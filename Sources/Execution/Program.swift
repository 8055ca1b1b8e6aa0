package import Gradients
import Graphs
package import Schedules
package import Tensors

package struct RunRecord {
  package var loss: Tensor
  package var gradients: [Tensor]
  package var states: [Tensor]
  package var measured: [Rehearsal.Moment]
  package var measuredPeak: Int
  package var forwardSteps: Int
  package var replayedSteps: Int
  package var backwardSteps: Int
}

/// A schedule compiled against a joint graph: where each value lies, and what each action does to the ledger.
package final class Program {
  let joint: JointGraph
  let workload: Workload
  let schedule: Schedule
  package let rehearsal: Rehearsal
  let layout: Layout
  /// For each action: block of its value (−1 none, results ≥ blocks.count).
  var blockOfAction: [Int] = []
  var operandBlocks: [[Int]] = []
  let blockCount: Int
  let resultSteps: [Int]
  var scratchBlock: [Int]

  package init(
    joint: JointGraph, workload: Workload, schedule: Schedule, rehearsal: Rehearsal
  ) throws(ExecutionError) {
    self.joint = joint
    self.workload = workload
    self.schedule = schedule
    self.rehearsal = rehearsal
    var blocks: [Layout.Block] = []
    var current = [Int](repeating: -1, count: workload.steps.count)
    var results: [Int] = []
    var scratch = [Int](repeating: -1, count: schedule.actions.count)
    let graph = joint.graph
    for (index, action) in schedule.actions.enumerated() {
      var block = -1
      var operands: [Int] = []
      switch action {
      case .compute(let step, let reusing):
        operands = graph.nodes[step].operands.map { $0.node.map { current[$0] } ?? -1 }
        if workload.steps[step].phase == .update { break }
        if let reusing {
          block = current[reusing]
          current[reusing] = -1
        } else {
          block = blocks.count
          blocks.append(
            Layout.Block(
              bytes: workload.steps[step].bytes, begins: index, ends: schedule.actions.count))
        }
        current[step] = block
        if workload.steps[step].isResult { results.append(step) }
        if workload.steps[step].scratch > 0 {
          scratch[index] = blocks.count
          blocks.append(
            Layout.Block(bytes: workload.steps[step].scratch, begins: index, ends: index + 1))
        }
      case .free(let step):
        block = current[step]
        if block >= 0 { blocks[block].ends = index }
        current[step] = -1
      case .offload, .fetch: break
      }
      blockOfAction.append(block)
      operandBlocks.append(operands)
    }
    self.resultSteps = results
    self.scratchBlock = scratch
    self.blockCount = blocks.count
    self.layout = Layout(blocks)
  }

  package func run(
    inputs: [Tensor], context: RunContext, ledger: Ledger, redrawing: Bool = false,
    isCancelled: @escaping () -> Bool = { false }
  ) throws(ExecutionError) -> RunRecord {
    let binding = try Binding(
      self, inputs: inputs, context: context, ledger: ledger, redrawing: redrawing)
    return try binding.runOnce(isCancelled)
  }

  package func bind(
    inputs: [Tensor], context: RunContext, ledger: Ledger, states: [Tensor?]
  ) throws(ExecutionError) -> Binding {
    let binding = try Binding(
      self, inputs: inputs, context: context, ledger: ledger, redrawing: false)
    binding.stateTargets = states
    return binding
  }
}

extension AccountClass {
  init(_ holding: Holding) {
    switch holding {
    case .forward: self = .forward
    case .kept: self = .kept
    case .replayed: self = .replayed
    case .adjoints: self = .adjoints
    case .gradients: self = .gradients
    case .workspace: self = .workspace
    }
  }
}

package final class Binding {
  let program: Program
  let ledger: Ledger
  let context: RunContext
  let arena: Arena
  let inputs: [Tensor]
  var resultPointers: [Int: UnsafeMutableRawPointer] = [:]
  var instructions: [Instruction] = []
  var stateTargets: [Tensor?] = []
  package private(set) var loss = 0.0
  private var ends: [AccountClass?] = []

  init(
    _ program: Program, inputs: [Tensor], context: RunContext, ledger: Ledger, redrawing: Bool
  ) throws(ExecutionError) {
    self.program = program
    self.ledger = ledger
    self.context = context
    self.inputs = inputs
    let workload = program.workload
    let graph = program.joint.graph
    do {
      arena = try Arena(byteCount: program.layout.byteCount)
    } catch { throw .memory(error) }
    for (index, action) in program.schedule.actions.enumerated() {
      if case .compute(let step, _) = action, workload.steps[step].isResult {
        resultPointers[step] = arena.base + program.layout.offsets[program.blockOfAction[index]]
      }
    }
    for (index, action) in program.schedule.actions.enumerated() {
      guard case .compute(let step, _) = action else {
        instructions.append({})
        continue
      }
      let node = graph.nodes[step]
      var operands: [BufferView] = []
      for (position, operand) in node.operands.enumerated() {
        if let input = operand.input {
          operands.append(
            BufferView(
              pointer: inputs[input].storage.pointer, shape: operand.shape, dtype: operand.dtype))
        } else if let source = operand.node {
          operands.append(
            BufferView(
              pointer: pointer(program.operandBlocks[index][position], source),
              shape: operand.shape, dtype: operand.dtype))
        }
      }
      let block = program.blockOfAction[index]
      let result = BufferView(
        pointer: workload.steps[step].phase == .update ? arena.base : pointer(block, step),
        shape: node.shape, dtype: node.dtype)
      let scratch = program.scratchBlock[index]
      instructions.append(
        KernelTable.instruction(
          for: node.operation, operands: operands, result: result,
          scratch: scratch < 0 ? nil : arena.base + program.layout.offsets[scratch],
          context: context))
    }
  }

  private func pointer(_ block: Int, _ step: Int) -> UnsafeMutableRawPointer {
    block >= 0 ? arena.base + program.layout.offsets[block] : arena.base
  }

  private func execute(
    measuring: Bool, _ isCancelled: () -> Bool
  ) throws(ExecutionError) -> [Rehearsal.Moment] {
    var moments: [Rehearsal.Moment] = []
    let base = ledger.live
    let workload = program.workload
    var holding = [AccountClass?](repeating: nil, count: workload.steps.count)
    context.fault = nil
    func undo() {
      for (step, account) in holding.enumerated() {
        if let account { ledger.release(workload.steps[step].bytes, of: account) }
      }
    }
    for (index, action) in program.schedule.actions.enumerated() {
      ledger.markAction()
      switch action {
      case .compute(let step, let reusing):
        let bytes = workload.steps[step].bytes
        ledger.label = workload.steps[step].label
        do {
          if let new = program.rehearsal.holdings[index].map(AccountClass.init) {
            if let reusing, let old = holding[reusing] {
              ledger.move(bytes, from: old, to: new)
              holding[reusing] = nil
            } else {
              try ledger.acquire(bytes, as: new)
            }
            holding[step] = new
          }
          if workload.steps[step].scratch > 0 {
            try ledger.acquire(workload.steps[step].scratch, as: .workspace)
          }
        } catch {
          undo()
          throw .memory(error)
        }
        instructions[index]()
        if workload.steps[step].scratch > 0 {
          ledger.release(workload.steps[step].scratch, of: .workspace)
        }
      case .free(let step):
        if let account = holding[step] {
          ledger.release(workload.steps[step].bytes, of: account)
          holding[step] = nil
        }
      case .offload, .fetch: break
      }
      if measuring {
        moments.append(
          Rehearsal.Moment(
            during: Footprint(ledger.actionPeak - base), after: Footprint(ledger.live - base)))
      }
      if let fault = context.fault {
        undo()
        throw .kernel(fault)
      }
      if isCancelled() {
        undo()
        throw .interrupted
      }
    }
    ledger.label = ""
    ends = holding
    return moments
  }

  func runOnce(_ isCancelled: () -> Bool) throws(ExecutionError) -> RunRecord {
    let moments = try execute(measuring: true, isCancelled)
    let joint = program.joint
    let rehearsal = program.rehearsal
    var made: [Int: Tensor] = [:]
    for (step, pointer) in resultPointers {
      let workload = program.workload.steps[step]
      let node = joint.graph.nodes[step]
      ledger.release(workload.bytes, of: holdingAtEnd(step))
      do {
        let tensor = try Tensor(
          uninitialized: node.shape, dtype: node.dtype,
          account: workload.isGradient ? .gradients : .values, ledger: ledger)
        tensor.storage.pointer.copyMemory(from: pointer, byteCount: workload.bytes)
        made[step] = tensor
      } catch { throw .memory(error) }
    }
    func tensor(_ operand: Operand) -> Tensor {
      if let node = operand.node, let tensor = made[node] {
        return Tensor(shape: operand.shape, dtype: operand.dtype, storage: tensor.storage)
      }
      return Tensor(
        shape: operand.shape, dtype: operand.dtype, storage: inputs[operand.input ?? 0].storage)
    }
    return RunRecord(
      loss: tensor(joint.loss),
      gradients: joint.gradients.compactMap { $0.value.map { tensor($0) } },
      states: joint.graph.stateUpdates.map { tensor($0.value) }, measured: moments,
      measuredPeak: moments.map(\.during.total).max() ?? 0, forwardSteps: rehearsal.forwardSteps,
      replayedSteps: rehearsal.replayedSteps, backwardSteps: rehearsal.backwardSteps)
  }

  private func holdingAtEnd(_ step: Int) -> AccountClass { ends[step] ?? .forward }

  package func run(measuring: Bool) throws(ExecutionError) -> Int {
    let moments = try execute(measuring: measuring, { false })
    for (step, _) in resultPointers {
      ledger.release(program.workload.steps[step].bytes, of: holdingAtEnd(step))
    }
    if let node = program.joint.loss.node, let pointer = resultPointers[node] {
      loss =
        program.joint.loss.dtype == .f32
        ? Double(pointer.load(as: Float.self)) : pointer.load(as: Double.self)
    }
    for (target, update) in zip(stateTargets, program.joint.graph.stateUpdates) {
      if let node = update.value.node, let pointer = resultPointers[node], let target {
        target.storage.pointer.copyMemory(from: pointer, byteCount: target.byteCount)
      }
    }
    return measuring ? moments.map(\.during.total).max() ?? 0 : program.rehearsal.peak
  }
}

extension Footprint {
  init(_ account: Account) {
    self.init()
    forward = account[.forward]
    kept = account[.kept]
    replayed = account[.replayed]
    adjoints = account[.adjoints]
    gradients = account[.gradients]
    workspace = account[.workspace]
  }
}
