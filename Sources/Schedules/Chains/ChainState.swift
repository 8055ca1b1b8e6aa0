/// What the verbs act on: the cursor, the stored boundaries, the recordings.
struct ChainState {
  /// Number of stages.
  let length: Int
  private var cursor = 0
  private var stored: Set<Int> = []
  private var onTier: Set<Int> = []
  private var recorded: Set<Int> = []
  /// Stages from this one on are reversed.
  private var reversedFrom: Int

  /// The start: the chain's input in hand, nothing stored, nothing recorded.
  init(length: Int) {
    self.length = length
    reversedFrom = length
  }

  /// Runs one action; gives the rule it breaks, and then changes nothing.
  mutating func run(_ action: ChainAction) -> ChainRule? {
    switch action {
    case .keep(let boundary):
      if let rule = checkHand(boundary) { return rule }
      if stored.contains(boundary) { return .alreadyStored(boundary) }
      stored.insert(boundary)
    case .drop(let boundary):
      guard stored.contains(boundary) else { return .dropNotStored(boundary) }
      stored.remove(boundary)
    case .restore(let boundary):
      guard stored.contains(boundary) else { return .restoreNotStored(boundary) }
      cursor = boundary
    case .advance(let from, let to):
      guard from <= to else { return .backwards(from: from, to: to) }
      guard to <= length else { return .pastEnd(length) }
      if let rule = checkHand(from) { return rule }
      cursor = to
    case .record(let stage): return record(stage)
    case .reverse(let stage): return reverse(stage)
    case .offload(let boundary):
      if let rule = checkHand(boundary) { return rule }
      if onTier.contains(boundary) { return .alreadyOnTier(boundary) }
      onTier.insert(boundary)
    case .fetch(let boundary):
      guard onTier.contains(boundary) else { return .notOnTier(boundary) }
      cursor = boundary
    }
    return nil
  }

  private mutating func record(_ stage: Int) -> ChainRule? {
    if let rule = checkHand(stage) { return rule }
    if recorded.contains(stage) { return .alreadyRecorded(stage) }
    if stage >= reversedFrom { return .alreadyReversed(stage) }
    recorded.insert(stage)
    cursor = stage + 1
    return nil
  }

  private mutating func reverse(_ stage: Int) -> ChainRule? {
    guard (0..<length).contains(stage) else { return .noSuchStage(last: length - 1) }
    guard recorded.contains(stage) else { return .notRecorded(stage) }
    guard stage == reversedFrom - 1 else { return .outOfOrder(next: reversedFrom - 1) }
    recorded.remove(stage)
    reversedFrom = stage
    return nil
  }

  /// The rule that the boundary in hand is this one, where it is broken.
  private func checkHand(_ boundary: Int) -> ChainRule? {
    guard (0..<length).contains(boundary) else { return .noSuchBoundary(last: length - 1) }
    if cursor == boundary { return nil }
    return .notInHand(boundary: boundary, cursor: cursor, length: length)
  }

  /// The rule that the end breaks, if any.
  func end() -> ChainRule? {
    reversedFrom == 0 ? nil : .unfinished(next: reversedFrom - 1)
  }

  /// What is held now.
  var holdings: ChainHoldings {
    ChainHoldings(
      boundaries: stored.sorted(), recordings: recorded.sorted(), onTier: onTier.sorted(),
      cursor: cursor)
  }
}
