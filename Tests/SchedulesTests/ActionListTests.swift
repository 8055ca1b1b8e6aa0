import Testing

@testable import Schedules

/// An action of any kind, of numbers that a workload may have and of others.
private func anyAction(_ random: inout SeededRandom, outside: Bool) -> Schedule.Action {
  let others = [-1, Int.min, 1 << 31, 1 << 40, Int.max]
  func number() -> Int {
    outside && random.below(4) == 0
      ? others[random.below(others.count)] : [0, 7, (1 << 31) - 1][random.below(3)]
  }
  switch random.below(5) {
  case 0: return .compute(number(), reusing: nil)
  case 1: return .compute(number(), reusing: number())
  case 2: return .free(number())
  case 3: return .offload(number())
  default: return .fetch(number())
  }
}

@Test(arguments: 0..<40)
func `actions of any numbers are as they were given`(seed: UInt64) {
  var random = SeededRandom(seed)
  var plain: [Schedule.Action] = []
  var list = ActionList()
  for _ in 0..<20 {
    let action = anyAction(&random, outside: seed % 2 == 1)
    plain.append(action)
    list.append(action)
  }
  #expect(Array(list) == plain)
  #expect(ActionList(plain) == list)
  #expect(ActionList(plain).hashValue == list.hashValue)
  for _ in 0..<10 {
    let (place, action) = (random.below(20), anyAction(&random, outside: seed % 3 == 1))
    plain[place] = action
    list[place] = action
  }
  #expect(Array(list) == plain)
  let new = (0..<random.below(4)).map { _ in anyAction(&random, outside: seed % 5 == 1) }
  plain.replaceSubrange(3..<9, with: new)
  list.replaceSubrange(3..<9, with: new)
  #expect(Array(list) == plain)
  plain.reverse()
  list.reverse()
  #expect(Array(list) == plain)
  #expect(list != ActionList(plain.dropLast()))
}
