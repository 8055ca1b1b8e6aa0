/// What a worker holds where the training step of a plan is shared among several: a model's
/// figures, from the plan's bytes, and nothing that ran.
///
/// Bytes of parameters, gradients, optimizer and kept activations, as the papers count them: ZeRO's
/// stages (Rajbhandari et al. 2020, section 5), tensor, sequence and pipeline parallelism
/// (Korthikanti et al. 2022, section 4). Adjoints, scratch and the buffers of messages are beside
/// it.
package struct Sharing {
  /// How a step is shared.
  package enum Way: String, CaseIterable, Sendable {
    /// Each worker has all of it, and rows of its own as many as the plan's.
    case data
    /// The same, the optimizer divided; then the gradients too; then the parameters too.
    case zero1, zero2, zero3
    /// Products are divided by columns and rows in turn.
    case tensor
    /// The same, and what lies between divided along the sequence.
    case sequence
    /// Stages are divided; the first worker keeps activations of as many micro-batches as there are
    /// workers.
    case pipeline
  }

  /// Bytes of one class, and those of them that tensor parallelism divides.
  package struct Part: Hashable, Sendable {
    /// All of them.
    package private(set) var bytes: Int
    /// Those that each worker holds a part of under tensor parallelism, by the number of equal
    /// places that they can be divided into: columns, heads, entries of a table.
    private var byPlaces: [Int: Int] = [:]

    /// Bytes, of which `divided` can be divided among any number of workers.
    package init(_ bytes: Int = 0, divided: Int = 0) {
      self.bytes = bytes
      if divided > 0 { byPlaces[.max] = divided }
    }

    /// Adds bytes that can be divided into so many places; `nil` for whole ones.
    mutating func add(_ more: Int, places: Int?) {
      bytes += more
      if let places { byPlaces[places, default: 0] += more }
    }

    /// Those that each worker holds a part of under tensor parallelism.
    package var divided: Int { byPlaces.values.reduce(0, +) }

    /// What the worker that holds most holds of them: a place is not divided.
    func split(among workers: Int) -> Int {
      byPlaces.reduce(bytes - divided) { sum, part in
        guard part.key < .max else { return sum + Self.share(part.value, of: workers) }
        return sum + part.value / part.key * Self.share(part.key, of: workers)
      }
    }

    /// The most that one of so many workers has of a number of equal things.
    static func share(_ count: Int, of workers: Int) -> Int { (count + workers - 1) / workers }
  }

  /// What the graph reads as parameters; in mixed precision their short copies.
  package let parameters: Part
  /// Of what `wrt` names; in mixed precision of the copies.
  package let gradients: Part
  /// The optimizer's moments; in mixed precision also the parameters that are updated.
  package let optimizer: Part
  /// What the forward pass leaves for the backward pass.
  package let activations: Part
  /// Most workers that a pipeline can have.
  package let stages: Int
  /// Most workers of tensor parallelism: as many as there are heads; `nil` for no bound.
  package let heads: Int?
  /// True where parameters are read as short copies of those that are updated.
  package let isMixed: Bool

  /// Figures as they are.
  package init(
    parameters: Part, gradients: Part, optimizer: Part, activations: Part, stages: Int,
    heads: Int? = nil, isMixed: Bool = false
  ) {
    self.parameters = parameters
    self.gradients = gradients
    self.optimizer = optimizer
    self.activations = activations
    self.stages = stages
    self.heads = heads
    self.isMixed = isMixed
  }

  /// What the worker that holds most holds; `nil` where the step cannot be shared among so many.
  package func bytes(_ way: Way, workers: Int) -> Int? {
    let (p, g, o, a) = (parameters, gradients, optimizer, activations)
    func share(_ bytes: Int) -> Int { Part.share(bytes, of: workers) }
    func split(_ part: Part) -> Int { part.split(among: workers) }
    switch way {
    case .data: return p.bytes + g.bytes + o.bytes + a.bytes
    case .zero1: return p.bytes + g.bytes + share(o.bytes) + a.bytes
    case .zero2: return p.bytes + share(g.bytes + o.bytes) + a.bytes
    case .zero3: return share(p.bytes + g.bytes + o.bytes) + a.bytes
    case .tensor, .sequence:
      guard workers <= heads ?? .max else { return nil }
      // What tensor parallelism leaves whole is divided along the sequence.
      let whole = a.bytes - a.divided
      let saved = way == .sequence ? whole - share(whole) : 0
      return split(p) + split(g) + split(o) + split(a) - saved
    case .pipeline:
      guard workers <= stages else { return nil }
      let most = Double((stages + workers - 1) / workers) / Double(max(stages, 1))
      return Int((Double(p.bytes + g.bytes + o.bytes) * most).rounded(.up)) + a.bytes
    }
  }
}
