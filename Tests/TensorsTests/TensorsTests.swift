import Testing

@testable import Tensors

/// A small generator with a fixed seed.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

@Test func `the ledger equals a plain account after any acquisitions, releases and moves`() throws {
  var dice = Dice(state: 1)
  for _ in 0..<20 {
    let ledger = Ledger()
    var model = Account()
    var held: [(Int, AccountClass)] = []
    var (peak, peakTotal) = (Account(), 0)
    for _ in 0..<300 {
      switch Int.random(in: 0..<3, using: &dice) {
      case 0:
        let bytes = Int.random(in: 0..<10_000, using: &dice)
        let account = AccountClass.allCases.randomElement(using: &dice) ?? .values
        try ledger.acquire(bytes, as: account)
        model[account] += bytes
        held.append((bytes, account))
        if model.total > peakTotal { (peak, peakTotal) = (model, model.total) }
      case 1 where !held.isEmpty:
        let (bytes, account) = held.remove(at: Int.random(in: 0..<held.count, using: &dice))
        ledger.release(bytes, of: account)
        model[account] -= bytes
      case 2 where !held.isEmpty:
        let index = Int.random(in: 0..<held.count, using: &dice)
        let account = AccountClass.allCases.randomElement(using: &dice) ?? .values
        ledger.move(held[index].0, from: held[index].1, to: account)
        model[held[index].1] -= held[index].0
        model[account] += held[index].0
        held[index].1 = account
      default: break
      }
      #expect(ledger.live == model)
      #expect(ledger.liveTotal == model.total)
    }
    #expect(ledger.commandPeak == peak)
    #expect(ledger.highWater == peakTotal)
  }
}

@Test func `a command's peak starts at what is live, and an action's too`() throws {
  let ledger = Ledger()
  try ledger.acquire(100, as: .data)
  try ledger.acquire(50, as: .forward)
  ledger.release(50, of: .forward)
  ledger.markCommand()
  #expect(ledger.commandPeak.total == 100)
  ledger.beginSteps(["before", "step"])
  ledger.step = 1
  try ledger.acquire(10, as: .kept)
  ledger.markAction()
  #expect(ledger.actionPeak.total == 110)
  ledger.release(10, of: .kept)
  #expect(ledger.commandPeak.total == 110)
  #expect(ledger.commandPeakLabel == "step")
  #expect(ledger.highWater == 150)
}

@Test func `a budget is a wall that leaves the ledger as it was`() throws {
  let ledger = Ledger(budget: 1000)
  let held = try Storage(byteCount: 600, account: .parameters, ledger: ledger)
  let before = ledger.live
  #expect(throws: MemoryError.overBudget(needed: 401, live: before, budget: 1000)) {
    try Storage(byteCount: 401, account: .values, ledger: ledger)
  }
  #expect(ledger.live == before)
  #expect(ledger.commandPeak.total == 600)
  let rest = try Storage(byteCount: 400, account: .values, ledger: ledger)
  #expect(ledger.liveTotal == 1000)
  withExtendedLifetime((held, rest)) {}
}

@Test func `an allocation fails on purpose, once, at the place asked for`() throws {
  let ledger = Ledger()
  ledger.allocationsBeforeFault = 2
  try ledger.acquire(1, as: .values)
  try ledger.acquire(2, as: .values)
  #expect(throws: MemoryError.injected(needed: 3)) { try ledger.acquire(3, as: .values) }
  #expect(ledger.liveTotal == 3)
  ledger.allocationsBeforeFault = nil
  try ledger.acquire(3, as: .values)
  #expect(ledger.liveTotal == 6)
}

@Test func `an absurd size is refused and never traps`() throws {
  let ledger = Ledger()
  let held = try Storage(byteCount: 8, account: .values, ledger: ledger)
  for bytes in [Int.max, Int.max - 4000, 1 << 60, Shape([1 << 40, 1 << 40]).byteCount(of: .f64)] {
    #expect(throws: MemoryError.exhausted(needed: bytes)) {
      try Storage(byteCount: bytes, account: .values, ledger: ledger)
    }
    #expect(throws: MemoryError.exhausted(needed: bytes)) { try Arena(byteCount: bytes) }
    #expect(ledger.liveTotal == 8)
  }
  withExtendedLifetime(held) {}
}

@Test func `every storage is aligned and holds its bytes`() throws {
  let ledger = Ledger()
  for bytes in [0, 1, 63, 64, 4096, BlockPool.leastBytes - 1, BlockPool.leastBytes, 3_000_001] {
    let storage = try Storage(byteCount: bytes, account: .values, ledger: ledger)
    #expect(UInt(bitPattern: storage.pointer) % UInt(Storage.alignment) == 0)
    storage.pointer.initializeMemory(as: UInt8.self, repeating: 7, count: bytes)
    #expect(ledger.live[.values] == bytes)
    storage.account = .kept
    #expect(ledger.live[.values] == 0)
    #expect(ledger.live[.kept] == bytes)
  }
  #expect(ledger.liveTotal == 0)
}

