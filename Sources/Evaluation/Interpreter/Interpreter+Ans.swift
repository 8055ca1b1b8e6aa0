extension Interpreter {
  /// The name of the last value.
  package static let ans = "ans"

  /// Bytes that are live because of `ans` and of no other name: what `ans = none` would free.
  package func bytesOfAnsAlone() -> Int {
    var share = AnsShare()
    return bytes(of: &share)
  }

  /// The same between commands, where the last one left it known.
  package func settledBytesOfAnsAlone() -> Int { bytes(of: &ansShare) }

  private func bytes(of share: inout AnsShare) -> Int {
    guard let ans = session[Interpreter.ans], ans.isDefined else { return 0 }
    // The latest names first: what is asked for was often bound just now.
    return share.bytes(ans.value) { forEachRoot(except: ans, latestFirst: true, $0) }
  }

  /// Help on the last value.
  static let helpOnAns = HelpEntry(
    name: ans, signature: "ans", summary: "The value of the last command that had one.",
    details: """
      It keeps its tensors live as any other name does. The account says how much only it holds \
      (`of it ans 256 KiB`); `ans = none` frees that, and so does the next value.
      """, example: "6 * 7\nans + 1")
}
