/// What the stages of a chain need, in bytes and FLOPs, as the recurrence of `optimal` counts it.
///
/// Measured on the workload itself: each stage is run through a scan of its own steps, in-place
/// reuse and scratch included.
struct ChainProfile {
  /// Bytes of boundary i: 0 for the chain's input, which stands outside, and 0 past the last stage;
  /// one more than stages.
  var boundary: [Int]
  /// Bytes of the adjoint of boundary i: as many as the boundary has.
  var adjoint: [Int]
  /// Bytes of stage i's recording, its output included where its own or the next stage's backward
  /// reads it.
  var recorded: [Int]
  /// Bytes that the backward of stage i reads of its own recording.
  var wanted: [Int]
  /// Peak bytes beyond the stage's input while it runs and keeps nothing but its output.
  var running: [Int]
  /// Peak bytes beyond the stage's input while it is recorded and its output is kept.
  var recording: [Int]
  /// Peak bytes beyond the stage's input while it is recorded as the last one of its segment:
  /// without its output, unless its own backward reads that.
  var recordingLast: [Int]
  /// Peak bytes beyond the stage's input while it is reversed, the adjoint of its output included.
  var reversing: [Int]
  /// Bytes of results live once every stage after i is reversed.
  var results: [Int]
  /// FLOPs of stage i's forward steps.
  var cost: [Int]

  /// Measures every stage of a chain of the workload that the table was made of.
  init(_ chain: Chain, _ table: StepTable) {
    let length = chain.length
    boundary = chain.stages.map { $0.boundary == nil ? 0 : $0.boundaryBytes } + [0]
    adjoint = boundary
    var scan = StageScan(table)
    var stageOf = Array(repeating: -1, count: table.count)
    for (number, stage) in chain.stages.enumerated() {
      for step in stage.forward { stageOf[step] = number }
      for step in stage.backward { stageOf[step] = number }
    }
    var isReadByOwn = Array(repeating: false, count: table.valueCount)
    var isReadByLater = isReadByOwn
    for step in table.forwardCount..<table.count {
      table.forEachInput(of: step) { input in
        if stageOf[table.makers[input]] == stageOf[step] {
          isReadByOwn[input] = true
        } else {
          isReadByLater[input] = true
        }
      }
    }
    recorded = []
    wanted = []
    running = []
    recording = []
    recordingLast = []
    reversing = []
    cost = chain.stages.map(\.forwardCost)
    var made = Array(repeating: 0, count: length + 1)
    for (number, stage) in chain.stages.enumerated() {
      let output = number + 1 < length ? chain.stages[number + 1].boundary : nil
      let own = stage.forward.flatMap { table.values(of: $0) }.filter { isReadByOwn[$0] }
      var kept = own
      if let output, !isReadByOwn[output] { kept.append(output) }
      let held = kept.filter { isReadByOwn[$0] || isReadByLater[$0] }
      wanted.append(own.reduce(0) { $0 + table.bytes[$1] })
      recorded.append(held.reduce(0) { $0 + table.bytes[$1] })
      running.append(
        scan.peak(stage.forward, keeping: output.map { [$0] } ?? [], without: stage.boundary))
      recording.append(scan.peak(stage.forward, keeping: kept, without: stage.boundary))
      recordingLast.append(scan.peak(stage.forward, keeping: own, without: stage.boundary))
      let backward = stage.backward.flatMap { table.values(of: $0) }
      let lasting = backward.filter { isReadByLater[$0] || table.isResult[$0] }
      // The input may be let go midway, so it is measured along and then taken off.
      let peak = scan.peak(stage.backward, keeping: lasting, without: nil)
      reversing.append(max(0, peak - boundary[number]))
      made[number] = backward.reduce(0) { $0 + (table.isResult[$1] ? table.bytes[$1] : 0) }
    }
    results = Array(repeating: 0, count: length)
    var live = 0
    for value in 0..<table.forwardValueCount where table.isResult[value] {
      live += table.bytes[value]
    }
    for number in (0..<length).reversed() {
      results[number] = live
      live += made[number]
    }
  }
}

/// Peaks of one stage's steps by themselves.
private struct StageScan {
  let table: StepTable
  /// Of each value: is it read by what was passed, or to be kept?
  private var needed: [Bool]

  /// A scan with nothing needed yet.
  init(_ table: StepTable) {
    self.table = table
    needed = Array(repeating: false, count: table.valueCount)
  }

  /// The highest total of what these steps make and read, one value apart, where `keeping` stays to
  /// the end.
  mutating func peak(_ steps: some Collection<Int>, keeping: [Int], without: Int?) -> Int {
    var touched = keeping
    var live = 0
    for value in keeping where value != without {
      needed[value] = true
      live += table.bytes[value]
    }
    if let without { needed[without] = true }
    var peak = live
    for step in Array(steps).reversed() {
      let values = table.values(of: step)
      guard table.phases[step] == .update || values.contains(where: { needed[$0] }) else {
        continue
      }
      var unread = 0
      for value in values {
        if !needed[value] { unread += table.bytes[value] }
        needed[value] = false
      }
      var freed = 0
      var dying: [Int] = []
      for input in table.inputs(of: step) where !needed[input] {
        needed[input] = true
        touched.append(input)
        dying.append(input)
        freed += table.bytes[input]
      }
      let reuses = table.reusable(of: step).contains { dying.contains($0) }
      let reused = reuses ? table.firstBytes(of: step) : 0
      peak = max(peak, live + unread + freed - reused + table.scratch[step])
      live += freed + unread - table.made[step]
    }
    for value in touched { needed[value] = false }
    if let without { needed[without] = false }
    return max(peak, live)
  }
}
