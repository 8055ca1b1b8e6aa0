import Testing

@testable import Schedules

private func refusal(_ actions: [ChainAction], length: Int = 3) throws -> ScheduleError? {
  let chain = try #require(try Chain.find(in: Workloads.uniform(length)))
  do {
    try ChainPlan(chain: chain, actions: actions).check()
    return nil
  } catch {
    return error
  }
}

private struct Case: Sendable, CustomTestStringConvertible {
  var actions: [ChainAction]
  var number: Int
  var rule: ChainRule
  var testDescription: String { "\(rule)" }
}

private let all: [ChainAction] = [
  .record(0), .record(1), .record(2), .reverse(2), .reverse(1), .reverse(0),
]

private let cases: [Case] = [
  Case(actions: [.keep(1)], number: 0, rule: .notInHand(boundary: 1, cursor: 0, length: 3)),
  Case(actions: [.keep(0), .keep(0)], number: 1, rule: .alreadyStored(0)),
  Case(actions: [.keep(7)], number: 0, rule: .noSuchBoundary(last: 2)),
  Case(actions: [.drop(0)], number: 0, rule: .dropNotStored(0)),
  Case(actions: [.restore(2)], number: 0, rule: .restoreNotStored(2)),
  Case(actions: [.advance(1, 2)], number: 0, rule: .notInHand(boundary: 1, cursor: 0, length: 3)),
  Case(actions: [.advance(0, 2), .advance(2, 1)], number: 1, rule: .backwards(from: 2, to: 1)),
  Case(actions: [.advance(0, 4)], number: 0, rule: .pastEnd(3)),
  Case(actions: [.record(2)], number: 0, rule: .notInHand(boundary: 2, cursor: 0, length: 3)),
  Case(
    actions: [.keep(0), .record(0), .restore(0), .record(0)], number: 3, rule: .alreadyRecorded(0)),
  Case(
    actions: [
      .keep(0), .advance(0, 2), .record(2), .reverse(2), .restore(0), .advance(0, 2), .record(2),
    ],
    number: 6, rule: .alreadyReversed(2)),
  Case(actions: [.reverse(2)], number: 0, rule: .notRecorded(2)),
  Case(actions: [.record(0), .reverse(0)], number: 1, rule: .outOfOrder(next: 2)),
  Case(actions: [.reverse(-1)], number: 0, rule: .noSuchStage(last: 2)),
  Case(actions: [.offload(1)], number: 0, rule: .notInHand(boundary: 1, cursor: 0, length: 3)),
  Case(actions: [.offload(0), .offload(0)], number: 1, rule: .alreadyOnTier(0)),
  Case(actions: [.fetch(0)], number: 0, rule: .notOnTier(0)),
  Case(actions: Array(all.dropLast()), number: 5, rule: .unfinished(next: 0)),
]

@Test(arguments: cases)
private func `a broken rule of the verbs is named with its action`(given: Case) throws {
  guard case .illegal(let illegal)? = try refusal(given.actions),
    case .chain(let rule, let action, holding: _) = illegal.breach
  else {
    Issue.record("not refused: \(given.rule)")
    return
  }
  #expect(illegal.number == given.number)
  #expect(rule == given.rule)
  #expect(
    action == (given.number < given.actions.count ? given.actions[given.number] : nil))
}

@Test func `recording everything and reversing it is legal`() throws {
  #expect(try refusal(all) == nil)
}

@Test func `the refusal says what was in memory`() throws {
  let refusal = try refusal([.keep(0), .advance(0, 1), .record(1), .reverse(1)])
  #expect(
    refusal
      == .illegal(
        .init(
          number: 3,
          breach: .chain(
            .outOfOrder(next: 2), by: .reverse(1),
            holding: .init(boundaries: [0], recordings: [1], onTier: [], cursor: 2)))))
}

@Test func `verbs read aloud`() {
  let actions: [ChainAction] = [
    .advance(0, 2), .keep(0), .drop(0), .restore(0), .record(3), .reverse(3), .offload(1),
    .fetch(1),
  ]
  #expect(
    actions.map(\.reading) == [
      "advance 0→2", "keep boundary 0", "drop boundary 0", "restore boundary 0", "record stage 3",
      "reverse stage 3", "offload boundary 1", "fetch boundary 1",
    ])
}
