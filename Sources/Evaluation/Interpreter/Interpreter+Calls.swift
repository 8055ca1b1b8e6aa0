import Schedules
import Syntax

extension Interpreter {
  /// Calls anything callable: a function, a layer, a maker of layers or strategies.
  func call(
    _ target: Value, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    switch target {
    case .function(let function): return try call(function, arguments, at: range)
    case .layer(let layer): return try apply(layer, arguments, at: range)
    default: throw Fault(.notCallable(target, at: range))
    }
  }

  private func call(
    _ function: Function, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    switch function.kind {
    case .closure(let closure):
      guard closure.code.range.source === prelude, range.source !== prelude else {
        return try call(closure, arguments, at: range)
      }
      do {
        return try call(closure, arguments, at: range)
      } catch {
        throw error.inStandard(.function, function.name, prelude: prelude, calledAt: range)
      }
    case .builtin(let builtin):
      return try call(builtin, arguments, at: range)
    case .layerMaker(let code, let captures):
      guard code.maker.range.source === prelude, range.source !== prelude else {
        return .layer(try make(code, captures, arguments, at: range))
      }
      do {
        return .layer(try make(code, captures, arguments, at: range))
      } catch {
        throw error.inStandard(.layer, code.name, prelude: prelude, calledAt: range)
      }
    case .strategyMaker(let name):
      return .strategy(try makeStrategy(name, arguments, at: range))
    case .learnerStrategy(let declaration, let closure):
      return .strategy(try makeStrategy(declaration, closure, arguments, at: range))
    }
  }

  /// The common call: a function of the language with as many arguments as it has parameters, each
  /// of which `argument` gives when its turn comes and goes straight to its place.
  @inline(__always)
  func callDirectly(
    _ function: Function, at range: @autoclosure () -> SourceRange,
    argument: (Int) throws(Fault) -> Value
  ) throws(Fault) -> Value {
    let (body, count) = (function.body, function.arity)
    return try callDirectly(body, at: range()) { (frame) throws(Fault) in
      for place in 0..<count {
        body.store(try argument(place), inParameter: place, of: frame)
      }
    }
  }

  /// A call whose arguments and defaults `fill` puts in their places. Whoever calls holds the
  /// function, which is not counted.
  @inline(__always)
  func callDirectly(
    _ body: FunctionBody, at range: @autoclosure () -> SourceRange,
    fill: (Frame) throws(Fault) -> Void
  ) throws(Fault) -> Value {
    let start = moment
    try enter(at: range())
    let size = body.size
    guard let (slots, cells) = variables.push(slots: size.slots, cells: size.cells) else {
      leave()
      throw tooDeep(at: range())
    }
    let value: Value
    do {
      defer {
        variables.pop(slots: size.slots, cells: size.cells)
        leave()
      }
      let frame = Frame(slots: slots, cells: cells, running: body.closure, machine: self)
      try fill(frame)
      value = try runBody(body.entry, frame)
    }
    sweepCycles(since: start, giving: value)
    return value
  }

  /// Calls anything with one value, which `place` stands for.
  func call(
    _ target: Value, with value: Value, from place: SourceRange, at range: SourceRange
  ) throws(Fault) -> Value {
    if case .function(let function) = target, function.arity == 1,
      function.closure.code.range.source !== prelude
    {
      return try callDirectly(function, at: range) { _ in value }
    }
    return try call(target, [PassedArgument(label: nil, value: value, range: place)], at: range)
  }

  /// Calls anything with two values, each with what it stands for.
  func call(
    _ target: Value, with first: Value, from place: SourceRange, and second: Value,
    from other: SourceRange, at range: SourceRange
  ) throws(Fault) -> Value {
    if case .function(let function) = target, function.arity == 2,
      function.closure.code.range.source !== prelude
    {
      return try callDirectly(function, at: range) { (number) in
        number == 0 ? first : second
      }
    }
    return try call(
      target,
      [
        PassedArgument(label: nil, value: first, range: place),
        PassedArgument(label: nil, value: second, range: other),
      ], at: range)
  }

