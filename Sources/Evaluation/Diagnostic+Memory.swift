import Execution
import Experiments
import Gradients
import Syntax
import Tensors
import Writing

/// The wording of budgets, memory, kernels and tests.
extension Diagnostic {
  /// An allocation that has no room.
  static func memory(
    _ error: MemoryError, holders: [String], at range: SourceRange
  ) -> Diagnostic {
    switch error {
    case .overBudget(let needed, let live, let budget):
      let sizes = ByteFormat.apart(live.total, budget)
      return Diagnostic(
        .memory, "over-budget",
        "\(ByteFormat.text(needed)) more would cross the budget of \(sizes.1): "
          + "\(sizes.0) are live (\(makeUp(live)))",
        at: range,
        hint: holders.isEmpty
          ? "`budget none` lifts the budget" : "the largest: " + holders.joined(separator: ", "))
    case .overCeiling(let needed, let ceiling):
      return Diagnostic(
        .limit, "byte-limit",
        "\(ByteFormat.text(needed)) more would cross the limit of \(ByteFormat.text(ceiling))",
        at: range, hint: "is one of the lengths larger than meant?")
    case .exhausted(let needed):
      return Diagnostic(
        .memory, "out-of-memory", "the machine has no room for \(ByteFormat.text(needed))",
        at: range, hint: "is one of the lengths larger than meant?")
    case .injected(let needed):
      return Diagnostic(
        .memory, "injected-fault",
        "an allocation of \(ByteFormat.text(needed)) failed, as a test asked", at: range,
        hint: "the session goes on as it was before the command")
    }
  }

  /// A schedule whose peak crosses the budget, and what would have fitted.
  static func overBudget(
    _ excess: ExperimentError.BudgetExcess, at range: SourceRange
  ) -> Diagnostic {
    let sizes = ByteFormat.apart(excess.peak, excess.budget)
    let place = excess.step.isEmpty ? "" : " at \(excess.step)"
    let hint =
      if let fitting = excess.fitting {
        "`with \(fitting.spelling)` would fit: it peaks at "
          + ByteFormat.apart(excess.outside + fitting.peak, excess.budget).0
          + (fitting.tierTraffic == 0
            ? ""
            : ", and moves \(ByteFormat.text(fitting.tierTraffic)) to the slower tier and back")
      } else {
        "no strategy that Cairn tried fits: \(ByteFormat.text(excess.outside)) live outside the "
          + "schedule; try a smaller batch"
      }
    return Diagnostic(
      .memory, "over-budget",
      "\(excess.strategy) needs \(sizes.0)\(place), but the budget is "
        + "\(sizes.1): \(makeUp(excess.account))",
      at: range, hint: hint)
  }

  /// A budget, in bytes, that is set below what is live already.
  static func budgetBelowLive(_ budget: Int, live: Account, at range: SourceRange) -> Diagnostic {
    let sizes = ByteFormat.apart(budget, live.total)
    return Diagnostic(
      .memory, "over-budget",
      "a budget of \(sizes.0) is less than what is live: \(sizes.1) (\(makeUp(live)))",
      at: range, hint: "`tensors` lists what is live")
  }

  /// The classes of an account, the largest first.
  static func makeUp(_ account: Account) -> String {
    let parts = AccountClass.allCases.filter { account[$0] > 0 }
      .sorted { (account[$0], $1.rawValue) > (account[$1], $0.rawValue) }
      .map { "\($0) \(ByteFormat.text(account[$0]))" }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }

  /// What a kernel cannot compute with.
  static func kernel(_ fault: KernelFault, at range: SourceRange) -> Diagnostic {
    let name = fault.operation.name
    switch fault.problem {
    case .index(let index, let position, let allowed):
      return Diagnostic(
        .value, "index-out-of-range",
        "\(name): the index at place \(position) is \(index), outside "
          + "\(allowed.lowerBound)..<\(allowed.upperBound)",
        at: range, hint: "indices and labels count from 0")
    case .overflow(let dtype):
      return Diagnostic(
        .value, "integer-overflow",
        "\(name) gives an integer outside \(dtype), which goes from \(wholes(of: dtype))",
        at: range,
        hint: dtype == .i64
          ? "`help cast` shows how f64 is had, which rounds what is larger"
          : "`help cast` shows how i64 is had, which computes with whole numbers up to 2^53")
    case .divisionByZero:
      return Diagnostic(
        .value, "division-by-zero", "\(name): a whole number is divided by 0", at: range,
        hint: "`help cast` shows how f32 is had, which gives inf and nan")
    case .notInteger(let number, let dtype):
      return .notInteger(number, dtype, at: range)
    }
  }

