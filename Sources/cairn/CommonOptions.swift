import ArgumentParser
import Evaluation
import Notebook
import Syntax
import Writing

/// The options that every command takes, before or behind its name.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print one JSON object a line for each command, its report as data among it.")
  var json = false

  @Flag(name: .customLong("no-color"), help: "Print without colour.")
  var noColor = false

  @Option(parsing: .unconditional, help: "Where random draws start.")
  var seed: Int?

  @Option(
    help: ArgumentHelp(
      "Most bytes that may be live at once: 4096, 64KiB, \"1.5 MiB\".", valueName: "size"))
  var budget: ByteCount?

  @Option(help: "Threads that work together; no digit depends on it.")
  var threads: Int?

  @Option(
    help: ArgumentHelp(
      "Whether what follows a product is computed with it, as one step: on or off.",
      valueName: "on|off"))
  var fuse: Switch?

  @Flag(
    help: """
      Changes nothing: digits are the same on every x86-64 processor with AVX2, with it and \
      without.
      """)
  var portable = false

  @Flag(help: "Print how long each command took.")
  var time = false

  @Option(
    name: .customLong("limit-steps"),
    help: "Most loop turns, calls and training steps that a command may take.")
  var limitSteps: Int?

  mutating func validate() throws {
    if let threads, threads < 1 { throw ValidationError("--threads takes a number from 1.") }
    if let limitSteps, limitSteps < 1 {
      throw ValidationError("--limit-steps takes a number from 1.")
    }
  }

  /// These options, with those of `root`, given before the command's name, where these do not say.
  func over(_ root: CommonOptions) -> CommonOptions {
    var merged = self
    merged.json = json || root.json
    merged.noColor = noColor || root.noColor
    merged.seed = seed ?? root.seed
    merged.budget = budget ?? root.budget
    merged.threads = threads ?? root.threads
    merged.fuse = fuse ?? root.fuse
    merged.portable = portable || root.portable
    merged.time = time || root.time
    merged.limitSteps = limitSteps ?? root.limitSteps
    return merged
  }

  /// Refuses what grading does not heed: its limits, draws and forms are its own. Where one test is
  /// explained, `--seed` is that of its draws.
  func refuseForGrading(isExplained: Bool) throws {
    let given: [(String, Bool)] = [
      ("--json", json), ("--budget", budget != nil), ("--fuse", fuse != nil), ("--time", time),
      ("--limit-steps", limitSteps != nil), ("--seed", seed != nil && !isExplained),
    ]
    guard let name = given.first(where: \.1)?.0 else { return }
    throw ValidationError(
      "'\(name)' has no meaning here: limits and draws of submissions are those of the grader"
        + (name == "--json" ? "; '--format json' gives JSON." : "."))
  }

  /// What an interpreter is told.
  func interpreterConfiguration(directory: String) -> Interpreter.Configuration {
    var configuration = Interpreter.Configuration()
    configuration.seed = UInt64(bitPattern: Int64(seed ?? 0))
    configuration.budget = budget?.bytes
    configuration.threads = threads
    configuration.fuses = fuse != .off
    configuration.stepLimit = limitSteps
    configuration.directory = directory
    configuration.interruption = Signals.interruption
    return configuration
  }
}

/// What several commands say of their arguments.
enum Helps {
  /// Of the scripts that a command takes.
  static let scripts =
    "The scripts: files or pipes of at most \(ByteFormat.text(ScriptFile.limit))."
}

extension Switch: ExpressibleByArgument {}

/// A size as an option takes it: a number of bytes, or a number with a unit, B to TiB.
struct ByteCount: ExpressibleByArgument {
  /// In bytes, rounded to a whole number.
  let bytes: Int

  /// `nil` for what is no size, and for one that no int holds.
  init?(argument: String) {
    let digits = argument.prefix { $0.isNumber || $0 == "." || $0 == "_" }
    let unit = argument.dropFirst(digits.count).drop { $0 == " " }
    let units: [String: Double] = [
      "": 1, "B": 1, "KiB": 1024, "MiB": 1_048_576, "GiB": 0x1p30, "TiB": 0x1p40,
    ]
    guard let number = Double(digits.filter { $0 != "_" }), let scale = units[String(unit)],
      let bytes = Int(exactly: (number * scale).rounded())
    else { return nil }
    self.bytes = bytes
  }
}
