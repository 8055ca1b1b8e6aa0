/// What a rehearsal has to know of the actions to come.
struct LookAhead {
  /// For each action that makes or fetches values: the first of its places in `isReadBackward`.
  private var starts: [UInt32] = []
  private var isReadBackward: [Bool] = []
  /// For each action: is it a fetch after which its copy is not fetched again?
  private(set) var isLastFetch: [Bool]

  /// Two scans: from the start, what is in memory; from the end, what is read in the backward
  /// phase, and which fetch of a value is the last. Actions that break a rule are passed over.
  init(_ actions: ActionList, _ workload: Workload) {
    let steps = workload.steps
    isLastFetch = Array(repeating: false, count: actions.count)
    starts.reserveCapacity(actions.count)
    let isMade = Self.made(actions, workload, &starts)
    isReadBackward = Array(repeating: false, count: isMade.count)
    let firstBackward =
      actions.firstIndex {
        if case .compute(let step, reusing: _) = $0, steps.indices.contains(step) {
          return steps[step].phase != .forward
        }
        return false
      } ?? actions.count
    let values = 0..<workload.valueCount
    var isRead = Array(repeating: false, count: workload.valueCount)
    var isFetched = isRead
    for number in actions.indices.reversed() {
      switch actions[number] {
      case .compute(let step, reusing: _) where steps.indices.contains(step):
        for (place, value) in workload.values(of: step).enumerated() {
          isReadBackward[Int(starts[number]) + place] = isRead[value]
          if isMade[Int(starts[number]) + place] { isRead[value] = false }
        }
        if number >= firstBackward {
          for input in steps[step].inputs { isRead[input] = true }
        }
      case .fetch(let value) where values.contains(value):
        isReadBackward[Int(starts[number])] = isRead[value]
        isRead[value] = false
        isLastFetch[number] = !isFetched[value]
        isFetched[value] = true
      case .offload(let value) where values.contains(value): isFetched[value] = false
      case .compute, .fetch, .offload, .free: break
      }
    }
  }

  /// For each result of each `compute`, and each `fetch`, in order: is it new in memory?
  private static func made(
    _ actions: ActionList, _ workload: Workload, _ starts: inout [UInt32]
  ) -> [Bool] {
    let values = 0..<workload.valueCount
    var isMade: [Bool] = []
    var isLive = Array(repeating: false, count: workload.valueCount)
    for action in actions {
      starts.append(UInt32(isMade.count))
      switch action {
      case .compute(let step, reusing: let input) where workload.steps.indices.contains(step):
        if let input, values.contains(input) { isLive[input] = false }
        for value in workload.values(of: step) {
          isMade.append(!isLive[value])
          isLive[value] = true
        }
      case .fetch(let value) where values.contains(value):
        isMade.append(true)
        isLive[value] = true
      case .free(let value) where values.contains(value): isLive[value] = false
      case .compute, .fetch, .free, .offload: break
      }
    }
    return isMade
  }

  /// How many values all actions make or fetch, each counted each time.
  var madeCount: Int { isReadBackward.count }

  /// True where the value that an action makes, the given one of its results, is read at or after
  /// the first backward step before it is made again.
  func isReadBackward(_ action: Int, _ place: Int) -> Bool {
    isReadBackward[Int(starts[action]) + place]
  }
}
