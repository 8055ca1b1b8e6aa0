import Experiments
import Reports
import Schedules
import Syntax

/// The verbs that set runs of one block side by side: each traces the block, and gives a record of
/// what the workbench found.
extension Interpreter {
  /// `compare … across […] { … }`
  func compare(
    _ block: BlockCode, _ frame: Frame, updating optimizer: Optimizer?,
    across strategies: [any Strategy]
  ) throws(Fault) -> Record {
    let traced = try traceBlock(block, frame)
    let problem = try problem(of: traced, updating: optimizer)
    let comparison = try experiment(at: block.range) { () throws(ExperimentError) in
      traced.isSketch || optimizer != nil
        ? try bench.compareOnPaper(problem, across: strategies)
        : try bench.compare(problem, across: strategies)
    }
    for row in comparison.rows {
      if let why = row.idleness { remark(Remark.idle(row.strategy, why)) }
    }
    let refusals = comparison.refusals.map {
      fault(from: $0, at: block.range).diagnostic.message
    }
    return Record(
      typeName: "comparison",
      fields: [("rows", .list(List(comparison.rows.map { .record(record(of: $0)) })))],
      display: comparison.report(refusals: refusals, isSketch: traced.isSketch))
  }

  private func record(of row: Comparison.Row) -> Record {
    Record(
      typeName: "row",
      fields: [
        ("strategy", .string(.of(row.strategy))), ("predicted", .bytes(row.predicted)),
        ("measured", row.run.map { .bytes($0.measured) } ?? .none), ("kept", .bytes(row.kept)),
        ("replayed", .integer(row.replayedSteps)), ("replayed_flops", .integer(row.replayedCost)),
        ("same", row.run.map { .boolean($0.isEqual) } ?? .none),
        ("agrees", row.run.map { .boolean($0.agrees) } ?? .none),
        ("front", .boolean(row.isOnFront)),
      ])
  }

  /// `certify { … } with …`
  func certify(_ block: BlockCode, _ frame: Frame) throws(Fault) -> Record {
    let strategy = try strategy(of: block, frame)
    let problem = Problem(try traceToRun(block, frame).block)
    let certificate = try experiment(at: block.range) { () throws(ExperimentError) in
      try bench.certify(problem, strategy)
    }
    if let why = certificate.idleness { remark(Remark.idle(certificate.strategy, why)) }
    return Record(
      typeName: "certificate",
      fields: [
        ("certified", .boolean(certificate.isCertified)),
        ("strategy", .string(.of(certificate.strategy))),
        ("loss", .boolean(certificate.lossAgrees)),
        ("gradients", .boolean(certificate.gradientsAgree)),
        ("states", .boolean(certificate.statesAgree)), ("masks", .boolean(certificate.masksAgree)),
      ], display: certificate.report)
  }

  /// `pareto … { … }`
  func pareto(
    _ block: BlockCode, _ frame: Frame, updating optimizer: Optimizer?,
    across strategies: [any Strategy]?
  ) throws(Fault) -> Record {
    let problem = try problem(of: try traceBlock(block, frame), updating: optimizer)
    let sweep = try experiment(at: block.range) { () throws(ExperimentError) in
      try bench.sweep(problem, across: strategies)
    }
    let points = sweep.front.map { point in
      Value.record(
        Record(
          typeName: "point",
          fields: [
            ("strategy", .string(.of(point.spelling))), ("peak", .bytes(point.peak)),
            ("replay", .float(point.replay)),
          ]))
    }
    return Record(
      typeName: "pareto", fields: [("points", .list(List(points)))], display: sweep.report)
  }

  /// `predict peak = … { … }`
  func predict(
    _ name: Identifier, _ guess: Value, _ block: BlockCode, _ frame: Frame, at place: SourceRange
  ) throws(Fault) -> Record {
    guard let quantity = Prediction.Quantity(rawValue: name.name) else {
      throw Fault(
        .unknownField(
          name, of: "a prediction", known: Prediction.Quantity.allCases.map(\.rawValue)))
    }
    let guessed = try self.guess(guess, of: quantity, at: place)
    let strategy = try strategy(of: block, frame)
    let problem = Problem(try traceToRun(block, frame).block)
    let prediction = try experiment(at: block.range) { () throws(ExperimentError) in
      try bench.predict(quantity, guess: guessed, problem, with: strategy)
    }
    func value(_ number: Int) -> Value { quantity.isBytes ? .bytes(number) : .integer(number) }
    return Record(
      typeName: "prediction",
      fields: [
        ("guess", value(prediction.guess)), ("planned", value(prediction.planned)),
        ("measured", value(prediction.measured)), ("right", .boolean(prediction.isRight)),
      ], display: prediction.report)
  }

  /// A guess as a count: of bytes to the nearest, of steps a whole number. A number that is no
  /// count is refused.
  private func guess(
    _ value: Value, of quantity: Prediction.Quantity, at place: SourceRange
  ) throws(Fault) -> Int {
    switch value {
    case .integer(let count), .bytes(let count): return count
    default: break
    }
    guard let number = double(value) else {
      throw Fault(.expected(.numberOrSize, found: value, as: .guess, at: place))
    }
    guard let count = Int(exactly: quantity.isBytes ? number.rounded() : number) else {
      let wanted: Diagnostic.Wanted = quantity.isBytes ? .size : .integer
      throw Fault(.expected(wanted, found: value, as: .guess, at: place))
    }
    return count
  }

  /// `trap masks { … }`
  func trap(_ name: Identifier, _ block: BlockCode, _ frame: Frame) throws(Fault) -> Record {
    guard let trap = Trap(rawValue: name.name) else {
      throw Fault(.unknownTrap(name, known: Trap.allCases.map(\.rawValue)))
    }
    let traced = try traceToRun(block, frame)
    let finding = try experiment(at: block.range) { () throws(ExperimentError) in
      try bench.spring(trap, on: Problem(traced.block))
    }
    return Record(
      typeName: "trap",
      fields: [("name", .string(.of(trap.rawValue))), ("harmed", .boolean(finding.isHarmed))],
      display: TrapPage(trap, finding).report)
  }

  /// The strategies in a list.
  func strategies(in value: Value, at range: SourceRange) throws(Fault) -> [any Strategy] {
    guard case .list(let list) = value else {
      return [try asStrategy(value, at: range).strategy]
    }
    return try list.elements.map { (element) throws(Fault) in
      try asStrategy(element, at: range).strategy
    }
  }
}
