package import Graphs

/// How several workers train together: `workers(4, updates: sync, reduce: ring)`.
package struct WorkerSetting: Hashable, Sendable {
  /// When parameters are updated, and from which gradients.
  package enum Mode: Hashable, Sendable {
    /// One update a batch, of which each worker has a share: gradients are added up first.
    case sync
    /// A server updates the parameters from one worker's gradients at a time, which each worker
    /// takes of batches of its own.
    case async(Delay)
    /// Each worker updates its replica from its share of each batch; every so many steps the
    /// replicas are averaged (local SGD, Stich 2019).
    case local(every: Int)
  }

  /// How old the parameters are that a gradient was taken with, in updates made since.
  package enum Delay: Hashable, Sendable {
    /// As it comes: each worker begins anew as soon as its gradients have arrived.
    case free
    /// So many, or as many as there have been.
    case fixed(Int)
    /// Who arrives next is drawn; nobody's gradients get older than this.
    case drawn(most: Int)
  }

  /// How many there are.
  package var count: Int
  /// When parameters are updated.
  package var mode: Mode
  /// Along which ways numbers travel.
  package var way: Exchange.Way
  /// Bytes of gradients that travel together, most; `nil` where each gradient travels alone.
  package var bucket: Int?
  /// What simulated times are of; `nil` where none are asked for.
  package var machine: Machine?
  /// How many times slower the last worker is.
  package var straggler: Double
  /// True where each worker owns a share of the optimizer's state (ZeRO 1).
  package var sharesOptimizer: Bool
  /// Where parameters and states are written after each step; `nil` where nowhere.
  package var checkpointFile: String?
  /// As a learner spelled it.
  package var spelling: String

  /// A setting that nothing checks.
  package init(
    count: Int, mode: Mode = .sync, way: Exchange.Way = .ring, bucket: Int? = nil,
    machine: Machine? = nil, straggler: Double = 1, sharesOptimizer: Bool = false,
    spelling: String = ""
  ) {
    self.count = count
    self.mode = mode
    self.way = way
    self.bucket = bucket
    self.machine = machine
    self.straggler = straggler
    self.sharesOptimizer = sharesOptimizer
    self.spelling = spelling
  }
}

/// A machine on paper: what simulated times are computed from. Nothing of it is measured.
package struct Machine: Hashable, Sendable {
  /// Bytes that a message carries a second.
  package let bandwidth: Double
  /// Seconds that each message takes besides.
  package let latency: Double
  /// Floating-point operations that a worker does a second.
  package let flops: Double

  /// All three are above 0, the latency may be 0.
  package init(bandwidth: Double, latency: Double, flops: Double) {
    self.bandwidth = bandwidth
    self.latency = latency
    self.flops = flops
  }
}

extension WorkerSetting {
  /// The rows of a batch that a worker has: as many as others, or one more or less.
  package func share(of rows: Int, rank: Int) -> Range<Int> {
    rank * rows / count..<(rank + 1) * rows / count
  }
}
