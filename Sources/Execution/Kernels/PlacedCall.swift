import Graphs
import Tensors

/// A node of a step that computes one or several.
struct FusedPart: Hashable {
  /// An operand of it.
  enum Operand: Hashable {
    /// What lies in memory.
    case outside(PlacedView)
    /// What the part before it makes, read as this type.
    case inside(TensorType)

    /// What lies in memory; `nil` for what is inside of the step.
    var outside: PlacedView? {
      if case .outside(let view) = self { view } else { nil }
    }
  }

  /// What it computes.
  let operation: Operation
  /// From what, in the operation's order.
  let operands: [Operand]
  /// What it makes first; `nil` for an update.
  let result: TensorType?
}

/// A step that is computed, apart from where its tensors lie: equal ones can share their work.
struct PlacedCall: Hashable {
  /// Its nodes, each but the first reading what the one before it makes.
  let parts: [FusedPart]
  /// What the last makes.
  let results: [PlacedView]
  /// Which of its places is scratch; `nil` for none.
  let scratch: Int?
  /// True where an operand of a part lies where the first result goes.
  let writesOver: Bool
  /// True where a forward step is computed the first time.
  let isFirst: Bool

  /// Of the numbers in it only a few: what is computed tells most calls apart.
  func hash(into hasher: inout Hasher) {
    hasher.combine(isFirst)
    for part in parts {
      hasher.combine(part.operation)
      hasher.combine(part.result?.shape.count)
    }
  }
}
