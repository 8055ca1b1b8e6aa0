import Reports
import Syntax

/// `budget 2 MiB`, `budget none`, `budget 512 KiB { … }`
final class BudgetNode: CodeNode {
  private let size: CodeNode
  private let body: CodeNode?

  /// Without a body the budget holds from here on, else while the body runs.
  init(_ size: CodeNode, body: CodeNode?, _ range: SourceRange) {
    self.size = size
    self.body = body
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    let ledger = machine.ledger
    if body == nil { try machine.checkCharge(of: "budget", at: range) }
    let value = try size.evaluate(frame)
    let budget: Int?
    switch value {
    case .none: budget = nil
    case .bytes(let bytes) where bytes >= 0: budget = bytes
    case .integer(let bytes) where bytes >= 0: budget = bytes
    default:
      throw Fault(
        .expected(.sizeOrNone, found: value, as: .budget, at: size.range))
    }
    if let budget, ledger.liveTotal > budget {
      throw Fault(.budgetBelowLive(budget, live: ledger.live, at: size.range))
    }
    let outer = ledger.budget
    // An inner budget cannot lift an outer one.
    ledger.budget = body == nil ? budget : [outer, budget].compactMap(\.self).min()
    guard let body else { return .none }
    defer { ledger.budget = outer }
    return try body.evaluate(frame)
  }
}

/// `seed 7`
final class SeedNode: CodeNode {
  private let value: CodeNode

  /// `value` gives any integer, which is taken bit by bit.
  init(_ value: CodeNode, _ range: SourceRange) {
    self.value = value
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    guard frame.machine.trace == nil else { throw Fault(.insideBlock("seed", at: range)) }
    try frame.machine.checkCharge(of: "seed", at: range)
    let value = try self.value.evaluate(frame)
    guard case .integer(let seed) = value else {
      throw Fault(.expected(.integer, found: value, as: .seed, at: self.value.range))
    }
    frame.machine.context.seed = UInt64(bitPattern: Int64(seed))
    frame.machine.context.step = 0
    return .none
  }
}

/// `import "layers.cairn"`
final class ImportNode: CodeNode {
  private let path: CodeNode

  /// `path` gives a file, seen from the session's directory.
  init(_ path: CodeNode, _ range: SourceRange) {
    self.path = path
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let value = try path.evaluate(frame)
    guard case .string(let text) = value else {
      throw Fault(.expected(.path, found: value, as: .importPath, at: path.range))
    }
    try frame.machine.importScript(text.string, at: range)
    return .none
  }
}

/// A command word with its arguments: answered by the floor above.
final class CommandNode: CodeNode {
  private let command: Command
  private let arguments: [CodeNode]

  /// `arguments` are words and values, in order, as `Compiler` makes them of the command.
  init(_ command: Command, _ arguments: [CodeNode], _ range: SourceRange) {
    self.command = command
    self.arguments = arguments
    super.init(range)
  }

  override func evaluate(_ frame: Frame) throws(Fault) -> Value {
    let machine = frame.machine
    if command.verb == .fuse { try machine.checkCharge(of: "fuse", at: range) }
    var values: [Value] = []
    for node in arguments { values.append(try node.evaluate(frame)) }
    machine.say(try machine.commandHandler(command, values, machine))
    return .none
  }
}
