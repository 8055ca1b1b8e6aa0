import Graphs

/// What an instruction is made of: which node it computes, where that reads and writes, and which
/// of the instructions it is.
struct Remaking {
  /// The instruction's place in the order in which they run.
  let number: Int
  /// What it computes.
  let node: Node
  /// Where its operands lie, then its results, then its scratch, where it has some.
  let locations: ArraySlice<Move.Location>
  /// True where a forward node is computed the first time.
  let isFirst: Bool
  /// True where it has scratch.
  let hasScratch: Bool

  /// True where it reads an input that may lie elsewhere when the program is bound anew.
  func readsWhatMayMove(_ mayMove: [Bool]) -> Bool {
    locations.contains { location in
      if case .input(let input) = location { mayMove[Int(input)] } else { false }
    }
  }

  /// The same, holding no list of other instructions.
  var apart: Remaking {
    Remaking(
      number: number, node: node, locations: ArraySlice(Array(locations)), isFirst: isFirst,
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
