package import Syntax

/// Anything that is called like a function.
package final class Function: Owned {
  /// What is called, and what it gives.
  package enum Kind {
    /// A function of the language.
    case closure(Closure)
    /// A function of the interpreter.
    case builtin(Builtin)
    /// Makes a layer with fresh parameters: the code, with what the declaration captured.
    case layerMaker(LayerCode, captures: [Cell])
    /// Makes a built-in strategy from its options.
    case strategyMaker(String)
    /// Makes a learner's strategy: the declaration, and the function with its body.
    case learnerStrategy(StrategyDeclaration, Closure)
  }
  /// Decides how a call of it goes.
  package let kind: Kind
  /// As messages call it; `fn` for a literal.
  package let name: String

  /// `name` is what messages call it.
  init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    switch kind {
    case .closure(let closure), .learnerStrategy(_, let closure): closure.captures.forEach(visit)
    case .layerMaker(_, let captures): captures.forEach(visit)
    case .builtin, .strategyMaker: break
    }
  }
}

/// The code of a function, compiled once.
package final class FunctionCode {
  /// One parameter: where its argument goes, and its default.
  struct ParameterCode {
    /// As it is declared, and as labels of arguments name it.
    let name: String
    /// Where a call puts the argument in its frame.
    let variable: Variable
    /// Evaluated in the function's own frame where no argument is given; `nil` where one is
    /// required.
    let defaultValue: CodeNode?
  }

  /// As it is declared: `fn` for a literal, empty for a statement at top level.
  let name: String
  /// The declaration, or the statement.
  let range: SourceRange
  /// In order of declaration.
  var parameters: [ParameterCode] = []
  /// Its value is the function's, unless `return` gives one.
  var body: CodeNode
  /// How many variables of its frame only it uses.
  var slotCount = 0
  /// How many variables of its frame functions inside it captured.
  var cellCount = 0
  /// Where each captured variable comes from in the function around it.
  var captures: [CaptureOrigin] = []

  /// Code without parameters and body: the compiler adds them.
  init(name: String, range: SourceRange) {
    self.name = name
    self.range = range
    self.body = ConstantNode(.none, range)
  }
}

/// Where a function finds a variable that it captures, at the moment it is made.
enum CaptureOrigin {
  /// A captured variable of the function around.
  case cell(Variable)
  /// Captured by the function around in its turn.
  case capture(Int)
}

/// A function's code with the variables that it captured.
package final class Closure {
  /// What a call runs.
  let code: FunctionCode
  /// In the order of `code.captures`.
  let captures: [Cell]

  /// `captures` are as many as `code.captures`, in their order.
  init(code: FunctionCode, captures: [Cell]) {
    self.code = code
    self.captures = captures
  }
}
