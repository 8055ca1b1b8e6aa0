/// What an instruction does, apart from where its tensors lie: a network has thousands of
/// instructions, and those of layers that are alike share it.
class PlacedWork {
  /// Does all of it on the tensors that lie there.
  func run(at places: Places) {
    preconditionFailure("a subclass says what it does")
  }

  /// The instruction that does it on these.
  final func instruction(at pointers: [UnsafeMutableRawPointer]) -> Instruction {
    { pointers.withUnsafeBufferPointer { self.run(at: $0) } }
  }
}

/// The work of an instruction that knows where its tensors lie.
final class FixedWork: PlacedWork {
  /// The instruction: another where its tensors come to lie elsewhere.
  var body: Instruction

  /// That of `instruction`.
  init(_ instruction: @escaping Instruction) { body = instruction }

  override func run(at places: Places) { body() }
}
