/// Goes through all that values hold, without recursion, down to the tensors: what stays in memory
/// because of them.
struct ValueWalk {
  /// The tensors met, each once.
  private(set) var tensors: [TensorValue] = []
  /// True where it passes over what names lead to, as the last step of a command left it.
  private let skipsOwned: Bool
  private var visited: Set<ObjectIdentifier> = []
  private var waiting: [Owned] = []

  /// Goes through everything, or through what no name leads to.
  init(skipsOwned: Bool = false) { self.skipsOwned = skipsOwned }

  /// Goes through a value and all behind it that no value before led to.
  mutating func visit(_ value: Value) {
    guard let object = value.owned else { return }
    waiting.append(object)
    while let next = waiting.popLast() { enter(next) }
  }

  /// Objects met.
  var count: Int { visited.count }

  /// True where the variable was met behind a value.
  func reaches(_ cell: Cell) -> Bool { visited.contains(ObjectIdentifier(cell)) }

  private mutating func enter(_ object: Owned) {
    if skipsOwned, object.owners > 0 { return }
    guard visited.insert(ObjectIdentifier(object)).inserted else { return }
    if let tensor = object as? TensorValue {
      tensors.append(tensor)
    } else if skipsOwned {
      object.forEachUnownedPart { waiting.append($0) }
    } else {
      object.forEachPart { waiting.append($0) }
    }
  }
}
