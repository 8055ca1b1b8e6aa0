/// How many there are of each length, for lists that share their elements: mostly of one or two
/// lengths, of which the longest come last.
struct LengthCounts {
  /// In ascending order of length; some counts may be 0, but not the last.
  private var rows: [(length: Int, count: Int)] = []
  /// How many of the counts are 0.
  private var empty = 0

  /// True where there are none.
  var isEmpty: Bool { rows.isEmpty }

  /// The greatest length of which there are any; 0 where there are none.
  var longest: Int { rows.last?.length ?? 0 }

  /// How many there are of a length.
  subscript(length: Int) -> Int { place(of: length).map { rows[$0].count } ?? 0 }

  /// One more of a length.
  mutating func add(_ length: Int) {
    if length > longest || rows.isEmpty {
      rows.append((length, 1))
    } else if let place = place(of: length) {
      if rows[place].count == 0 { empty -= 1 }
      rows[place].count += 1
    } else {
      rows.insert((length, 1), at: place(notBelow: length))
    }
  }

  /// One less of a length, of which there is one.
  mutating func remove(_ length: Int) {
    guard let place = place(of: length), rows[place].count > 0 else { return }
    rows[place].count -= 1
    if rows[place].count == 0 { empty += 1 }
    while let last = rows.last, last.count == 0 {
      rows.removeLast()
      empty -= 1
    }
    // What is empty is dropped once it is the greater part: each row is moved seldom.
    if empty > 8, 2 * empty > rows.count {
      rows.removeAll { $0.count == 0 }
      empty = 0
    }
  }

  /// One of the greatest length, which is the only one of it, is longer by one now.
  mutating func lengthenLast() { rows[rows.count - 1].length += 1 }

  /// How many there are of the greatest length.
  var countOfLongest: Int { rows.last?.count ?? 0 }

  private func place(of length: Int) -> Int? {
    if let last = rows.last, last.length == length { return rows.count - 1 }
    let place = place(notBelow: length)
    return place < rows.count && rows[place].length == length ? place : nil
  }

  private func place(notBelow length: Int) -> Int {
    var (low, high) = (0, rows.count)
    while low < high {
      let middle = (low + high) / 2
      if rows[middle].length < length { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
