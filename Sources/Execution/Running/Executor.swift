import Graphs
import Schedules
import Tensors

/// Runs a program's moves over an arena and bound tensors: the one place where schedules become
/// memory and numbers.
///
/// A *pass* runs every move once. It may be run again as often as its tensors have new contents,
/// and allocates nothing but the timeline, where it measures one. A pass that throws has changed no
/// bound tensor, and nothing that it made is live: up to its point of no return, the first update
/// of a parameter, each acquisition may fail and a cancellation is heard between actions; there the
/// ledger is asked whether all that is left will succeed, and from there on the pass is finished.
/// Kernels cannot fail beyond it: they check indices in the forward pass. Only a slower tier that
/// breaks can, which `ExecutionError.halfway` says.
final class Executor {
  /// What it runs.
  let list: MoveList
  /// Where each move counts its bytes; asked before memory is touched.
  let ledger: Ledger
  /// The memory of all that the program makes; of one size for all passes.
  let arena: Arena
  private let tier: Tier
  private let draws: Draws
  /// Offsets of the blocks of the arena and of the tier.
  private let (offsets, tierOffsets): ([Int], [Int])
  /// The bytes of what is bound, which instructions only point to; none while it is parked.
  private var inputs: [Storage]
  /// Where these lie.
  private var places: [UnsafeMutableRawPointer]
  /// Which of the inputs may lie elsewhere when it is bound anew.
  private let mayMove: [Bool]
  /// One for each of the list's computed steps.
  private var instructions: [Compiled] = []
  /// What these do: each work once.
  private var works: [PlacedWork] = []
  /// Where the tensors of all instructions lie, those of each one behind the other; none for what
  /// knows itself where its tensors lie.
  private let pointers: UnsafeMutableBufferPointer<UnsafeMutableRawPointer>
  private var pointerCount = 0
  /// Which of these are inputs that may lie elsewhere, and which inputs.
  private var moving: [(place: UInt32, input: UInt32)] = []
  /// How the other instructions that read such inputs are made again.
  private var remakings: [(work: FixedWork, remaking: Remaking)] = []
  /// What was live before the pass.
  private var base = Account()
  /// Changes of the ledger, steps and transfers that the pass has made so far.
  private var (changesMade, stepsMade, transfersMade) = (0, 0, 0)
  /// The move that the pass has come to.
  private var position = 0
  /// Scratch of that move, where it waits for other workers.
  private var heldScratch: Int?
  /// The highest total of the last pass that measured, above what was live before.
  private(set) var measuredPeak = 0
  /// What the last pass did.
  private(set) var counts = RunCounts()
  /// The timeline of the last pass that measured it.
  private(set) var timeline: [Rehearsal.Moment] = []

  /// Throws where the inputs are not those of the graph, the arena or the tier cannot be had, or
  /// planning is asked to stop. `shared` is an arena of another executor, which runs at other
  /// times; it is used where it is large enough.
  ///
  /// With `redrawing`, random draws that are made again, and those of the backward phase, differ
  /// from the first. One that `mayBeParked` keeps what it takes to bind it anew.
  init(
    _ program: Program, inputs: [Tensor], context: RunContext, ledger: Ledger,
    redrawing: Bool = false, tier: Tier.Kind, sharing shared: Arena? = nil,
    mayBeParked: Bool = false
  ) throws(ExecutionError) {
    try program.check(inputs)
    list = program.list
    self.ledger = ledger
    self.inputs = inputs.map(\.storage)
    places = self.inputs.map(\.pointer)
    mayMove = program.joint.graph.inputs.map(\.mayMove)
    if let shared, shared.byteCount >= program.layout.byteCount {
      arena = shared
    } else {
      do { arena = try Arena(byteCount: program.layout.byteCount) } catch { throw .memory(error) }
    }
    self.tier = try Tier(tier, byteCount: program.tierLayout.byteCount)
    (offsets, tierOffsets) = (program.layout.offsets, program.tierLayout.offsets)
    draws = Draws(context, redrawing: redrawing)
    pointers = .allocate(capacity: program.locations.count)
    instructions.reserveCapacity(program.calls.count)
    var shared: [PlacedCall: PlacedWork] = [:]
    for (number, call) in program.calls.enumerated() {
      if number % 1024 == 0, Planning.isCancelled { throw .interrupted }
      compile(Remaking(call, of: program), sharing: &shared, mayBeParked: mayBeParked)
    }
  }

