import Experiments
import Writing

/// What a record of training says of a scaled loss.
extension LossScaling {
  /// The scale that the loss has come to, and how many updates were skipped.
  var fields: [(name: String, value: Value)] {
    [("scale", .float(scale)), ("skipped", .integer(skips))]
  }

  /// The same, behind what training came to.
  var text: String {
    let updates = CountFormat.counted(skips, "update")
    return "; loss scaled by \(NumberFormat.number(scale)), \(updates) skipped"
  }
}
