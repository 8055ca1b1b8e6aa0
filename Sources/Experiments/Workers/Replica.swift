import Execution
import Graphs
import Schedules
import Tensors

/// What one worker has: all that is trained, a buffer for its rows of a batch, and an account of
/// its own.
///
/// Where workers update together, the first one works on the session's own tensors and in its
/// ledger; the others have copies in ledgers with the session's budget, as machines of their own
/// would.
final class Replica {
  /// Its number, from 0.
  let rank: Int
  /// Where its bytes are counted.
  let ledger: Ledger
  /// What its kernels read while they run.
  let context: RunContext
  /// True where it works on the session's own tensors.
  let isSession: Bool
  /// The bytes that it holds outside of schedules, by class: on the session's tensors, of those
  /// that it uses.
  private(set) var held = Account()
  /// Passes that are ready to run, by what tells them apart.
  private(set) var passes: [WorkerTrainer.Key: WorkerPass] = [:]
  /// The highest bytes of each pass that there was, by class, and what its ledger saw of those that
  /// are not there any more.
  private var (peaks, agreed): ([WorkerTrainer.Key: Account], Bool) = ([:], true)
  /// The largest of its arenas.
  var arena: Arena?
  /// What stands for the session's tensors here, by their storages.
  private var counterparts: [ObjectIdentifier: Tensor] = [:]
  /// The session's storages that are stood for, so that they live as long.
  private var originals: [Storage] = []
  /// Moments of parameters, by the parameters' storages here.
  private var moments: [ObjectIdentifier: [Tensor]] = [:]
  /// What a group of micro-batches adds its gradients to, by the parameters' storages here.
  private var sums: [ObjectIdentifier: Tensor] = [:]
  /// The states here as they were before the running group, which is whole or not at all.
  private var states: [ObjectIdentifier: (state: Tensor, copy: Tensor)] = [:]
  /// Its rows of a batch, a buffer a column.
  let buffers: [Tensor]

  /// A worker with buffers for so many rows of each column. Throws `.execution(.memory)` where
  /// these cannot be had.
  init(
    rank: Int, isSession: Bool, rows: Int, of columns: [Rows], beside bench: Workbench
  ) throws(ExperimentError) {
    self.rank = rank
    self.isSession = isSession
    ledger = isSession ? bench.ledger : Ledger(budget: bench.ledger.budget)
    context =
      isSession
      ? bench.context
      : RunContext(seed: bench.context.seed, interruption: bench.context.interruption)
    var buffers: [Tensor] = []
    do {
      for column in columns {
        buffers.append(
          try Tensor(
            zeros: column.shape(of: rows), dtype: column.dtype, account: .data, ledger: ledger))
      }
    } catch { throw .execution(.memory(error)) }
    self.buffers = buffers
    for buffer in buffers { held[.data] += buffer.byteCount }
  }

  /// Lets its buffers stand for those that a block was traced on.
  func standIn(for traced: [Tensor]) {
    for (buffer, column) in zip(buffers, traced) {
      counterparts[ObjectIdentifier(column.storage)] = buffer
      originals.append(column.storage)
    }
  }

  /// What stands for one of the session's tensors here: that itself, or a copy.
  func counterpart(of tensor: Tensor) throws(ExperimentError) -> Tensor {
    let key = ObjectIdentifier(tensor.storage)
    if let known = counterparts[key] {
      return Tensor(shape: tensor.shape, dtype: tensor.dtype, storage: known.storage)
    }
    let storage: Storage
    if isSession {
      storage = tensor.storage
    } else {
      do {
        storage = try Storage(
          byteCount: tensor.storage.byteCount, account: tensor.storage.account, ledger: ledger)
      } catch { throw .execution(.memory(error)) }
      storage.pointer.copyMemory(
        from: tensor.storage.pointer, byteCount: tensor.storage.byteCount)
    }
    held[tensor.storage.account] += tensor.storage.byteCount
    counterparts[key] = Tensor(shape: tensor.shape, dtype: tensor.dtype, storage: storage)
    originals.append(tensor.storage)
    return Tensor(shape: tensor.shape, dtype: tensor.dtype, storage: storage)
  }

  /// Its moments of a parameter: the session's, or copies of them where it has some, or zeros.
  func moments(
    of parameter: Tensor, _ shapes: [Shape], of session: [Tensor]
  ) throws(ExperimentError) -> [Tensor] {
    let key = ObjectIdentifier(parameter.storage)
    if let known = moments[key] { return known }
    var made: [Tensor] = []
    do {
      for (place, shape) in shapes.enumerated() {
        if isSession {
          made.append(session[place])
        } else {
          let moment = try Tensor(
            zeros: shape, dtype: parameter.dtype, account: .optimizer, ledger: ledger)
          if session.indices.contains(place) { moment.overwrite(with: session[place]) }
          made.append(moment)
        }
        held[.optimizer] += made[place].byteCount
      }
    } catch { throw .execution(.memory(error)) }
    moments[key] = made
    return made
  }

