/// What holds gradients in bounds before parameters are updated.
package struct Clipping: Hashable, Sendable {
  /// The most that the norm of all gradients together may be: where it is more, they are scaled
  /// down to it. `nil` for any.
  package var norm: Double?
  /// The most that an element's magnitude may be, before the norm is taken; `nil` for any.
  package var value: Double?

  /// Bounds; none unless given.
  package init(norm: Double? = nil, value: Double? = nil) {
    self.norm = norm
    self.value = value
  }

  /// The bound of an element.
  package var limit: Double { value ?? .infinity }
}
