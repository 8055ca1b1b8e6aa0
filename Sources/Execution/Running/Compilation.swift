import Gradients
import Graphs
import Schedules
import Tensors

/// A rehearsed schedule turned into moves: one walk over its actions, after which the life of every
/// block is known.
struct Compilation {
  private let draft: Program.Draft
  /// The number of actions: when everything ends.
  private let end: Int
  private let isLastFetch: [Bool]
  /// For each value: its block and class while it is in memory, and its block on the tier.
  private var homes: BlockNumbers
  private var accounts: [AccountClass?]
  private var tierBlocks: BlockNumbers
  private var isComputed: [Bool]

  private(set) var moves: [Move] = []
  private(set) var changes: [Move.Change] = []
  private(set) var computed: [Move.Computed] = []
  private(set) var transfers: [Move.Transfer] = []
  private(set) var calls: [Move.Call] = []
  /// Where the calls read and write, call by call.
  private(set) var locations: [Move.Location] = []
  /// Blocks of the arena and of the tier, and their lives.
  private(set) var blocks: [ArenaLayout.Block] = []
  private(set) var blocksOnTier: [ArenaLayout.Block] = []

  /// Throws `.interrupted` where planning is asked to stop.
  init(_ draft: Program.Draft) throws(ExecutionError) {
    self.draft = draft
    end = draft.actions.count
    let count = draft.bytes.count
    isLastFetch = Self.lastFetches(draft.actions, values: count)
    homes = BlockNumbers(count: count)
    accounts = Array(repeating: nil, count: count)
    tierBlocks = BlockNumbers(count: count)
    isComputed = Array(repeating: false, count: draft.steps.count)
    moves.reserveCapacity(end)
    changes.reserveCapacity(end)
    let computes = draft.actions.count {
      if case .compute = $0 { true } else { false }
    }
    calls.reserveCapacity(computes)
    computed.reserveCapacity(computes)
    for (number, action) in draft.actions.enumerated() {
      if number % 1024 == 0, Planning.isCancelled { throw .interrupted }
      compile(action, number)
    }
  }

  /// The values that are in memory at the end, ascending.
  var leftovers: [Move.Leftover] {
    draft.steps.flatMap { step in
      step.values.compactMap { value -> Move.Leftover? in
        guard let block = homes[value], let account = accounts[value] else { return nil }
        return Move.Leftover(
          node: Int(step.node), result: value - step.values.lowerBound,
          bytes: draft.bytes[value], account: account, block: block)
      }
    }
  }

  private mutating func compile(_ action: Schedule.Action, _ number: Int) {
    let before = changes.count
    var move = Move()
    switch action {
    case .compute(let step, reusing: let reused):
      move.work = compute(step, reusing: reused, number)
    case .free(let value):
      change(value, to: nil)
      if let home = homes[value] { blocks[home].ends = number }
      homes[value] = nil
    case .offload(let value):
      let copy = Self.open(draft.bytes[value], number..<end, in: &blocksOnTier)
      tierBlocks[value] = copy
      if let home = homes[value] {
        move.work = .store
        transfers.append(.init(bytes: draft.bytes[value], block: home, tierBlock: copy))
      }
    case .fetch(let value):
      if let holding = draft.holdings[number].first ?? nil { begin(value, holding, number) }
      if let home = homes[value], let copy = tierBlocks[value] {
        if isLastFetch[number] { blocksOnTier[copy].ends = number + 1 }
        move.work = .load
        transfers.append(
          .init(
            bytes: draft.bytes[value], block: home, tierBlock: copy, isLast: isLastFetch[number]))
      }
    }
    move.changeCount = UInt16(changes.count - before)
    moves.append(move)
  }

