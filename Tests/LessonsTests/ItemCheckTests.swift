import Evaluation
import Notebook
import Testing

@testable import Lessons

/// What becomes of answers.
@Suite struct ItemCheckTests {
  private static let number = """
    # %% [item] a number
    # How many?
    # %% [setup]
    let each = 4
    # %% [check]
    expect answer == 3 * each
    # %% [model]
    12
    # %% [wrong] one alone
    4
    # Reply: That is one of them.
    # %% [wrong] many
    1000
    # Reply: Far too many.
    # %% [when] many
    expect answer > 100
    # %% [hint]
    # Think.
    """

  private func verdict(_ item: String, _ answer: String) throws -> Verdict {
    ItemCheck(try Item.of(item)).attempt(answer).verdict
  }

  private func shortfall(_ item: String, _ answer: String) throws -> Shortfall {
    guard case .wrong(let shortfall) = try verdict(item, answer) else {
      throw Item.Unreadable(findings: [])
    }
    return shortfall
  }

  @Test(arguments: ["12", "3 * 4", "12 B", "each * 3", " 12 ", "12.0", "(12)", "12 # twelve"])
  func `an answer is right however it is spelt`(answer: String) throws {
    #expect(try verdict(ItemCheckTests.number, answer).isRight)
  }

  @Test(arguments: [
    "", " ", "\n", "#", "# 12", "let answer = 12", "12; 12", "12\n12", "(((", "12 13", "1 +", "\"",
    "true", "\"12\"", "[12]", "none", "print(12)", "fn() { 12 }",
  ])
  func `what is no number is no answer, and does not count`(answer: String) throws {
    guard case .unreadable = try verdict(ItemCheckTests.number, answer) else {
      Issue.record("\(try verdict(ItemCheckTests.number, answer))")
      return
    }
  }

  @Test func `an answer that fails, never ends or is too large is not right, and says so`() throws {
    guard case .failed(let fault) = try verdict(ItemCheckTests.number, "nonsense") else {
      Issue.record("it did not fail")
      return
    }
    #expect(fault.code == "unknown-name")
    for answer in [
      "(fn() { while true { let spin = 1 } })()", "sum(zeros(1000000, 1000))",
      "(fn() { while true { print(\"line after line\") } })()",
    ] {
      var limits = CheckLimits.usual
      limits.steps = 200_000
      let check = ItemCheck(try Item.of(ItemCheckTests.number), limits: limits)
      guard case .overLimit(let fault) = check.attempt(answer).verdict else {
        Issue.record("\(answer): \(check.attempt(answer).verdict)")
        continue
      }
      #expect(fault.kind == .limit)
    }
    guard case .overLimit = try verdict(ItemCheckTests.number, "(fn(f) { f(f) })(fn(f) { f(f) })")
    else {
      Issue.record("recursion without an end")
      return
    }
  }

  @Test func `a known wrong idea gets its reply, by its example or by its own condition`() throws {
    #expect(try shortfall(ItemCheckTests.number, "2 + 2").idea == "one alone")
    #expect(try shortfall(ItemCheckTests.number, "2 + 2").reply?.lines == ["That is one of them."])
    #expect(try shortfall(ItemCheckTests.number, "101").idea == "many")
    #expect(try shortfall(ItemCheckTests.number, "5").idea == nil)
  }

  @Test func `the right answer is accepted before any wrong idea is looked for`() throws {
    let item = ItemCheckTests.number.replacing("expect answer > 100", with: "expect answer > 1")
    #expect(try verdict(item, "12").isRight)
    #expect(try shortfall(item, "13").idea == "many")
  }

  @Test func `what is said of a wrong number does not give the right one away`() throws {
    for answer in ["11", "13"] {
      let remarks = try shortfall(ItemCheckTests.number, answer).remarks
      #expect(remarks == [.found(answer), answer == "11" ? .tooSmall : .tooLarge])
    }
    let alternatives = ItemCheckTests.number.replacing(
      "answer == 3 * each", with: "answer == 12 or answer == 13")
    #expect(try shortfall(alternatives, "11").remarks == [.found("11")])
  }

