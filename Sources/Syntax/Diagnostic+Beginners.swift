/// A form that another language has and this one spells otherwise.
enum Habit {
  case call, binding, types, function, namelessFunction, elseIf, imports, classes, module
  case slice, braces, label, increment, range, parentheses, tuple, countedLoop
  case strategyBehind, markedStrategy, targetsWithoutWrt, calledGradient
  case ternary, dictionary, equal, notEqual, isNone, notIn, remainder, floorDivision
  case comprehension, interpolation, quotes, comment, point, assignment, value
  case and, or, not, power, nullary, noValue, failing, checking, letsGo, trying, choosing
  case noGradient, session

  /// What to say. `line` is the learner's line as it is spelled here, where it is known.
  func hint(_ line: String?) -> String {
    guard let code = line ?? example else { return reason }
    return "\(reason): `\(code)`"
  }

  /// One sentence on how it is spelled here.
  private var reason: String {
    switch self {
    case .call: "a call has parentheses"
    case .binding: "a name is bound by 'let'"
    case .types: "names and results have no types"
    case .function: "a function is made by 'fn', with its body between braces"
    case .namelessFunction: "a function without a name is made by 'fn'"
    case .elseIf: "the next choice is spelled 'else if'"
    case .imports: "there are no modules to import; this lists what there is"
    case .classes: "a model is made of layers; this shows how one is declared"
    case .module: "there are no modules"
    case .slice, .range: "a range is spelled '..<', or '...' with its end"
    case .braces: "a body stands between braces"
    case .label: "a colon stands behind the name of an argument"
    case .increment: "1 is added by '+=' and taken away by '-='"
    case .parentheses: "no parentheses stand around names"
    case .tuple: "a list has square brackets"
    case .countedLoop: "a loop that counts goes over a range"
    case .strategyBehind: "the strategy stands before the block"
    case .markedStrategy: "the strategy that honours 'checkpoint { }' is called 'marked'"
    case .targetsWithoutWrt: "'wrt' stands before what the gradient is taken of"
    case .calledGradient: "a gradient is taken of a block; this shows how"
    case .ternary: "a choice is spelled 'if'"
    case .dictionary: "a dictionary has square brackets"
    case .equal: "equality is spelled '=='"
    case .notEqual: "inequality is spelled '!='"
    case .isNone: "values are compared by '=='"
    case .notIn: "'not' stands first"
    case .remainder: "the remainder is spelled '%'"
    case .floorDivision: "division that rounds down is spelled '//'"
    case .comprehension: "a list is made of another one by 'map'"
    case .interpolation: "every string takes values, between '\\(' and ')'"
    case .quotes: "strings stand between double quotes"
    case .comment: "a comment begins with '#'"
    case .point: "a number has digits on both sides of its point"
    case .assignment: "a value is given by '='"
    case .value: "a name is bound to a value"
    case .and: "'and' joins conditions"
    case .or: "'or' joins conditions; '|>' passes a value on"
    case .not: "negation is spelled 'not'"
    case .power: "a power is spelled '**'"
    case .nullary: "a function without parameters has empty parentheses"
    case .noValue: "an empty block needs no word in it"
    case .failing: "a command is stopped by 'fail'"
    case .checking: "conditions are checked by 'expect', in a test"
    case .letsGo: "a name lets go of its value"
    case .trying: "nothing is caught: a command that fails leaves all as it was"
    case .choosing: "a choice is spelled 'if' and 'else if'"
    case .noGradient: "a plain call takes no gradient and evaluates: nothing has to be switched off"
    case .session: "the session's own commands are for its prompt, not for scripts"
    }
  }

  /// What runs as it stands, where nothing better is known.
  private var example: String? {
    switch self {
    case .imports: "help"
    case .classes: "help layer"
    case .calledGradient: "help gradient"
    case .binding: "let x = 1"
    case .function: "fn f(x) { x }"
    case .namelessFunction: "fn(x) { x }"
    case .countedLoop: "for i in 0..<3 { print(i) }"
    case .slice, .range: "0..<10"
    case .ternary: "if true { 1 } else { 2 }"
    case .dictionary: "[\"a\": 1]"
    case .comprehension: "map(fn(x) { 2 * x }, [1, 2])"
    case .checking: "test \"sums\" { expect 1 + 1 == 2 }"
    case .failing: "fail(\"why\")"
    case .choosing: "if 1 < 2 { 1 } else if 2 < 3 { 2 } else { 3 }"
    case .quotes: "\"text\""
    default: nil
    }
  }
}

extension Diagnostic {
  /// The same fault with another hint.
  package func hinting(_ hint: String) -> Diagnostic {
    Diagnostic(kind, code, message, at: range, hint: hint, notes: notes)
  }
}
