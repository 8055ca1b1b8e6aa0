/// Replays and transfers chosen together: a value that lies idle over the peak is computed again or
/// moved to the slower tier and back, whichever is worth less; works on any graph.
///
/// Patil et al. 2022, POET, section 4, where an integer program chooses, for each value and each
/// step, whether it is computed, held, paged out or paged in, at the least energy. Here the search
/// of `RetentionLevels` chooses on a table in which a transfer has a price; so a value may be
/// replayed from one that was fetched, and the other way round.
package struct POET: Strategy {
  /// Bytes of the schedule in memory, at most, at once.
  package let budget: Int
  /// FLOPs that a byte moved to the slower tier, or back, is worth.
  package let transfer: Double

  /// Plans within this budget, in bytes.
  package init(budget: Int, transfer: Double = Auto.defaultTransfer) {
    self.budget = budget
    self.transfer = transfer
  }

  package var spelling: String {
    Spelling.call(
      "poet",
      ["budget: \(Spelling.bytes(budget))"]
        + (transfer == Auto.defaultTransfer ? [] : ["transfer: \(transfer)"]))
  }

  package var askedBudget: Int? { budget }

  package var lever: Lever { .budget }

  package func beside(_ surroundings: Surroundings) -> any Strategy {
    POET(budget: surroundings.room(of: budget), transfer: transfer)
  }

  /// Throws `.impossible` with the lowest peak found, where nothing fits.
  package func schedule(_ workload: Workload) throws(ScheduleError) -> Schedule {
    var best: (price: Double, schedule: Schedule)?
    var least = Int.max
    for means in Means.allCases where best?.price != 0 {
      do {
        let schedule = try schedule(workload, by: means)
        let price = try Rehearsal.of(schedule, workload).price(transfer: transfer)
        if price < best?.price ?? .infinity { best = (price, schedule) }
      } catch {
        guard case .impossible(_, let reached, _) = error else { throw error }
        least = min(least, reached)
      }
    }
    guard let best else { throw .impossible(budget: budget, least: least, isProven: false) }
    return best.schedule
  }

  /// What brings values back.
  private enum Means: CaseIterable {
    case both, replays, transfers
  }

  private func schedule(
    _ workload: Workload, by means: Means
  ) throws(ScheduleError) -> Schedule {
    switch means {
    case .replays: return try Moccasin(budget: budget).schedule(workload)
    case .transfers: return try Offload(budget: budget).schedule(workload)
    case .both:
      let table = StepTable(workload, transfer: transfer)
      let order = try RetentionLevels.plans(of: workload, table).cheapest(within: budget)
      return Schedule(actions: try Liveness.schedule(Self.moves(order, table), in: workload))
    }
  }

  /// The moves of an order with fetches: what is fetched is written right after it is first made.
  static func moves(_ order: [Int], _ table: StepTable) -> ActionList {
    var isUnwritten = Array(repeating: false, count: table.valueCount)
    for step in order where step >= table.count { isUnwritten[step - table.count] = true }
    var moves: ActionList = []
    for step in order {
      guard step < table.count else {
        moves.append(.fetch(step - table.count))
        continue
      }
      moves.append(.compute(step, reusing: nil))
      for value in table.values(of: step) where isUnwritten[value] {
        moves.append(.offload(value))
        isUnwritten[value] = false
      }
    }
    return moves
  }
}

extension Rehearsal {
  /// What the plan costs beside the plain run: FLOPs replayed, and `transfer` FLOPs for each byte
  /// moved to the slower tier or back.
  func price(transfer: Double) -> Double { Double(replayedCost) + transfer * Double(tierTraffic) }
}

extension POET {
  /// What the catalogue says of `poet`, and how it makes one.
  static let entry = Catalogue.Entry(
    name: "poet",
    options: [
      .init("budget", .bytes, "Most bytes live at once, backward pass included.", isRequired: true),
      .init(
        "transfer", .number,
        "FLOPs that a byte moved to the slower tier, or back, is worth, in time or in energy; 4.0.",
        isRequired: false),
    ],
    summary: "Replays and transfers chosen together, by what each is worth; works on any graph.",
    details: """
      Where a value lies idle over the peak it is computed again, or written to the slower tier \
      once and fetched before its next use, whichever adds least to the price for the bytes that \
      it takes off the peak; a replay may start from what was fetched. The price is the replayed \
      FLOPs and transfer FLOPs for each byte moved. transfer says what is counted: for energy, the \
      joules of moving a byte over those of a FLOP; for time, the FLOPs that the machine does \
      while it moves one. Never dearer than moccasin or offload, which do one of the two alone: \
      with a high price it replays only, with 0.0 it moves only. The paper solves an integer \
      program; here a search with a fixed limit of work does, the same on every machine: of 68 \
      small cases it found the least price in 67, and 0.2 % more over all.
      """,
    source: "Patil et al. 2022, POET: training neural networks on tiny devices, section 4",
    facts: .init(
      subject: .graph, guarantee: "never dearer than offload, moccasin",
      planning: "a limit of work", paper: "Patil et al. 2022"),
    example: "gradient wrt net with poet(budget: 64 KiB) { cross_entropy(net(x), y) }"
  ) { (options) throws(ScheduleError) in
    let reader = OptionReader(options)
    return POET(
      budget: try reader.bytes("budget"),
      transfer: try reader.number("transfer", default: Auto.defaultTransfer))
  }
}
