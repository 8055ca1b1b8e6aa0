import Syntax

/// A layer: parameters, states and layers inside, and how they act on an input.
package final class Layer: Owned {
  /// What a member of a layer is: a parameter is trained, a state is assigned by `forward`, all
  /// else is plain, arguments too.
  package enum Member {
    case parameter, state, plain
  }

  /// A member by name. Its cell holds the tensor, the layer or the value.
  package struct Field {
    /// What the declaration says it is; `plain` for an argument.
    package let kind: Member
    /// Holds the value. `forward` captures the same cell where it uses the name.
    package let cell: Cell
    /// As it is typed behind the dot: `w` of `net.w`.
    package var name: String { cell.name }
  }

  /// How the layer acts on an input.
  package enum Kind {
    /// Declared with `layer`: `forward`, and what made the layer.
    case declared(Closure, Maker)
    /// `chain(…)`: elements are called one after the other.
    case chain([Value])
    /// `reversible(f, g)`: the fields f and g are called on halves of the input.
    case reversible
  }

  /// How deep layers and lists are nested in it.
  package var depth: Int { Int(nesting) }
  private let nesting: Int32
  /// Decides how a call of it goes.
  package let kind: Kind
  /// In order of declaration: the arguments it was made with, then its members.
  package let fields: [Field]

  /// A layer's declaration, and what it captured: `reset` evaluates its states' first values again.
  package struct Maker {
    /// The declaration, compiled.
    let code: LayerCode
    /// What the declaration captured, in the order of `code.maker.captures`.
    let captures: [Cell]
  }

  /// `fields` begin with the arguments that the layer was made with.
  init(kind: Kind, fields: [Field]) {
    self.kind = kind
    self.fields = fields
    var inner = fields.lazy.map(\.cell.value.depth).max() ?? 0
    if case .chain(let elements) = kind {
      inner = max(inner, elements.lazy.map(\.depth).max() ?? 0)
    }
    nesting = Int32(inner + 1)
  }

  /// The name it was declared with, or `chain` or `reversible`.
  package var name: String {
    switch kind {
    case .declared(_, let maker): maker.code.name
    case .chain: "chain"
    case .reversible: "reversible"
    }
  }

  /// How many of `fields` are the arguments.
  package var argumentCount: Int {
    switch kind {
    case .declared(_, let maker): maker.code.maker.parameters.count
    case .chain: 0
    case .reversible: fields.count
    }
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    for field in fields { visit(field.cell) }
    switch kind {
    case .declared(let forward, let maker):
      maker.captures.forEach(visit)
      forward.captures.forEach(visit)
    case .chain(let elements):
      for element in elements { if let part = element.owned { visit(part) } }
    case .reversible: break
    }
  }

  /// Elements of a chain as they are applied: lists and nested chains flattened.
  package var flatElements: [Value] {
    guard case .chain(let elements) = kind else { return [] }
    return Layer.flatten(elements)
  }

  private static func flatten(_ elements: [Value]) -> [Value] {
    elements.flatMap { element -> [Value] in
      switch element {
      case .list(let list): flatten(list.elements)
      case .layer(let layer):
        if case .chain(let inner) = layer.kind { flatten(inner) } else { [element] }
      default: [element]
      }
    }
  }
}

/// The code of a `layer` declaration.
package final class LayerCode {
  /// As it is declared, and as messages call its layers.
  let name: String
  /// The tree it was compiled from, for signatures and `source`.
  let declaration: LayerDeclaration
  /// Makes the members: its frame holds the arguments and the members, which `forward` captures.
  let maker: FunctionCode
  /// In order of declaration: each with the variable of `maker` that holds it, and what gives its
  /// first value.
  var members: [(kind: Layer.Member, name: Identifier, variable: Variable, value: CodeNode)] = []
  /// What a layer does with its input: its parameters are those of `forward`.
  let forward: FunctionCode
  /// Of the layer made last: the cells of those numbers among its fields that `forward` does not
  /// capture, by place. Nothing writes to them, and layers with the same number there share them.
  private var uncaptured: [Int: Cell] = [:]

  /// A declaration without members: the compiler adds them.
  init(name: String, declaration: LayerDeclaration, maker: FunctionCode, forward: FunctionCode) {
    self.name = name
    self.declaration = declaration
    self.maker = maker
    self.forward = forward
  }

  /// The cell of a field that `forward` does not capture.
  func cell(ofField place: Int, named name: String, value: Value) -> Cell {
    if let last = uncaptured[place], last.value.isSameNumber(as: value) { return last }
    let cell = Cell(name: name, value: value)
    if value.isSameNumber(as: value) { uncaptured[place] = cell }
    return cell
  }
}
