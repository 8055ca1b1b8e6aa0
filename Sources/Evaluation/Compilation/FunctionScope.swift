import Syntax

/// The names that are visible at a point of a function, while it is compiled.
final class FunctionScope {
  /// The function around; `nil` for a top-level statement.
  let outer: FunctionScope?
  /// The code that grows: each variable takes a slot of it, each capture a place in its list.
  let code: FunctionCode
  private var blocks: [[String: Variable]] = [[:]]
  private var captureNumbers: [String: (number: Int, isState: Bool)] = [:]

  /// What a learner's strategy works on, in its body and in the functions inside it: its verbs come
  /// first there.
  var strategySubject: StrategyDeclaration.Subject?

  /// True inside a loop: `break` and `continue` have a meaning.
  var loopDepth = 0

  /// A function's scope with one block open. What a strategy works on is taken over from around.
  init(outer: FunctionScope?, code: FunctionCode) {
    self.outer = outer
    self.code = code
    strategySubject = outer?.strategySubject
  }

  deinit { for block in blocks { for variable in block.values { variable.close() } } }

  /// A block begins: names declared from here on end with it.
  func enterBlock() { blocks.append([:]) }
  /// The innermost block ends, and its names with it.
  func leaveBlock() { for variable in blocks.removeLast().values { variable.close() } }
  /// Blocks that are open, the function's own body counted.
  var openBlocks: Int { blocks.count }

  /// True where a name declared now belongs to the session: at top level, outside every block.
  var isSessionLevel: Bool { outer == nil && blocks.count == 1 }

  /// A new variable in the innermost block. It hides another of its name, in the same block too.
  func declare(_ name: String) -> Variable {
    let variable = Variable(name: name, slot: code.slotCount)
    code.slotCount += 1
    blocks[blocks.count - 1].updateValue(variable, forKey: name)?.close()
    return variable
  }

  /// How many blocks were open where the body of the innermost `train` began; 0 outside one.
  var blocksOutsideTraining = 0

  /// True for a variable of this function that stands outside the body of the `train` around.
  func standsOutsideTraining(_ name: String) -> Bool {
    guard let place = blocks.lastIndex(where: { $0[name] != nil }) else { return false }
    return place < blocksOutsideTraining
  }

  /// True where a name means a variable of this function or of one around it.
  func hasVariable(_ name: String) -> Bool {
    local(name) != nil || outer?.hasVariable(name) == true
  }

  /// The variable of this function that a name means here.
  func local(_ name: String) -> Variable? {
    for block in blocks.reversed() {
      if let variable = block[name] { return variable }
    }
    return nil
  }

  /// How many nodes assign the variables of this function that names mean here; 0 for other names.
  func assignments(of names: String?...) -> [Int] {
    names.map { $0.flatMap(local)?.assignments ?? 0 }
  }

  /// The number of the captured variable that a name means, capturing it on first use.
  func capture(_ name: String) -> (number: Int, isState: Bool)? {
    if let known = captureNumbers[name] { return known }
    guard let outer else { return nil }
    let origin: CaptureOrigin
    let isState: Bool
    if let variable = outer.local(name) {
      if variable.cell == nil {
        variable.moveToCell(outer.code.cellCount)
        outer.code.cellCount += 1
      }
      origin = .cell(variable)
      isState = variable.isState
    } else if let captured = outer.capture(name) {
      origin = .capture(captured.number)
      isState = captured.isState
    } else {
      return nil
    }
    let known = (number: code.captures.count, isState: isState)
    code.captures.append(origin)
    captureNumbers[name] = known
    return known
  }

  /// The function as a message names it.
  var functionName: String { code.name == "fn" ? "this function" : "`\(code.name)`" }

  /// All names visible here: for did-you-mean.
  var visibleNames: [String] {
    blocks.flatMap(\.keys) + (outer?.visibleNames ?? [])
  }
}
