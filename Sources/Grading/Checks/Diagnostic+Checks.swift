package import Syntax

/// The wording of checks that no grade can be made of, and of submissions that cannot be tested.
extension Diagnostic {
  /// Checks without a test.
  static func noTests(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "no-tests", "the checks have no test at their top level", at: range,
      hint: "such as `test \"adds\" (points: 2) { expect 1 + 1 == 2 }`")
  }

  /// A part of a test that must be known without running anything.
  static func notPlain(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "not-plain",
      "a grade must know of a test without running it: \(what) must stand there as it is",
      at: range, hint: "such as `test \"adds\" (points: 2, hint: \"count\") { expect 1 < 2 }`")
  }

  /// Two tests of one name.
  static func sameTestName(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .name, "same-test-name", "an earlier test has the name '\(name)' too", at: range,
      hint: "give it another name")
  }

  /// `after:` with a name that no test has which runs before.
  static func noEarlierTest(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .name, "no-earlier-test", "no test that runs before it has the name '\(name)'", at: range,
      hint: "visible tests run first, then hidden ones, each in their order")
  }

  /// `import` in checks.
  static func importInChecks(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "import-in-checks", "checks stand in one file, and import nothing", at: range,
      hint: "write what is imported into the checks")
  }

  /// A name of a test that is none of a visible one.
  static func noVisibleTest(_ name: String, known: [String]) -> Diagnostic {
    Diagnostic(
      .name, "no-such-test", "the checks have no visible test '\(name)'", at: nil,
      hint: Suggestion.closest(to: name, among: known).map { "did you mean '\($0)'?" }
        ?? (known.isEmpty ? nil : "it has " + known.map { "'\($0)'" }.joined(separator: ", ")))
  }

  /// What was tried did not pass; all of it has been said.
  package static func notPassed(_ name: String) -> Diagnostic {
    Diagnostic(.test, "not-passed", "'\(name)' did not pass", at: nil)
  }

  /// A secret that cannot be read.
  package static func noSecret(_ path: String) -> Diagnostic {
    Diagnostic(
      .io, "no-secret", "expected a file with the course's secret; found nothing in '\(path)'",
      at: nil, hint: "'head -c 32 /dev/urandom > secret' makes one")
  }
}