  /// An instruction: what it does, which `works` hold, and the first of its places.
  private struct Compiled {
    let work: Unmanaged<PlacedWork>
    var first: UInt32 = 0
  }

  /// Adds the next instruction: with the work of one like it, or with work of its own.
  private func compile(
    _ remaking: Remaking, sharing shared: inout [PlacedCall: PlacedWork], mayBeParked: Bool
  ) {
    let own = remaking.locations.map(pointer)
    guard let work = work(of: remaking, at: own, sharing: &shared) else {
      let work = FixedWork(instruction(remaking))
      works.append(work)
      instructions.append(Compiled(work: .passUnretained(work)))
      if mayBeParked, remaking.readsWhatMayMove(mayMove) {
        remakings.append((work, remaking.apart))
      }
      return
    }
    instructions.append(Compiled(work: .passUnretained(work), first: UInt32(pointerCount)))
    for (location, pointer) in zip(remaking.locations, own) {
      if mayBeParked, let input = location.input, mayMove[input] {
        moving.append((UInt32(pointerCount), UInt32(input)))
      }
      pointers.initializeElement(at: pointerCount, to: pointer)
      pointerCount += 1
    }
  }

  /// Work that may be shared, made where there is none like it yet; `nil` for a step that has its
  /// own.
  private func work(
    of remaking: Remaking, at own: [UnsafeMutableRawPointer],
    sharing shared: inout [PlacedCall: PlacedWork]
  ) -> PlacedWork? {
    guard remaking.mayShare else { return nil }
    let call = own.withUnsafeBufferPointer { remaking.call(at: $0) }
    if let work = shared[call] { return work }
    guard
      let work = KernelTable.work(of: call, context: draws.context(isFirst: call.isFirst))
    else { return nil }
    shared[call] = work
    works.append(work)
    return work
  }

  private func pointer(_ location: Move.Location) -> UnsafeMutableRawPointer {
    if let input = location.input { return places[input] }
    return pointer(to: location.block ?? 0)
  }

  /// How many works its instructions share.
  var sharedWorkCount: Int { works.count - ownWorkCount }
  /// How many instructions have work of their own.
  var ownWorkCount: Int { works.count { $0 is FixedWork } }

  /// Where a block of the arena lies.
  func pointer(to block: Int) -> UnsafeMutableRawPointer {
    arena.base + offsets[block]
  }

  /// The instruction of a step of one node, which knows where its tensors lie.
  private func instruction(_ remaking: Remaking) -> Instruction {
    precondition(remaking.members.count == 1, "a step of several nodes has work that is shared")
    return remaking.locations.map(pointer).withUnsafeBufferPointer { own in
      let call = remaking.call(at: own)
      return KernelTable.instruction(
        for: call.parts[0].operation,
        operands: call.parts[0].operands.compactMap { $0.outside?.view(own) },
        results: call.results.map { $0.view(own) }, scratch: call.scratch.map { own[$0] },
        context: draws.context(isFirst: call.isFirst))
    }
  }

  // MARK: Parking

  /// Lets go of what is bound; what was compiled stays, and the arena's memory as freed blocks
  /// do. False where
  /// it cannot be bound anew, for it keeps room on a slower tier.
  func park() -> Bool {
    guard tierOffsets.isEmpty else { return false }
    inputs = []
    ledger.rest(arena, holding: list.peak)
    return true
  }

  /// Another that is parked may share the arena, whose pages are then counted no more.
  deinit {
    pointers.deallocate()
    if inputs.isEmpty, ledger.claim(arena) { arena.discard(except: []) }
  }

