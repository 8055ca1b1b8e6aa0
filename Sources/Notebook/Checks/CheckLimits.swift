/// What a text that is checked may take at most. No clock is among it: the same text meets the same
/// limit on every machine.
package struct CheckLimits: Codable, Sendable {
  /// Loop turns, calls and training steps of one command.
  package var steps: Int
  /// Bytes of tensors that are live at once.
  package var bytes: Int
  /// FLOPs that one command spends on tensors and training.
  package var flops: Int
  /// Bytes that one command prints.
  package var output: Int

  /// Limits of one's own.
  package init(steps: Int, bytes: Int, flops: Int, output: Int) {
    (self.steps, self.bytes, self.flops, self.output) = (steps, bytes, flops, output)
  }

  /// Room for anything that a lesson asks for: an endless loop meets it in about a second, and
  /// endless products in a few.
  package static let usual = CheckLimits(
    steps: 20_000_000, bytes: 1 << 30, flops: 200_000_000_000, output: 1 << 20)
}
