import Experiments
import Reports
import Schedules
import Syntax
import Tensors
import Writing

/// The wording of remarks: what is said of a command that succeeded, because it may not do what was
/// meant.
enum Remark {
  /// A name of the learner's takes the place of something predefined.
  static func hides(_ name: String, _ predefined: String) -> String {
    "`\(name)` hides \(predefined) of that name from here on"
  }

  /// A variable takes the place of something predefined as far as its block goes.
  static func hidesHere(_ name: String, _ predefined: String) -> String {
    "`\(name)` hides \(predefined) of that name in its block"
  }

  /// A variable of a strategy's body cannot be called: the verb of its name comes first.
  static func behindVerb(_ name: String) -> String {
    "`\(name)` called in a strategy is the verb, whatever else has that name"
  }

  /// A call gives a new list or dictionary, which nothing takes; `name` is what it was made from.
  static func dropped(_ call: String, _ made: String, keptIn name: String?) -> String {
    let shown = call.inOneLine(width: 60)
    let hint =
      switch name {
      case let name? where shown == call: "`\(name) = \(call)` keeps it"
      case let name?: "put `\(name) =` before it to keep it"
      case nil: "give it a name to keep it"
      }
    return "`\(shown)` changes nothing: it gives a new \(made), which goes unused; \(hint)"
  }

  /// Targets that no gradient comes to.
  static func withoutGradient(_ names: [String]) -> String {
    let shown = names.prefix(3).map { "`\($0)`" }.joined(separator: ", ")
    let rest = names.count > 3 ? " and \(names.count - 3) more" : ""
    return "no gradient comes from the loss to \(shown)\(rest): "
      + (names.count == 1 ? "its gradient is 0" : "their gradients are 0")
  }

  /// What is printed in a block that is traced once and then repeated.
  static let printedOnce =
    "`train` traces its block once for each shape of a batch, and what it prints is printed then"

  /// An array whose columns come first in its file.
  static func columnsFirst(_ path: String) -> String {
    "\(path.quoted) has its first axis run fastest (fortran_order): its elements were put in "
      + "row-major order"
  }

  /// Arithmetic of two tensors of as many elements, such as [n, 1] and [n], that gives more.
  static func eachWithEach(_ name: String, _ a: Shape, _ b: Shape, _ result: Shape) -> String {
    "`\(name)` of \(a) and \(b) takes each element with each: \(result); `reshape` gives both one "
      + "shape"
  }

  /// A function changes a name of the session, whoever calls it.
  static func assignsOutside(_ function: String, _ name: String) -> String {
    "\(function) changes `\(name)`, which stands outside it, whenever it is called"
  }
}

extension Remark {
  /// A strategy that is there to replay, and replays nothing.
  ///
  /// `evicting` is a budget in bytes within which `dtr` does.
  static func idle(_ strategy: String, _ why: Idleness, evicting: Int? = nil) -> String {
    let eviction =
      evicting.map {
        ", and `\(DTR(budget: $0).spelling)` replays without stages"
      } ?? ""
    let start = "\(strategy) replays nothing: "
    switch why {
    case .oneStage:
      return start + "the block is one stage, for no single value crosses anywhere inside it; "
        + "`marked` replays `checkpoint { }` regions" + eviction
    case .keptStages(let stages, let finer):
      return start + "it keeps what all \(CountFormat.counted(stages, "stage")) hold; "
        + (finer
          ? "`stages: operations` cuts the block finer"
          : "a deeper block, or fewer boundaries kept, would leave something to replay")
    case .unreadStages(let stages):
      return start + "the backward pass reads nothing that \(CountFormat.counted(stages, "stage")) "
        + "would make again; `checkpoint { }` around a part of the block, with `marked`, replays "
        + "that part" + eviction
    case .noRegion:
      return start + "the block has no `checkpoint { }` around what is to be replayed"
    case .unreadRegions:
      return start + "the backward pass reads nothing from inside a `checkpoint { }`"
    case .savedAll:
      return start + "all that the backward pass reads is saved, as under keep_all"
    case .roomy:
      return start + "keeping everything fits the budget"
    case .tierUnused:
      return "\(strategy) moves nothing to the slower tier, and replays nothing"
    }
  }
}

extension Interpreter {
  /// Says something of the running command, on a line of its own, once.
  func remark(_ text: String) {
    guard !isLoadingPrelude else { return }
    sayOnce("note: \(text.shortened)")
  }

  /// Says why a plan replays nothing, where its strategy is there for that.
  func remarkIfIdle(_ plan: Plan, under strategy: any Strategy) {
    if let text = idleRemark(on: plan, under: strategy) { remark(text) }
  }

  /// Why a plan replays nothing, where its strategy is there for that.
  func idleRemark(on plan: Plan, under strategy: any Strategy) -> String? {
    guard let why = plan.idleness(under: strategy) else { return nil }
    let evicting: Int? =
      switch why {
      case .oneStage, .unreadStages: bench.evictingBudget(below: plan)
      default: nil
      }
    return Remark.idle(strategy.spelling, why, evicting: evicting)
  }

  /// Says that a binding hides something predefined, where it is the first of its name.
  func remarkIfHiding(_ cell: Cell) {
    guard !cell.isDefined, let hidden = predefined[cell.name], hidden !== cell else { return }
    remark(Remark.hides(cell.name, kind(of: hidden)))
  }

  /// Says that a variable of a function or a block hides something predefined, unless a name of the
  /// session does so already; or that it stands behind a verb of the strategy around.
  func remarkIfHiding(_ name: String, inStrategyOn subject: StrategyDeclaration.Subject?) {
    if let subject, Interpreter.verbs(on: subject)[name] != nil {
      remark(Remark.behindVerb(name))
    } else if session[name]?.isDefined != true, let hidden = predefined[name] {
      remark(Remark.hidesHere(name, kind(of: hidden)))
    }
  }

  /// Says of a call whose value nothing takes that it gives a new list or dictionary: those of
  /// predefined functions that might seem to change the one they are given.
  func remarkIfDropped(_ call: String, calling name: String, keptIn variable: String?) {
    guard session[name]?.isDefined != true else { return }
    switch name {
    case "append", "sort", "reversed":
      remark(Remark.dropped(call, "list", keptIn: variable))
    case "remove": remark(Remark.dropped(call, "dictionary", keptIn: variable))
    default: return
    }
  }

  private func kind(of predefined: Cell) -> String {
    guard case .function(let function) = predefined.value else { return "the number" }
    return switch function.kind {
    case .layerMaker: "the standard layer"
    case .strategyMaker: "the strategy"
    case .builtin, .closure, .learnerStrategy: "the function"
    }
  }
}
