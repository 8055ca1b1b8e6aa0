import Testing

@testable import Schedules

/// A short list of numbers is one however many there are.
@Suite struct `A list of numbers` {
  @Test(arguments: 0..<6) func `has them in order, however many`(count: Int) {
    let numbers = (0..<count).map { 7 * $0 }
    let list = NumberList(numbers)
    #expect(Array(list) == numbers)
    #expect(list.count == count)
    #expect(list.indices.map { list[$0] } == numbers)
    #expect(numbers.allSatisfy(list.contains))
    #expect(!list.contains(1))
  }

  @Test func `is equal to one with the same numbers, and to no other`() {
    let lists: [NumberList] = [[], [0], [0, 1], [1, 0], [0, 1, 2], [0, 1, 2, 3]]
    for (number, list) in lists.enumerated() {
      #expect(lists.indices.filter { lists[$0] == list } == [number])
      #expect(NumberList(Array(list)).hashValue == list.hashValue)
    }
  }
}
