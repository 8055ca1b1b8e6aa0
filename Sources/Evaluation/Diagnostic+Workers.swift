import Syntax
import Writing

/// The wording of workers that cannot train as asked.
extension Diagnostic {
  /// Why workers cannot train.
  enum WorkerProblem {
    case count(Int)
    case delay(Int, workers: Int)
    case most(Int, workers: Int)
    case every(Int)
    case notSync(option: String)
    case notAsync(option: String)
    case bucketAlone
    case stragglerAlone
    case straggler(Double)
    case machine(String)
    case smallBatch(rows: Int, workers: Int)
    case scaled(String)
    case nothingToShare(String)
    case noOptimizer
    case processes(Int, workers: Int)

    fileprivate var text: String {
      switch self {
      case .count(let count): "there are from 1 to 1024 workers, not \(count)"
      case .delay(let delay, let workers):
        "expected a delay from 0 to \(workers - 1), since each of "
          + "\(CountFormat.counted(workers, "worker")) has one gradient on its way, found \(delay)"
      case .most(let most, let workers):
        "expected at least \(workers - 1), since \(workers) workers that never wait reach that "
          + "delay, found \(most)"
      case .every(let every): "replicas are averaged every 1 step or more, not \(every)"
      case .notSync(let option): "`\(option)` goes with `updates: sync` only"
      case .notAsync(let option):
        "`\(option)` does not go with `updates: async`, where a server adds nothing up"
      case .bucketAlone:
        "`bucket` does not go with `updates: local`, where parameters are averaged where they lie"
      case .stragglerAlone: "`straggler` slows simulated time down, and there is no machine"
      case .straggler(let factor):
        "a straggler is 1 time slower or more, found \(NumberFormat.number(factor))"
      case .machine(let name): "`\(name)` of a machine is a number above 0"
      case .smallBatch(let rows, let workers):
        "a batch of \(CountFormat.counted(rows, "row")) has none for some of \(workers) workers"
      case .scaled(let mode):
        "`mixed f16` goes with `updates: sync` only, where all workers skip an update that one of "
          + "them overflows in, found \(mode)"
      case .processes(let processes, let workers):
        "expected as many workers as processes, found \(workers) and \(processes)"
      case .noOptimizer: "workers are compared by their training steps, and there is no optimizer"
      case .nothingToShare(let optimizer):
        "`shard: optimizer` shares nothing: \(optimizer) remembers nothing of a parameter"
      }
    }

    fileprivate var hint: String {
      switch self {
      case .count: "`workers(4)` has four"
      case .delay(let delay, _):
        "`workers(\(max(delay, 0) + 1), updates: async(delay: \(max(delay, 0))))` has enough"
      case .most(_, let workers):
        "`workers(\(workers), updates: async(delay: random(most: \(workers - 1))))` can"
      case .every: "`workers(4, updates: local(every: 8))` averages them every 8 steps"
      case .notSync, .notAsync, .bucketAlone, .stragglerAlone, .straggler:
        "`help workers` says what it takes"
      case .machine: "`help machine` says what it takes"
      case .smallBatch: "'drop_last: true' leaves out an epoch's last batch; or take fewer workers"
      case .scaled: "bf16 needs no scale: 'mixed bf16'"
      case .processes(let processes, _): "`workers(\(processes))` has one for each"
      case .noOptimizer: "'using adam()' before 'across' says how parameters are updated"
      case .nothingToShare: "`adam()` remembers two numbers for each"
      }
    }
  }

  /// Workers that cannot train as asked.
  static func workers(_ problem: WorkerProblem, at range: SourceRange) -> Diagnostic {
    Diagnostic(.value, "workers", problem.text, at: range, hint: problem.hint)
  }
}