  private mutating func compute(
    _ step: Int, reusing reused: Int?, _ number: Int
  ) -> Move.Work {
    let (scratch, phase, values) = (
      draft.steps[step].scratch, draft.steps[step].phase, draft.steps[step].values
    )
    let firstLocation = UInt32(locations.count)
    let members = Fusion.members(Int(draft.steps[step].node), draft.previous)
    for member in members {
      let before = draft.previous[member]
      for operand in draft.joint.graph.nodes[member].operands
      where before < 0 || operand.node != Int(before) {
        locations.append(location(of: operand))
      }
    }
    for (value, holding) in zip(values, draft.holdings[number]) {
      // A result without a class is in memory already, and is written where it lies.
      guard let holding else { continue }
      if let reused, value == values.first {
        takeOver(reused, by: value, holding)
      } else {
        begin(value, holding, number)
      }
    }
    for value in values {
      if let home = homes[value] { locations.append(.block(home)) }
    }
    if scratch > 0 {
      let block = Self.open(scratch, number..<number + 1, in: &blocks)
      locations.append(.block(block))
    }
    let isFirst = phase == .forward && !isComputed[step]
    isComputed[step] = true
    calls.append(
      Move.Call(
        node: draft.steps[step].node, firstLocation: firstLocation, isFirst: isFirst,
        hasScratch: scratch > 0))
    computed.append(
      Move.Computed(
        step: UInt32(step), operations: UInt32(members.count), scratch: scratch))
    return switch phase {
    case .forward: isFirst ? .forward : .replayed
    case .backward, .update: .backward
    }
  }

  private func location(of operand: Operand) -> Move.Location {
    if let value = draft.values.value(of: operand), let home = homes[value] {
      return .block(home)
    }
    return .input(operand.input ?? 0)
  }

  /// Begins the life of a value in a block of its own.
  private mutating func begin(_ value: Int, _ holding: Holding, _ number: Int) {
    homes[value] = Self.open(draft.bytes[value], number..<end, in: &blocks)
    change(value, to: AccountClass(holding))
  }

  /// Begins the life of a value in the block of another, whose life ends.
  private mutating func takeOver(_ other: Int, by value: Int, _ holding: Holding) {
    homes[value] = homes[other]
    accounts[value] = accounts[other]
    homes[other] = nil
    accounts[other] = nil
    change(value, to: AccountClass(holding))
  }

  /// Moves a value's bytes to a class, or out of the ledger.
  private mutating func change(_ value: Int, to account: AccountClass?) {
    if accounts[value] != account {
      changes.append(Move.Change(bytes: draft.bytes[value], old: accounts[value], new: account))
    }
    accounts[value] = account
  }

  /// A new block, of a life as far as it is known yet. Static: a method would hold the blocks that
  /// it adds to, and copy them all each time.
  private static func open(
    _ bytes: Int, _ life: Range<Int>, in blocks: inout [ArenaLayout.Block]
  ) -> Int {
    blocks.append(
      ArenaLayout.Block(bytes: bytes, begins: life.lowerBound, ends: life.upperBound))
    return blocks.count - 1
  }

  /// For each action: is it a fetch after which its copy is not fetched again?
  private static func lastFetches(_ actions: ActionList, values: Int) -> [Bool] {
    var isLast = [Bool](repeating: false, count: actions.count)
    var isFetched = [Bool](repeating: false, count: values)
    for number in actions.indices.reversed() {
      switch actions[number] {
      case .fetch(let value):
        isLast[number] = !isFetched[value]
        isFetched[value] = true
      case .offload(let value): isFetched[value] = false
      case .compute, .free: break
      }
    }
    return isLast
  }
}

/// The block of each value, where it has one: four bytes each.
private struct BlockNumbers {
  /// Below 0 for none.
  private var numbers: [Int32]

  /// No blocks, of so many values.
  init(count: Int) { numbers = Array(repeating: -1, count: count) }

  subscript(value: Int) -> Int? {
    get { numbers[value] < 0 ? nil : Int(numbers[value]) }
    set { numbers[value] = newValue.map(Int32.init) ?? -1 }
  }
}
