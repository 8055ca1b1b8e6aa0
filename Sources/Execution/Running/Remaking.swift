import Graphs
import Tensors

/// What an instruction is made of: which nodes it computes, and where they read and write.
struct Remaking {
  /// A node of a step.
  struct Member {
    /// What it computes.
    let node: Node
    /// The node before it in the step, whose value it reads where that is made; below 0 for none.
    fileprivate let before: Int

    /// True for an operand that the node before it makes.
    func readsInside(_ operand: Operand) -> Bool { before >= 0 && operand.node == before }
  }

  /// What it computes, one behind the other.
  let members: [Member]
  /// Where their operands lie that no member makes, then the results of the last, then the scratch,
  /// where there is some.
  let locations: ArraySlice<Move.Location>
  /// True where a forward node is computed the first time.
  let isFirst: Bool
  /// True where it has scratch.
  let hasScratch: Bool

  /// That of a call of a program.
  init(_ call: Move.Call, of program: Program) {
    let nodes = program.joint.graph.nodes
    members = Fusion.members(Int(call.node), program.previous).map {
      Member(node: nodes[$0], before: Int(program.previous[$0]))
    }
    isFirst = call.isFirst
    hasScratch = call.hasScratch
    let operands = members.reduce(0) { count, member in
      count + member.node.operands.count { !member.readsInside($0) }
    }
    let first = Int(call.firstLocation)
    let results = nodes[Int(call.node)].results.count
    locations = program.locations[first..<first + operands + results + (hasScratch ? 1 : 0)]
  }

  private init(
    members: [Member], locations: ArraySlice<Move.Location>, isFirst: Bool, hasScratch: Bool
  ) {
    self.members = members
    self.locations = locations
    self.isFirst = isFirst
    self.hasScratch = hasScratch
  }

  /// False for what `KernelTable.work(of:)` has nothing for, whatever its tensors are.
  var mayShare: Bool {
    if members.count > 1 { return true }
    return switch members[0].node.operation {
    case .matmul, .unary, .unaryAdjoint: true
    default: false
    }
  }

  /// What is computed, whose tensors lie at these places.
  func call(at places: Places) -> PlacedCall {
    var place = 0
    func next() -> Int {
      defer { place += 1 }
      return place
    }
    func view(_ operand: Operand) -> PlacedView {
      guard let (start, strides) = operand.layout else {
        preconditionFailure("the builder copies what a kernel cannot read")
      }
      return PlacedView(
        Spot(next(), start: start * operand.dtype.byteWidth), shape: operand.shape,
        dtype: operand.dtype, strides: strides)
    }
    let parts = members.map { member in
      FusedPart(
        operation: member.node.operation,
        operands: member.node.operands.map { operand in
          member.readsInside(operand)
            ? .inside(TensorType(operand.shape, operand.dtype)) : .outside(view(operand))
        }, result: member.node.results.first)
    }
    let results = (members.last?.node.results ?? []).map {
      PlacedView(Spot(next()), shape: $0.shape, dtype: $0.dtype)
    }
    let target = results.first?.spot.pointer(places)
    return PlacedCall(
      parts: parts, results: results, scratch: hasScratch ? next() : nil,
      writesOver: target != nil
        && parts.dropFirst().contains { part in
          part.operands.contains { $0.outside?.spot.pointer(places) == target }
        }, isFirst: isFirst)
  }

  /// True where it reads an input that may lie elsewhere when the program is bound anew.
  func readsWhatMayMove(_ mayMove: [Bool]) -> Bool {
    locations.contains { location in location.input.map { mayMove[$0] } ?? false }
  }

  /// The same, holding no list of other instructions.
  var apart: Remaking {
    Remaking(
      members: members, locations: ArraySlice(Array(locations)), isFirst: isFirst,
      hasScratch: hasScratch)
  }
}

extension Input {
  /// True for what each loop of training makes anew: batches, and what it keeps of parameters.
  /// Parameters and states stay where they are.
  var mayMove: Bool {
    switch kind {
    case .data, .constant, .moment, .accumulator: true
    case .parameter, .state: false
    }
  }
}
