import Graphs

/// What an instruction is made of: which nodes it computes, where they read and write, and which of
/// the instructions it is.
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

  /// The instruction's place in the order in which they run.
  let number: Int
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
  init(_ call: Move.Call, number: Int, of program: Program) {
    let nodes = program.joint.graph.nodes
    members = Fusion.members(Int(call.node), program.previous).map {
      Member(node: nodes[$0], before: Int(program.previous[$0]))
    }
    self.number = number
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
    number: Int, members: [Member], locations: ArraySlice<Move.Location>, isFirst: Bool,
    hasScratch: Bool
  ) {
    self.number = number
    self.members = members
    self.locations = locations
    self.isFirst = isFirst
    self.hasScratch = hasScratch
  }

  /// True where it reads an input that may lie elsewhere when the program is bound anew.
  func readsWhatMayMove(_ mayMove: [Bool]) -> Bool {
    locations.contains { location in
      if case .input(let input) = location { mayMove[Int(input)] } else { false }
    }
  }

  /// The same, holding no list of other instructions.
  var apart: Remaking {
    Remaking(
      number: number, members: members, locations: ArraySlice(Array(locations)),
      isFirst: isFirst, hasScratch: hasScratch)
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
