import Evaluation
import Notebook
import Syntax

/// Proves of an item that it takes its model answers, and none that is wrong, empty, unreadable,
/// endless or broken.
struct ItemProof {
  private let item: Item
  private let configuration: Interpreter.Configuration
  /// Judges, and does not say why.
  private let check: ItemCheck

  /// - Parameter configuration: What sessions are made with.
  init(_ item: Item, _ configuration: Interpreter.Configuration) {
    self.item = item
    self.configuration = configuration
    var check = ItemCheck(item, configuration)
    check.diagnoses = false
    self.check = check
  }

  /// What is wrong.
  var findings: [Finding] {
    if item.kind == .choice { return choices }
    guard item.check != nil else { return [] }
    let models = self.models
    // Where the models fail, the rest says nothing new.
    guard models.isEmpty else { return models }
    return stub + nothing + broken + ideas + hints
  }

  private func finding(_ line: Int, _ problem: CourseProblem) -> Finding {
    Finding(item.file, line, problem.message)
  }

  private var isStopped: Bool { configuration.interruption.isRequested }

  /// Why an answer is not right, in a line or more.
  private func reason(_ verdict: Verdict) -> String {
    verdict.diagnostic.map { DiagnosticRenderer().text($0) } ?? ""
  }

  // MARK: Answers

  private var choices: [Finding] {
    let right = check.attempt(item.rightLetters.first ?? "").verdict.isRight
    let strangers = ["", "?", "!", "1", "right"].filter { check.attempt($0).verdict.isRight }
    return (right ? [] : [finding(1, .noChoice(allRight: false))])
      + strangers.map { finding(1, .accepted("the answer '\($0)'")) }
  }

  private var models: [Finding] {
    var findings: [Finding] = []
    for model in item.models where !isStopped {
      let verdict = check.attempt(model.text).verdict
      switch verdict {
      case .right, .stopped: break
      case .faultOfCourse: findings.append(finding(model.line, .courseFault(reason(verdict))))
      case .wrong, .failed, .unreadable, .overLimit:
        findings.append(finding(model.line, .modelRefused(reason(verdict))))
      }
    }
    guard findings.isEmpty, let stub = item.stub else { return findings }
    for model in item.models where !isStopped {
      // As a student hands it in who began with the stub.
      var draft = Draft(stub.text)
      guard !draft.isEmpty else { break }
      draft.add(model.text)
      let alone = Draft(model.text)
      guard draft.text != alone.text else { continue }
      let verdict = check.attempt(draft.text).verdict
      if !verdict.isRight, !isStopped {
        findings.append(finding(stub.line, .modelBehindStubRefused(reason(verdict))))
      }
    }
    return findings
  }

  private var stub: [Finding] {
    guard let stub = item.stub, check.attempt(stub.text).verdict.isRight else { return [] }
    return [finding(stub.line, .accepted("the stub"))]
  }

  /// No answer, and a check that nobody's answer stands before.
  private var nothing: [Finding] {
    var findings: [Finding] = []
    for (answer, name) in [("", "an empty answer"), ("  \n", "an answer of blanks")]
    where check.attempt(answer).verdict.isRight {
      findings.append(finding(1, .accepted(name)))
    }
    switch check.attemptWithoutAnswer().verdict {
    case .right: findings.append(finding(1, .accepted("no answer at all")))
    case .faultOfCourse(let fault):
      findings.append(finding(1, .courseFault(DiagnosticRenderer().text(fault))))
    case .wrong, .unreadable, .failed, .overLimit, .stopped: break
    }
    return findings
  }

  /// Answers that cannot be read, that never end, and that fail.
  private var broken: [Finding] {
    if item.kind == .text { return [] }
    var limits = CheckLimits.usual
    limits.steps = 10_000
    var short = ItemCheck(item, configuration, limits: limits)
    short.diagnoses = false
    let endless = "(fn() { while true { let spin = 1 } })()"
    let crash = "[][0]"
    let probes: [(ItemCheck, String, String)] = [
      (check, "let answer = ((", "an unreadable answer"), (check, crash, "an answer that fails"),
    ]
    // A setup that needs more steps than this would stop the endless loop's proof before it begins.
    let loops: [(ItemCheck, String, String)] = [
      (isRunnable(short) ? short : check, endless, "an endless answer")
    ]
    return (probes + loops).filter { !isStopped && $0.0.attempt($0.1).verdict.isRight }
      .map { finding(1, .accepted($0.2)) }
  }

  /// True where the setup alone stays within the limits.
  private func isRunnable(_ check: ItemCheck) -> Bool {
    if case .faultOfCourse = check.attemptWithoutAnswer().verdict { false } else { true }
  }

  private var ideas: [Finding] {
    var findings: [Finding] = []
    let check = ItemCheck(item, configuration)
    for idea in item.wrongIdeas where !isStopped {
      let line = idea.example.line
      let verdict = check.attempt(idea.example.text).verdict
      switch verdict {
      case .right: findings.append(finding(line, .accepted("the wrong answer '\(idea.name)'")))
      case .wrong(let shortfall) where shortfall.idea == idea.name: break
      case .wrong(let shortfall):
        if let other = shortfall.idea {
          findings.append(finding(line, .ideaTaken(idea.name, as: other)))
        } else {
          findings.append(finding(line, .ideaMissed(idea.name)))
        }
      case .faultOfCourse: findings.append(finding(line, .courseFault(reason(verdict))))
      case .failed, .unreadable, .overLimit: findings.append(finding(line, .ideaMissed(idea.name)))
      case .stopped: break
      }
      guard idea.when != nil else { continue }
      for model in item.models where !isStopped && check.isTaken(model.text, for: idea) {
        findings.append(finding(model.line, .whenHoldsForModel(idea.name)))
      }
    }
    return findings
  }

  private var hints: [Finding] {
    let models = item.models.map { ItemProof.squeezed($0.text) }.filter { $0.count > 3 }
    let tells = item.hints.contains { hint in
      let words = ItemProof.squeezed(hint.lines.joined(separator: " "))
      return models.contains { words.contains($0) }
    }
    return tells ? [finding(1, .hintTellsModel)] : []
  }

  /// Without white space.
  private static func squeezed(_ text: String) -> String { text.filter { !$0.isWhitespace } }
}