  @Test func `a bound that is missed is told with both sides, and the name of its test`() throws {
    let item = ItemCheckTests.number.replacing(
      "expect answer == 3 * each",
      with: "test \"it is small\" (hint: \"count again\") { expect answer < 20 }")
    let remarks = try shortfall(item, "30").remarks
    #expect(
      remarks == [
        .found("30"), .test("it is small"),
        .expectation("expected answer < 20, but 30 < 20 is false"), .hint("count again"),
      ])
  }

  @Test func `a check that expects nothing takes no answer`() throws {
    for check in ["let x = answer", "for i in 0..<0 { expect answer == i }"] {
      let item = ItemCheckTests.number.replacing("expect answer == 3 * each", with: check)
      guard case .faultOfCourse(let fault) = try verdict(item, "12") else {
        Issue.record("\(try verdict(item, "12"))")
        continue
      }
      #expect(fault.code == "nothing-expected")
    }
  }

  @Test func `a setup that fails is the course's fault, and no answer is right`() throws {
    let item = ItemCheckTests.number.replacing("let each = 4", with: "let each = gone")
    guard case .faultOfCourse = try verdict(item, "12") else {
      Issue.record("the setup's failure was taken for the answer's")
      return
    }
  }

  // MARK: Other kinds

  @Test func `words are compared without capitals, spaces, quotes and a period`() throws {
    let item = """
      # %% [item] a text
      # Which?
      # %% [check]
      expect answer in ["keep all", "keep_all"]
      # %% [model]
      # keep all
      # %% [wrong] none
      # Keep none
      # Reply: No.
      # %% [hint]
      # Think.
      """
    for answer in ["keep all", "Keep  All.", " \"keep_all\" ", "`keep_all`"] {
      #expect(try verdict(item, answer).isRight, "\(answer)")
    }
    #expect(try shortfall(item, "KEEP NONE").idea == "none")
    #expect(try shortfall(item, "keep \\(1) \"x\"").idea == nil)
    #expect(try shortfall(item, "keep").remarks == [])
  }

  private static let choice = """
    # %% [item] a choice
    # Which?
    # %% [choice] A
    # One.
    # Reply: No, since.
    # %% [choice] B right
    # Two.
    # Reply: Yes, since.
    # %% [choice] C
    # Three.
    # Reply: Never.
    # %% [hint]
    # Think.
    """

  @Test func `an option is chosen by its letter, and answers with its reply`() throws {
    for answer in ["b", "B", " B "] { #expect(try verdict(ItemCheckTests.choice, answer).isRight) }
    #expect(try shortfall(ItemCheckTests.choice, "a").reply?.lines == ["No, since."])
    for answer in ["", "D", "AB", "B right", "2", "next"] {
      guard case .unreadable = try verdict(ItemCheckTests.choice, answer) else {
        Issue.record("\(answer)")
        continue
      }
    }
  }

  private static let guess = """
    # %% [item] a predict
    # How much?
    # %% [reveal]
    let measured = 3 * 4
    print("measured")
    # %% [check]
    expect answer ~= measured within 2
    # %% [model]
    11
    # %% [wrong] far
    99
    # Reply: Far.
    # %% [when] far
    expect answer > 50
    # %% [hint]
    # Think.
    """

  @Test func `a guess is measured, and told whether it holds`() throws {
    let check = ItemCheck(try Item.of(ItemCheckTests.guess))
    let held = check.attempt("13")
    #expect(held.verdict.isRight)
    #expect(held.revealed.map(\.output) == ["", "measured\n"])
    #expect(held.compared?.guess == "13")
    #expect(held.compared?.measured == "12")
    guard case .wrong(let shortfall) = check.attempt("60").verdict else {
      Issue.record("60 was taken")
      return
    }
    #expect(shortfall.idea == "far")
    #expect(check.attempt("let = 3").revealed.isEmpty)
  }

  private static let code = """
    # %% [item] a code
    # Write `twice(x)`.
    # %% [stub]
    fn twice(x) { 0 }
    # %% [check]
    for n in [1, 5] { expect twice(n) == n + n }
    test "negative" { expect twice(-2) == -4 }
    # %% [model]
    fn twice(x) { 2 * x }
    # %% [wrong] square
    fn twice(x) { x * x }
    # Reply: That is the square.
    # %% [when] square
    expect twice(3) == 9
    # %% [hint]
    # Think.
    """

  @Test func `commands are right by what they do`() throws {
    for answer in [
      "fn twice(x) { x + x }", "let twice = fn(y) { y * 2 }",
      "fn half(x) { x / 2 }\nfn twice(x) { if x == 1 { 2 } else { x + x } }",
    ] {
      #expect(try verdict(ItemCheckTests.code, answer).isRight, "\(answer)")
    }
    let square = try shortfall(ItemCheckTests.code, "fn twice(x) { x ** 2 }")
    #expect(square.idea == "square")
    let missing = try shortfall(ItemCheckTests.code, "fn thrice(x) { 3 * x }")
    #expect(missing.failure?.code == "unknown-name")
    let other = try shortfall(ItemCheckTests.code, "fn twice(x) { if x < 0 { 0 } else { 2 * x } }")
    #expect(
      other.remarks == [
        .test("negative"), .expectation("expected twice(-2) == -4, but 0 == -4 is false"),
      ])
  }

  @Test func `an endless loop inside what is checked meets the limit`() throws {
    var limits = CheckLimits.usual
    limits.steps = 100_000
    let check = ItemCheck(try Item.of(ItemCheckTests.code), limits: limits)
    guard case .overLimit = check.attempt("fn twice(x) { while true { let y = x } }").verdict else {
      Issue.record("it did not meet the limit")
      return
    }
    guard
      case .overLimit = check.attempt("fn twice(x) { while x < 0 { let y = x }\n2 * x }").verdict
    else {
      Issue.record("a test's limit was told as a wrong answer")
      return
    }
  }

  @Test func `nothing of one answer is there for the next`() throws {
    let check = ItemCheck(try Item.of(ItemCheckTests.code))
    #expect(check.attempt("fn twice(x) { 2 * x }").verdict.isRight)
    #expect(!check.attempt("let other = 1").verdict.isRight)
  }
}
