/// A table laid out for `OrderScan`, whose loop planners run a hundred thousand times: all that is
/// read of a step lies together, and nothing is checked twice.
final class ScanRows {
  /// What a scan reads of a step, or of a fetch.
  struct Row {
    /// Its values, its inputs, and those whose storage its first result may take over: where they
    /// begin and end.
    var values, inputs, reusable: (start: Int32, end: Int32)
    /// Bytes of all that it makes, of its scratch, and of its first result.
    var made, scratch, first: Int
    /// FLOPs.
    var cost: Int
    /// True for an update, which runs though nothing reads it.
    var isUpdate: Bool
  }

  /// Steps, then fetches.
  let rows: UnsafeMutableBufferPointer<Row>
  /// Values, as `Row.inputs` and `Row.reusable` number them.
  let inputs, reusable: UnsafeMutableBufferPointer<Int32>
  /// Of each value: bytes.
  let bytes: UnsafeMutableBufferPointer<Int>
  /// Of each value: whether it outlives the run.
  let isResult: UnsafeMutableBufferPointer<Bool>
  /// Of each value: something after the point of the scan reads it, or it outlives the run.
  let isNeeded: UnsafeMutableBufferPointer<Bool>
  /// Of each value: something after the point of the scan fetches it. Empty where there are no
  /// fetches.
  let isFetched: UnsafeMutableBufferPointer<Bool>
  /// Of each value: the place of the order that first makes it. Empty where there are no fetches.
  let firstPlaces: UnsafeMutableBufferPointer<Int>
  private let stepCount: Int

  /// Lays out a table.
  init(_ table: StepTable) {
    var rows: [Row] = []
    var (inputs, reusable): ([Int32], [Int32]) = ([], [])
    rows.reserveCapacity(table.moveCount)
    for step in 0..<table.moveCount {
      let (firstInput, firstReusable) = (inputs.count, reusable.count)
      table.forEachInput(of: step) { inputs.append(Int32($0)) }
      for input in table.reusable(of: step) { reusable.append(Int32(input)) }
      let values = table.values(of: step)
      rows.append(
        Row(
          values: (Int32(values.lowerBound), Int32(values.upperBound)),
          inputs: (Int32(firstInput), Int32(inputs.count)),
          reusable: (Int32(firstReusable), Int32(reusable.count)),
          made: table.made[step], scratch: table.scratch[step],
          first: table.firstBytes(of: step), cost: table.cost[step],
          isUpdate: table.phases[step] == .update))
    }
    self.rows = Self.copy(rows)
    self.inputs = Self.copy(inputs)
    self.reusable = Self.copy(reusable)
    bytes = Self.copy(table.bytes)
    isResult = Self.copy(table.isResult)
    isNeeded = Self.copy(table.isResult)
    stepCount = table.count
    let fetches = table.moveCount - table.count
    isFetched = Self.copy(Array(repeating: false, count: fetches))
    firstPlaces = Self.copy(Array(repeating: 0, count: fetches))
  }

  deinit {
    rows.deallocate()
    inputs.deallocate()
    reusable.deallocate()
    bytes.deallocate()
    isResult.deallocate()
    isNeeded.deallocate()
    isFetched.deallocate()
    firstPlaces.deallocate()
  }

  private static func copy<Element>(
    _ elements: [Element]
  ) -> UnsafeMutableBufferPointer<Element> {
    let copy = UnsafeMutableBufferPointer<Element>.allocate(capacity: elements.count)
    _ = copy.initialize(from: elements)
    return copy
  }

  /// What a step of an order reads; ends the program for a number that is no step's.
  @inline(__always)
  func row(_ step: Int) -> Row {
    precondition(UInt(bitPattern: step) < UInt(bitPattern: rows.count), "no such step")
    return rows.baseAddress.unsafelyUnwrapped[step]
  }

  /// Prepares for a scan from the end of an order.
  func begin(_ order: [Int]) {
    _ = isNeeded.update(from: isResult)
    guard !isFetched.isEmpty else { return }
    isFetched.update(repeating: false)
    for place in order.indices.reversed() where order[place] < stepCount {
      let values = row(order[place]).values
      for value in Int(values.start)..<Int(values.end) { firstPlaces[value] = place }
    }
  }
}
