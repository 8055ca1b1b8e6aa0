import Experiments
import Reports

extension Optimum {
  /// What a learner's plan could have been, in words.
  var text: RichText {
    switch self {
    case .slots(let own, let slots, let least):
      """
      replays \(count: own, "stage"); the fewest with \(count: slots, "slot") is \(least)
      """
    case .peak(let own, let least):
      "\(own.text); a plan within the same peak \(least.text)"
    case .best(let own):
      "\(own.text); no plan that was tried within the same peak replays fewer FLOPs"
    case .unknown(let own): own.text
    }
  }
}

extension Optimum.Replays {
  /// `replays 5 steps (1.2 k FLOPs)`.
  fileprivate var text: RichText { "replays \(count: steps, "step") (\(flops: cost) FLOPs)" }
}
