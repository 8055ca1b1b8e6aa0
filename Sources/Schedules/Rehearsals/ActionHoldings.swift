/// The classes of the values that the actions of a schedule make or move, action by action.
package struct ActionHoldings: Hashable, Sendable {
  private var list: [Holding?] = []
  private var ends: [UInt32] = []

  /// The classes of no action; room for those of so many actions, and for so many in all.
  package init(actions: Int = 0, classes: Int = 0) {
    list.reserveCapacity(classes)
    ends.reserveCapacity(actions)
  }

  /// Number of actions.
  package var count: Int { ends.count }

  /// For `compute`, the class of each result of the step, in their order, `nil` for one that was in
  /// memory already and stays as it is; for `offload` and `fetch`, that of the value; for `free`,
  /// nothing.
  package subscript(action: Int) -> ArraySlice<Holding?> {
    list[(action == 0 ? 0 : Int(ends[action - 1]))..<Int(ends[action])]
  }

  /// Adds the classes of the next action.
  mutating func append(_ holdings: some Sequence<Holding?>) {
    list.append(contentsOf: holdings)
    ends.append(UInt32(list.count))
  }
}
