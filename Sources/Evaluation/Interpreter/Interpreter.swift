package import Execution
import Experiments
import Foundation
package import Reports
package import Syntax
package import Tensors

/// Runs commands: compiles each statement, evaluates it as a transaction, and says what it did.
///
/// An interpreter belongs to one thread, best an `EvaluationThread`.
package final class Interpreter {
  /// What an interpreter is made with; `reset` goes back to its seed and its budget.
  package struct Configuration {
    /// What random draws begin with.
    package var seed: UInt64 = 0
    /// Bytes; `nil` for no budget.
    package var budget: Int?
    /// Computes several operations as one step, where that is possible.
    package var fuses = true
    /// Threads for matrix products; `nil` leaves the choice to the library.
    package var threads: Int?
    /// Loop turns, calls and training steps a command may take; `nil` for no limit.
    package var stepLimit: Int?
    /// FLOPs that a command may spend on tensors and training; `nil` for no limit.
    package var workLimit: Int?
    /// Bytes that a command may print; `nil` for no limit.
    package var outputLimit: Int?
    /// Most bytes that may be live at once whatever `budget` says; `nil` for no ceiling.
    package var ceiling: Int?
    /// Where relative paths start.
    package var directory = "."
    /// Texts that `import` finds, by their paths; no other file is read or written then. `nil`
    /// where any file may be.
    package var files: [String: String]?
    /// What asks commands to stop; sessions may share it. It stands until whoever made it takes it
    /// back: till then no command runs.
    package var interruption = Interruption()
    /// Keeps what the last commands changed, for `undo()`.
    package var keepsUndo = false
    /// Most bytes that `undo()` may keep, in a file.
    package var undoLimit = 1 << 30
    /// Where that file may lie: the first that takes it.
    package var undoFolders = SpillFile.usualFolders

    /// No budget, no limits, no undo, seed 0.
    package init() {}
  }

  /// As it was made with; `budget`, `seed` and `fuse` in a script do not change it.
  package let configuration: Configuration
  /// Counts the bytes of every tensor, and holds the budget that is in force.
  package let ledger: Ledger
  /// Looked at by `tick`, by planning, by runs of blocks and by long kernels.
  package var interruption: Interruption { context.interruption }
  /// Steps that a command may take.
  private let stepLimit: Int
  /// Its word, which `context` holds.
  private let stopWord: UnsafeMutablePointer<Int32>
  /// What random draws depend on: the seed, and the number of the next draw.
  package let context: RunContext
  /// Where blocks are planned and run.
  let bench: Workbench
  /// Answers the commands that report: set by the floor above.
  package var commandHandler: (Command, [Value], Interpreter) throws(Fault) -> Report = {
    (command, _, _) throws(Fault) in
    throw Fault(.notAvailableYet(.commandHere(command.verb.rawValue), at: command.verbRange))
  }
  /// Hears what a command says, while it runs.
  package var listener: ((Report) -> Void)?
  /// Told after each training step: its number from 1, steps in all where known, the loss.
  package var progressHandler: ((_ step: Int, _ total: Int?, _ loss: Double) -> Void)?

  // MARK: Names

  /// Names that a learner defined, in order of definition.
  var session = Names()
  /// Builtins, the prelude and the strategies.
  var predefined = Names()
  /// True while builtins and standard layers are defined: names are bound as predefined, and
  /// nothing is remarked.
  var isLoadingPrelude = false
  /// The source of the standard layers, by which code inside them is told from a learner's.
  let prelude = SourceText(name: "<prelude>", text: Prelude.text)

  // MARK: The running command

  /// The frames of the functions that are running.
  let variables = VariableStack()
  /// Strings that are being put together.
  let spelling = Spelling()
  /// The value of the `return` that is on its way to its function.
  var returned = Value.none
  /// Number of the running command; those of the standard layers come before the learner's.
  package internal(set) var command = 0
  /// What was there before the running step changed it.
  var changes = UndoLog()
  /// What finished commands, and finished training steps of the running one, changed; `nil` where
  /// `undo()` is not asked for.
  private(set) var history: UndoHistory?
  /// What names lead to, as the last step of a command left it.
  var owners = OwnerCount()
  /// The variables that only cycles may hold: see `sweepCycles`.
  var cycles = CycleSweep()
  /// Calls that are open, of functions and layers of the language.
  var depth = 0
  private var stackFloor: UInt = 0
  /// Loop turns, calls and training steps that the running command, or the last one, took.
  package private(set) var steps = 0
  /// Bytes that the running command has printed.
  private var printedBytes = 0
  /// What the running command has looked at without taking steps.
  private var looks = 0
  /// What the running command has said so far: see `say`.
  private(set) var said = Report()
  /// What was printed last, where that did not end its line.
  private var openLine: String?
  /// Training steps of the running command that are finished and stay, whatever happens next.
  var finishedSteps = 0
  /// Where the learner called the standard layer that is running.
  var callSite: SourceRange?
  /// How many `evaluate { }` of the block that is being traced are open.
  var evaluations = 0
  /// The short type that what runs is computed in, inside `mixed { }`; `nil` outside.
  var mixed: DType?
  /// True where a call trains: inside a block that is differentiated, outside `evaluate { }` in it.
  var isTraining: Bool { trace != nil && evaluations == 0 }
  /// The block that is being traced.
  var trace: Trace?
  /// Blocks traced so far.
  var traceCount: Int32 = 0
  /// Shapes of members of layers: see `own`.
  var memberShapes: Set<Shape> = []
  /// True in a `sketch { }`: what is made has shapes and no bytes.
  var isSketching = false
  /// The block whose tracing waits for a `sketch { }` in it.
  var blockAroundSketch: Trace?
  /// The learner's strategy that is running.
  var verbs: VerbRecorder?
  /// Tests that the running command has run so far.
  var tests: [TestResult] = []
  /// Expectations that held, of all commands so far.
  package internal(set) var expectationsMet = 0
  /// What was found where expectations of the running test did not hold.
  var findings: [String] = []
  /// Names of the tests that passed, of all commands so far: for `after:`.
  var passedTests: Set<String> = []
  private var importing: [String] = []

  // MARK: Judging a submission

  /// The checks; `nil` where no submission is judged. See `judge`.
  var judge: SourceText?
  /// What the submission defined, by its names.
  var submission = Names()
  /// True once the checks asked for something of the submission.
  package var hasAsked = false
  /// What the draws of each turn of the next test begin with; `nil` where its `seeds:` says.
  package var testSeeds: [UInt64]?
  /// True while a test of the checks runs: nothing that it changes stays.
  var isTesting = false

  /// Defines the predefined names. The budget holds from then on; `threads` holds for the process.
  package init(configuration: Configuration = Configuration()) {
    self.configuration = configuration
    let ledger = Ledger(budget: nil)
    self.ledger = ledger
    context = RunContext(interruption: configuration.interruption)
    stopWord = configuration.interruption.word
    stepLimit = configuration.stepLimit ?? .max
    let interruption = configuration.interruption
    bench = Workbench(ledger: ledger, context: context) { interruption.isRequested }
    bench.workLimit = configuration.workLimit
    context.seed = configuration.seed
    context.step = 0
    if let threads = configuration.threads { KernelTable.setThreads(threads) }
    definePredefined()
    ledger.budget = configuration.budget
    fuses = configuration.fuses
    ledger.ceiling = configuration.ceiling
    if configuration.keepsUndo {
      history = UndoHistory(
        file: SpillFile(
          limit: configuration.undoLimit, folders: configuration.undoFolders,
          isStopped: { interruption.isRequested }),
        roots: { [unowned self] visit in variables.forEachValue(visit) })
      owners.keepsLostTensors = true
    }
  }

  // MARK: Commands

  /// Runs one top-level statement as a transaction: where it fails, all is as it was before.
  package func run(_ statement: Statement) -> Outcome {
    command += 1
    said = Report()
    bench.summary = nil
    bench.beginWork()
    finishedSteps = 0
    (steps, looks) = (0, 0)
    printedBytes = 0
    tests = []
    stackFloor = EvaluationThread.stackFloor
    ledger.markCommand()
    let liveBefore = ledger.live
    let before = setting
    history?.begin(command: command, text: statement.range.text, setting: before)
    var value: Value?
    var fault: Diagnostic?
    do {
      try heed(at: statement.range)
      let code = try Compiler(machine: self).compile(statement)
      let result = try execute(code)
      if statement.hasValue, !isNone(result) { value = result }
      if let value, !isLoadingPrelude { write(value, to: bindingCell(Interpreter.ans)) }
      finishStep()
    } catch {
      returned = .none
      trace = nil
      isSketching = false
      blockAroundSketch = nil
      evaluations = 0
      mixed = nil
      callSite = nil
      verbs = nil
      depth = 0
      isTesting = false
      changes.rollBack()
      if finishedSteps == 0 {
        setting = before
        history?.abandon()
      }
      fault = kept(error.diagnostic)
    }
    sweepCycles()
    history?.finish(setting)
    endLine()
    return Outcome(
      value: value, said: said, fault: fault, isSilenced: statement.isSilenced,
      live: ledger.live, liveBefore: liveBefore, ans: settledBytesOfAnsAlone(),
      peak: ledger.commandPeak,
      peakLabel: ledger.commandPeakLabel, run: bench.summary, tests: tests)
  }

  private func execute(_ code: FunctionCode) throws(Fault) -> Value {
    guard let (slots, cells) = variables.push(slots: code.slotCount, cells: code.cellCount) else {
      throw Fault(.tooDeep(limit: depth, at: code.range))
    }
    defer { variables.pop(slots: code.slotCount, cells: code.cellCount) }
    return try code.evaluate(
      Frame(slots: slots, cells: cells, closure: nil, machine: self))
  }

  /// Says in the message of a stopped training loop what it keeps: law 5.
  private func kept(_ fault: Diagnostic) -> Diagnostic {
    guard finishedSteps > 0 else { return fault }
    return fault.keeping(steps: finishedSteps)
  }

  /// Ends a training step: what was changed so far stays, even where the command fails later.
  func finishStep() {
    guard !isTesting else { return }
    finishedSteps += 1
    keepChanges()
  }

  /// Lets what was changed so far stay.
  func keepChanges() {
    owners.take(changes, ansCell: session[Interpreter.ans])
    guard let history else { return changes.commit() }
    history.absorb(&changes)
    history.spill(owners.takeLostTensors())
  }

  /// Reads the file `path` and runs its statements as part of the running command.
  func importScript(_ path: String, at range: SourceRange) throws(Fault) {
    let full = resolve(path)
    guard !importing.contains(full) else { throw Fault(.importCycle(path, at: range)) }
    guard importing.count < 64 else { throw Fault(.importCycle(path, at: range)) }
    let source: SourceText
    do throws(Diagnostic) {
      if let files = configuration.files {
        guard let text = files[path] else { throw Diagnostic.notPermitted(path, at: range) }
        source = SourceText(name: path, text: text)
      } else {
        source = try ScriptFile.read(
          full, name: path, at: range, isStopped: { interruption.isRequested })
      }
    } catch {
      throw Fault(error)
    }
    let parsed = Parser.parse(source) { [interruption] in interruption.isRequested }
    if let first = parsed.faults.first { throw Fault(first) }
    importing.append(full)
    defer { importing.removeLast() }
    for statement in parsed.script.statements {
      try heed(at: statement.range)
      _ = try execute(try Compiler(machine: self).compile(statement))
    }
  }

  // MARK: Saying

  /// Says something of the running command: at once where somebody listens, and in its outcome.
  func say(_ report: Report) {
    endLine()
    said.append(report)
    listener?(report)
  }

  /// Says a remark, unless the running command has said it already.
  func sayOnce(_ remark: RichText) {
    if !said.parts.contains(.note(remark)) { say(Report(.note(remark))) }
  }

  /// Says a text as it stands, on lines of its own, or on the line that is open. The listener hears
  /// of whole lines. Throws where the command has printed as much as it may.
  func sayPrinted(_ text: String, end: String, at range: SourceRange) throws(Fault) {
    printedBytes += text.utf8.count + end.utf8.count
    if let limit = configuration.outputLimit, printedBytes > limit {
      throw Fault(.outputLimit(limit, at: range))
    }
    said.print(text, end: end)
    guard end.hasSuffix("\n") else {
      openLine = (openLine ?? "") + text + end
      return
    }
    listener?(Report(.verbatim((openLine ?? "") + text + end.dropLast())))
    openLine = nil
  }

  /// Tells the listener of a line that will have no end.
  private func endLine() {
    if let line = openLine, !line.isEmpty { listener?(Report(.verbatim(line))) }
    openLine = nil
  }

  // MARK: Writing

  /// Writes a cell so that the command can be undone.
  @inline(__always)
  func write(_ value: Value, to cell: Cell) {
    if changes.write(value, to: cell) { cycles.watch(cell) }
  }

  /// Refuses to assign what stands outside a block that is traced once and then repeated.
  @inline(__always)
  func checkAssignment(of cell: Cell, at range: @autoclosure () -> SourceRange) throws(Fault) {
    if let trace, trace.isRepeated, trace.standsOutside(cell) {
      throw Fault(.assignedInTraining(cell.name, at: range()))
    }
  }

  /// True where several operations are computed as one step of a schedule: `fuse on`.
  package var fuses: Bool {
    get { bench.planner.fuses }
    set { bench.planner.fuses = newValue }
  }

  /// Forgets every name, and starts the random draws, the budget and the rest of its setting anew.
  package func reset() {
    history?.clear()
    forgetNames()
    sweepCycles()
    _ = owners.takeLostTensors()
    bench.planner.forget()
    (context.seed, context.step) = (configuration.seed, 0)
    ledger.budget = configuration.budget
    fuses = configuration.fuses
  }

  /// Predefined functions that know themselves hold themselves until they are let go of.
  deinit { for cell in predefined.values { cell.putBack(.none, isDefined: false) } }

  // MARK: Limits

  /// Throws where the command is asked to stop, or has looked at more than it may take steps: at
  /// elements that it compares, or at so many times 64 that it copies, which are no steps.
  @inline(__always)
  func heed(
    copying elements: Int = 64, at range: @autoclosure () -> SourceRange
  ) throws(Fault) {
    looks += elements >> 6
    if stopWord.pointee != 0 || looks > stepLimit { throw stopped(at: range()) }
  }

  /// A loop turn, a call, or a training step: where commands stop when asked to.
  @inline(__always)
  func tick(at range: @autoclosure () -> SourceRange) throws(Fault) {
    steps += 1
    if stopWord.pointee != 0 || steps > stepLimit { throw stopped(at: range()) }
  }

  /// Why a command stops here.
  @inline(never)
  private func stopped(at range: SourceRange) -> Fault {
    stopWord.pointee != 0 ? Fault(.interrupted(at: range)) : Fault(.stepLimit(stepLimit, at: range))
  }

  /// A call begins. Throws where the machine's stack would run out.
  @inline(__always)
  func enter(at range: @autoclosure () -> SourceRange) throws(Fault) {
    try tick(at: range())
    var marker: UInt8 = 0
    let address = withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
    if address < stackFloor || depth >= Interpreter.depthLimit { throw tooDeep(at: range()) }
    depth += 1
  }

  /// Why a call is refused.
  @inline(never)
  func tooDeep(at range: SourceRange) -> Fault { Fault(.tooDeep(limit: depth, at: range)) }

  /// A call ends, however it does.
  @inline(__always)
  func leave() { depth -= 1 }

  /// Calls that may be open at once.
  static let depthLimit = 10_000
}

extension Statement {
  /// True for statements whose value is shown.
  var hasValue: Bool {
    switch kind {
    case .expression: true
    default: false
    }
  }
}
