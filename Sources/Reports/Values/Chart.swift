/// A drawing, as the numbers that it shows.
package enum Chart: Hashable, Sendable {
  /// Bytes over the actions of schedules.
  case timeline(TimelinePlot)
  /// Numbers over steps.
  case curve(CurvePlot)
  /// Named quantities.
  case bars(BarPlot)
  /// Peak bytes against replayed work.
  case pareto(ParetoPlot)
  /// Rows indented by their depth.
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
    /// Of what is kept from the forward pass for the backward pass.
    package var kept = 0
    /// Of what was computed again.
    package var replayed = 0
    /// Of adjoints and gradients.
    package var adjoints = 0
    /// Of the forward pass that is not kept, and of workspace.
    package var forward = 0

    /// Bytes a layer; a layer that is left out has none.
    package init(kept: Int = 0, replayed: Int = 0, adjoints: Int = 0, forward: Int = 0) {
      (self.kept, self.replayed, self.adjoints, self.forward) = (kept, replayed, adjoints, forward)
    }

    /// The bytes of one layer.
    package subscript(layer: Layer) -> Int {
      switch layer {
      case .kept: kept
      case .replayed: replayed
      case .adjoints: adjoints
      case .forward: forward
      }
    }

    /// The bytes of all layers.
    package var total: Int { kept + replayed + adjoints + forward }
  }

  /// One schedule's bytes.
  package struct Subject: Hashable, Sendable {
    /// What stands above the drawing: whose it is, and the strategy.
    package let title: RichText
    /// Bytes while each action runs.
    package let moments: [Moment]
    /// The action with the most bytes.
    package let peakAction: Int
    /// The action with which the backward pass begins, where there is one.
    package let turn: Int?

    /// A schedule as it is drawn.
    package init(title: RichText, moments: [Moment], peakAction: Int, turn: Int?) {
      self.title = title
      self.moments = moments
      self.peakAction = peakAction
      self.turn = turn
    }

    /// The most bytes of any action.
    package var peak: Int { moments.map(\.total).max() ?? 0 }
  }

  /// From top to bottom, one a schedule.
  package let subjects: [Subject]

  /// These schedules, all on one scale.
  package init(_ subjects: [Subject]) { self.subjects = subjects }

  /// The most bytes of any subject: what the upward scale reaches to.
  package var top: Int { subjects.map(\.peak).max() ?? 0 }
  /// The most actions of any subject: what the scale to the right reaches to.
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
  /// The numbers of one line.
  package struct Series: Hashable, Sendable {
    /// What the legend calls it.
    package let name: String
    /// One number a step; those that are not finite leave a hole.
    package let values: [Double]

    /// A line under its name.
    package init(_ name: String, _ values: [Double]) {
      self.name = name
      self.values = values
    }
  }
  /// In the order of the legend.
  package let series: [Series]
  /// What the axis to the right counts: `step`.
  package let xTitle: String
  /// What the upward axis counts: `loss`.
  package let yTitle: String

  /// Lines, all on one scale.
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
  /// A bar.
  package struct Item: Hashable, Sendable {
    /// What stands beside the bar.
    package let label: String
    /// How long it is.
    package let quantity: RichText.Quantity

    /// A bar under its label.
    package init(_ label: String, _ quantity: RichText.Quantity) {
      self.label = label
      self.quantity = quantity
    }
  }
  /// From top to bottom.
  package let items: [Item]

  /// These bars, all on one scale.
  package init(_ items: [Item]) { self.items = items }

  /// The greatest quantity.
  package var most: Int { items.map(\.quantity.amount).max() ?? 0 }
}

/// Peak bytes against replayed work: the front, and what lies behind it.
package struct ParetoPlot: Hashable, Sendable {
  /// What one strategy comes to.
  package struct Point: Hashable, Sendable {
    /// The strategy, as it is written.
    package let name: String
    /// The most bytes that are live at once.
    package let peak: Int
    /// Replayed FLOPs as a multiple of one forward pass.
    package let replay: Double
    /// True where no other point beats it in both.
    package let isOnFront: Bool

    /// A strategy with its bytes and its work.
    package init(_ name: String, peak: Int, replay: Double, isOnFront: Bool) {
      self.name = name
      self.peak = peak
      self.replay = replay
      self.isOnFront = isOnFront
    }
  }
  /// In any order.
  package let points: [Point]

  /// These points, all on one sheet.
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
  /// A node of the tree.
  package struct Row: Hashable, Sendable {
    /// 0 for a root.
    package let depth: Int
    /// What the node is.
    package let label: RichText
    /// Bytes that the row stands for, where it says so.
    package let bytes: Int?

    /// A node so far below its root.
    package init(depth: Int, _ label: RichText, bytes: Int? = nil) {
      self.depth = depth
      self.label = label
      self.bytes = bytes
    }
  }
  /// From top to bottom: a node, and then all below it.
  package let rows: [Row]

  /// These rows.
  package init(_ rows: [Row]) { self.rows = rows }
}
