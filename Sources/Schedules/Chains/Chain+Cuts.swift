extension Chain {
  /// The end of a stage: its last forward step, the value that crosses there, its label.
  struct Segment {
    /// Its last forward step, by number.
    var end: Int
    /// The value that crosses to the next stage, by number; `nil` for the last stage.
    var value: Int?
    /// The layers that end in it, or the label of its last step: `dense + gelu`.
    var label: String
  }

  /// Where the elements of the applied `chain(…)`s, and the loops around them, cut a chain.
  ///
  /// An element ends a stage where the graph narrows around it. Between two such ends, where an
  /// element ended that the graph does not narrow around, or a loop turned, the stages are cut at
  /// the narrow points, up to the first after the last such place. What comes after it is one
  /// stage.
  struct LayerCuts {
    private let forwardCount: Int
    /// The value that crosses after each forward step, where it is a single one.
    private let crossing: [Int?]
    private(set) var segments: [Segment] = []
    /// The marks since the last segment's end.
    private var marks: [Workload.Mark] = []

    /// Finds the segments of so many forward steps, at least one, with these marks; none where no
    /// element of a chain ends at a point where a single value crosses. `labels` are those of the
    /// steps.
    init(
      _ forwardCount: Int, _ all: [Workload.Mark], _ crossing: [Int?],
      labels: (Int) -> String
    ) {
      self.forwardCount = forwardCount
      self.crossing = crossing
      let last = forwardCount - 1
      for mark in all where (0...last).contains(mark.step) {
        marks.append(mark)
        guard mark.isElement, mark.step < last, let value = crossing[mark.step],
          value != segments.last?.value
        else { continue }
        end(at: mark.step, value, labels)
      }
      if !segments.isEmpty { end(at: last, nil, labels) }
    }

    /// Ends a stage, and those before it where elements did not narrow.
    private mutating func end(at end: Int, _ value: Int?, _ labels: (Int) -> String) {
      let open = marks.last {
        $0.step < end && (!$0.isElement || crossing[$0.step] == nil)
      }
      if let open {
        for point in ((segments.last?.end ?? -1) + 1)..<end {
          guard let value = crossing[point], value != segments.last?.value else { continue }
          segments.append(
            Segment(end: point, value: value, label: label(through: point, labels)))
          if point >= open.step { break }
        }
      }
      if let value, value == segments.last?.value {
        segments[segments.count - 1].end = end
        return
      }
      segments.append(Segment(end: end, value: value, label: label(through: end, labels)))
    }

    /// The elements that ended up to this step, and the step itself where none did or where it ends
    /// the chain after them.
    private mutating func label(through step: Int, _ all: (Int) -> String) -> String {
      let ended = marks.prefix { $0.step <= step }
      marks.removeFirst(ended.count)
      var labels = ended.filter(\.isElement).map(\.label)
      let isAfterElements = step == forwardCount - 1 && ended.last?.step != step
      if labels.isEmpty || isAfterElements { labels.append(all(step)) }
      if labels.count <= 3 { return labels.joined(separator: " + ") }
      return "\(labels[0]) + … + \(labels[labels.count - 1])"
    }
  }
}
