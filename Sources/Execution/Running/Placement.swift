import Schedules

/// Where in one arena, and where on the slower tier, each value of a schedule lies.
struct Placement {
  /// For each action: offset of the value that it makes; −1 for none.
  private(set) var values: [Int]
  /// For each action: offset of its step's scratch; −1 for none.
  private(set) var scratch: [Int]
  /// Bytes of the arena.
  let byteCount: Int
  /// For each action: offset of the value that it offloads or fetches; −1 for none.
  private(set) var onTier: [Int]
  /// For each fetch: is it the last of its copy, whose place on the tier is then free?
  private(set) var isLastFetch: [Bool]
  /// Bytes of the slower tier.
  let tierByteCount: Int

  /// Blocks and their lives, gathered action by action; offsets are known once all lives are.
  private struct Blocks {
    var blocks: [Layout.Block] = []

    mutating func open(_ bytes: Int, at action: Int, end: Int) -> Int {
      blocks.append(Layout.Block(bytes: bytes, begins: action, ends: end))
      return blocks.count - 1
    }
  }

  /// Places the values of a legal schedule.
  init(_ schedule: Schedule, _ workload: Workload) {
    let actions = schedule.actions
    let isLastFetch = Self.lastFetches(actions, values: workload.valueCount)
    var arena = Blocks()
    var tier = Blocks()
    var home = [Int](repeating: -1, count: workload.steps.count)
    var copy = [Int](repeating: -1, count: workload.steps.count)
    var values = [Int](repeating: -1, count: actions.count)
    var scratch = values
    var onTier = values
    for (number, action) in actions.enumerated() {
      let step = workload.steps[workload.step(of: action)]
      let bytes = step.results.first?.bytes ?? 0
      switch action {
      case .compute(let index, reusing: let reused):
        if let reused = reused.map({ workload.maker(of: $0) }) {
          home[index] = home[reused]
          home[reused] = -1
          values[number] = home[index]
        } else if step.phase != .update {
          home[index] = arena.open(bytes, at: number, end: actions.count)
          values[number] = home[index]
        }
        if step.scratch > 0 {
          scratch[number] = arena.open(step.scratch, at: number, end: number + 1)
        }
      case .free(let value):
        let index = workload.maker(of: value)
        if home[index] >= 0 { arena.blocks[home[index]].ends = number }
        home[index] = -1
      case .offload(let value):
        let index = workload.maker(of: value)
        copy[index] = tier.open(bytes, at: number, end: actions.count)
        onTier[number] = copy[index]
      case .fetch(let value):
        let index = workload.maker(of: value)
        onTier[number] = copy[index]
        if isLastFetch[number], copy[index] >= 0 { tier.blocks[copy[index]].ends = number + 1 }
        home[index] = arena.open(bytes, at: number, end: actions.count)
        values[number] = home[index]
      }
    }
    let layout = Layout(arena.blocks)
    let tierLayout = Layout(tier.blocks)
    self.values = values.map { $0 < 0 ? -1 : layout.offsets[$0] }
    self.scratch = scratch.map { $0 < 0 ? -1 : layout.offsets[$0] }
    self.onTier = onTier.map { $0 < 0 ? -1 : tierLayout.offsets[$0] }
    self.isLastFetch = isLastFetch
    byteCount = layout.byteCount
    tierByteCount = tierLayout.byteCount
  }

  /// For each action: is it a fetch after which its copy is not fetched again?
  private static func lastFetches(_ actions: [Schedule.Action], values: Int) -> [Bool] {
    var isLast = [Bool](repeating: false, count: actions.count)
    var isFetched = [Bool](repeating: false, count: values)
    for number in actions.indices.reversed() {
      switch actions[number] {
      case .fetch(let value):
        isLast[number] = !isFetched[value]
        isFetched[value] = true
      case .offload(let value): isFetched[value] = false
      case .compute, .free: break
      }
    }
    return isLast
  }
}
