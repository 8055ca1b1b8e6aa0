package import Schedules
package import Tensors

extension AccountClass {
  /// The account's class of what a schedule holds.
  init(_ holding: Holding) {
    switch holding {
    case .forward: self = .forward
    case .kept: self = .kept
    case .replayed: self = .replayed
    case .adjoints: self = .adjoints
    case .gradients: self = .gradients
    case .workspace: self = .workspace
    }
  }
}

extension Footprint {
  /// The part of an account that schedules hold.
  init(_ account: Account) {
    self.init()
    for holding in Holding.allCases { self[holding] = account[AccountClass(holding)] }
  }
}

extension Account {
  /// What a schedule holds, by class of the account.
  package init(_ footprint: Footprint) {
    self.init()
    for holding in Holding.allCases { self[AccountClass(holding)] = footprint[holding] }
  }
}
