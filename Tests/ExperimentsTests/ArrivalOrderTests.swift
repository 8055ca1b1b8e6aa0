import Experiments
import Testing

/// In which order workers of a server arrive, and what they were given.
struct ArrivalOrderTests {
  private func arrivals(
    _ delay: WorkerSetting.Delay, workers: Int, updates: Int, time: (Int) -> Double = { _ in 0 }
  ) -> [(rank: Int, age: Int)] {
    var order = ArrivalOrder(workers: workers, delay, seed: 5)
    return (0..<updates).map { number in
      let arrival = order.next(time)
      return (arrival.rank, number - arrival.version)
    }
  }

  @Test(arguments: [1, 2, 5, 8], 0..<8)
  func `a delay is as long as asked for, from the first update that can be so late`(
    workers: Int, delay: Int
  ) {
    guard delay < workers else { return }
    for (number, arrival) in arrivals(.fixed(delay), workers: workers, updates: 40).enumerated() {
      #expect(arrival.age == min(number, delay))
      #expect(arrival.rank == number % workers)
    }
  }

  @Test(arguments: [2, 3, 8], [0, 1, 7])
  func `drawn delays stay within their bound, and all workers come`(workers: Int, beyond: Int) {
    let most = workers - 1 + beyond
    let all = arrivals(.drawn(most: most), workers: workers, updates: 400)
    #expect(all.allSatisfy { 0...most ~= $0.age })
    #expect(Set(all.map(\.rank)).count == workers)
    if beyond == 0 { #expect(all.dropFirst(workers).allSatisfy { $0.age == workers - 1 }) }
    // Nobody waits: what is pushed at once is given back at once, so ages add up.
    let mean = Double(all.reduce(0) { $0 + $1.age }) / 400
    #expect(abs(mean - Double(workers - 1)) < 0.5)
  }

  @Test func `without a delay the one who is there first comes first`() {
    let slow = arrivals(.free, workers: 3, updates: 9) { $0 == 2 ? 100 : Double($0) }
    #expect(slow.allSatisfy { $0.rank == 0 })
    let even = arrivals(.free, workers: 3, updates: 9)
    #expect(even.map(\.rank) == [0, 1, 2, 0, 1, 2, 0, 1, 2])
  }

  @Test(arguments: [1, 3, 4, 7], [4, 9, 64])
  func `shares of a batch are all of its rows, and differ by one at most`(count: Int, rows: Int) {
    let setting = WorkerSetting(count: count)
    let shares = (0..<count).map { setting.share(of: rows, rank: $0) }
    #expect(shares.flatMap(Array.init) == Array(0..<rows))
    let lengths = shares.map(\.count)
    #expect((lengths.max() ?? 0) - (lengths.min() ?? 0) <= 1)
  }
}