  /// A number that cannot be an element of a tensor of integers.
  static func notInteger(
    _ number: Double, _ dtype: DType, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .value, "not-an-\(dtype)",
      "\(NumberFormat.number(number)) is not a number that an \(dtype) holds", at: range,
      hint: "\(dtype) holds whole numbers from \(wholes(of: dtype))")
  }

  /// From where to where the numbers of a type of integers go.
  private static func wholes(of dtype: DType) -> String {
    dtype == .i64
      ? "\(-DType.wholeLimit) to \(DType.wholeLimit) (2^53)" : "\(Int32.min) to \(Int32.max)"
  }

  /// What cannot happen to a program that was traced and bound by the same interpreter, said all
  /// the same.
  static func execution(_ error: ExecutionError, at range: SourceRange) -> Diagnostic {
    switch error {
    case .input(let index, let name, let expected, let dtype, let found, let foundType):
      Diagnostic(
        .shape, "input-changed",
        "input \(index) (\(name)) was traced as \(dtype)\(expected), and is \(foundType)\(found) "
          + "now",
        at: range)
    case .inputCount(let expected, let found):
      Diagnostic(
        .shape, "input-changed", "the block has \(expected) inputs, and \(found) were bound",
        at: range)
    case .tier(let operation, let number):
      Diagnostic(
        .io, "slower-tier",
        "the slower tier failed to \(operation) its file: \(SystemError.text(number))", at: range,
        hint: "'TMPDIR' in the environment names the directory that the file is made in")
    case .halfway(let operation, let number):
      Diagnostic(
        .io, "slower-tier",
        "the slower tier failed to \(operation) its file in the midst of a training step: "
          + SystemError.text(number),
        at: range,
        hint:
          "some parameters have this step's update, others do not: start again from a saved copy")
    case .shape, .memory, .kernel, .interrupted:
      Diagnostic(.value, "execution", "the run failed", at: range)
    }
  }

  /// A block whose value has no gradient: `gradient`, `train` and the like end in something other
  /// than one floating-point number.
  static func gradient(_ error: GradientError, at range: SourceRange) -> Diagnostic {
    let message: String
    switch error {
    case .cancelled: return .interrupted(at: range)
    case .maskOfAttention:
      return Diagnostic(
        .gradient, "gradient",
        "tiled attention, the default, has no gradient with respect to its "
          + "mask",
        at: range,
        hint: "write 'tiled: false' where the mask is trained, or put 'stop_gradient' around it")
    case .noSecondAdjoint(let name, let place):
      return Diagnostic(
        .gradient, "second-derivative",
        "the gradient of \(name), in line \(place.line), is differentiated again, and has no "
          + "adjoint itself", at: range,
        hint: "write '\(name)' in plain operations here, or take its gradient outside the block")
    case .noResult: message = "the block has no value to take the gradient of"
    case .notScalar(let shape):
      message = "the block's value is the loss, one number; found the shape \(shape)"
    case .notFloating(let dtype):
      message = "a gradient needs a floating-point loss, found \(dtype)"
    case .noSuchInput(let input): message = "the block has no input \(input)"
    case .shape(let error):
      message =
        "an adjoint does not fit: \(error.operation) of "
        + "\(error.shapes.map(\.description).joined(separator: " and "))"
    }
    return Diagnostic(
      .gradient, "gradient", message, at: range,
      hint: "end the block with one number: cross_entropy, mse, average and sum make one")
  }

  // MARK: Tests

  /// A test whose body ended in `fault`, an `expect` that did not hold or anything else. It stands
  /// where `fault` does; `hint` is the test's own, and comes before that of `fault`.
  static func testFailed(
    _ name: String, _ fault: Diagnostic, hint: String?, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .test, "test-failed", "the test \"\(name)\" failed: \(fault.message)",
      at: fault.range ?? range, hint: hint ?? fault.hint)
  }

  /// True where a test failed, and not where it was stopped.
  package var isOfTest: Bool { code == "test-failed" }

  /// An `expect` that does not hold. `source` is the condition as it is typed, `found` what came
  /// out: the values of both sides of a comparison.
  static func expectationFailed(
    _ source: String, _ found: String, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(.test, "expectation", "expected \(source), but \(found)", at: range)
  }
}
