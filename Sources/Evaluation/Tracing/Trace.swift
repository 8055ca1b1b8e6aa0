import Graphs
import Syntax
import Tensors

/// A block while it is traced: the graph that grows, and the tensors that stand outside it.
package final class Trace {
  /// Makes the graph, node by node.
  var builder = GraphBuilder()
  /// The tensors behind the graph's inputs, in the order of the inputs.
  private(set) var inputs: [TensorValue] = []
  /// The tensors that the block is differentiated by, and how a learner names them.
  private var targets: [(name: String, tensor: TensorValue)]
  /// Tells the traces of a session apart: see `TensorValue.standing`.
  private let number: Int32
  /// How a learner names the tensors that can be reached by name: found out when first asked for.
  private lazy var names = findNames()
  private let findNames: () -> [ObjectIdentifier: String]
  /// How a learner names the layers that can be reached by name.
  private let layerPaths: [ObjectIdentifier: String]
  /// States that the block assigned: where they live, what they were, and their number among the
  /// inputs.
  private(set) var states: [(cell: Cell, before: Value, input: Int)] = []
  /// Draws so far: each gets a site of its own.
  private var sites = 0
  /// Copies of parameters for mixed precision, by the parameter, the type and the region.
  var shortCopies: [ShortCopy: TensorValue] = [:]

  /// Which copy of a parameter.
  struct ShortCopy: Hashable {
    let tensor: ObjectIdentifier
    let dtype: DType
    let region: Int?
  }

  private var elementDepth = 0
  private var markedNodes = 0

  /// True for a block that is run again and again from this one trace, as `train` does.
  let isRepeated: Bool
  /// Variables with higher numbers were made by the block.
  private let lastCellBefore = Cell.lastNumber

  /// An empty trace, from 1 on the `number`th of its session. `targets` are the tensors that `wrt`
  /// names; `names` finds what a learner calls the others; `isRepeated` is true for `train`.
  init(
    number: Int32, targets: [(name: String, tensor: TensorValue)],
    names: @escaping () -> [ObjectIdentifier: String], layerPaths: [ObjectIdentifier: String],
    isRepeated: Bool
  ) {
    self.number = number
    self.targets = targets
    for (place, target) in targets.enumerated() {
      target.tensor.standing = TensorValue.Standing(trace: number, target: Int32(place))
    }
    findNames = names
    self.layerPaths = layerPaths
    self.isRepeated = isRepeated
  }

  /// How a learner names a tensor that stands outside; `nil` where no name leads to it. What
  /// `train` binds its names to has none.
  func name(of value: TensorValue) -> String? {
    if let place = target(value) { return targets[place].name }
    return value.isAwaited ? nil : names[ObjectIdentifier(value)]
  }

  private func target(_ value: TensorValue) -> Int? {
    let standing = value.standing
    return standing.trace == number && standing.target >= 0 ? Int(standing.target) : nil
  }

  /// True for a variable that stands outside the block.
  func standsOutside(_ cell: Cell) -> Bool { cell.number <= lastCellBefore }

  /// True for a tensor whose numbers the block must not read: they change from run to run, or the
  /// gradient is taken by them, and a number that is read once would stand in the graph as a
  /// constant.
  func isVariable(_ value: TensorValue) -> Bool {
    value.role != .constant || target(value) != nil
  }

  /// The operand that a tensor is in this graph: a value of it, or an input.
  func operand(for value: TensorValue, at range: SourceRange) throws(Fault) -> Operand {
    switch value.backing {
    case .traced(let operand, let trace):
      guard trace === self else { throw Fault(.staleTensor(at: range)) }
      return operand
    case .concrete, .spilled, .sketched:
      if value.standing.trace != number { value.standing = TensorValue.Standing(trace: number) }
      if value.standing.input >= 0 {
        return Operand(
          .input(Int(value.standing.input)), shape: value.shape, dtype: value.dtype)
      }
      let operand = builder.input(
        Input(
          kind: value.role, shape: value.shape, dtype: value.dtype, name: name(of: value) ?? ""))
      value.standing.input = Int32(inputs.count)
      inputs.append(value)
      return operand
    }
  }

  /// True for a value of this graph.
  func computes(_ value: TensorValue) -> Bool {
    if case .traced(_, let trace) = value.backing { trace === self } else { false }
  }

  /// The operand that a tensor is, as a value that nothing else is read from: a part of another
  /// value, or another shape of it, becomes a node first.
  func separate(_ value: TensorValue, at range: SourceRange) throws(Fault) -> Operand {
    let operand = try operand(for: value, at: range)
    guard case .traced = value.backing else { return operand }
    var own = builder.whole(operand)
    if own.node.map({ builder.graph.nodes[$0].results[own.result].shape }) != own.shape {
      do {
        own = try builder.emit(.broadcast(own.shape), [own])
      } catch {
        throw Fault(.shape(error, of: [value], at: range))
      }
    }
    value.backing = .traced(own, self)
    return own
  }

  /// The block was traced: lets go of all that it used, so that a tensor of the block that outlives
  /// it holds nothing.
  func end() {
    builder = GraphBuilder()
    inputs = []
    targets = []
    shortCopies = [:]
    states = []
  }

  /// A site for a random draw.
  func nextSite() -> Int {
    sites += 1
    return sites
  }

  /// Notes that the block gave a state a new value.
  func assign(_ cell: Cell, before: Value, input: Int) {
    if !states.contains(where: { $0.cell === cell }) { states.append((cell, before, input)) }
  }

  // MARK: Elements of chains

  /// An element of a chain is about to be applied.
  func enterElement() { elementDepth += 1 }

  /// An element was applied. Elements inside another element do not count: a learner counts the
  /// outer ones.
  func leaveElement(_ value: Value, label: String) {
    elementDepth -= 1
    let nodes = builder.graph.nodes.count
    guard elementDepth == 0, nodes > markedNodes else { return }
    markedNodes = nodes
    builder.mark(label)
  }

  /// A turn of a loop of the learner's ended, inside an element or outside.
  func endTurn() { builder.mark("turn", isElement: false) }

  // MARK: Layers

  /// The innermost layer that is being applied.
  private(set) var call: LayerCall?
  /// Layers applied so far.
  private var callCount = 0

  /// Applies a layer: what it computes is told to come from it.
  func within<Result>(
    _ layer: Layer, _ body: () throws(Fault) -> Result
  ) throws(Fault) -> Result {
    try within(layer.name, layerPaths[ObjectIdentifier(layer)] ?? "", body)
  }

  /// Applies an element of a chain, by its number there.
  func within<Result>(
    elementNumber number: Int, of chain: Layer, _ body: () throws(Fault) -> Result
  ) throws(Fault) -> Result {
    guard let path = layerPaths[ObjectIdentifier(chain)] else { return try body() }
    return try within("", path, element: number, body)
  }

  private func within<Result>(
    _ kind: String, _ path: String, element: Int? = nil, _ body: () throws(Fault) -> Result
  ) throws(Fault) -> Result {
    callCount += 1
    let outer = call
    call = LayerCall(kind: kind, path: path, element: element, number: callCount, in: outer)
    defer { call = outer }
    return try body()
  }
}
