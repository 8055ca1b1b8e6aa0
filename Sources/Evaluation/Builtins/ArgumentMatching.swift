import Schedules
import Syntax

/// A parameter of anything that is called, as far as matching looks at it.
protocol NamedParameter {
  /// As labels name it.
  var name: String { get }
  /// True where a call without an argument for it is refused.
  var isRequired: Bool { get }
}

extension FunctionCode.ParameterCode: NamedParameter {
  var isRequired: Bool { defaultValue == nil }
}

extension Builtin.BuiltinParameter: NamedParameter {
  var isRequired: Bool { defaultText == nil }
}

extension Catalogue.Option: NamedParameter {}

/// Why the arguments of a call do not fit the parameters. Arguments and parameters are told by
/// number.
enum ArgumentMismatch: Error, Hashable {
  /// An argument's label is the name of no parameter.
  case unknownLabel(argument: Int)
  /// There are more unlabelled arguments than parameters left for them.
  case tooMany
  /// An argument's parameter has one already.
  case repeated(parameter: Int, argument: Int)
  /// A required parameter has none.
  case missing(parameter: Int)
}

extension [PassedArgument] {
  /// For each parameter the number of the argument that fills it, `nil` where none does: labels
  /// name parameters, and the other arguments fill those that are left, in order.
  ///
  /// This is the one rule for functions, layers, builtins and strategies. Of a variadic builtin,
  /// unlabelled arguments fill nothing: they are taken as they come.
  func places(
    in parameters: [some NamedParameter], isVariadic: Bool = false
  ) throws(ArgumentMismatch) -> [Int?] {
    if !isVariadic, let places = placesInOrder(parameters) { return places }
    var places = [Int?](repeating: nil, count: parameters.count)
    var next = 0
    for (number, argument) in enumerated() {
      let parameter: Int
      if let label = argument.label {
        guard let named = parameters.firstIndex(where: { $0.name == label.name }) else {
          throw .unknownLabel(argument: number)
        }
        parameter = named
      } else if isVariadic {
        continue
      } else {
        while next < places.count, places[next] != nil { next += 1 }
        guard next < places.count else { throw .tooMany }
        parameter = next
      }
      guard places[parameter] == nil else {
        throw .repeated(parameter: parameter, argument: number)
      }
      places[parameter] = number
    }
    if let gap = parameters.indices.first(where: {
      places[$0] == nil && parameters[$0].isRequired
    }) {
      throw .missing(parameter: gap)
    }
    return places
  }

  /// The same where no argument is labelled and none is missing; `nil` for other calls.
  private func placesInOrder(_ parameters: [some NamedParameter]) -> [Int?]? {
    guard count <= parameters.count, parameters.count < inOrder.count,
      allSatisfy({ $0.label == nil }), parameters[count...].allSatisfy({ !$0.isRequired })
    else { return nil }
    return inOrder[parameters.count][count]
  }

  /// The same, with the fault in words for a call of `function` at `range`.
  func places(
    in parameters: [some NamedParameter], isVariadic: Bool = false, of function: String,
    at range: SourceRange
  ) throws(Fault) -> [Int?] {
    do {
      return try places(in: parameters, isVariadic: isVariadic)
    } catch {
      throw Fault(
        .arguments(self, of: function, parameters: parameters.map(\.name), error, at: range))
    }
  }
}

/// For so many parameters and so many arguments, the number of the argument of each parameter where
/// they fill them in order.
private let inOrder: [[[Int?]]] = (0...12).map { parameters in
  (0...parameters).map { count in (0..<parameters).map { $0 < count ? $0 : nil } }
}
