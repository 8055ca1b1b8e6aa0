import Execution
import Experiments
import Syntax
import Tensors
import Writing

extension Interpreter {
  /// The words for what went wrong while tensors were computed.
  func fault(
    from error: ExecutionError, operands: [TensorValue], at range: SourceRange
  ) -> Fault {
    switch error {
    case .shape(let shape): Fault(.shape(shape, of: operands, at: range))
    case .memory(let memory): Fault(.memory(memory, holders: largestHolders(), at: range))
    case .kernel(let kernel): Fault(.kernel(kernel, at: range))
    case .interrupted: Fault(.interrupted(at: range))
    case .input, .inputCount, .tier, .halfway: Fault(.execution(error, at: range))
    }
  }

  /// The words for why an experiment on the block at `range` came to nothing.
  func fault(from error: ExperimentError, at range: SourceRange) -> Fault {
    switch error {
    case .execution(let error): fault(from: error, operands: [], at: range)
    case .gradient(let error): Fault(.gradient(error, at: range))
    case .overBudget(let excess): Fault(.overBudget(excess, at: range))
    case .workLimit(let limit): Fault(.workLimit(limit, at: range))
    case .noSchedule: Fault(.value(.noSchedule, at: range))
    case .refused(let refusal):
      if case .foreign(let failure) = refusal.error, let fault = failure.error as? Fault {
        fault
      } else {
        Fault(
          .schedule(
            refusal.error, strategy: refusal.strategy, base: refusal.outside, asked: refusal.asked,
            at: range))
      }
    }
  }

  /// Who holds the most, for a message about a budget: the three largest tensors that have a name.
  private func largestHolders() -> [String] {
    liveTensors().sorted { ($0.bytes, $1.owner) > ($1.bytes, $0.owner) }.prefix(3).map {
      "\($0.owner) \(ByteFormat.text($0.bytes))"
    }
  }

  // MARK: Files

  /// A path, from the session's directory where it is relative.
  func resolve(_ path: String) -> String {
    path.hasPrefix("/") ? path : configuration.directory + "/" + path
  }
}
