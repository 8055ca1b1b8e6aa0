import Schedules
import Syntax

/// A name that an argument may have, and the words that it takes, where it takes only those.
package struct CallOption {
  /// As it stands before the colon: `stages`.
  package let name: String
  /// `operations`, `f32`; empty where it takes any value.
  package let words: [String]
}

extension Interpreter {
  /// What the arguments of a call of a name may be called: `axis`, `keepdims`. Empty where the name
  /// is none of a function, or its arguments have no names.
  package func callOptions(of name: String) -> [CallOption] {
    guard case .function(let function) = knownCell(name)?.value else { return [] }
    switch function.kind {
    case .builtin(let builtin):
      return builtin.parameters.map { CallOption(name: $0.name, words: $0.words) }
    case .closure(let closure): return plain(closure.code.parameters)
    case .layerMaker(let code, _): return plain(code.maker.parameters)
    // The first parameter is the chain or the graph.
    case .learnerStrategy(_, let closure): return plain(Array(closure.code.parameters.dropFirst()))
    case .strategyMaker(let name):
      let options = Catalogue.entries.first { $0.name == name }?.options ?? []
      return options.map { option in
        if case .word(let words) = option.kind {
          CallOption(name: option.name, words: words)
        } else {
          CallOption(name: option.name, words: [])
        }
      }
    }
  }

  private func plain(_ parameters: [FunctionCode.ParameterCode]) -> [CallOption] {
    parameters.map {
      CallOption(
        name: $0.name,
        words: $0.name == Interpreter.dtypeParameter ? Interpreter.dtypeNames : [])
    }
  }

  /// What may stand behind `with`: the strategies, the learner's own, and names that hold one.
  package var strategyNames: [String] {
    let own = bindings.filter { _, value in
      switch value {
      case .strategy: return true
      case .function(let function):
        if case .learnerStrategy = function.kind { return true }
        return false
      default: return false
      }
    }
    return Catalogue.entries.map(\.name) + own.map(\.name)
  }

  /// Names of the learner's that hold a layer or a tensor: what a gradient is taken by.
  package var targetNames: [String] {
    bindings.filter { _, value in
      switch value {
      case .layer, .tensor: true
      default: false
      }
    }.map(\.name)
  }
}
