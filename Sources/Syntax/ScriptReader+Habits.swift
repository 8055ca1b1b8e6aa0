/// What somebody who knows another language meant by the line at fault.
///
/// Nothing here reads on: a fault has been found, and the tokens of its line are looked at once
/// more, for a hint that shows the line as it is spelled here.
extension ScriptReader {
  /// The hint on a habit of another language at the place reached; `nil` where there is none.
  var habitHint: String? {
    let line = FaultyLine(self)
    guard let (habit, code) = line.habit else { return nil }
    return habit.hint(code)
  }
}
