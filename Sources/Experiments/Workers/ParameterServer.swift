import Execution
import Gradients
import Graphs
import Tensors

/// The server of asynchronous training: it has the parameters, the states and the optimizer's
/// moments, which are the session's, and room for the gradients of one worker.
final class ParameterServer: Exchanger {
  private struct Entry {
    let parameter: Tensor
    /// Where gradients come in; `nil` where the server is another process.
    let gradient: Tensor?
    let moments: [Tensor]
  }

  private let entries: [Entry]
  private let rule: UpdateRule
  private let clipping: Clipping
  /// The parameters, as numbers of entries, of each message that a pass pushes.
  private let order: [[Int]]
  private var next = 0
  /// The parameters and states: what workers take from it.
  let replicated: [Tensor]
  /// The states, which workers send with their gradients.
  let states: [Tensor]
  /// Which worker's gradients come next.
  var arrivals: ArrivalOrder

  /// A server of a block's parameters: `moments` are the session's, by the parameters' numbers
  /// among the inputs. Throws `.execution(.memory)` where there is no room for gradients, which it
  /// has where it `isHere`.
  init(
    _ joint: JointGraph, _ block: TracedBlock, _ plan: UpdatePlan, moments: [Int: [Tensor]],
    states: [Tensor?], arrivals: ArrivalOrder, isHere: Bool, ledger: Ledger
  ) throws(ExperimentError) {
    var entries: [Entry] = []
    do {
      for update in joint.updates {
        let parameter = block.inputs[update.input]
        entries.append(
          Entry(
            parameter: parameter,
            gradient: isHere
              ? try Tensor(
                zeros: parameter.shape, dtype: parameter.dtype, account: .gradients,
                ledger: ledger) : nil,
            moments: moments[update.input] ?? []))
      }
    } catch { throw .execution(.memory(error)) }
    self.entries = entries
    let places = Dictionary(
      joint.updates.enumerated().map { ($0.element.input, $0.offset) },
      uniquingKeysWith: { first, _ in first })
    order = joint.exchanges.map { $0.inputs.compactMap { places[$0] } }
    rule = plan.rule
    clipping = plan.clipping
    self.states = states.compactMap(\.self)
    replicated = entries.map(\.parameter) + self.states
    self.arrivals = arrivals
  }

  /// What it holds, by class.
  var held: Account {
    var account = Account()
    for entry in entries {
      for tensor in [entry.parameter] + [entry.gradient].compactMap(\.self) + entry.moments {
        account[tensor.storage.account] += tensor.byteCount
      }
    }
    for state in states { account[state.storage.account] += state.byteCount }
    return account
  }

  /// What a worker takes when it asks for the parameters: a message for each tensor.
  var pulled: Traffic {
    Traffic(bytes: replicated.reduce(0) { $0 + $1.byteCount }, messages: replicated.count)
  }

  /// What a worker sends beside its gradients.
  var pushed: Traffic {
    Traffic(bytes: states.reduce(0) { $0 + $1.byteCount }, messages: states.count)
  }

  /// Begins to hear a worker's pass.
  func begin() { next = 0 }

  func exchange(_ part: ExchangePart, _ context: RunContext) {
    for (operand, entry) in zip(part.operands, order[next]) {
      guard let gradient = entries[entry].gradient else { continue }
      gradient.storage.pointer.copyMemory(
        from: operand.pointer, byteCount: gradient.byteCount)
    }
    next += 1
  }

  /// Receives what a worker in another process pushes in a pass.
  func receive(from rank: Int, of group: ProcessGroup) {
    for message in order {
      for entry in message {
        if let gradient = entries[entry].gradient { group.receive(gradient.bytes, from: rank) }
      }
    }
  }

  /// Updates all parameters from the gradients that have come: all, or where scratch cannot be had
  /// none.
  func update(on bench: Workbench) throws(ExperimentError) {
    do {
      try Eager.update(
        entries.compactMap { entry in
          entry.gradient.map {
            Eager.ParameterUpdate(
              parameter: entry.parameter, gradient: $0, moments: entry.moments)
          }
        }, rule, clipping, ledger: bench.ledger, context: bench.context)
    } catch { throw .execution(error) }
  }
}
