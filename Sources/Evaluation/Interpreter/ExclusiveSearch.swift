/// Finds what is held through some objects and through nothing else: it compares each object's
/// owners with those that it meets on its way.
struct ExclusiveSearch {
  /// The objects met, each once, whoever else holds them.
  private(set) var met: [Owned] = []
  /// True where it goes on behind an object before it has met all owners: so it finds circles.
  private let findsCircles: Bool
  private var counts: [ObjectIdentifier: Int] = [:]
  /// The objects whose parts were gone through, in order.
  private var entered: [Owned] = []
  private var isEntered: Set<ObjectIdentifier> = []
  private var waiting: [Owned] = []
  private var reaches: [ObjectIdentifier: List.Reach] = [:]

  /// Without circles it costs no more than what it finds and what that holds.
  init(findsCircles: Bool) { self.findsCircles = findsCircles }

  /// Begins at an object, of whose owners so many are known.
  mutating func start(at object: Owned, owners: Int) {
    meet(object, owners)
    while let next = waiting.popLast() { enter(next) }
  }

  /// What nothing else holds.
  func found() -> [Owned] {
    guard findsCircles else { return entered }
    var others = entered.filter { $0.owners > counts[ObjectIdentifier($0), default: 0] }
    var isOther = Set(others.map(ObjectIdentifier.init))
    while let next = others.popLast() {
      next.forEachPart { part in
        if isEntered.contains(ObjectIdentifier(part)),
          isOther.insert(ObjectIdentifier(part)).inserted
        {
          others.append(part)
        }
      }
    }
    return entered.filter { !isOther.contains(ObjectIdentifier($0)) }
  }

  /// True where something that a circle may go through was met, and not all of its owners.
  var mayMissCircles: Bool {
    met.contains { $0.mayBeInCircle && !isEntered.contains(ObjectIdentifier($0)) }
  }

  private mutating func meet(_ object: Owned, _ owners: Int) {
    let key = ObjectIdentifier(object)
    let known = counts[key]
    let count = (known ?? 0) + owners
    counts[key] = count
    if known == nil { met.append(object) }
    if findsCircles || count >= object.owners, isEntered.insert(key).inserted {
      waiting.append(object)
    }
  }

  private mutating func enter(_ object: Owned) {
    entered.append(object)
    if let list = object as? List {
      var reach = reaches[list.share, default: .init()]
      list.take(from: &reach) { meet($0, 1) }
      reaches[list.share] = reach
    } else {
      object.forEachPart { meet($0, 1) }
    }
  }
}

extension Owned {
  /// False for what no circle goes through.
  var mayBeInCircle: Bool {
    switch self {
    case let list as List: list.mayLeadToVariables
    case let dictionary as DictionaryValue: dictionary.mayLeadToVariables
    case is TensorValue, is DataSet, is Batches, is GradientsValue: false
    default: true
    }
  }
}
