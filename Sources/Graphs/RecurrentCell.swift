/// What a `cell` operation computes of the products with inputs and states: all that a step of a
/// recurrent network does beside them.
package enum RecurrentCell: Hashable, Sendable {
  /// Operands a [n…, 3 · size] (from the input) and b [n…, 3 · size] (from the state), each for the
  /// gates r and z and the candidate, and the state h [n…, size]. With r = σ(a₀ + b₀), z = σ(a₁ +
  /// b₁) and c = tanh(a₂ + r · b₂) the result is (1 − z) · c + z · h (Cho et al. 2014, the reset
  /// after the product as in PyTorch and cuDNN). The second result is for the adjoint, and nothing
  /// else reads it: r, z, c and b₂, [n…, 4 · size].
  case gru
  /// Operands a [n…, 4 · size], for the gates i and f, the candidate g and the gate o, and the cell
  /// c [n…, size]. The new cell is σ(f) · c + σ(i) · tanh(g), the result σ(o) · tanh of it
  /// (Hochreiter & Schmidhuber 1997, Gers et al. 2000); the second result is the new cell.
  case lstm

  /// As the language spells it.
  var name: String {
    switch self {
    case .gru: "gru_cell"
    case .lstm: "lstm_cell"
    }
  }

  var resultNames: [String] {
    switch self {
    case .gru: ["", "gates"]
    case .lstm: ["", "cell"]
    }
  }

  /// The operands, in their order; each has an adjoint.
  package var operandNames: [String] {
    switch self {
    case .gru: ["input", "state", "h"]
    case .lstm: ["gates", "cell"]
    }
  }
}
