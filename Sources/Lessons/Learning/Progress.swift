/// How far a student is in a course. Items are known by their IDs and lessons by their names, so
/// that it holds for later versions of the course too.
package struct Progress: Sendable, Equatable {
  /// What became of an item.
  package enum Outcome: String, Sendable, CaseIterable {
    /// Answered as the check wants it.
    case right
    /// A guess was made, and then measured.
    case guessed
    /// The model answer was shown.
    case skipped
    /// Answered, and not yet rightly.
    case tried

    /// True where there is nothing left to do.
    package var isDone: Bool { self != .tried }
  }

  /// What is known of an item.
  package struct Record: Sendable, Equatable {
    /// What became of it.
    package var outcome: Outcome
    /// Answers that were judged.
    package var attempts = 0
    /// Hints that were shown.
    package var hints = 0

    /// Nothing asked or tried yet but for this.
    package init(_ outcome: Outcome) { self.outcome = outcome }
  }

  /// Where in a lesson a student stopped.
  package struct Place: Sendable, Equatable {
    /// The lesson's name.
    package let lesson: String
    /// The item that was asked last before it; `nil` at the start.
    package let after: String?
    /// Stops behind that.
    package let offset: Int

    /// A place so many stops behind an item.
    package init(lesson: String, after: String?, offset: Int) {
      (self.lesson, self.after, self.offset) = (lesson, after, offset)
    }
  }

  /// By ID.
  package var items: [String: Record] = [:]
  /// Where the student stopped; `nil` before the first step.
  package var place: Place?
  /// The names of lessons whose end was reached.
  package var finished: Set<String> = []

  /// Nothing done yet.
  package init() {}

  /// True before the first step.
  package var isEmpty: Bool { place == nil && items.isEmpty && finished.isEmpty }

  // MARK: Changes

  /// An answer was judged. What is done stays done.
  package mutating func answered(_ id: String, _ outcome: Outcome) {
    var record = items[id] ?? Record(outcome)
    record.attempts += 1
    if outcome == .right || !record.outcome.isDone { record.outcome = outcome }
    items[id] = record
  }

  /// The model answer was shown. What was done before stays done.
  package mutating func skipped(_ id: String) {
    var record = items[id] ?? Record(.skipped)
    if !record.outcome.isDone { record.outcome = .skipped }
    items[id] = record
  }

  /// One hint more was shown.
  package mutating func hinted(_ id: String, _ count: Int) {
    var record = items[id] ?? Record(.tried)
    record.hints = max(record.hints, count)
    items[id] = record
  }

  // MARK: Places

  /// The place of a stop of a lesson.
  package static func place(of stop: Int, in lesson: Lesson) -> Place {
    let stops = lesson.file.stops
    let before = stops.prefix(stop).lastIndex { if case .item = $0 { true } else { false } }
    guard let before, case .item(let id, _) = stops[before] else {
      return Place(lesson: lesson.name, after: nil, offset: stop)
    }
    return Place(lesson: lesson.name, after: id, offset: stop - before)
  }

  /// The stop of a place, in this version of the lesson.
  package static func stop(of place: Place, in lesson: Lesson) -> Int {
    let stops = lesson.file.stops
    let before = stops.firstIndex {
      if case .item(let id, _) = $0 { id == place.after } else { false }
    }
    if place.after != nil, before == nil { return 0 }
    let next = stops.indices.first { index in
      if index <= before ?? -1 { return false }
      if case .item = stops[index] { return true } else { return false }
    }
    return min((before ?? 0) + place.offset, next ?? stops.count, stops.count)
  }

  /// What there is to do in a lesson, and what is done of it.
  package func tally(of lesson: Lesson) -> Tally {
    var tally = Tally()
    for item in lesson.askedItems {
      tally.items += 1
      switch items[item.id]?.outcome {
      case .right, .guessed: tally.answered += 1
      case .skipped: tally.skipped += 1
      case .tried, nil: break
      }
    }
    tally.isFinished = finished.contains(lesson.name)
    tally.isBegun =
      tally.isFinished || tally.answered + tally.skipped > 0 || place?.lesson == lesson.name
    return tally
  }

  /// Numbers of a lesson's items.
  package struct Tally: Sendable, Equatable {
    /// All of them.
    package var items = 0
    /// Right, or guessed.
    package var answered = 0
    /// The model answer was shown.
    package var skipped = 0
    /// True where the lesson's end was reached.
    package var isFinished = false
    /// True where something was done in it.
    package var isBegun = false

    /// Those with nothing left to do.
    package var done: Int { answered + skipped }
  }
}
