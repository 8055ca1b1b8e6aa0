/// Something that a value holds by reference, such as a list, a layer or a tensor, with a count of
/// what leads to it.
///
/// `OwnerCount` keeps the count, at the end of each step of a command; in the midst of one it is as
/// it was when the step began.
package class Owned {
  /// How many names, variables and other objects that names lead to hold it: 0 where no name leads
  /// to it.
  final var owners = 0
  /// The search of `AnsShare` that met it last.
  final var ansSearch: Int32 = 0

  /// Hands over the objects that it holds, as often as it holds them.
  func forEachPart(_ visit: (Owned) -> Void) {}

  /// From here on names lead to it: hands over what they lead to through it that nothing like it
  /// counts already.
  func gain(_ visit: (Owned) -> Void) { forEachPart(visit) }

  /// Names lead to it no more: hands over what `gain` did.
  func lose(_ visit: (Owned) -> Void) { forEachPart(visit) }

  /// Hands over its parts, at least those that no name leads to.
  func forEachUnownedPart(_ visit: (Owned) -> Void) { forEachPart(visit) }
}

extension Value {
  /// The object behind a value that tensors or variables may be behind; `nil` for plain values.
  var owned: Owned? {
    switch self {
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .plan: nil
    case .list(let object as Owned), .dictionary(let object as Owned),
      .function(let object as Owned), .layer(let object as Owned), .tensor(let object as Owned),
      .dataSet(let object as Owned), .batches(let object as Owned),
      .optimizer(let object as Owned), .strategy(let object as Owned),
      .gradients(let object as Owned), .record(let object as Owned):
      object
    }
  }

  /// True where a variable may be behind it: in a function, or in something that holds one.
  var mayLeadToVariables: Bool {
    switch self {
    case .list(let list): list.mayLeadToVariables
    case .dictionary(let dictionary): dictionary.mayLeadToVariables
    case .record(let record): record.fields.contains { $0.value.mayLeadToVariables }
    case .function, .layer, .optimizer, .strategy: true
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .tensor, .dataSet, .batches,
      .gradients, .plan:
      false
    }
  }
}
