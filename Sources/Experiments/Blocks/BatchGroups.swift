package import Gradients

/// Batches in groups that make one update each: those of an epoch's end go on with those of the
/// next; the last group of all may be incomplete.
package struct BatchGroups: Hashable, Sendable {
  /// All batches.
  package let batches: BatchOrder
  /// Batches of a complete group.
  package let size: Int

  /// Groups of so many, 1 or more.
  package init(_ batches: BatchOrder, of size: Int) {
    self.batches = batches
    self.size = size
  }

  /// Groups in all.
  package var total: Int { batches.total / size + (batches.total % size == 0 ? 0 : 1) }

  /// The batches of a group.
  package func batches(of group: Int) -> Range<Int> {
    let first = group * size
    return first..<first + min(size, batches.total - first)
  }

  /// What a batch is of its group.
  package func part(ofBatch number: Int) -> UpdatePlan.Part {
    if size == 1 { return .whole }
    return number % size == size - 1 || number == batches.total - 1 ? .last : .early
  }

  /// Rows of a batch.
  package func rows(ofBatch number: Int) -> Int { batches.places(ofBatch: number).count }

  /// Rows of a group, or of a part of each of its batches.
  package func rows(
    of group: Int, part: (_ rows: Int) -> Range<Int> = { 0..<$0 }
  ) -> Int {
    batches(of: group).reduce(0) { $0 + part(rows(ofBatch: $1)).count }
  }
}
