package import Syntax
import Tensors

extension Interpreter {
  // MARK: What commands tell before they change something

  /// The bytes of tensors are about to be changed in place.
  func willChangeInPlace(_ tensors: [TensorValue]) { history?.save(tensors) }

  /// The bytes of tensors will most likely be changed in place later in the command.
  func mayChangeInPlace(_ tensors: [TensorValue]) { history?.anticipate(tensors) }

  /// Gives a tensor other bytes: a command that fails puts back what it had.
  func replaceBytes(of tensor: TensorValue, by backing: TensorValue.Backing) {
    history?.save([tensor])
    changes.remember(.backing(tensor, tensor.backing))
    tensor.backing = backing
  }

  /// An optimizer was given moments for a parameter.
  func didMakeMoments(
    _ moments: [TensorValue], of parameter: TensorValue, _ optimizer: Optimizer
  ) {
    for moment in moments { history?.isNew(moment) }
    changes.remember(.moments(optimizer, parameter: parameter))
  }

  /// An optimizer is about to count an update, or to be given another rate.
  func willChange(_ optimizer: Optimizer) {
    changes.remember(
      .optimizer(optimizer, updateCount: optimizer.updateCount, optimizer.setting))
  }

  /// Seed, place in the random draws, budget, and whether operations are fused.
  var setting: UndoRecord.Setting {
    get {
      .init(seed: context.seed, step: context.step, budget: ledger.budget, fuses: fuses)
    }
    set {
      (context.seed, context.step) = (newValue.seed, newValue.step)
      ledger.budget = newValue.budget
      fuses = newValue.fuses
    }
  }

  // MARK: Going back

  /// A command that was taken back: its number, and its text.
  package struct TakenBack {
    /// As `Interpreter.command` counted it.
    package let command: Int
    /// Its source.
    package let text: String
  }

  /// Goes back to before the last command that changed something. Throws where there is none, where
  /// undo does not reach it, or where there is no room for what it had; then nothing has changed.
  @discardableResult
  package func undo() throws(Diagnostic) -> TakenBack {
    guard let history, let last = history.last else {
      throw .nothingToUndo(history?.end ?? .start)
    }
    let taken = TakenBack(command: last.command, text: last.text)
    let (before, after) = (last.setting, setting)
    setting = before
    do {
      let (gained, lost) = try history.takeBack()
      owners.forgetAns()
      owners.move(gained: gained, lost: lost)
    } catch {
      setting = after
      throw .cannotUndo(taken.text, error)
    }
    history.spill(owners.takeLostTensors())
    sweepCycles()
    return taken
  }

  /// Runs a statement and takes it back, unheard; what `undo()` would have taken back before, it
  /// still does.
  package func peek(_ statement: Statement) -> Outcome {
    let listener = listener
    self.listener = nil
    defer { self.listener = listener }
    var outcome = run(statement)
    guard let history else { return outcome }
    if history.last?.command == command {
      do { try undo() } catch { outcome.fault = error }
    } else if case .lost(let lost, _, let needed, let problem) = history.end, lost == command {
      outcome.fault = .stays(statement.range.text, needed: needed, problem)
    }
    return outcome
  }
}
