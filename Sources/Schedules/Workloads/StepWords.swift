/// What the steps of a workload are called and where they come from, said when it is asked for: in
/// words, a step takes more bytes than in numbers.
package protocol StepWords: AnyObject, Sendable {
  /// Unique, and meant for people: `relu#12`.
  func label(ofStep step: Int) -> String
  /// As `save_only(ops: …)` spells it: `matmul`.
  func operation(ofStep step: Int) -> String
  /// The labels of the operations that it computes before its last, in order.
  func parts(ofStep step: Int) -> [String]
  /// The name of the source whose text made it, and the line; line 0 where nothing is known.
  func place(ofStep step: Int) -> (source: String, line: Int)
  /// The layers that it was called through, outermost first.
  func layers(ofStep step: Int) -> [Step.Origin.Layer]
  /// Which of several results one is, for those behind the first: `mean`.
  func result(_ place: Int, ofStep step: Int) -> String
  /// The name that `named(x, "…")` gave to a result.
  func name(ofResult place: Int, ofStep step: Int) -> String?
}
