/// How a cross entropy reads its labels.
package struct LabelRule: Hashable, Sendable {
  /// The part of each target that is spread evenly over all classes (Szegedy et al. 2016), from 0
  /// to 1.
  package var smoothing: Double
  /// A label of rows that do not count; `nil` where all do.
  package var ignored: Int?

  /// Labels as they are, unless something else is said.
  package init(smoothing: Double = 0, ignored: Int? = nil) {
    self.smoothing = smoothing
    self.ignored = ignored
  }

  /// Labels as they are.
  package static let plain = LabelRule()
}
