/// The wording of what befalls the process as a whole.
enum ProcessText {
  /// What is said where something was asked to stop, and was finished before it could.
  static let finishedAnyway = "note: \(finished)\n"
  /// The same as part of a report.
  static let finished = "asked to stop, the command had finished already"

  /// The line for a signal that ends the program, which a fault of its own, or a person, sends.
  static func crash(_ name: String, _ number: Int32) -> String {
    "cairn: ended by signal \(number) (\(name)): if nobody sent it, this is a fault in Cairn; "
      + "report the command, its script and what `cairn --version` prints"
  }
}
