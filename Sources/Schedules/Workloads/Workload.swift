/// The joint graph without tensors: all that a strategy sees.
///
/// Forward steps come first, then backward and update steps in the order of the joint graph, which is a
/// legal order to run them in.
package struct Workload: Hashable, Sendable {
  package var steps: [Step]
  /// `checkpoint { }` regions: each with the region around it. A region's steps, its nested regions' included, lie
  /// in a contiguous stretch of the forward steps.
  package var regions: [Region]
  /// Where the elements of the applied `chain(…)`s end: numbers of forward steps, ascending, each the last
  /// step of an element. Elements without a step of their own have no mark.
  package var marks: [Mark]
  /// Bytes of the input that the first stage starts from; it stands outside and takes a slot all the same.
  package var inputBytes: Int

  package struct Region: Hashable, Sendable {
    package var parent: Int?

    package init(parent: Int?) { self.parent = parent }
  }

  package struct Mark: Hashable, Sendable {
    /// The last forward step of the element.
    package var step: Int
    /// The element, as a learner names it: `dense`, `layers[3] residual`.
    package var label: String

    package init(step: Int, label: String) {
      self.step = step
      self.label = label
    }
  }

  package init(
    steps: [Step], regions: [Region] = [], marks: [Mark] = [], inputBytes: Int = 0
  ) {
    self.steps = steps
    self.regions = regions
    self.marks = marks
    self.inputBytes = inputBytes
  }

  /// Number of forward steps: backward steps start here.
  package var forwardCount: Int {
    steps.firstIndex { $0.phase != .forward } ?? steps.count
  }
}
