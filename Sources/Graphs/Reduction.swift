/// What `reduce` makes of the elements along the reduced axes.
package enum Reduction: String, Hashable, Sendable, CaseIterable {
  case sum, average, max, min
}

/// What `argReduce` looks for.
package enum Extremum: String, Hashable, Sendable, CaseIterable {
  case greatest = "argmax"
  case least = "argmin"
}