  /// Calls a function of the language.
  func call(
    _ closure: Closure, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    let start = moment
    let value = try withFrame(closure.code, closure, arguments, at: range) {
      (frame) throws(Fault) in try runBody(closure.code.entry, frame)
    }
    sweepCycles(since: start, giving: value)
    return value
  }

  /// Evaluates a function's body in its frame and takes a `return`.
  @inline(__always)
  func runBody(_ entry: Unmanaged<CodeNode>, _ frame: Frame) throws(Fault) -> Value {
    do {
      return try entry.evaluate(frame)
    } catch {
      guard error === Fault.returning else { throw error }
      defer { returned = .none }
      return returned
    }
  }

  /// Makes a frame for a function, puts the arguments in their places, and evaluates `body` in it.
  private func withFrame<Result>(
    _ code: FunctionCode, _ closure: Closure, _ arguments: [PassedArgument],
    at range: SourceRange, _ body: (Frame) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    try enter(at: range)
    defer { leave() }
    guard let (slots, cells) = variables.push(slots: code.slotCount, cells: code.cellCount) else {
      throw Fault(.tooDeep(limit: depth, at: range))
    }
    defer { variables.pop(slots: code.slotCount, cells: code.cellCount) }
    let frame = Frame(slots: slots, cells: cells, closure: closure, machine: self)
    try bind(arguments, to: code, frame, at: range)
    return try body(frame)
  }

  /// Puts the arguments and the defaults of a call in their places.
  private func bind(
    _ arguments: [PassedArgument], to code: FunctionCode, _ frame: Frame, at range: SourceRange
  ) throws(Fault) {
    if arguments.count == code.arity, arguments.allSatisfy({ $0.label == nil }) {
      for (place, argument) in arguments.enumerated() {
        code.store(
          argument.value, inParameter: place, slots: frame.slots, cells: frame.cells)
      }
      return
    }
    let parameters = code.parameters
    let places = try arguments.places(in: parameters, of: code.name, at: range)
    for (parameter, place) in zip(parameters, places) {
      guard let place else { continue }
      parameter.variable.store(arguments[place].value, slots: frame.slots, cells: frame.cells)
    }
    // Defaults may use what was given.
    for (parameter, place) in zip(parameters, places) where place == nil {
      guard let node = parameter.defaultValue else { continue }
      parameter.variable.store(try node.evaluate(frame), slots: frame.slots, cells: frame.cells)
    }
  }

  // MARK: Layers

