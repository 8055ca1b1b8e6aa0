import Graphs
import Tensors
import Testing

@testable import Execution

/// A tensor in double precision, as the references see it.
struct Sample {
  var shape: Shape
  var dtype: DType
  var values: [Double]

  init(_ shape: Shape, _ dtype: DType, _ values: [Double]) {
    self.shape = shape
    self.dtype = dtype
    self.values = values.map { dtype == .f32 ? Double(Float($0)) : $0 }
  }

  /// Normal-looking numbers, small integers, or truths.
  init(random shape: Shape, _ dtype: DType, _ dice: inout Dice, within bound: Double = 3) {
    self.init(
      shape, dtype,
      (0..<shape.count).map { _ in
        switch dtype {
        case .i32: Double(Int.random(in: -Int(bound)...Int(bound), using: &dice))
        case .bool: Double(Int.random(in: 0...1, using: &dice))
        case .f32, .f64: Double.random(in: -bound...bound, using: &dice)
        }
      })
  }

  /// The value at the place to which a place of `result` broadcasts.
  func value(at place: [Int]) -> Double {
    var flat = 0
    let strides = shape.strides
    for axis in shape.axes.indices {
      let i = place[place.count - shape.rank + axis]
      flat += (shape[axis] == 1 ? 0 : i) * strides[axis]
    }
    return values[flat]
  }
}

/// A small generator with a fixed seed.
struct Dice: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}

/// Every place of a shape in row-major order.
func places(_ shape: Shape) -> [[Int]] {
  var places: [[Int]] = [[]]
  for length in shape.axes {
    places = places.flatMap { place in (0..<length).map { place + [$0] } }
  }
  return places
}

/// Bytes with room before and after, which must stay as they were.
private final class Fenced {
  private static let fence = 64
  private let block: UnsafeMutableRawPointer
  let sample: (shape: Shape, dtype: DType)
  private let shift: Int

  /// `shift` elements away from the best alignment.
  init(_ shape: Shape, _ dtype: DType, shift: Int) {
    sample = (shape, dtype)
    self.shift = shift * dtype.byteWidth
    let bytes = shape.byteCount(of: dtype) + 2 * Fenced.fence + self.shift
    block = .allocate(byteCount: bytes, alignment: 64)
    block.initializeMemory(as: UInt8.self, repeating: 0xA5, count: bytes)
  }

  deinit { block.deallocate() }

  var view: BufferView {
    BufferView(
      pointer: block + Fenced.fence + shift, shape: sample.shape, dtype: sample.dtype)
  }

  var isIntact: Bool {
    let bytes = sample.shape.byteCount(of: sample.dtype)
    let before = 0..<(Fenced.fence + shift)
    let after = (before.upperBound + bytes)..<(before.upperBound + bytes + Fenced.fence)
    return before.allSatisfy { block.load(fromByteOffset: $0, as: UInt8.self) == 0xA5 }
      && after.allSatisfy { block.load(fromByteOffset: $0, as: UInt8.self) == 0xA5 }
  }

  func write(_ values: [Double]) {
    for (index, value) in values.enumerated() {
      switch sample.dtype {
      case .f32: view.pointer.storeBytes(of: Float(value), toByteOffset: index * 4, as: Float.self)
      case .f64: view.pointer.storeBytes(of: value, toByteOffset: index * 8, as: Double.self)
      case .i32:
        view.pointer.storeBytes(of: Int32(value), toByteOffset: index * 4, as: Int32.self)
      case .bool: view.pointer.storeBytes(of: UInt8(value), toByteOffset: index, as: UInt8.self)
      }
    }
  }

  func read(as dtype: DType, count: Int) -> [Double] {
    (0..<count).map { index in
      switch dtype {
      case .f32: Double(view.pointer.load(fromByteOffset: index * 4, as: Float.self))
      case .f64: view.pointer.load(fromByteOffset: index * 8, as: Double.self)
      case .i32: Double(view.pointer.load(fromByteOffset: index * 4, as: Int32.self))
      case .bool: Double(view.pointer.load(fromByteOffset: index, as: UInt8.self))
      }
    }
  }
}

/// Bits, so that NaN equals itself and zeros of different sign differ.
func bits(_ values: [Double]) -> [UInt64] { values.map(\.bitPattern) }

/// Runs an operation of one result at the best alignment, one element away from it, and over each
/// operand that may be reused; all give the same bits, which are returned.
@discardableResult
func run(
  _ operation: Operation, _ operands: [Sample], into shape: Shape, _ dtype: DType,
  context: RunContext = RunContext(seed: 11, step: 3),
  sourceLocation: SourceLocation = #_sourceLocation
) -> [Double] {
  run(
    operation, operands, into: [TensorType(shape, dtype)], context: context,
    sourceLocation: sourceLocation)[0]
}