  /// Binds what was parked to inputs of the same shapes. False where a parameter or a state lies
  /// elsewhere than before: nothing is bound then.
  func rebind(_ tensors: [Tensor]) -> Bool {
    guard tensors.count == places.count else { return false }
    var moved = false
    for (number, tensor) in tensors.enumerated()
    where tensor.storage.pointer != places[number] {
      guard mayMove[number] else { return false }
      moved = true
    }
    ledger.claim(arena)
    inputs = tensors.map(\.storage)
    if moved {
      places = inputs.map(\.pointer)
      for entry in moving { pointers[Int(entry.place)] = places[Int(entry.input)] }
      for (work, remaking) in remakings { work.body = instruction(remaking) }
    }
    return true
  }

  // MARK: A pass

  /// What a pass notes of the ledger: nothing, the highest total, or all of its timeline.
  enum Measure { case nothing, peak, timeline }

  /// Runs every move once; `leftovers` are live then, and the caller's to release or hand out.
  /// `isCancelled` is asked between actions, and the context's interruption also between pieces of
  /// long ones, up to the point of no return.
  ///
  /// Throws `.memory` where bytes cannot be had, `.kernel` where a kernel met an index that it
  /// cannot compute with, `.tier` where the slower tier fails, `.interrupted`, or `.halfway`.
  func pass(measuring: Measure, isCancelled: () -> Bool) throws(ExecutionError) {
    begin()
    try approach(measuring: measuring, isCancelled: isCancelled)
    while try !advance(measuring: measuring) {}
  }

  /// Takes the pass that has begun to its point of no return and no further: what may fail has not,
  /// and nothing that is bound has changed. Throws as `pass` does; nothing that the pass made is
  /// live then.
  func approach(measuring: Measure, isCancelled: () -> Bool) throws(ExecutionError) {
    let moves = list.moves
    let pointOfNoReturn = list.pointOfNoReturn
    var number = position
    ledger.beginSteps(list.labels)
    do throws(ExecutionError) {
      while number < pointOfNoReturn {
        if isCancelled() { throw .interrupted }
        if measuring != .nothing { ledger.markAction() }
        try perform(moves[number])
        if draws.isStopped { throw .interrupted }
        if measuring != .nothing { note(measuring) }
        number += 1
      }
      position = number
      guard pointOfNoReturn < moves.count else { return }
      if isCancelled() { throw .interrupted }
      try admitRest()
      draws.mayStop = false
    } catch {
      abandon()
      throw error
    }
  }

  /// Goes on with the pass from its point of no return, to its end or to where it waits for other
  /// workers: true at the end. Throws `.halfway` where the slower tier breaks; nothing that the
  /// pass made is live then.
  func advance(measuring: Measure) throws(ExecutionError) -> Bool {
    let moves = list.moves
    var number = position
    ledger.beginSteps(list.labels)
    do throws(ExecutionError) {
      if let scratch = heldScratch {
        heldScratch = nil
        draws.isPaused = false
        if scratch > 0 { ledger.release(scratch, of: .workspace) }
        if measuring != .nothing { note(measuring) }
        number += 1
      }
      while number < moves.count {
        if measuring != .nothing { ledger.markAction() }
        try perform(moves[number])
        if heldScratch != nil {
          position = number
          return false
        }
        if measuring != .nothing { note(measuring) }
        number += 1
      }
    } catch {
      abandon()
      if case .tier(let operation, let errorNumber) = error, number > list.pointOfNoReturn {
        throw .halfway(operation: operation, errorNumber: errorNumber)
      }
      throw error
    }
    ledger.endSteps()
    return true
  }

  private func note(_ measure: Measure) {
    measuredPeak = max(measuredPeak, ledger.actionPeak.total - base.total)
    guard measure == .timeline else { return }
    timeline.append(
      Rehearsal.Moment(
        during: Footprint(ledger.actionPeak - base), after: Footprint(ledger.live - base)))
  }

