/// The rules that a schedule keeps, each as the fact of its breaking.
enum RehearsalRule {
  case noSuchStep
  case notLive(Int)
  case inputNotLive(Int)
  case alreadyLive(Int)
  case updatedTwice
  case outOfOrder(Int)
  case mayNotReuse(Int)
  case alreadyOnTier(Int)
  case notOnTier(Int)
  case updateMissing(Int)
  case resultMissing(Int)
  case leftBehind(Int)

  /// The rule in words.
  func wording(_ workload: Workload) -> String {
    func label(_ value: Int) -> String { workload.label(ofValue: value) }
    func name(_ step: Int) -> String { workload.label(ofStep: step) }
    switch self {
    case .noSuchStep: return "an action must name a step of the graph"
    case .notLive(let step):
      return "only what is in memory can be freed or moved: \(label(step)) is not"
    case .inputNotLive(let step): return "inputs must be in memory: \(label(step)) is not"
    case .alreadyLive(let step):
      return "a value in memory must not be made again: \(label(step)) is there already"
    case .updatedTwice: return "an update runs exactly once"
    case .outOfOrder(let step):
      return "what reads a parameter or a state keeps its side of the update: \(name(step))"
    case .mayNotReuse(let step):
      return "only a permitted input of equal bytes may be overwritten: \(label(step)) may not"
    case .alreadyOnTier(let step):
      return "a value is offloaded once: \(label(step)) is on the slower tier already"
    case .notOnTier(let step):
      return "only what was offloaded can be fetched: \(label(step)) was not"
    case .updateMissing(let step): return "every update runs exactly once: \(name(step)) never ran"
    case .resultMissing(let step):
      return "every result is in memory at the end: \(label(step)) is not"
    case .leftBehind(let step): return "nothing but results is left at the end: \(label(step)) is"
    }
  }
}
