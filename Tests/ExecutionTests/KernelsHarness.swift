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
    self.values = values.map { dtype.nearest(to: $0) }
  }

  /// Normal-looking numbers, small integers, or truths.
  init(random shape: Shape, _ dtype: DType, _ dice: inout Dice, within bound: Double = 3) {
    self.init(
      shape, dtype,
      (0..<shape.count).map { _ in
        switch dtype {
        case .i32, .i64: Double(Int.random(in: -Int(bound)...Int(bound), using: &dice))
        case .bool: Double(Int.random(in: 0...1, using: &dice))
        case .f32, .f64, .f16, .bf16: Double.random(in: -bound...bound, using: &dice)
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

extension DType {
  /// What an extreme of no elements is.
  var bounds: (lowest: Double, greatest: Double) {
    switch self {
    case .f32, .f64, .f16, .bf16, .bool: (-.infinity, .infinity)
    case .i32: (Double(Int32.min), Double(Int32.max))
    case .i64: (-0x1p53, 0x1p53)
    }
  }

  /// The number that an element of this type is where it is to be a number.
  func nearest(to number: Double) -> Double {
    switch self {
    case .f32: Double(Float(number))
    case .f16, .bf16: short.map { $0.number($0.bits(of: number)) } ?? number
    case .f64, .i32, .i64, .bool: number
    }
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

  func write(_ bytes: [UInt8]) {
    UnsafeMutableRawBufferPointer(start: view.pointer, count: bytes.count).copyBytes(from: bytes)
  }

  func bytes(_ count: Int) -> [UInt8] {
    Array(UnsafeRawBufferPointer(start: view.pointer, count: count))
  }
}

/// Numbers as a kernel finds them in memory. A run does this once for each operand, and compares
/// bytes: conversions of millions of numbers would take longer than what is tested.
private func encoded(_ values: [Double], as dtype: DType) -> [UInt8] {
  func bytes<Element>(_ elements: [Element]) -> [UInt8] { elements.withUnsafeBytes { Array($0) } }
  return switch dtype {
  case .f32: bytes(values.map { Float($0) })
  case .f64: bytes(values)
  case .f16, .bf16: bytes(values.map { dtype.short?.bits(of: $0) ?? 0 })
  case .i64: bytes(values.map { Int64($0) })
  case .i32: bytes(values.map { Int32($0) })
  case .bool: bytes(values.map { UInt8($0) })
  }
}

private func decoded(_ bytes: [UInt8], as dtype: DType) -> [Double] {
  func elements<Element: BitwiseCopyable>(_: Element.Type) -> [Element] {
    bytes.withUnsafeBytes { bytes in
      stride(from: 0, to: bytes.count, by: MemoryLayout<Element>.stride).map {
        bytes.loadUnaligned(fromByteOffset: $0, as: Element.self)
      }
    }
  }
  return switch dtype {
  case .f32: elements(Float.self).map { Double($0) }
  case .f64: elements(Double.self)
  case .f16, .bf16: elements(UInt16.self).map { dtype.short?.number($0) ?? 0 }
  case .i64: elements(Int64.self).map { Double($0) }
  case .i32: elements(Int32.self).map { Double($0) }
  case .bool: bytes.map { Double($0) }
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
  runBytes(
    operation, operands, into: results, scratch: scratch, context: context,
    sourceLocation: sourceLocation
  ).enumerated().map { decoded($1, as: results[$0].dtype) }
}

/// The same, and gives the bytes of the results.
func runBytes(
  _ operation: Operation, _ operands: [Sample], into results: [TensorType],
  scratch: UnsafeMutableRawPointer? = nil,
  context: RunContext = RunContext(seed: 11, step: 3),
  sourceLocation: SourceLocation = #_sourceLocation
) -> [[UInt8]] {
  let given = operands.map { encoded($0.values, as: $0.dtype) }
  func once(shift: Int, reusing reused: Int?, sharing: Bool = false) -> [[UInt8]] {
    let inputs = zip(operands, given).map { operand, bytes in
      let buffer = Fenced(operand.shape, operand.dtype, shift: shift)
      buffer.write(bytes)
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
    let shared =
      sharing ? sharedInstruction(operation, inputs.map(\.view), views, context) : nil
    let instruction =
      shared
      ?? KernelTable.instruction(
        for: operation, operands: inputs.map(\.view), results: views,
        scratch: scratch ?? (bytes > 0 ? room.view.pointer : nil), context: context)
    instruction()
    if reused == nil { instruction() }  // again, with the same results
    let found = results.indices.map { place in
      (place == 0 ? first : outputs[place]).bytes(
        results[place].shape.byteCount(of: results[place].dtype))
    }
    for buffer in inputs + outputs + [room] {
      #expect(buffer.isIntact, "wrote outside its bytes", sourceLocation: sourceLocation)
    }
    for (index, input) in inputs.enumerated() where index != reused {
      let isUnchanged = input.bytes(given[index].count) == given[index]
      #expect(isUnchanged, "changed an operand", sourceLocation: sourceLocation)
    }
    return found
  }
  let found = once(shift: 0, reusing: nil)
  // Compared before they are expected: a failure would look for all differences, for minutes.
  let isSameElsewhere = once(shift: 1, reusing: nil) == found
  #expect(isSameElsewhere, "an element away", sourceLocation: sourceLocation)
  let isSameShared = once(shift: 0, reusing: nil, sharing: true) == found
  #expect(isSameShared, "as work that is shared", sourceLocation: sourceLocation)
  let reading = operands.indices.map {
    Operand(.input($0), shape: operands[$0].shape, dtype: operands[$0].dtype)
  }
  for index in operation.reusableOperands(operands: reading, results: results) {
    let isSameReusing = [false, true].allSatisfy {
      once(shift: 0, reusing: index, sharing: $0) == found
    }
    #expect(isSameReusing, "reusing operand \(index)", sourceLocation: sourceLocation)
  }
  return found
}

/// The operation as calls of layers that are alike have it, which share their work; `nil` for what
/// has work of its own.
private func sharedInstruction(
  _ operation: Operation, _ operands: [BufferView], _ results: [BufferView], _ context: RunContext
) -> Instruction? {
  let part = FusedPart(
    operation: operation,
    operands: operands.enumerated().map { .outside(PlacedView($1, place: $0)) },
    result: results.first.map { TensorType($0.shape, $0.dtype) })
  let call = PlacedCall(
    parts: [part],
    results: results.enumerated().map { PlacedView($1, place: operands.count + $0) },
    scratch: nil, writesOver: false, isFirst: true)
  return KernelTable.work(of: call, context: context)?
    .instruction(at: (operands + results).map(\.pointer))
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
  let unit =
    switch dtype {
    case .f32: 4e-7
    case .f64: 1e-14
    case .f16: 5e-4
    case .bf16: 4e-3
    case .i32, .i64, .bool: 0.0
    }
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

/// The types that have gradients.
let floatingTypes = DType.allCases.filter(\.isFloating)

/// Odd shapes: scalars, empty axes, axes of length 1, lengths around the vector widths.
let oddShapes: [Shape] = [
  [], [0], [1], [7], [33], [100], [2, 0, 3], [1, 1], [5, 1], [1, 5], [3, 4], [2, 3, 5],
  [4, 1, 3, 2],
  [3, 130],
]
