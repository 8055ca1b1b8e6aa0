extension Interpreter {
  /// The name of the last value.
  package static let ans = "ans"

  /// Bytes that are live because of `ans` and of no other name: what `ans = none` would free.
  package func bytesOfAnsAlone() -> Int {
    guard let ans = session[Interpreter.ans], ans.isDefined else { return 0 }
    var walk = ValueWalk()
    walk.visit(ans.value)
    var alone: [ObjectIdentifier: Int] = [:]
    for value in walk.tensors {
      guard case .concrete(let tensor) = value.backing else { continue }
      alone[ObjectIdentifier(tensor.storage)] = tensor.storage.byteCount
    }
    if alone.isEmpty { return 0 }
    var others = ValueWalk()
    var met = 0
    forEachRoot(except: ans) { value in
      others.visit(value)
      for value in others.tensors[met...] {
        guard case .concrete(let tensor) = value.backing else { continue }
        alone[ObjectIdentifier(tensor.storage)] = nil
      }
      met = others.tensors.count
      return !alone.isEmpty
    }
    return alone.values.reduce(0, +)
  }

  /// Help on the last value.
  static let helpOnAns = HelpEntry(
    name: ans, signature: "ans", summary: "The value of the last command that had one.",
    details: """
      It keeps its tensors live as any other name does. The account says how much only it holds \
      (`of it ans 256 KiB`); `ans = none` frees that, and so does the next value.
      """, example: "6 * 7\nans + 1")
}
