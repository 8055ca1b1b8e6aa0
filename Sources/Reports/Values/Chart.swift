/// A drawing, as the numbers that it shows.
package enum Chart: Hashable, Sendable {
  case timeline(TimelinePlot)
  case curve(CurvePlot)
  case bars(BarPlot)
  case pareto(ParetoPlot)
  case tree(Outline)
}

/// Bytes over the actions of one or several schedules, stacked by layers, all on one scale.
package struct TimelinePlot: Hashable, Sendable {
  /// What is stacked, from the bottom.
  package enum Layer: Int, Hashable, Sendable, CaseIterable {
    case kept, replayed, adjoints, forward

    /// As the legend names it.
    package var name: String {
      switch self {
      case .kept: "kept"
      case .replayed: "replayed"
      case .adjoints: "adjoints and gradients"
      case .forward: "forward and workspace"
      }
    }
  }

  /// The bytes at one action, layer by layer.
  package struct Moment: Hashable, Sendable {
    package var kept = 0
    package var replayed = 0
    package var adjoints = 0
    package var forward = 0

    package init(kept: Int = 0, replayed: Int = 0, adjoints: Int = 0, forward: Int = 0) {
      (self.kept, self.replayed, self.adjoints, self.forward) = (kept, replayed, adjoints, forward)
    }

    package subscript(layer: Layer) -> Int {
      switch layer {
      case .kept: kept
      case .replayed: replayed
      case .adjoints: adjoints
      case .forward: forward
      }
    }

    package var total: Int { kept + replayed + adjoints + forward }
  }

  /// One schedule's bytes.
  package struct Subject: Hashable, Sendable {
    package let title: RichText
    /// Bytes while each action runs.
    package let moments: [Moment]
    /// The action with the most bytes.
    package let peakAction: Int
    /// The action with which the backward pass begins, where there is one.
    package let turn: Int?

    package init(title: RichText, moments: [Moment], peakAction: Int, turn: Int?) {
      self.title = title
      self.moments = moments
      self.peakAction = peakAction
      self.turn = turn
    }

    /// The most bytes of any action.
    package var peak: Int { moments.map(\.total).max() ?? 0 }
  }

  package let subjects: [Subject]

  package init(_ subjects: [Subject]) { self.subjects = subjects }

  /// The most bytes of any subject, and the most actions: what the scales reach to.
  package var top: Int { subjects.map(\.peak).max() ?? 0 }
  package var longest: Int { subjects.map(\.moments.count).max() ?? 0 }

  /// For each of `columns` stretches of a subject's actions the one with the most bytes; the peak
  /// stays visible.
  package func highest(_ subject: Subject, columns: Int) -> [Int] {
    let count = subject.moments.count
    guard count > 0, longest > 0, columns > 0 else { return [] }
    var highest = [Int?](repeating: nil, count: column(count - 1, of: columns) + 1)
    for action in 0..<count {
      let place = column(action, of: columns)
      let total = subject.moments[action].total
      if let best = highest[place], subject.moments[best].total >= total { continue }
      highest[place] = action
    }
    if subject.moments.indices.contains(subject.peakAction) {
      highest[column(subject.peakAction, of: columns)] = subject.peakAction
    }
    return highest.compactMap(\.self)
  }

  /// The column that an action falls into.
  package func column(_ action: Int, of columns: Int) -> Int {
    min(action * columns / max(longest, 1), columns - 1)
  }
}

/// Numbers over equal steps, a line each.
package struct CurvePlot: Hashable, Sendable {
  package struct Series: Hashable, Sendable {
    package let name: String
    /// One number a step; those that are not finite leave a hole.
    package let values: [Double]

    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }
  package let series: [Series]
  /// What the axes count: `step`, `loss`.
  package let xTitle: String
  package let yTitle: String

  package init(_ series: [Series], xTitle: String, yTitle: String) {
    self.series = series
    self.xTitle = xTitle
    self.yTitle = yTitle
  }

  /// The least and the greatest number; `nil` where none is finite.
  package var range: ClosedRange<Double>? {
    let finite = series.flatMap(\.values).filter(\.isFinite)
    guard let least = finite.min(), let most = finite.max() else { return nil }
    return least...most
  }

  /// The most steps of any series.
  package var longest: Int { series.map(\.values.count).max() ?? 0 }
}

/// Named quantities as bars on one scale.
package struct BarPlot: Hashable, Sendable {
  package struct Item: Hashable, Sendable {
    package let label: String
    package let quantity: RichText.Quantity

    package init(_ label: String, _ quantity: RichText.Quantity) {
      self.label = label
      self.quantity = quantity
    }
  }
  package let items: [Item]

  package init(_ items: [Item]) { self.items = items }

  /// The greatest quantity.
  package var most: Int { items.map(\.quantity.amount).max() ?? 0 }
}

/// Peak bytes against replayed work: the front, and what lies behind it.
package struct ParetoPlot: Hashable, Sendable {
  package struct Point: Hashable, Sendable {
    package let name: String
    package let peak: Int
    /// Replayed FLOPs as a multiple of one forward pass.
    package let replay: Double
    /// True where no other point beats it in both.
    package let isOnFront: Bool

    package init(_ name: String, peak: Int, replay: Double, isOnFront: Bool) {
      self.name = name
      self.peak = peak
      self.replay = replay
      self.isOnFront = isOnFront
    }
  }
  package let points: [Point]

  package init(_ points: [Point]) { self.points = points }

  /// Least and most bytes, never equal.
  package var peaks: ClosedRange<Int> {
    let low = points.map(\.peak).min() ?? 0
    return low...max(points.map(\.peak).max() ?? 1, low + 1)
  }

  /// The most replays, above zero.
  package var mostReplay: Double { max(points.map(\.replay).max() ?? 0, 1e-9) }
}

/// A tree as its rows from top to bottom, each with its depth.
package struct Outline: Hashable, Sendable {
  package struct Row: Hashable, Sendable {
    /// 0 for a root.
    package let depth: Int
    package let label: RichText
    /// Bytes that the row stands for, where it says so.
    package let bytes: Int?

    package init(depth: Int, _ label: RichText, bytes: Int? = nil) {
      self.depth = depth
      self.label = label
      self.bytes = bytes
    }
  }
  package let rows: [Row]

  package init(_ rows: [Row]) { self.rows = rows }
}
