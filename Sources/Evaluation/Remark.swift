import Experiments
import Reports
import Schedules
import Tensors
import Writing

/// The wording of remarks: what is said of a command that succeeded, because it may not do what was
/// meant.
enum Remark {
  /// A name of the learner's takes the place of something predefined.
  static func hides(_ name: String, _ predefined: String) -> String {
    "`\(name)` hides \(predefined) of that name from here on"
  }

  /// A function changes a name of the session, whoever calls it.
  /// Arithmetic of two tensors of as many elements, such as [n, 1] and [n], that gives more.
  static func eachWithEach(_ name: String, _ a: Shape, _ b: Shape, _ result: Shape) -> String {
    "`\(name)` of \(a) and \(b) takes each element with each: \(result); `reshape` gives both one "
      + "shape"
  }

  static func assignsOutside(_ function: String, _ name: String) -> String {
    "\(function) changes `\(name)`, which stands outside it, whenever it is called"
  }
}

extension Remark {
  /// A strategy that is there to replay, and replays nothing.
  static func idle(_ strategy: String, _ why: Idleness) -> String {
    let start = "\(strategy) replays nothing: "
    switch why {
    case .oneStage:
      return start + "the block is one stage, for no single value crosses anywhere inside it; "
        + "`marked` replays `checkpoint { }` regions, and 'dtr(budget: …)' needs no stages"
    case .keptStages(let stages, let finer):
      return start + "it keeps what all \(CountFormat.counted(stages, "stage")) hold; "
        + (finer
          ? "`stages: operations` cuts the block finer"
          : "a deeper block, or fewer boundaries kept, would leave something to replay")
    case .unreadStages(let stages):
      return start + "the backward pass reads nothing that \(CountFormat.counted(stages, "stage")) "
        + "would make again; `checkpoint { }` around a part of the block, with `marked`, replays "
        + "that part"
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
    sayOnce("note: \(text)")
  }

  /// Says why a plan replays nothing, where its strategy is there for that.
  func remarkIfIdle(_ plan: Plan, under strategy: any Strategy) {
    if let why = plan.idleness(under: strategy) { remark(Remark.idle(strategy.spelling, why)) }
  }

  /// Says that a binding hides something predefined, where it is the first of its name.
  func remarkIfHiding(_ cell: Cell) {
    guard !cell.isDefined, let hidden = predefined[cell.name], hidden !== cell else { return }
    let what =
      switch hidden.value {
      case .function(let function):
        switch function.kind {
        case .layerMaker: "the standard layer"
        case .strategyMaker: "the strategy"
        case .builtin, .closure, .learnerStrategy: "the function"
        }
      default: "the number"
      }
    remark(Remark.hides(cell.name, what))
  }
}
