import Graphs
import Tensors
import Testing

struct GraphBuilderTests {
  private static let plain = Operation.matmul(transposeLeft: false, transposeRight: false)

  private func data(_ name: String, _ shape: Shape, _ dtype: DType = .f32) -> Input {
    Input(kind: .data, shape: shape, dtype: dtype, name: name)
  }

  @Test func `a transpose is read through by a product and leaves no node`() throws {
    var builder = GraphBuilder()
    let a = builder.input(data("a", [3, 2]))
    let b = builder.input(data("b", [4, 3]))
    let aT = try builder.emit(.permute([1, 0]), [a])
    let bT = try builder.emit(.permute([1, 0]), [b])
    builder.setResult(try builder.matmul(aT, bT))
    let graph = builder.finished()
    try graph.verify()
    #expect(graph.nodes.map(\.operation) == [.matmul(transposeLeft: true, transposeRight: true)])
    #expect(graph.nodes[0].operands == [a, b])
    #expect(graph.result?.shape == [2, 4])
  }

  @Test func `a transpose with another use, another order or a name stays`() throws {
    var builder = GraphBuilder()
    let x = builder.input(data("x", [2, 3, 4]))
    let batched = try builder.emit(.permute([0, 2, 1]), [x])
    let folded = try builder.emit(Self.plain, [x, batched])
    #expect(builder.graph.nodes[1].operands == [x, x])
    #expect(folded.shape == [2, 3, 3])
    let moved = try builder.emit(.permute([2, 0, 1]), [x])
    _ = try builder.emit(Self.plain, [moved, x.reshaped([4, 3, 2])])
    #expect(builder.graph.nodes[3].operands[0] == moved)
    let named = try builder.emit(.permute([0, 2, 1]), [x])
    builder.name(named, "kept")
    _ = try builder.emit(Self.plain, [x, named])
    #expect(builder.graph.nodes[5].operands[1] == named)
    // A transpose that is then read in another shape is no transposed matrix.
    let reshaped = batched.reshaped([2, 2, 6])
    _ = try builder.emit(Self.plain, [x.reshaped([2, 6, 2]), reshaped])
    #expect(builder.graph.nodes[6].operands[1] == reshaped)
  }

  @Test func `a transposed stack times a matrix still folds its transpose`() throws {
    var builder = GraphBuilder()
    let x = builder.input(data("x", [5, 3, 4]))
    let w = builder.input(data("w", [3, 2]))
    let y = try builder.matmul(try builder.emit(.permute([0, 2, 1]), [x]), w)
    #expect(y.shape == [5, 4, 2])
    builder.setResult(y)
    #expect(builder.finished().nodes.count == 1)
  }

  @Test func `a stack of matrices times one matrix is one product of all rows`() throws {
    var builder = GraphBuilder()
    let x = builder.input(data("x", [5, 3, 4]))
    let w = builder.input(data("w", [4, 2]))
    let y = try builder.matmul(x, w)
    #expect(y.shape == [5, 3, 2])
    #expect(builder.graph.nodes[0].shape == [15, 2])
  }

  @Test(arguments: [
    ([3], [3], []), ([2, 3], [3], [2]), ([3], [3, 4], [4]), ([2, 3], [3, 4], [2, 4]),
    ([5, 2, 3], [3], [5, 2]), ([3], [5, 3, 4], [5, 4]), ([5, 2, 3], [3, 4], [5, 2, 4]),
    ([0], [0], []),
  ])
  func `vectors in products follow NumPy`(a: [Int], b: [Int], result: [Int]) throws {
    var builder = GraphBuilder()
    let left = builder.input(data("a", Shape(a)))
    let right = builder.input(data("b", Shape(b)))
    let value = try builder.matmul(left, right)
    #expect(value.shape.axes == result)
    builder.setResult(value)
    try builder.finished().verify()
  }

  @Test func `a product that does not fit is refused with the shapes as written`() {
    var builder = GraphBuilder()
    let a = builder.input(data("a", [3]))
    let b = builder.input(data("b", [4, 2]))
    let error = #expect(throws: ShapeError.self) { try builder.matmul(a, b) }
    #expect(error?.shapes == [[3], [4, 2]])
    #expect(error?.problem == .mismatch(axis: 0, left: 3, right: 4))
    #expect(builder.graph.nodes.isEmpty)
    let scalar = builder.input(data("s", []))
    #expect(throws: ShapeError.self) { try builder.matmul(a, scalar) }
  }

  @Test func `operands are promoted by casts, and nothing is cast needlessly`() throws {
    var builder = GraphBuilder()
    let x = builder.input(data("x", [3]))
    let n = builder.input(data("n", [3], .i32))
    let d = builder.input(data("d", [3], .f64))
    #expect(try builder.binary(.add, x, n).dtype == .f32)
    #expect(try builder.binary(.add, n, d).dtype == .f64)
    #expect(try builder.binary(.divide, n, n).dtype == .f32)
    #expect(try builder.binary(.less, x, n).dtype == .bool)
    let mask = try builder.binary(.less, x, n)
    #expect(try builder.binary(.add, mask, mask).dtype == .i32)
    #expect(try builder.binary(.multiply, mask, x).dtype == .f32)
    #expect(try builder.scalar(.add, mask, 1, isInteger: true).dtype == .i32)
    #expect(try builder.unary(.negate, mask).dtype == .i32)
    #expect(try builder.reduce(.sum, mask, axes: [0]).dtype == .i32)
    #expect(try builder.select(mask, mask, mask).dtype == .bool)
    #expect(try builder.unary(.exp, n).dtype == .f32)
    #expect(try builder.unary(.negate, n).dtype == .i32)
    #expect(try builder.scalar(.multiply, n, 2, isInteger: true).dtype == .i32)
    #expect(try builder.scalar(.multiply, n, 2).dtype == .f32)
    #expect(try builder.reduce(.average, n, axes: [0]).dtype == .f32)
    #expect(try builder.select(x, n, x).dtype == .f32)
    #expect(try builder.matmul(n, n).dtype == .f32)
    let before = builder.graph.nodes.count
    _ = try builder.binary(.multiply, x, x)
    #expect(builder.graph.nodes.count == before + 1)
    try builder.graph.verify()
  }

