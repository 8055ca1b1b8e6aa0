/// The classes of bytes that a schedule itself holds.
package enum Holding: Int, Hashable, Sendable, CaseIterable {
  case forward, kept, replayed, adjoints, gradients, workspace
}

/// Bytes by holding, at one moment of a schedule.
package struct Footprint: Hashable, Sendable {
  /// Of forward values that the backward phase does not read.
  package var forward = 0
  /// Of forward values, made the first time, that the backward phase reads.
  package var kept = 0
  /// Of forward values made again, or fetched after that.
  package var replayed = 0
  /// Of values of backward steps that are no gradients.
  package var adjoints = 0
  /// Of the gradients of what `wrt` names.
  package var gradients = 0
  /// Of scratch, while its step runs.
  package var workspace = 0

  /// No bytes of any class.
  package init() {}

  /// The sum over all classes, in bytes.
  package var total: Int { forward + kept + replayed + adjoints + gradients + workspace }

  /// The bytes of one class.
  package subscript(holding: Holding) -> Int {
    get {
      switch holding {
      case .forward: forward
      case .kept: kept
      case .replayed: replayed
      case .adjoints: adjoints
      case .gradients: gradients
      case .workspace: workspace
      }
    }
    set {
      switch holding {
      case .forward: forward = newValue
      case .kept: kept = newValue
      case .replayed: replayed = newValue
      case .adjoints: adjoints = newValue
      case .gradients: gradients = newValue
      case .workspace: workspace = newValue
      }
    }
  }
}
