import Execution
import Graphs
import Schedules

/// How long steps would take on a machine that is described by three numbers: a model's figures,
/// never measured ones.
///
/// A worker computes one operation after the other, at so many a second; the last worker may be
/// slower. An exchange begins when all workers have come to it, and one is on its way at a time.
/// Where gradients travel one by one workers wait for each; in buckets they go on with the backward
/// pass meanwhile, and update when all have arrived. A server takes no time, and its link any
/// number of messages at once.
struct WorkerClock {
  /// What a worker does between two exchanges, and the exchange.
  private enum Item {
    /// Floating-point operations.
    case work(Int)
    /// The same, of what reads what exchanges gave.
    case update(Int)
    case exchange(Exchange, bytes: Int)
  }

  private let machine: Machine
  private let setting: WorkerSetting
  private var items: [WorkerTrainer.Key: [Item]] = [:]
  /// When each worker's last gradients have arrived at the server.
  private var arrivals: [Double]

  /// A clock that knows no pass yet.
  init(_ machine: Machine, _ setting: WorkerSetting) {
    self.machine = machine
    self.setting = setting
    arrivals = Array(repeating: 0, count: setting.count)
  }

  /// Learns what a pass does from its schedule.
  mutating func learn(_ planned: PlannedBlock, _ key: WorkerTrainer.Key) {
    var list: [Item] = []
    for case .compute(let step, reusing: _) in planned.schedule.actions {
      let node = planned.joint.graph.nodes[planned.lowering.nodes[step]]
      if case .exchange(let exchange) = node.operation {
        let bytes = node.operands.reduce(0) { $0 + $1.shape.byteCount(of: $1.dtype) }
        list.append(.exchange(exchange, bytes: bytes))
        continue
      }
      let cost = planned.workload.steps[step].cost
      switch (list.last, planned.workload.steps[step].phase) {
      case (.work(let before)?, .forward), (.work(let before)?, .backward):
        list[list.count - 1] = .work(before + cost)
      case (.update(let before)?, .update): list[list.count - 1] = .update(before + cost)
      case (_, .update): list.append(.update(cost))
      case (_, .forward), (_, .backward): list.append(.work(cost))
      }
    }
    items[key] = list
  }

  /// How many times slower a worker is than others.
  private func slowness(of rank: Int) -> Double {
    rank == setting.count - 1 ? setting.straggler : 1
  }

  private func seconds(_ work: Int, rank: Int) -> Double {
    Double(work) / machine.flops * slowness(of: rank)
  }

  private func seconds(_ exchange: Exchange, _ bytes: Int) -> Double {
    exchange.seconds(bytes: bytes, latency: machine.latency, bandwidth: machine.bandwidth)
  }

  /// How long a step of all workers takes, of which each has the pass of this key.
  func seconds(ofStep keys: [WorkerTrainer.Key]) -> Double {
    let lists = keys.map { items[$0] ?? [] }
    var places = [Int](repeating: 0, count: lists.count)
    var times = [Double](repeating: 0, count: lists.count)
    var later = times
    var network = 0.0
    let overlaps = setting.bucket != nil && setting.mode == .sync
    while true {
      var next: (exchange: Exchange, bytes: Int)?
      for rank in lists.indices {
        walk: while places[rank] < lists[rank].count {
          let item = lists[rank][places[rank]]
          places[rank] += 1
          switch item {
          case .work(let cost): times[rank] += seconds(cost, rank: rank)
          case .update(let cost):
            if overlaps {
              later[rank] += seconds(cost, rank: rank)
            } else {
              times[rank] += seconds(cost, rank: rank)
            }
          case .exchange(let exchange, let bytes):
            next = (exchange, bytes)
            break walk
          }
        }
      }
      guard let next else { break }
      let start = max(times.max() ?? 0, network)
      network = start + seconds(next.exchange, next.bytes)
      if !overlaps { times = times.map { _ in network } }
    }
    return zip(times, later).map { max($0, network) + $1 }.max() ?? 0
  }

  /// How long a worker takes from asking for the parameters until its gradients, which come of
  /// passes of these keys, have arrived.
  func cycle(of rank: Int, _ keys: [WorkerTrainer.Key], pulling: Traffic) -> Double {
    let list = keys.flatMap { items[$0] ?? [] }
    let pull =
      Double(pulling.messages) * machine.latency + Double(pulling.bytes) / machine.bandwidth
    return list.reduce(pull) { sum, item in
      switch item {
      case .work(let cost), .update(let cost): sum + seconds(cost, rank: rank)
      case .exchange(let exchange, let bytes): sum + seconds(exchange, bytes)
      }
    }
  }

  /// When a worker's gradients arrive that it takes with parameters of this age, which were there
  /// at `since`.
  func arrival(of rank: Int, since: Double, cycle: Double) -> Double {
    max(arrivals[rank], since) + cycle
  }

  /// Notes that they have arrived.
  mutating func note(_ arrival: Double, of rank: Int) { arrivals[rank] = arrival }
}
