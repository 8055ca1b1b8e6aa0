extension ChainPlan {
  /// Keeps these boundaries in the first forward run and replays the stages between them, one
  /// segment at a time from the last; boundary 0 is kept anyway, and the last segment is recorded
  /// at once and not replayed. The order of the numbers and repeats do not matter.
  ///
  /// Throws `.option` for a boundary outside 0 to `chain.length` − 1.
  package static func keeping(
    _ boundaries: [Int], in chain: Chain
  ) throws(ScheduleError) -> ChainPlan {
    let length = chain.length
    for boundary in boundaries where !(0..<length).contains(boundary) {
      throw .option(
        name: "boundaries", expected: .numbersUpTo(length - 1), found: .count(boundary))
    }
    return ChainPlan(chain: chain, actions: actions(keeping: boundaries, length: length))
  }

  /// The actions of `keeping`, for boundaries in range.
  static func actions(keeping boundaries: [Int], length: Int) -> [ChainAction] {
    let starts = Set(boundaries + [0]).sorted()
    var actions: [ChainAction] = []
    actions.reserveCapacity(2 * length + 4 * starts.count)
    for (start, end) in zip(starts, starts.dropFirst()) {
      actions += [.keep(start), .advance(start, end)]
    }
    for place in starts.indices.reversed() {
      let start = starts[place]
      let isLast = place == starts.count - 1
      let end = isLast ? length : starts[place + 1]
      if !isLast { actions += [.restore(start), .drop(start)] }
      for stage in start..<end { actions.append(.record(stage)) }
      for stage in (start..<end).reversed() { actions.append(.reverse(stage)) }
    }
    return actions
  }
}
