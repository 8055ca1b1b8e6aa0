/// A stretch of a list of numbers that is kept in half of their bytes.
struct NumberSlice: RandomAccessCollection {
  private let numbers: ArraySlice<Int32>

  /// These.
  init(_ numbers: ArraySlice<Int32>) { self.numbers = numbers }

  var startIndex: Int { numbers.startIndex }
  var endIndex: Int { numbers.endIndex }

  subscript(place: Int) -> Int { Int(numbers[place]) }
  subscript(places: Range<Int>) -> NumberSlice { NumberSlice(numbers[places]) }
}
