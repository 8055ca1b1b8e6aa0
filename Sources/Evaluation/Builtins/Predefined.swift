import Schedules
import Syntax

extension Interpreter {
  /// Every builtin, group by group.
  static let builtins: [Builtin] =
    numberBuiltins + listBuiltins + textBuiltins + creationBuiltins + elementwiseBuiltins
    + reductionBuiltins + shapeBuiltins + gatheringBuiltins + lossBuiltins + metricBuiltins
    + networkBuiltins + layerBuiltins + dataBuiltins + imageBuiltins + optimizerBuiltins
    + planBuiltins + chainVerbs
    + graphVerbs + workerBuiltins

  /// Defines the builtins, the strategies and the prelude.
  func definePredefined() {
    isLoadingPrelude = true
    defer { isLoadingPrelude = false }
    for builtin in Interpreter.builtins {
      define(builtin.name, .function(Function(kind: .builtin(builtin), name: builtin.name)))
    }
    for entry in Catalogue.entries {
      define(entry.name, .function(Function(kind: .strategyMaker(entry.name), name: entry.name)))
    }
    define("pi", .float(.pi))
    define("inf", .float(.infinity))
    define("nan", .float(.nan))
    for statement in Parser.parse(prelude).script.statements { _ = run(statement) }
  }

  private func define(_ name: String, _ value: Value) {
    write(value, to: predefined.cell(name))
  }

  /// The bare words that arguments of a function may be: `dtype: f32`, `stages: operations`.
  func words(of function: Function) -> Set<String> {
    switch function.kind {
    case .builtin(let builtin): builtin.words
    case .strategyMaker(let name): Interpreter.strategyWords[name] ?? []
    case .closure(let closure): words(of: closure.code)
    case .layerMaker(let code, captures: _): words(of: code.maker)
    case .learnerStrategy: []
    }
  }

  /// A parameter of the language that is called `dtype` takes the names of element types.
  private func words(of code: FunctionCode) -> Set<String> {
    code.parameters.contains { $0.name == Interpreter.dtypeParameter }
      ? Set(Interpreter.dtypeNames) : []
  }

  /// The name of parameters that take element types: `dense(2, 8, dtype: bf16)`.
  static let dtypeParameter = "dtype"

  private static let strategyWords: [String: Set<String>] = Dictionary(
    uniqueKeysWithValues: Catalogue.entries.map { entry in
      var words: Set<String> = []
      for option in entry.options {
        if case .word(let accepted) = option.kind { words.formUnion(accepted) }
      }
      return (entry.name, words)
    })
}
