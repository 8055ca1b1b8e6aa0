/// The classes of the account: every live byte belongs to exactly one.
package enum AccountClass: Int, Hashable, Sendable, CaseIterable, CustomStringConvertible {
  /// Data sets, and inputs handed to a block.
  case data
  /// `param` tensors.
  case parameters
  /// `state` tensors.
  case state
  /// Moments and the like.
  case optimizer
  /// Other tensors held by a name, a container or `ans`.
  case values
  /// Forward values that nothing after the forward pass will use.
  case forward
  /// Forward values held for the backward pass.
  case kept
  /// Forward values computed again.
  case replayed
  /// Gradients of intermediate values.
  case adjoints
  /// Gradients of what `wrt` names.
  case gradients
  /// Scratch inside an operation.
  case workspace

  /// As the account and the charts name it: `parameters`, `kept`.
  package var description: String {
    switch self {
    case .data: "data"
    case .parameters: "parameters"
    case .state: "state"
    case .optimizer: "optimizer"
    case .values: "values"
    case .forward: "forward"
    case .kept: "kept"
    case .replayed: "replayed"
    case .adjoints: "adjoints"
    case .gradients: "gradients"
    case .workspace: "workspace"
    }
  }
}
