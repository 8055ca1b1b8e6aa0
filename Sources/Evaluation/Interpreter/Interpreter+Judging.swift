package import Syntax

/// A submission ran; now the checks ask it.
///
/// What it defined becomes a module of its own: its functions see each other and what is predefined
/// as before, and nothing of the checks. The checks see it only as fields of `submission`. So what
/// it calls `print` or `expect` is nobody else's.
extension Interpreter {
  /// Takes all names so far for the submission's. What follows in `checks` begins without names,
  /// with the seed, the budget and the setting that the interpreter was made with.
  package func judge(by checks: SourceText) {
    owners.forgetAns()
    if let ans = session.removeValue(forKey: Interpreter.ans) {
      owners.move(gained: [], lost: [ans].compactMap(\.value.owned))
      ans.putBack(.none, isDefined: false)
    }
    (submission, session) = (session, [:])
    judge = checks
    passedTests = []
    (context.seed, context.step) = (configuration.seed, 0)
    ledger.budget = configuration.budget
    fuses = configuration.fuses
  }

  /// True for code that may set what a whole session has, and whose expectations count: any, or
  /// that of the checks where a submission is judged.
  func isInCharge(_ range: SourceRange) -> Bool {
    judge.map { $0 === range.source } ?? true
  }

  /// Throws where only `import` may reach files, and only those that it is given.
  func checkFiles(_ path: String, at range: SourceRange) throws(Fault) {
    guard configuration.files == nil else { throw Fault(.notPermitted(path, at: range)) }
  }

  /// Throws where a submission would set what the checks rely on.
  func checkCharge(of word: String, at range: SourceRange) throws(Fault) {
    guard isInCharge(range) else { throw Fault(.setByChecks(word, at: range)) }
  }
}