  /// Makes a layer: evaluates its members in order, and captures them for `forward`.
  private func make(
    _ code: LayerCode, _ captures: [Cell], _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Layer {
    let closure = Closure(code: code.maker, captures: captures)
    // What is told of a standard layer's inside is told of the learner's call.
    let outer = callSite
    if code.maker.range.source === prelude, range.source !== prelude { callSite = range }
    defer { callSite = outer }
    if trace != nil, code.members.contains(where: { $0.kind != .plain }) {
      throw Fault(.layerInBlock(range.source === prelude ? callSite ?? range : range))
    }
    return try withFrame(code.maker, closure, arguments, at: range) { (frame) throws(Fault) in
      for member in code.members {
        var value = try member.value.evaluate(frame)
        if member.kind != .plain {
          value = .tensor(try own(value, as: member.kind, member.name))
        }
        member.variable.store(value, slots: frame.slots, cells: frame.cells)
      }
      var fields: [Layer.Field] = []
      fields.reserveCapacity(code.maker.parameters.count + code.members.count)
      func add(_ kind: Layer.Member, _ name: String, _ variable: Variable) {
        let captured = variable.cell.flatMap { frame.cells[$0] }
        fields.append(
          Layer.Field(
            kind: kind,
            cell: captured
              ?? code.cell(
                ofField: fields.count, named: name, value: frame.slots[variable.slot])))
      }
      for parameter in code.maker.parameters { add(.plain, parameter.name, parameter.variable) }
      for member in code.members { add(member.kind, member.name.name, member.variable) }
      for field in fields where field.cell.value.depth >= Interpreter.deepestList {
        throw Fault(.nestedTooDeep(limit: Interpreter.deepestList, at: range))
      }
      return Layer(
        kind: .declared(
          Closure(code: code.forward, captures: captured(by: code.forward, in: frame)),
          Layer.Maker(code: code, captures: captures)),
        fields: fields)
    }
  }

  /// Applies a layer to its input.
  private func apply(
    _ layer: Layer, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    guard let trace else { return try applyKind(of: layer, arguments, at: range) }
    return try trace.within(layer) { () throws(Fault) in
      try applyKind(of: layer, arguments, at: range)
    }
  }

  private func applyKind(
    of layer: Layer, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    switch layer.kind {
    case .declared(let closure, _):
      guard closure.code.range.source === prelude, range.source !== prelude else {
        return try call(closure, arguments, at: range)
      }
      return try callStandard(closure, of: layer, arguments, at: range)
    case .chain:
      return try applyChain(layer, arguments, at: range)
    case .reversible:
      return try applyReversible(layer, arguments, at: range)
    }
  }

  /// Calls a layer of the prelude: what is told of its inside is told of the learner's call.
  private func callStandard(
    _ closure: Closure, of layer: Layer, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    let outer = callSite
    callSite = range
    defer { callSite = outer }
    do {
      return try call(closure, arguments, at: range)
    } catch {
      throw error.inStandard(.layer, layer.name, prelude: prelude, calledAt: range)
        .showing { fitting(layer, given: arguments, at: range) }
    }
  }

  private func applyChain(
    _ layer: Layer, _ arguments: [PassedArgument], at range: SourceRange
  ) throws(Fault) -> Value {
    let input = try self.input(arguments, of: layer, at: range)
    var value = input.value
    let elements = layer.flatElements
    // Numbers count as a learner counts only where nothing was flattened.
    let isFlat = if case .chain(let own) = layer.kind { own.count == elements.count } else { false }
    for (index, element) in elements.enumerated() {
      trace?.enterElement()
      let argument = PassedArgument(label: nil, value: value, range: input.range)
      do {
        value = try apply(
          element, [argument], number: isFlat ? index : nil, of: layer, at: range)
      } catch {
        throw error.inElement(
          elementName(element, index), given: value,
          by: index > 0 ? elementName(elements[index - 1], index - 1) : nil, at: range)
      }
      trace?.leaveElement(value, label: elementLabel(element, index))
    }
    return value
  }

  /// Applies an element of a chain. What a function computes is told to come from its place there,
  /// if it has a number.
  private func apply(
    _ element: Value, _ arguments: [PassedArgument], number: Int?, of chain: Layer,
    at range: SourceRange
  ) throws(Fault) -> Value {
    guard let trace, let number, case .function = element else {
      return try call(element, arguments, at: range)
    }
    return try trace.within(elementNumber: number, of: chain) { () throws(Fault) in
      try call(element, arguments, at: range)
    }
  }

  /// The one argument of a layer that takes one input, `x`.
  func input(
    _ arguments: [PassedArgument], of layer: Layer, at range: SourceRange
  ) throws(Fault) -> PassedArgument {
    let parameters = [Builtin.BuiltinParameter("x")]
    _ = try arguments.places(in: parameters, of: layer.name, at: range)
    return arguments[0]
  }

  /// How a message names an element of a chain: `[3] dense(8, 2)`.
  private func elementName(_ element: Value, _ index: Int) -> String {
    if case .function(let function) = element { return "[\(index)] \(function.name)" }
    return "[\(index)] \(inline(element))"
  }

  /// How a learner names an element of a chain: `3 dense`.
  private func elementLabel(_ element: Value, _ index: Int) -> String {
    switch element {
    case .layer(let layer): "\(index) \(layer.name)"
    case .function(let function): "\(index) \(function.name)"
    default: "\(index)"
    }
  }
}