/// The same for an operation of any number of results.
@discardableResult
func run(
  _ operation: Operation, _ operands: [Sample], into results: [TensorType],
  scratch: UnsafeMutableRawPointer? = nil,
  context: RunContext = RunContext(seed: 11, step: 3),
  sourceLocation: SourceLocation = #_sourceLocation
) -> [[Double]] {
  func once(shift: Int, reusing reused: Int?) -> [[Double]] {
    let inputs = operands.map { operand in
      let buffer = Fenced(operand.shape, operand.dtype, shift: shift)
      buffer.write(operand.values)
      return buffer
    }
    let outputs = results.map { Fenced($0.shape, $0.dtype, shift: shift) }
    let first = reused.map { inputs[$0] } ?? outputs[0]
    let views = results.indices.map { place in
      BufferView(
        pointer: (place == 0 ? first : outputs[place]).view.pointer, shape: results[place].shape,
        dtype: results[place].dtype)
    }
    let bytes = operation.scratchBytes(
      operands: operands.map { TensorType($0.shape, $0.dtype) }, results: results)
    let room = Fenced([bytes], .bool, shift: 0)
    let instruction = KernelTable.instruction(
      for: operation, operands: inputs.map(\.view), results: views,
      scratch: scratch ?? (bytes > 0 ? room.view.pointer : nil), context: context)
    instruction()
    if reused == nil { instruction() }  // again, with the same results
    let values = results.indices.map { place in
      (place == 0 ? first : outputs[place]).read(
        as: results[place].dtype, count: results[place].shape.count)
    }
    for buffer in inputs + outputs + [room] {
      #expect(buffer.isIntact, "wrote outside its bytes", sourceLocation: sourceLocation)
    }
    for (index, input) in inputs.enumerated() where index != reused {
      #expect(
        bits(input.read(as: operands[index].dtype, count: operands[index].shape.count))
          == bits(operands[index].values), "changed an operand", sourceLocation: sourceLocation)
    }
    return values
  }
  let values = once(shift: 0, reusing: nil)
  #expect(
    once(shift: 1, reusing: nil).map(bits) == values.map(bits), sourceLocation: sourceLocation)
  let reading = operands.indices.map {
    Operand(.input($0), shape: operands[$0].shape, dtype: operands[$0].dtype)
  }
  for index in operation.reusableOperands(operands: reading, results: results) {
    #expect(
      once(shift: 0, reusing: index).map(bits) == values.map(bits), "reusing operand \(index)",
      sourceLocation: sourceLocation)
  }
  return values
}

/// The same for an operation that needs scratch, which has just the room that is counted for it.
@discardableResult
func runWithScratch(
  _ operation: Operation, _ operands: [Sample], into results: [TensorType],
  context: RunContext = RunContext(seed: 11, step: 3),
  sourceLocation: SourceLocation = #_sourceLocation
) -> [[Double]] {
  let types = operands.map { TensorType($0.shape, $0.dtype) }
  let scratch = Fenced(
    [operation.scratchBytes(operands: types, results: results)], .bool, shift: 0)
  let values = run(
    operation, operands, into: results, scratch: scratch.view.pointer, context: context,
    sourceLocation: sourceLocation)
  #expect(scratch.isIntact, "wrote outside its scratch", sourceLocation: sourceLocation)
  return values
}

/// Fails where a value is further from its reference than `relative` · (1 + |reference|) · scale of
/// the type.
func expectClose(
  _ values: [Double], _ reference: [Double], _ dtype: DType, times slack: Double = 1,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  let unit = dtype == .f32 ? 4e-7 : dtype == .f64 ? 1e-14 : 0
  #expect(values.count == reference.count, sourceLocation: sourceLocation)
  for (index, (value, expected)) in zip(values, reference).enumerated() {
    let same =
      value == expected || (value.isNaN && expected.isNaN)
      || abs(value - expected) <= unit * slack * (1 + abs(expected))
    if !same {
      Issue.record(
        "element \(index): \(value), not \(expected)", sourceLocation: sourceLocation)
      return
    }
  }
}

/// The types that there is arithmetic on.
let numericTypes = DType.allCases.filter { $0 == $0.arithmetic }

/// Odd shapes: scalars, empty axes, axes of length 1, lengths around the vector widths.
let oddShapes: [Shape] = [
  [], [0], [1], [7], [33], [100], [2, 0, 3], [1, 1], [5, 1], [1, 5], [3, 4], [2, 3, 5],
  [4, 1, 3, 2],
  [3, 130],
]
