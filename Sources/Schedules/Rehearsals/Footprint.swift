/// The classes of bytes that a schedule itself holds.
package enum Holding: Int, Hashable, Sendable, CaseIterable {
  case forward, kept, replayed, adjoints, gradients, workspace
}

/// Bytes by holding, at one moment of a schedule.
package struct Footprint: Hashable, Sendable {
  package var forward = 0
  package var kept = 0
  package var replayed = 0
  package var adjoints = 0
  package var gradients = 0
  package var workspace = 0

  package init() {}

  package var total: Int { forward + kept + replayed + adjoints + gradients + workspace }

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
