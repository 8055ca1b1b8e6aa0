import Execution
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// A tensor of a layer's own, for a `param` or a `state`: counted as such, and shared with
  /// nobody.
  func own(
    _ value: Value, as member: Layer.Member, _ name: Identifier
  ) throws(Fault) -> TensorValue {
    let isState = member == .state
    if let sketch = try sketchedMember(value, as: member, name) { return sketch }
    var tensor: Tensor
    if case .tensor(let given) = value {
      guard let concrete = given.tensor else { throw missingNumbers(of: given, at: name.range) }
      tensor = concrete
    } else if let number = double(value) {
      let made = try scalarTensor(number, at: name.range)
      guard let concrete = made.tensor else { throw missingNumbers(of: made, at: name.range) }
      tensor = concrete
    } else {
      throw Fault(
        .expected(
          .tensor, found: value, as: .member(member, name.name),
          at: name.range))
    }
    guard isState || tensor.dtype.isFloating else {
      throw Fault(
        .expected(
          .floatingTensor, found: value, as: .member(.parameter, name.name),
          at: name.range))
    }
    // A tensor that something else holds too is copied: a parameter changes in place.
    if !isKnownUniquelyHeld(value) || tensor.storage.account != .values {
      do {
        tensor = try tensor.copy(as: isState ? .state : .parameters)
      } catch {
        throw fault(from: .memory(error), operands: [], at: name.range)
      }
    } else {
      tensor.storage.account = isState ? .state : .parameters
    }
    let own = Tensor(
      shape: shared(tensor.shape), dtype: tensor.dtype, storage: tensor.storage)
    return TensorValue(own, role: isState ? .state : .parameter, origin: name.range)
  }

  /// A shape as the members made before have it, so that those of layers that are alike share its
  /// memory.
  private func shared(_ shape: Shape) -> Shape {
    if memberShapes.count >= Interpreter.mostMemberShapes { memberShapes = [] }
    return memberShapes.insert(shape).memberAfterInsert
  }

  private static let mostMemberShapes = 64

  /// The member of a layer that is sketched; `nil` outside a sketch, and where the value is none
  /// for a member.
  private func sketchedMember(
    _ value: Value, as member: Layer.Member, _ name: Identifier
  ) throws(Fault) -> TensorValue? {
    guard isSketching else { return nil }
    let type: TensorType
    switch value {
    case .tensor(let given) where member == .state || given.dtype.isFloating:
      type = TensorType(given.shape, given.dtype)
    case .integer, .float: type = TensorType(.scalar, .f32)
    default: return nil
    }
    return TensorValue(
      sketch: type, role: member == .state ? .state : .parameter, origin: name.range)
  }

  /// True where a tensor was made by the expression that gave it, and no name holds it.
  func isKnownUniquelyHeld(_ value: Value) -> Bool {
    guard case .tensor(let given) = value else { return true }
    return !bindings.contains { _, bound in
      if case .tensor(let held) = bound, let storage = held.tensor?.storage {
        storage === given.tensor?.storage
      } else {
        false
      }
    }
  }

  /// Functions of layers.
  static let layerBuiltins: [Builtin] = [
    Builtin(
      "chain", [], variadic: true,
      summary:
        "A layer that applies its elements one after the other: layers, functions, and lists of "
        + "them (`repeat 12 { … }`).",
      example: "chain(dense(2, 8), relu, dense(8, 3))"
    ) { (arguments, machine) throws(Fault) in
      for argument in arguments.rest {
        try machine.checkElement(argument.value, at: argument.range)
        guard argument.value.depth < Interpreter.deepestList else {
          throw Fault(.nestedTooDeep(limit: Interpreter.deepestList, at: argument.range))
        }
      }
      return .layer(Layer(kind: .chain(arguments.rest.map(\.value)), fields: []))
    },
    reversibleBuiltin,
    Builtin(
      "parameters", [.init("layer")], summary: "A layer's parameters, as a list of tensors.",
      example: "length(parameters(dense(2, 3)))"
    ) { (arguments, machine) throws(Fault) in
      guard case .layer(let layer) = arguments.value(0).value else {
        throw arguments.mismatch(.layer, 0)
      }
      return .list(List(layer.parameters().map { .tensor($0.tensor) }))
    },
  ]

  /// Refuses what cannot be an element of a chain.
  private func checkElement(_ value: Value, at range: SourceRange) throws(Fault) {
    switch value {
    case .layer: return
    case .function(let function):
      if case .layerMaker = function.kind {
        throw Fault(
          .expected(
            .layerOrFunction, found: value, as: .chainElement, at: range))
      }
    case .list(let list):
      for element in list.elements { try checkElement(element, at: range) }
    default:
      throw Fault(
        .expected(.layerOrFunction, found: value, as: .chainElement, at: range))
    }
  }
}

extension Layer {
  /// The layer's parameters, each once, in order of declaration; `name` is the path to it.
  package func parameters() -> [(name: String, tensor: TensorValue)] {
    tensors(of: .parameter)
  }

  /// The layer's states, likewise.
  package func states() -> [(name: String, tensor: TensorValue)] { tensors(of: .state) }

  /// The layer and all layers in it with their paths, each once; its own path is `name`.
  func layers(under name: String) -> [(path: String, layer: Layer)] {
    var walk = LayerWalk(member: nil)
    walk.visit(self, path: name)
    return walk.layers
  }

  private func tensors(of member: Member) -> [(name: String, tensor: TensorValue)] {
    var walk = LayerWalk(member: member)
    walk.visit(self, path: "")
    return walk.found
  }
}

/// Goes through a layer, its arguments and members, and the lists and layers in them.
private struct LayerWalk {
  /// Which tensors are gathered; `nil` where layers are.
  let member: Layer.Member?
  /// The tensors met, each under the first path that leads to it.
  var found: [(name: String, tensor: TensorValue)] = []
  /// The layers met, likewise.
  var layers: [(path: String, layer: Layer)] = []
  private var seen: Set<ObjectIdentifier> = []

  /// Nothing met yet.
  init(member: Layer.Member?) { self.member = member }

  /// Goes through a layer that was not met before. `path` is how it is reached, empty for the
  /// outermost.
  mutating func visit(_ layer: Layer, path: String) {
    guard seen.insert(ObjectIdentifier(layer)).inserted else { return }
    if member == nil { layers.append((path, layer)) }
    if case .chain(let elements) = layer.kind {
      for (index, element) in elements.enumerated() {
        visit(element, kind: .plain, path: Self.join(path, "layers[\(index)]"))
      }
    }
    for field in layer.fields {
      visit(field.cell.value, kind: field.kind, path: Self.join(path, field.name))
    }
  }

  /// `path` is asked for where something is found: most members are numbers.
  private mutating func visit(
    _ value: Value, kind: Layer.Member, path: @autoclosure () -> String
  ) {
    switch value {
    case .tensor(let tensor):
      if kind == member, seen.insert(ObjectIdentifier(tensor)).inserted {
        found.append((path(), tensor))
      }
    case .layer(let layer): visit(layer, path: path())
    case .list(let list):
      let path = path()
      for (index, element) in list.elements.enumerated() {
        visit(element, kind: .plain, path: "\(path)[\(index)]")
      }
    default: break
    }
  }

  private static func join(_ path: String, _ part: String) -> String {
    path.isEmpty ? part : path + "." + part
  }
}
