/// Which forward step each backward step differentiates, as far as inputs tell.
///
/// The adjoint of a forward step f reads only f's value, f's inputs, the parameters that f reads, and adjoints of
/// what comes after f. So a backward step that reads the forward values F belongs to a step f with F ⊆ {f} ∪ inputs(f).
/// Where none fits, the latest maker of F stands in; where several fit, `latest` takes the highest and `earliest` the lowest that agrees with the order of the rest.
struct Owners {
  private let workload: Workload
  private let forwardCount: Int
  private let users: (starts: [Int], list: [Int])
  private let readers: [Int: [Int]]

  init(_ workload: Workload, _ table: StepTable) {
    self.workload = workload
    forwardCount = table.forwardCount
    users = table.users()
    var readers: [Int: [Int]] = [:]
    for step in 0..<forwardCount {
      for target in workload.steps[step].reads { readers[target, default: []].append(step) }
    }
    self.readers = readers
  }

  /// For each step from the first backward one on, the highest owner that fits: adjoints flow from later forward
  /// steps to earlier ones, so a step's owner is at most its adjoint inputs' owners.
  func latest() -> [Int] {
    let last = max(0, forwardCount - 1)
    var owners: [Int] = []
    owners.reserveCapacity(workload.steps.count - forwardCount)
    for number in forwardCount..<workload.steps.count {
      var ceiling = last
      for input in workload.steps[number].inputs where input >= forwardCount {
        ceiling = min(ceiling, owners[input - forwardCount])
      }
      let makers = workload.steps[number].inputs.lazy.filter { $0 < forwardCount }
      owners.append(candidate(number, atMost: ceiling) ?? min(ceiling, makers.max() ?? ceiling))
    }
    // A step without adjoint inputs waits for its first user, as far as what it reads allows.
    for number in (forwardCount..<workload.steps.count).reversed() {
      let step = workload.steps[number]
      guard !step.inputs.contains(where: { $0 >= forwardCount }) else { continue }
      let uses = users.list[users.starts[number]..<users.starts[number + 1]]
      guard let ceiling = uses.map({ owners[$0 - forwardCount] }).max() else { continue }
      if step.inputs.isEmpty {
        owners[number - forwardCount] = ceiling
      } else if let owner = candidate(number, atMost: ceiling) {
        owners[number - forwardCount] = owner
      }
    }
    return owners
  }

  /// For each step from the first backward one on, the lowest owner that fits the order of the joint graph, where
  /// the owners descend; never above `latest`.
  func earliest(atMost latest: [Int]) -> [Int] {
    var owners = latest
    var floor = 0
    for number in (forwardCount..<workload.steps.count).reversed() {
      let place = number - forwardCount
      guard workload.steps[number].phase == .backward else { continue }
      if let owner = candidate(number, atLeast: floor), owner <= latest[place] {
        floor = owner
        owners[place] = owner
      } else {
        owners[place] = min(max(floor, 0), latest[place])
      }
    }
    return owners
  }

  /// The highest owner at or below `ceiling` that the forward values and parameters read by `number` allow.
  private func candidate(_ number: Int, atMost ceiling: Int) -> Int? {
    let (list, maker) = options(of: number)
    var place = Self.countOfElements(in: list, atMost: ceiling) - 1
    var tries = 0
    while place >= 0 && tries < 64 {
      if allows(list[place], number) { return list[place] }
      place -= 1
      tries += 1
    }
    if let maker, maker <= ceiling, allows(maker, number) { return maker }
    return nil
  }

  /// The lowest owner at or above `floor` that the forward values and parameters read by `number` allow.
  private func candidate(_ number: Int, atLeast floor: Int) -> Int? {
    let (list, maker) = options(of: number)
    if let maker, maker >= floor, allows(maker, number) { return maker }
    var place = Self.countOfElements(in: list, atMost: floor - 1)
    var tries = 0
    while place < list.endIndex - list.startIndex && tries < 64 {
      let owner = list[list.startIndex + place]
      if allows(owner, number) { return owner }
      place += 1
      tries += 1
    }
    return nil
  }

  /// Forward steps to try, ascending, and the maker of the forward value they read.
  private func options(of number: Int) -> (list: [Int], maker: Int?) {
    let step = workload.steps[number]
    var best: Int?
    for input in step.inputs where input < forwardCount {
      if let known = best, useCount(known) <= useCount(input) { continue }
      best = input
    }
    if let best {
      let uses = users.list[users.starts[best]..<users.starts[best + 1]]
      let end = Self.countOfElements(in: Array(uses), atMost: forwardCount - 1)
      return (Array(uses.prefix(end)), best)
    }
    if step.phase == .backward, let target = step.reads.first {
      return (readers[target] ?? [], nil)
    }
    return ([], nil)
  }

  private func useCount(_ step: Int) -> Int { users.starts[step + 1] - users.starts[step] }

  private func allows(_ owner: Int, _ number: Int) -> Bool {
    let inputs = workload.steps[owner].inputs
    return workload.steps[number].inputs.allSatisfy {
      $0 >= forwardCount || $0 == owner || inputs.contains($0)
    }
  }

  /// How many elements of an ascending list are at most `bound`.
  private static func countOfElements(in list: [Int], atMost bound: Int) -> Int {
    var low = 0
    var high = list.count
    while low < high {
      let middle = (low + high) / 2
      if list[middle] <= bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
