import Experiments
import Reports

extension Optimum {
  /// What a learner's plan could have been, in words.
  var text: RichText {
    switch self {
    case .slots(let own, let slots, let least):
      """
      \(count: own, "forward step"); the optimum with \(count: slots, "slot") is \(least)
      """
    case .peak(let own, let least):
      "\(count: own, "forward step"); the optimum within the same peak is \(least)"
    case .unknown(let own, let stages):
      "\(count: own, "forward step") for \(count: stages, "stage")"
    case .cost(let replayed, let least):
      """
      \(flops: replayed) FLOPs replayed; the optimum within the same peak replays \(flops: least)
      """
    }
  }
}
