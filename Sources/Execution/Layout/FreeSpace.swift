import Algorithms

/// The gaps of an arena, by offset; neighbours are joined.
struct FreeSpace {
  /// Which of the gaps that are large enough is taken: the one at the lowest or highest offset, or
  /// the one that leaves least.
  enum Choice { case lowest, highest, tightest }

  private var starts: [Int]
  private var lengths: [Int]
  /// Where the arena ends so far.
  private(set) var top: Int
  private let canGrow: Bool

  /// An arena of fixed size, all free; with `nil`, an empty one that grows.
  init(capacity: Int?) {
    top = capacity ?? 0
    canGrow = capacity == nil
    starts = top > 0 ? [0] : []
    lengths = top > 0 ? [top] : []
  }

  /// Takes `size` bytes (more than 0) from the gap that `choice` prefers, growing the arena where
  /// none fits and it may grow; `nil` where it may not. Gives the offset.
  mutating func take(_ size: Int, _ choice: Choice) -> Int? {
    guard let gap = gap(for: size, choice) else { return canGrow ? grow(by: size) : nil }
    if choice == .highest {
      lengths[gap] -= size
      let offset = starts[gap] + lengths[gap]
      if lengths[gap] == 0 { removeGap(gap) }
      return offset
    }
    let offset = starts[gap]
    starts[gap] += size
    lengths[gap] -= size
    if lengths[gap] == 0 { removeGap(gap) }
    return offset
  }

  /// Makes the bytes free again.
  mutating func giveBack(_ offset: Int, _ size: Int) {
    let low = starts.partitioningIndex { $0 >= offset }
    let joinsBefore = low > 0 && starts[low - 1] + lengths[low - 1] == offset
    let joinsAfter = low < starts.count && offset + size == starts[low]
    switch (joinsBefore, joinsAfter) {
    case (true, true):
      lengths[low - 1] += size + lengths[low]
      removeGap(low)
    case (true, false):
      lengths[low - 1] += size
    case (false, true):
      starts[low] = offset
      lengths[low] += size
    case (false, false):
      starts.insert(offset, at: low)
      lengths.insert(size, at: low)
    }
  }

  private func gap(for size: Int, _ choice: Choice) -> Int? {
    switch choice {
    case .lowest: return lengths.firstIndex { $0 >= size }
    case .highest: return lengths.lastIndex { $0 >= size }
    case .tightest:
      var best: Int?
      var bestLength = Int.max
      for index in lengths.indices where lengths[index] >= size && lengths[index] < bestLength {
        best = index
        bestLength = lengths[index]
        if bestLength == size { break }
      }
      return best
    }
  }

  /// Takes the bytes at the end, a gap that touches it included.
  private mutating func grow(by size: Int) -> Int {
    var offset = top
    if let last = starts.last, let length = lengths.last, last + length == top {
      offset = last
      removeGap(starts.count - 1)
    }
    top = offset + size
    return offset
  }

  private mutating func removeGap(_ index: Int) {
    starts.remove(at: index)
    lengths.remove(at: index)
  }
}
