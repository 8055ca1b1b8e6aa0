package import Syntax

/// Anything that is called like a function.
package final class Function {
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
  package let kind: Kind
  /// As messages call it; `fn` for a literal.
  package let name: String

  init(kind: Kind, name: String) {
    self.kind = kind
    self.name = name
  }
}

/// The code of a function, compiled once.
package final class FunctionCode {
  /// One parameter: where its argument goes, and its default.
  struct ParameterCode {
    let name: String
    let variable: Variable
    let defaultValue: CodeNode?
  }

  let name: String
  let range: SourceRange
  var parameters: [ParameterCode] = []
  var body: CodeNode
  var slotCount = 0
  var cellCount = 0
  /// Where each captured variable comes from in the function around it.
  var captures: [CaptureOrigin] = []

  init(name: String, range: SourceRange) {
    self.name = name
    self.range = range
    self.body = ConstantNode(.none, range)
  }
}

enum CaptureOrigin {
  /// A captured variable of the function around.
  case cell(Variable)
  /// Captured by the function around in its turn.
  case capture(Int)
}

/// A function's code with the variables that it captured.
package final class Closure {
  let code: FunctionCode
  let captures: [Cell]

  init(code: FunctionCode, captures: [Cell]) {
    self.code = code
    self.captures = captures
  }
}
