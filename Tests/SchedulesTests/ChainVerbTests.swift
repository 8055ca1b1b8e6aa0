import Testing

@testable import Schedules

private func refusal(_ actions: [ChainAction], length: Int = 3) throws -> ScheduleError? {
  let chain = try #require(Chain.find(in: Workloads.uniform(length)))
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
  var rule: String
  var testDescription: String { rule }
}

private let all: [ChainAction] = [
  .record(0), .record(1), .record(2), .reverse(2), .reverse(1), .reverse(0),
]

private let cases: [Case] = [
  Case(actions: [.keep(1)], number: 0, rule: "boundary 1 is not in hand"),
  Case(actions: [.keep(0), .keep(0)], number: 1, rule: "stored already"),
  Case(actions: [.keep(7)], number: 0, rule: "boundaries 0 to 2"),
  Case(actions: [.drop(0)], number: 0, rule: "0 is not stored"),
  Case(actions: [.restore(2)], number: 0, rule: "2 is not stored"),
  Case(actions: [.advance(1, 2)], number: 0, rule: "boundary 1 is not in hand"),
  Case(actions: [.advance(0, 2), .advance(2, 1)], number: 1, rule: "comes before"),
  Case(actions: [.advance(0, 4)], number: 0, rule: "ends at boundary 3"),
  Case(actions: [.record(2)], number: 0, rule: "boundary 2 is not in hand"),
  Case(
    actions: [.keep(0), .record(0), .restore(0), .record(0)], number: 3, rule: "recorded already"),
  Case(
    actions: [
      .keep(0), .advance(0, 2), .record(2), .reverse(2), .restore(0), .advance(0, 2), .record(2),
    ],
    number: 6, rule: "reversed already"),
  Case(actions: [.reverse(2)], number: 0, rule: "recorded before it is reversed"),
  Case(actions: [.record(0), .reverse(0)], number: 1, rule: "from the last to the first"),
  Case(actions: [.reverse(-1)], number: 0, rule: "stages 0 to 2"),
  Case(actions: [.offload(1)], number: 0, rule: "not in hand"),
  Case(actions: [.offload(0), .offload(0)], number: 1, rule: "slower tier already"),
  Case(actions: [.fetch(0)], number: 0, rule: "not on the slower tier"),
  Case(actions: Array(all.dropLast()), number: 5, rule: "ends with stage 0 reversed"),
]

@Test(arguments: cases)
private func `a broken rule of the verbs is named with its action`(given: Case) throws {
  guard case .illegal(let number, let reading, let rule, let memory)? = try refusal(given.actions)
  else {
    Issue.record("not refused: \(given.rule)")
    return
  }
  #expect(number == given.number)
  #expect(rule.contains(given.rule), "\(rule)")
  #expect(memory.hasPrefix("in memory: "))
  #expect(reading == (number < given.actions.count ? given.actions[number].reading : "the end"))
}

@Test func `recording everything and reversing it is legal`() throws {
  #expect(try refusal(all) == nil)
}

@Test func `the refusal says what was in memory`() throws {
  let refusal = try refusal([.keep(0), .advance(0, 1), .record(1), .reverse(1)])
  #expect(
    refusal
      == .illegal(
        action: 3, reading: "reverse stage 1",
        rule: "stages are reversed from the last to the first: the next is 2",
        memory: "in memory: boundary 0, recording of 1; cursor at 2"))
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
