import Execution
import Graphs
import Tensors
import Testing

/// Exchanges of workers in one process.
struct ExchangeTests {
  /// What some workers give, and what each gets; two operands, of 5 and 2 elements.
  private struct Workers {
    let exchange: Exchange
    let ledger = Ledger()
    var given: [[[Float]]]
    let shares: [Double]

    /// Numbers that round differently in each order.
    init(_ kind: Exchange.Kind, _ way: Exchange.Way, _ count: Int) {
      exchange = Exchange(kind, way, workers: count, values: kind == .allReduce ? 2 : 1)
      var state: UInt64 = 7
      func draw() -> Float {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Float(state >> 40) * 1e-3 - 8000
      }
      given = (0..<count).map { _ in
        [5, 2].prefix(kind == .allReduce ? 2 : 1).map { length in (0..<length).map { _ in draw() } }
      }
      shares = (0..<count).map { Double($0 + 1) / Double(count * (count + 1) / 2) }
    }

    /// Runs each worker's part, and gives what lies where each writes.
    func run() throws -> [[Float]] {
      let rendezvous = Rendezvous(workers: exchange.workers)
      var targets: [[Tensor]] = []
      var keep: [Tensor] = []
      var scratches: [Storage] = []
      for rank in given.indices {
        let operands = try given[rank].map {
          try Tensor(
            values: $0.map(Double.init), shape: [$0.count], dtype: .f32, account: .gradients,
            ledger: ledger)
        }
        let results =
          exchange.isInPlace
          ? []
          : try operands.map {
            try Tensor(zeros: $0.shape, dtype: .f32, account: .gradients, ledger: ledger)
          }
        let operation = Operation.exchange(exchange)
        let types = operands.map { TensorType($0.shape, $0.dtype) }
        let bytes = operation.scratchBytes(operands: types, results: types)
        let scratch = try Storage(byteCount: bytes, account: .workspace, ledger: ledger)
        let context = RunContext()
        context.rowShare = shares[rank]
        context.exchanger = rendezvous.seat(of: rank)
        KernelTable.instruction(
          for: operation, operands: operands.map(\.view), results: results.map(\.view),
          scratch: scratch.pointer, context: context)()
        #expect(context.isPaused)
        scratches.append(scratch)
        keep += operands
        targets.append(results.isEmpty ? operands : results)
      }
      return withExtendedLifetime((keep, scratches)) {
        targets.map { tensors in
          tensors.flatMap { tensor in
            (0..<tensor.shape.count).map { Float(tensor.number(at: $0)) }
          }
        }
      }
    }
  }

  /// Adds numbers in the order that a way says, in f32.
  private func sums(_ workers: Workers, _ shares: [Double]) -> [Float] {
    let flat = workers.given.map { $0.flatMap(\.self) }
    let count = flat[0].count
    func share(_ rank: Int, _ place: Int) -> Float { 0 + Float(shares[rank]) * flat[rank][place] }
    let exchange = workers.exchange
    return (0..<count).map { place in
      switch exchange.way {
      case .ring:
        let part =
          (0..<exchange.workers).first { exchange.part($0, of: count).contains(place) } ?? 0
        return exchange.order(ofPart: part).reduce(Float(0)) { $0 + share($1, place) }
      case .naive:
        return (1..<exchange.workers).reduce(share(0, place)) { $0 + share($1, place) }
      case .tree:
        var all = (0..<exchange.workers).map { share($0, place) }
        while all.count > 1 {
          all = stride(from: 0, to: all.count, by: 2).map {
            $0 + 1 < all.count ? all[$0] + all[$0 + 1] : all[$0]
          }
        }
        return all[0]
      }
    }
  }

  @Test(arguments: Exchange.Way.allCases, [2, 3, 4, 5, 8])
  func `sums are those of the way's order, to the bit`(way: Exchange.Way, count: Int) throws {
    let workers = Workers(.allReduce, way, count)
    let expected = sums(workers, workers.shares)
    for found in try workers.run() { #expect(found == expected) }
  }

  @Test(arguments: Exchange.Way.allCases, [2, 3, 7])
  func `averages are written over what all gave`(way: Exchange.Way, count: Int) throws {
    let workers = Workers(.average, way, count)
    let expected = sums(workers, Array(repeating: 1 / Double(count), count: count))
    for found in try workers.run() { #expect(found == expected) }
  }

  @Test(arguments: [0, 2])
  func `what an owner has is written over that of all others`(owner: Int) throws {
    let workers = Workers(.broadcast(owner: owner), .ring, 4)
    for found in try workers.run() { #expect(found == workers.given[owner][0]) }
  }

  @Test func `a worker that is alone gets what it gives`() throws {
    let ledger = Ledger()
    let x = try Tensor(values: [1, -2], shape: [2], dtype: .f32, account: .values, ledger: ledger)
    let y = try Tensor(zeros: [2], dtype: .f32, account: .values, ledger: ledger)
    KernelTable.instruction(
      for: .exchange(Exchange(.allReduce, .ring, workers: 2, values: 1)), operands: [x.view],
      results: [y.view], scratch: nil, context: RunContext())()
    #expect(y.bytes() == x.bytes())
  }

  @Test(arguments: Exchange.Way.allCases)
  func `traffic follows from the way`(way: Exchange.Way) {
    let sum = Exchange(.allReduce, way, workers: 4, values: 1).traffic(elements: 10, width: 4)
    #expect(sum.bytes == 2 * 3 * 40)
    #expect(sum.messages == (way == .ring ? 24 : 6))
    let passed = Exchange(.broadcast(owner: 1), way, workers: 4, values: 1)
    #expect(passed.traffic(elements: 10, width: 4) == Traffic(bytes: 120, messages: 3))
  }
}
