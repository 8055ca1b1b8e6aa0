import Tensors

extension Interpreter {
  /// The name of the last value.
  package static let ans = "ans"

  /// Bytes that are live because of `ans` and of no other name: what `ans = none` would free.
  package func bytesOfAnsAlone() -> Int {
    // Where nothing was changed yet, the last command's end knows.
    changes.isEmpty && variables.isEmpty ? settledBytesOfAnsAlone() : walkedBytesOfAnsAlone()
  }

  /// The same between commands, where the last one left it known.
  package func settledBytesOfAnsAlone() -> Int {
    guard let ans = session[Interpreter.ans], ans.isDefined else { return 0 }
    return owners.bytesOfAnsAlone(ans.value)
  }

  /// The same by a walk through everything.
  func walkedBytesOfAnsAlone() -> Int {
    guard let ans = session[Interpreter.ans], ans.isDefined else { return 0 }
    var mine = ValueWalk()
    mine.visit(ans.value)
    var alone: [ObjectIdentifier: Int] = [:]
    for storage in mine.tensors.compactMap(\.backing.storage) {
      alone[ObjectIdentifier(storage)] = storage.byteCount
    }
    var others = ValueWalk()
    var met = 0
    // The latest names first: what is asked for was often bound just now.
    forEachRoot(except: ans, latestFirst: true) { value in
      others.visit(value)
      for storage in others.tensors[met...].compactMap(\.backing.storage) {
        alone[ObjectIdentifier(storage)] = nil
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
