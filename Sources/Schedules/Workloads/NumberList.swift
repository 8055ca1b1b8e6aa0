/// Numbers of values, or of parameters and states, in order. Most steps' lists are of one or two:
/// these take no block of memory.
package struct NumberList: Hashable, Sendable {
  // Below 0 for none.
  private var first: Int32 = -1
  private var second: Int32 = -1
  /// All behind the second.
  private var rest: [Int32] = []

  /// No number.
  package init() {}

  /// These; none is below 0.
  package init(_ numbers: some Sequence<Int>) {
    for number in numbers { append(number) }
  }

  /// Adds a number, from 0 up.
  package mutating func append(_ number: Int) {
    if first < 0 {
      first = Int32(number)
    } else if second < 0 {
      second = Int32(number)
    } else {
      rest.append(Int32(number))
    }
  }
}

extension NumberList: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { first < 0 ? 0 : second < 0 ? 1 : 2 + rest.count }

  package subscript(place: Int) -> Int {
    switch place {
    case 0: Int(first)
    case 1: Int(second)
    default: Int(rest[place - 2])
    }
  }
}

extension NumberList: ExpressibleByArrayLiteral {
  package init(arrayLiteral numbers: Int...) { self.init(numbers) }
}
