import GraphLab
import Graphs
import Tensors
import Testing

struct OperationTests {
  private func operands(_ types: [(Shape, DType)]) -> [Operand] {
    types.enumerated().map { Operand(.input($0), shape: $1.0, dtype: $1.1) }
  }

  private func cost(_ operation: Operation, _ types: [(Shape, DType)]) throws -> Int {
    let operands = operands(types)
    return operation.cost(
      operands: operands, results: try operation.resultTypes(of: operands))
  }

  @Test func `a product costs two operations for each of m n k, transposed or not`() throws {
    let plain = Operation.matmul(transposeLeft: false, transposeRight: false)
    let left = Operation.matmul(transposeLeft: true, transposeRight: false)
    #expect(try cost(plain, [([2, 3], .f32), ([3, 4], .f32)]) == 48)
    #expect(try cost(left, [([3, 2], .f32), ([3, 4], .f32)]) == 48)
    #expect(try cost(plain, [([7, 2, 3], .f32), ([3, 4], .f32)]) == 7 * 48)
  }

  @Test func `a convolution and its adjoints cost two operations for each weight of each window`()
    throws
  {
    let convolution = Convolution(groups: 2)
    let (x, w, y): (Shape, Shape, Shape) = ([5, 4, 4, 6], [3, 3, 3, 8], [5, 2, 2, 8])
    let all = 2 * y.count * 3 * 3 * 3
    #expect(try cost(.conv2d(convolution), [(x, .f32), (w, .f32)]) == all)
    #expect(
      try cost(.conv2dTranspose(convolution, height: 4, width: 4), [(y, .f32), (w, .f32)]) == all)
    #expect(
      try cost(.conv2dWeights(convolution, height: 3, width: 3), [(x, .f32), (y, .f32)]) == all)
  }

  @Test func `pooling costs as many operations as its windows have entries`() throws {
    let pairs = ShapeRuleTests.pairs
    #expect(try cost(.maxPool(pairs), [([2, 4, 6, 3], .f32)]) == 2 * 2 * 3 * 3 * 4)
    #expect(
      try cost(.maxPoolAdjoint(pairs), [([2, 2, 3, 3], .f32), ([2, 4, 6, 3], .f32)])
        == 4 * 2 * 2 * 3 * 3 * 4)
    #expect(
      try cost(.averagePool(ShapeRuleTests.adaptive), [([1, 8, 9, 1], .f32)]) == 4 * 9 * 2)
  }

  @Test func `elementwise costs follow the result and reductions the operand`() throws {
    #expect(try cost(.binary(.add), [([5, 1], .f32), ([3], .f32)]) == 15)
    #expect(try cost(.unaryAdjoint(.tanh), [([5], .f32), ([5], .f32)]) == 10)
    #expect(try cost(.reduce(.sum, axes: [0], keepDims: false), [([5, 3], .f32)]) == 15)
    #expect(try cost(.softmax(axis: 0), [([5], .f32)]) == 25)
    #expect(
      try cost(.layerNorm(epsilon: 1), [([5, 2], .f32), ([2], .f32), ([2], .f32)]) == 80)
    #expect(try cost(.crossEntropy(), [([5, 2], .f32), ([5], .i32)]) == 50)
    #expect(
      try cost(.update(.sgd(rate: 1, momentum: 0.5)), Array(repeating: ([5], .f32), count: 3))
        == 20)
    #expect(try cost(.update(.sgd(rate: 1, decay: 0.5)), [([5], .f32), ([5], .f32)]) == 20)
    #expect(try cost(.accumulate(isInPlace: true), [([5], .f32), ([5], .f32)]) == 10)
    #expect(try cost(.gradientScale(norm: 1), [([5], .f32), ([2, 3], .f64)]) == 22)
    #expect(try cost(.gradientScale(norm: .infinity), [([5], .f32)]) == 0)
    let sum = Exchange(.allReduce, .ring, workers: 2, values: 1)
    #expect(try cost(.exchange(sum), [([5], .f32)]) == 10)
    let push = Exchange(.push, .ring, workers: 2, values: 1)
    #expect(try cost(.exchange(push), [([5], .f32)]) == 0)
  }

  @Test func `costs saturate`() {
    let side = 1 << 40
    let wide = operands([(Shape([8, side]), .f32), (Shape([side, 8]), .f32)])
    let operation = Operation.matmul(transposeLeft: false, transposeRight: false)
    #expect(operation.cost(operands: wide, results: [TensorType(Shape([1 << 47]), .f32)]) == .max)
  }

  @Test func `a result takes over operands of its own shape and width only`() throws {
    func reusable(_ operation: Operation, _ types: [(Shape, DType)]) throws -> [Int] {
      let operands = operands(types)
      return operation.reusableOperands(
        operands: operands, results: try operation.resultTypes(of: operands))
    }
    #expect(try reusable(.binary(.add), [([2, 3], .f32), ([3], .f32)]) == [0])
    #expect(try reusable(.binary(.add), [([1, 3], .f32), ([2, 3], .f32)]) == [1])
    #expect(try reusable(.binary(.add), [([2, 1], .f32), ([1, 3], .f32)]) == [])
    #expect(try reusable(.binary(.less), [([3], .f32), ([3], .f32)]) == [])
    #expect(try reusable(.select, [([3], .bool), ([3], .f64), ([], .f64)]) == [1])
    #expect(try reusable(.select, [([3], .bool), ([3], .bool), ([], .bool)]) == [0, 1])
    #expect(try reusable(.cast(.i32), [([3], .f32)]) == [0])
    #expect(try reusable(.cast(.f64), [([3], .f32)]) == [])
    #expect(try reusable(.softmaxAdjoint(axis: 0), [([3], .f32), ([3], .f32)]) == [0, 1])
    #expect(try reusable(.broadcast([3]), [([3], .f32)]) == [])
    #expect(try reusable(.permute([0]), [([3], .f32)]) == [])
    #expect(
      try reusable(.crossEntropyAdjoint(), [([], .f32), ([2, 3], .f32), ([2], .i32)]) == [1])
    let rows: [(Shape, DType)] = [([4, 3], .f32), ([3], .f32), ([3], .f32)]
    #expect(try reusable(.layerNorm(epsilon: 1), rows) == [0])
    let adjoint: [(Shape, DType)] = [rows[0], rows[0], rows[1], ([4], .f32), ([4], .f32)]
    #expect(try reusable(.layerNormAdjoint([.x, .offset]), adjoint) == [0, 1])
    #expect(try reusable(.layerNormAdjoint([.gain]), adjoint) == [])
  }

  @Test func `names tell operations apart, and adjoints say what they are`() {
    for unary in Unary.allCases {
      #expect(Operation.unary(unary).name == unary.rawValue)
      #expect(Operation.unaryAdjoint(unary).name == unary.rawValue + "_adjoint")
    }
    for binary in Binary.allCases {
      #expect(Operation.binary(binary).name == Operation.scalar(binary, 1, numberFirst: true).name)
    }
    var kindsByName: [String: OperationKind] = [:]
    for (operation, _, _) in ShapeRuleTests.good {
      let kind = OperationKind(operation)
      if kind == .scalar { continue }
      if let other = kindsByName[operation.name] { #expect(other == kind) }
      kindsByName[operation.name] = kind
      #expect(operation.name.allSatisfy { $0.isLowercase || $0 == "_" || $0 == "2" })
    }
  }

  @Test func `the names of forward operations are those of every kind that a forward pass has`() {
    var all = ShapeRuleTests.good.map(\.0)
    all += Unary.allCases.map { Operation.unary($0) }
    all += Binary.allCases.map { Operation.binary($0) }
    all += Reduction.allCases.map { Operation.reduce($0, axes: [], keepDims: false) }
    all += Extremum.allCases.map { Operation.argReduce($0, axis: 0) }
    all.append(.random(.normal, .f32, [], site: 0))
    all.append(.random(.uniform(low: 0, high: 1), .f32, [], site: 0))
    let forward = Set(all.filter { OperationKind($0).isForward }.map(\.name))
    let others = Set(all.filter { !OperationKind($0).isForward }.map(\.name))
    #expect(Set(Operation.forwardNames) == forward.union(["copy"]))
    #expect(Set(Operation.forwardNames).isDisjoint(with: others))
    #expect(Set(Operation.forwardNames).count == Operation.forwardNames.count)
  }
}