@Test func `freed blocks are used again and never raise the peak`() throws {
  var dice = Dice(state: 5)
  let ledger = Ledger()
  let megabyte = 1 << 20
  var first: Storage? = try Storage(byteCount: megabyte, account: .values, ledger: ledger)
  let place = first?.pointer
  first = nil
  #expect(ledger.pooledBytes == megabyte)
  first = try Storage(byteCount: megabyte, account: .values, ledger: ledger)
  #expect(first?.pointer == place)
  #expect(ledger.pooledBytes == 0)
  first = nil
  var held: [Storage] = []
  for _ in 0..<400 {
    if Bool.random(using: &dice) || held.isEmpty {
      let bytes = Int.random(in: 1..<8, using: &dice) * (300 << 10)
      held.append(try Storage(byteCount: bytes, account: .values, ledger: ledger))
    } else {
      held.remove(at: Int.random(in: 0..<held.count, using: &dice))
    }
    #expect(ledger.liveTotal + ledger.pooledBytes <= ledger.highWater + 4096 * 8)
    #expect(ledger.pooledBytes <= BlockPool.limit)
  }
  held = []
  ledger.trim()
  #expect(ledger.pooledBytes == 0)
  #expect(ledger.liveTotal == 0)
}

@Test func `Philox gives the known answers of Random123`() {
  let zeros = Philox.words(counter: [0, 0, 0, 0], key: [0, 0])
  #expect(zeros == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
  let all = UInt32.max
  let ones = Philox.words(counter: [all, all, all, all], key: [all, all])
  #expect(ones == [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd])
  let pi = Philox.words(
    counter: [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], key: [0xa409_3822, 0x299f_31d0])
  #expect(pi == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
}

@Test func `Philox lays block, site, step and seed out as it says`() {
  let words = Philox(seed: 0x299f_31d0_a409_3822)
    .words(block: 0x243f_6a88, site: 0x85a3_08d3, step: 0x0370_7344_1319_8a2e)
  #expect(words == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1])
}

@Test func `counts saturate and an empty axis empties any shape`() {
  #expect(Shape([]).count == 1)
  #expect(Shape([3, 4]).byteCount(of: .f64) == 96)
  #expect(Shape([Int.max, Int.max]).count == Shape.countLimit)
  #expect(Shape([Int.max, 2]).count == Shape.countLimit)
  #expect(Shape([1 << 47]).count == 1 << 47)
  #expect(Shape([Int.max, 0, Int.max]).count == 0)
  #expect(Shape([Int.max, 5]).strides == [5, 1])
}

@Test func `strides are those of rows after rows`() {
  #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
}

@Test func `types promote to the wider, floats over integers`() {
  #expect(DType.promote(.i32, .i32) == .i32)
  #expect(DType.promote(.bool, .bool) == .bool)
  #expect(DType.promote(.bool, .i32) == .i32)
  #expect(DType.promote(.i32, .f32) == .f32)
  #expect(DType.promote(.f32, .f64) == .f64)
  #expect(DType.promote(.f64, .i32) == .f64)
  #expect(DType.allCases.map(\.byteWidth) == [4, 8, 2, 2, 4, 8, 1])
}

@Test func `rows are gathered in the order asked for, neighbours and others`() throws {
  let ledger = Ledger()
  let source = try Tensor(
    values: (0..<40).map(Double.init), shape: [10, 4], dtype: .f32, account: .data,
    ledger: ledger)
  for numbers in [[], [3], [0, 1, 2], [9, 8, 7], [2, 3, 3, 4, 0, 1, 9], Array(0..<10)] {
    let target = try Tensor(zeros: [10, 4], dtype: .f32, account: .data, ledger: ledger)
    Rows(source).gather(numbers[...], into: target)
    let expected = numbers.flatMap { row in (0..<4).map { Double(row * 4 + $0) } }
    #expect(target.doubles().prefix(expected.count).elementsEqual(expected))
    #expect(target.doubles().dropFirst(expected.count).allSatisfy { $0 == 0 })
  }
}

/// What the memory of the whole process shows: `make test` runs it when few other tests run.
@Suite struct OwnProcessTests {
  @Test func `the process's peak follows what is touched`() throws {
    let bytes = 64 << 20
    let before = try #require(ProcessMemory.resident)
    try #require(ProcessMemory.resetPeak())
    do {
      let arena = try Arena(byteCount: bytes)
      arena.base.initializeMemory(as: UInt8.self, repeating: 1, count: bytes)
    }
    let peak = try #require(ProcessMemory.peakResident)
    #expect(peak - before >= bytes - (4 << 20))
  }
}
