/// Bytes by account class.
package struct Account: Hashable, Sendable, CustomStringConvertible {
  private var bytes = InlineArray<11, Int>(repeating: 0)

  /// No bytes.
  package init() {}

  /// Bytes of one class.
  package subscript(account: AccountClass) -> Int {
    get { bytes[account.rawValue] }
    set { bytes[account.rawValue] = newValue }
  }

  /// Bytes of all classes together.
  package var total: Int {
    var sum = 0
    for index in bytes.indices { sum += bytes[index] }
    return sum
  }

  /// `parameters 128, kept 64`: the classes that have bytes; `nothing` where none has.
  package var description: String {
    let parts = AccountClass.allCases.filter { self[$0] != 0 }.map { "\($0) \(self[$0])" }
    return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
  }

  package static func == (a: Account, b: Account) -> Bool {
    for index in a.bytes.indices where a.bytes[index] != b.bytes[index] { return false }
    return true
  }

  package func hash(into hasher: inout Hasher) {
    for index in bytes.indices { hasher.combine(bytes[index]) }
  }

  package static func + (a: Account, b: Account) -> Account {
    var sum = a
    for index in sum.bytes.indices { sum.bytes[index] += b.bytes[index] }
    return sum
  }

  package static func - (a: Account, b: Account) -> Account {
    var difference = a
    for index in difference.bytes.indices { difference.bytes[index] -= b.bytes[index] }
    return difference
  }
}
