import Testing

@testable import Schedules

/// `torch.utils.checkpoint` without reentry and with early stop, played on a program.
///
/// Each region has a frame. An operation packs what its backward reads into the frame of the
/// innermost region around it, and a nested region packs its arguments into the frame of the region
/// around it; nothing of a frame is kept but the arguments. When the backward first asks a frame
/// for something, its region runs again, nested regions included, until as much is packed as before
/// (`_StopRecomputationError`).
private struct Frames {
  let program: RegionProgram
  private var isBack: Set<Int> = []
  /// The operations that are computed again, in order.
  private(set) var replays: [Int] = []

  init(_ program: RegionProgram) {
    self.program = program
    for number in program.steps.indices.reversed() where !program.reads(number).isEmpty {
      if let region = program.steps[number].path.last { unpack(region) }
    }
  }

  private mutating func unpack(_ region: Int) {
    guard !isBack.contains(region) else { return }
    let inside = program.inside(region)
    if let parent = program.parent(region), hasArguments(region) { unpack(parent) }
    isBack.insert(region)
    replays += inside.filter { $0 < end(of: region, inside) }
  }

  /// The operation before which the last value is packed: what is read is packed before the
  /// operation runs, what it makes after.
  private func end(of region: Int, _ inside: [Int]) -> Int {
    var end = inside[0]
    for number in inside where program.steps[number].path.last == region {
      if program.reads(number).isEmpty { continue }
      end = max(end, program.steps[number].readsOwn ? number + 1 : number)
    }
    for nested in program.regions
    where program.parent(nested) == region && hasArguments(nested) {
      end = max(end, program.inside(nested)[0])
    }
    return end
  }

  private func hasArguments(_ region: Int) -> Bool {
    let inside = program.inside(region)
    return inside.contains { program.steps[$0].inputs.contains { !inside.contains($0) } }
  }
}

/// Operations in regions, as a learner's block makes them.
private struct RegionProgram {
  struct Operation {
    var inputs: [Int]
    /// The regions around it, outermost first.
    var path: [Int]
    /// Its backward reads its own value, as that of tanh, and not its inputs, as that of a sine.
    var readsOwn: Bool
  }
  var steps: [Operation] = []
  var regions: Range<Int> = 0..<0

  /// What its backward reads.
  func reads(_ number: Int) -> [Int] {
    steps[number].readsOwn ? [number] : steps[number].inputs
  }

  func inside(_ region: Int) -> [Int] {
    steps.indices.filter { steps[$0].path.contains(region) }
  }

  func parent(_ region: Int) -> Int? {
    for step in steps {
      guard let place = step.path.firstIndex(of: region) else { continue }
      return place > 0 ? step.path[place - 1] : nil
    }
    return nil
  }

  /// Each operation reads the one before it, and another of the last `width`.
  init(width: Int, using generator: inout SeededRandom) {
    var path: [Int] = []
    for number in 0..<4 + generator.below(13) {
      while !path.isEmpty, generator.below(10) < 3 { path.removeLast() }
      while path.count < 3, generator.below(10) < 3 {
        path.append(regions.count)
        regions = 0..<regions.count + 1
      }
      let inputs =
        number == 0 ? [] : [number - 1, max(0, number - 1 - generator.below(width))]
      steps.append(
        Operation(
          inputs: Array(Set(inputs)).sorted(), path: path, readsOwn: generator.below(2) == 0))
    }
  }

  var workload: Workload {
    var all: [Step] = []
    for (number, step) in steps.enumerated() {
      all.append(
        Step(inputs: step.inputs, bytes: 8, label: "f#\(number)", region: step.path.last))
    }
    all.append(Step(inputs: [all.count - 1], bytes: 8, label: "loss", isResult: true))
    for number in steps.indices.reversed() {
      let adjoint = number == steps.count - 1 ? [] : [all.count - 1]
      all.append(
        Step(
          inputs: adjoint + reads(number), bytes: 8, phase: .backward, label: "b#\(number)",
          isResult: number == 0, isGradient: number == 0, differentiates: number))
    }
    return Workload(steps: all, regions: regions.map { .init(parent: parent($0)) })
  }

  /// The operations that `marked` computes again, in order.
  var marked: [Int] {
    get throws {
      var seen: Set<Int> = []
      return try Marked().schedule(workload).actions.compactMap { action in
        guard case .compute(let step, reusing: _) = action, step < steps.count,
          !seen.insert(step).inserted
        else { return nil }
        return step
      }
    }
  }
}

@Test(arguments: [1, 4])
func `marked replays what PyTorch replays, in the same order`(width: Int) throws {
  var generator = SeededRandom(UInt64(width))
  for _ in 0..<500 {
    let program = RegionProgram(width: width, using: &generator)
    #expect(try program.marked == Frames(program).replays, "\(program)")
  }
}
