package import Syntax
import Writing

/// What a `test` of a command came to.
package struct TestResult: Sendable {
  /// How a test ended.
  package enum Outcome: String, Sendable, CaseIterable {
    case passed
    /// An `expect` did not hold.
    case failed
    /// What it tests went wrong before it was tested.
    case error
    /// It reached the bound on steps.
    case limit
  }

  /// As the script says behind `test`, cut as words of messages are.
  package let name: String
  /// What became of it.
  package let outcome: Outcome
  /// Points reached, and points that could be.
  package let points: Double
  /// What `points:` says; 1 where nothing does.
  package let of: Double
  /// What went wrong; `nil` where it passed.
  package let message: String?
  /// One thing to try: the test's own hint, else that of what went wrong; `nil` where it passed or
  /// nobody gave one.
  package let hint: String?

  /// What ended it, or what is missing to all points; `nil` where nothing is.
  package let fault: Diagnostic?
  /// What the draws of the turn that counts began with; `nil` where it sets none.
  package let seed: UInt64?
  /// What was found in place of what was expected, as `print` shows it; `nil` where nothing was.
  package let found: String?
  /// Where the test stands.
  package let range: SourceRange

  /// - Parameters:
  ///   - points: What could be reached.
  ///   - share: How much of it was, from 0 to 1.
  ///   - fault: What ended its body; `nil` where it passed.
  ///   - hint: The test's own.
  init(
    name: String, of points: Double, share: Double, fault: Diagnostic?, hint: String?,
    seed: UInt64?, found: String?, range: SourceRange
  ) {
    self.name = name.shortened
    outcome = share > 0 ? .passed : fault.map(Outcome.init) ?? .passed
    self.points = points * share
    of = points
    message = fault?.message
    self.hint = fault.flatMap { hint?.shortened ?? $0.hint }
    (self.fault, self.seed, self.found, self.range) = (fault, seed, found, range)
  }
}

extension TestResult.Outcome {
  /// How a test ended that a fault ended.
  init(_ fault: Diagnostic) {
    switch fault.kind {
    case .test: self = .failed
    case .limit: self = .limit
    case .syntax, .name, .type, .shape, .value, .memory, .gradient, .schedule, .interrupted, .io:
      self = .error
    }
  }
}