  /// Begins a pass, of which nothing has run yet.
  func begin() {
    position = 0
    draws.clearFaults()
    draws.mayStop = true
    base = ledger.live
    ledger.makeRoom(forPass: list.peak)
    (changesMade, stepsMade, transfersMade) = (0, 0, 0)
    measuredPeak = 0
    counts = RunCounts()
    timeline.removeAll(keepingCapacity: true)
  }

  private func admitRest() throws(ExecutionError) {
    do {
      try ledger.admit(peak: list.lastRise, acquisitions: list.lastAcquisitions)
    } catch { throw .memory(error) }
  }

  @inline(__always)
  private func perform(_ move: Move) throws(ExecutionError) {
    guard move.work.computes else {
      try change(move.changeCount)
      return try transfer(move.work)
    }
    let step = list.computed[stepsMade]
    ledger.step = Int(step.step)
    try change(move.changeCount)
    if step.scratch > 0 {
      do { try ledger.acquire(step.scratch, as: .workspace) } catch { throw .memory(error) }
    }
    run(instructions[stepsMade])
    stepsMade += 1
    counts.count(move.work, operations: Int(step.operations))
    if draws.isPaused {
      heldScratch = step.scratch
      return
    }
    if step.scratch > 0 { ledger.release(step.scratch, of: .workspace) }
    if draws.hasFault, let fault = draws.fault { throw .kernel(fault) }
  }

  /// Makes the next changes of the ledger, so many of them.
  @inline(__always)
  private func change(_ count: UInt16) throws(ExecutionError) {
    do {
      for _ in 0..<count {
        try apply(list.changes[changesMade])
        changesMade += 1
      }
    } catch { throw .memory(error) }
  }

  /// Takes a value to the slower tier, or back.
  private func transfer(_ work: Move.Work) throws(ExecutionError) {
    switch work {
    case .nothing, .forward, .replayed, .backward: break
    case .store:
      let transfer = list.transfers[transfersMade]
      transfersMade += 1
      let offset = tierOffsets[transfer.tierBlock]
      try tier.store(pointer(to: transfer.block), transfer.bytes, at: offset)
      counts.countStore(transfer.bytes)
    case .load:
      let transfer = list.transfers[transfersMade]
      transfersMade += 1
      let offset = tierOffsets[transfer.tierBlock]
      try tier.load(pointer(to: transfer.block), transfer.bytes, from: offset)
      counts.countLoad(transfer.bytes, isLast: transfer.isLast)
    }
  }

  @inline(__always)
  private func run(_ instruction: Compiled) {
    let first = Int(instruction.first)
    let places = Places(
      start: pointers.baseAddress.map { $0 + first }, count: pointerCount - first)
    // `works` hold it: to count a reference more would take as long as the least instructions.
    instruction.work._withUnsafeGuaranteedRef { $0.run(at: places) }
  }

  @inline(__always)
  private func apply(_ change: Move.Change) throws(MemoryError) {
    switch (change.old, change.new) {
    case (nil, let new?): try ledger.acquire(change.bytes, as: new)
    case (let old?, nil): ledger.release(change.bytes, of: old)
    case (let old?, let new?): ledger.move(change.bytes, from: old, to: new)
    case (nil, nil): break
    }
  }

  /// Takes back all that an unfinished pass did to the ledger.
  func abandon() {
    ledger.endSteps()
    if let scratch = heldScratch {
      heldScratch = nil
      draws.isPaused = false
      if scratch > 0 { ledger.release(scratch, of: .workspace) }
    }
    var held = Account()
    for change in list.changes[..<changesMade] {
      if let old = change.old { held[old] -= change.bytes }
      if let new = change.new { held[new] += change.bytes }
    }
    for account in AccountClass.allCases { ledger.release(held[account], of: account) }
  }

  /// Ends the lives of what is left when a pass is done, from the leftover at `place` on.
  func releaseLeftovers(from place: Int = 0) {
    for leftover in list.leftovers[place...] {
      ledger.release(leftover.bytes, of: leftover.account)
    }
  }
}