  /// Its moments of a parameter of the session's; `nil` where it has none.
  func moments(of parameter: Tensor) -> [Tensor]? {
    counterparts[ObjectIdentifier(parameter.storage)].flatMap {
      moments[ObjectIdentifier($0.storage)]
    }
  }

  // MARK: Groups of micro-batches

  /// Makes what it takes to add up the gradients of some of the session's parameters, and to put
  /// states back.
  func makeSums(of parameters: [Tensor], states: [Tensor]) throws(ExperimentError) {
    for parameter in parameters {
      let own = try counterpart(of: parameter)
      guard sums[ObjectIdentifier(own.storage)] == nil else { continue }
      do {
        sums[ObjectIdentifier(own.storage)] = try Tensor(
          zeros: own.shape, dtype: own.dtype, account: .gradients, ledger: ledger)
      } catch { throw .execution(.memory(error)) }
      held[.gradients] += own.byteCount
    }
    for state in states {
      let own = try counterpart(of: state)
      guard self.states[ObjectIdentifier(own.storage)] == nil else { continue }
      do {
        let copy = try Tensor(
          zeros: own.shape, dtype: own.dtype, account: .state, ledger: ledger)
        self.states[ObjectIdentifier(own.storage)] = (own, copy)
      } catch { throw .execution(.memory(error)) }
      held[.state] += own.byteCount
    }
  }

  /// What adds up the gradients of a parameter here.
  func sum(of parameter: Tensor) -> [Tensor] {
    [sums[ObjectIdentifier(parameter.storage)]].compactMap(\.self)
  }

  /// Begins a group: nothing is added up, and states are kept as they are.
  func beginGroup() {
    for sum in sums.values { sum.fillWithZeros() }
    for (state, copy) in states.values { copy.overwrite(with: state) }
  }

  /// Puts states back to what they were when the group began.
  func restoreStates() {
    for (state, copy) in states.values { state.overwrite(with: copy) }
  }

  // MARK: What it has and does

  /// Gets a pass that is ready to run.
  func take(_ pass: WorkerPass, as key: WorkerTrainer.Key) {
    passes[key] = pass
    peaks[key] = pass.peak
  }

  /// Drops its passes.
  func forgetPasses() {
    agreed = agrees
    passes = [:]
  }

  /// True where its ledger saw what its rehearsals said, at every action and class.
  var agrees: Bool { agreed && passes.values.allSatisfy { $0.agrees != false } }

  /// Copies what it has over the session's tensors, or what these have over its own.
  func overwrite(_ tensors: [Tensor], fromSession: Bool) {
    for tensor in tensors where !isSession {
      guard let own = own(tensor) else { continue }
      if fromSession { own.overwrite(with: tensor) } else { tensor.overwrite(with: own) }
    }
  }

  /// What stands for one of the session's tensors here; `nil` where nothing does yet.
  func own(_ tensor: Tensor) -> Tensor? { counterparts[ObjectIdentifier(tensor.storage)] }

  /// The highest bytes of its passes, by class, with what it holds around them; of several that are
  /// as high, those of the pass with the most rows.
  var peak: Account {
    let order = peaks.sorted { $0.key.size > $1.key.size }
    var highest = held
    for (_, peak) in order where (held + peak).total > highest.total { highest = held + peak }
    return highest
  }
}

extension WorkerTrainer.Key {
  /// How passes are ordered: by their rows, then by what they do at their end.
  fileprivate var size: (rows: Int, averages: Int, ends: Int) {
    (rows, averages ? 1 : 0, part == .early ? 0 : 1)
  }
}

/// One worker's part of a step, bound to its tensors.
final class WorkerPass {
  /// The program, tied to what the worker has.
  let binding: Binding
  /// What it does, as rehearsed.
  let rehearsed: RunSummary
  /// Its highest bytes by class, as rehearsed, above what the worker holds.
  let peak: Account
  /// The rehearsed timeline, until it has been compared with the ledger's.
  private var timeline: [Rehearsal.Moment]?
  /// True where the ledger saw what the rehearsal said, at every action and class; `nil` before it
  /// has run.
  private(set) var agrees: Bool?

  /// A pass, ready to run.
  init(binding: Binding, planned: PlannedBlock, base: Int) {
    self.binding = binding
    rehearsed = RunSummary(
      of: planned, predicted: base + planned.rehearsal.peak,
      measured: base + planned.rehearsal.peak, reserved: binding.arena.byteCount)
    peak = Account(planned.rehearsal.peakFootprint)
    timeline = Array(planned.rehearsal.timeline)
  }

  /// True where its next run is measured.
  var isMeasured: Bool { timeline != nil }

  /// Compares what the ledger saw of a measured run with the rehearsal.
  func compare() {
    guard let rehearsed = timeline else { return }
    agrees = binding.timeline.firstDifference(from: rehearsed) == nil
    timeline = nil
  }
}

extension Tensor {
  /// Its bytes, to be sent or written over.
  var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: storage.pointer, count: byteCount)
  }
}
