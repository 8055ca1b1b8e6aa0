/// What the verbs act on: the cursor, the stored boundaries, the recordings.
struct ChainState {
  let length: Int
  private var cursor = 0
  private var stored: Set<Int> = []
  private var onTier: Set<Int> = []
  private var recorded: Set<Int> = []
  /// Stages from this one on are reversed.
  private var reversedFrom: Int

  init(length: Int) {
    self.length = length
    reversedFrom = length
  }

  /// Runs one action; gives the rule it breaks, and then changes nothing.
  mutating func run(_ action: ChainAction) -> String? {
    switch action {
    case .keep(let boundary):
      if let rule = checkHand(boundary) { return rule }
      if stored.contains(boundary) { return "boundary \(boundary) is stored already" }
      stored.insert(boundary)
    case .drop(let boundary):
      guard stored.contains(boundary) else {
        return "only a stored boundary can be dropped: \(boundary) is not stored"
      }
      stored.remove(boundary)
    case .restore(let boundary):
      guard stored.contains(boundary) else {
        return "only a stored boundary can be restored: \(boundary) is not stored"
      }
      cursor = boundary
    case .advance(let from, let to):
      guard from <= to else { return "advance runs forward: \(to) comes before \(from)" }
      guard to <= length else { return "the chain ends at boundary \(length)" }
      if let rule = checkHand(from) { return rule }
      cursor = to
    case .record(let stage): return record(stage)
    case .reverse(let stage): return reverse(stage)
    case .offload(let boundary):
      if let rule = checkHand(boundary) { return rule }
      if onTier.contains(boundary) {
        return "boundary \(boundary) is on the slower tier already"
      }
      onTier.insert(boundary)
    case .fetch(let boundary):
      guard onTier.contains(boundary) else {
        return "only an offloaded boundary can be fetched: \(boundary) is not on the slower tier"
      }
      cursor = boundary
    }
    return nil
  }

  private mutating func record(_ stage: Int) -> String? {
    if let rule = checkHand(stage) { return rule }
    if recorded.contains(stage) { return "stage \(stage) is recorded already" }
    if stage >= reversedFrom { return "stage \(stage) is reversed already" }
    recorded.insert(stage)
    cursor = stage + 1
    return nil
  }

  private mutating func reverse(_ stage: Int) -> String? {
    guard (0..<length).contains(stage) else { return "the chain has stages 0 to \(length - 1)" }
    guard recorded.contains(stage) else {
      return "a stage is recorded before it is reversed: \(stage) is not"
    }
    guard stage == reversedFrom - 1 else {
      return "stages are reversed from the last to the first: "
        + "the next is \(reversedFrom - 1)"
    }
    recorded.remove(stage)
    reversedFrom = stage
    return nil
  }

  /// The rule that the boundary in hand is this one, where it is broken.
  private func checkHand(_ boundary: Int) -> String? {
    guard (0..<length).contains(boundary) else {
      return "the chain has boundaries 0 to \(length - 1)"
    }
    if cursor == boundary { return nil }
    let hand = cursor == length ? "the chain's end" : "boundary \(cursor)"
    return "boundary \(boundary) is not in hand: the cursor is at \(hand)"
  }

  func end() -> String? {
    reversedFrom == 0
      ? nil : "a strategy ends with stage 0 reversed: the next to reverse is \(reversedFrom - 1)"
  }

  /// `in memory: boundary 0, recording of 3; cursor at 4`.
  var memory: String {
    var parts = stored.sorted().map { "boundary \($0)" }
    parts += recorded.sorted().map { "recording of \($0)" }
    var shown = parts.prefix(8).joined(separator: ", ")
    if parts.count > 8 { shown += " and \(parts.count - 8) more" }
    if parts.isEmpty { shown = "nothing" }
    if !onTier.isEmpty {
      shown +=
        "; on the slower tier: "
        + onTier.sorted().prefix(8).map { "boundary \($0)" }.joined(separator: ", ")
    }
    return "in memory: \(shown); cursor at \(cursor)"
  }
}