  @Test func `what is refused adds no node`() {
    var builder = GraphBuilder()
    let x = builder.input(data("x", [3]))
    let n = builder.input(data("n", [4], .i32))
    #expect(throws: ShapeError.self) { try builder.binary(.add, x, n) }
    #expect(throws: ShapeError.self) { try builder.select(x, n, x) }
    #expect(throws: ShapeError.self) { try builder.updateState(0, to: x) }
    #expect(builder.graph.nodes.isEmpty)
  }

  @Test func `what nothing uses goes, and marks, regions and states follow`() throws {
    var builder = GraphBuilder()
    let x = builder.input(data("x", [3]))
    let s = builder.input(Input(kind: .state, shape: [3], dtype: .f32, name: "s"))
    builder.enterRegion()
    _ = try builder.emit(.unary(.exp), [x])
    builder.leaveRegion()
    builder.mark("unused")
    builder.enterRegion()
    let a = try builder.emit(.unary(.tanh), [x])
    _ = try builder.emit(.unary(.sin), [a])
    builder.mark("tanh")
    builder.mark("flatten")
    builder.enterRegion()
    let b = try builder.emit(.unary(.relu), [a])
    builder.leaveRegion()
    builder.leaveRegion()
    builder.leaveRegion()
    let mean = try builder.emit(.binary(.add), [s, b])
    try builder.updateState(1, to: a)
    try builder.updateState(1, to: mean)
    builder.setResult(b)
    let graph = builder.finished()
    try graph.verify()
    #expect(graph.nodes.map(\.operation.name) == ["tanh", "relu", "add"])
    #expect(graph.nodes.map(\.region) == [0, 1, nil])
    #expect(graph.regions == [Graph.Region(parent: nil), Graph.Region(parent: 0)])
    #expect(graph.marks == [Graph.Mark(node: 0, label: "tanh")])
    #expect(graph.stateUpdates.map(\.value.node) == [2])
    #expect(graph.result?.node == 1)
  }

  @Test func `a state takes a value of its own shape and type only`() throws {
    var builder = GraphBuilder()
    let s = builder.input(Input(kind: .state, shape: [3], dtype: .f32, name: "s"))
    let wide = try builder.emit(.broadcast([2, 3]), [s])
    let error = #expect(throws: ShapeError.self) { try builder.updateState(0, to: wide) }
    #expect(error?.problem == .mismatch(axis: nil, left: 1, right: 2))
    let other = try builder.emit(.cast(.f64), [s])
    #expect(throws: ShapeError.self) { try builder.updateState(0, to: other) }
    #expect(throws: ShapeError.self) { try builder.updateState(7, to: s) }
  }

  @Test func `a graph prints inputs first and one line a node`() throws {
    var builder = GraphBuilder()
    let x = builder.input(data("x", [2, 3]))
    let w = builder.input(Input(kind: .parameter, shape: [3, 4], dtype: .f32, name: "w"))
    builder.place = Place(file: "a.cairn", line: 4, column: 1, endLine: 4, endColumn: 6)
    let z = try builder.emit(Self.plain, [x, w])
    builder.place = .nowhere
    builder.mark("dense")
    builder.enterRegion()
    let r = try builder.emit(.unary(.relu), [z.reshaped([8])])
    builder.name(r, "hidden")
    builder.leaveRegion()
    builder.setResult(try builder.reduce(.sum, r, axes: [0]))
    #expect(
      builder.finished().description == """
        @0 = data x : f32[2, 3]
        @1 = parameter w : f32[3, 4]
        %0 = matmul @0, @1 : f32[2, 4]   # line 4
        ── dense
        %1 = relu %0 as [8] : f32[8] "hidden" in region 0
        %2 = sum(axes: [0]) %1 : f32[]
        result %2
        """)
  }

  @Test func `signatures ignore places and nothing else`() throws {
    func graph(line: Int, number: Double, name: String = "x") throws -> Graph {
      var builder = GraphBuilder()
      let x = builder.input(data(name, [2]))
      builder.place = Place(file: "a", line: line, column: 1, endLine: line, endColumn: 2)
      let operation = Operation.scalar(.multiply, number, numberFirst: false)
      builder.setResult(try builder.emit(operation, [x]))
      return builder.finished()
    }
    let signature = try graph(line: 1, number: 0).signature
    #expect(try graph(line: 2, number: 0).signature == signature)
    #expect(try graph(line: 1, number: 1).signature != signature)
    #expect(try graph(line: 1, number: -0.0).signature != signature)
    #expect(try graph(line: 1, number: 0, name: "y").signature != signature)
    #expect(try graph(line: 2, number: 0).signature.hashValue == signature.hashValue)
  }
}
