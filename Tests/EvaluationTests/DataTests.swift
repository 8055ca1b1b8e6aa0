import Foundation
import Tensors
import Testing

@testable import Evaluation

@Suite struct DataTests {
  /// The generated data sets, with how many classes each has.
  static let generated = [
    ("spirals", 3), ("gaussians", 3), ("moons", 2), ("circles", 2), ("xor", 2),
  ]

  private static func data(_ text: String, in machine: Machine) -> DataSet? {
    guard case .success(.dataSet(let data)?) = machine.run(text) else { return nil }
    return data
  }

  @Test(arguments: generated)
  func `a generated set has x f32[n, 2], y i32[n], every class, and follows the seed`(
    name: String, classes: Int
  ) {
    onLargeStack {
      let machine = Machine()
      guard let first = Self.data("seed 7\n\(name)(count: 60)", in: machine),
        let other = Self.data("seed 8\n\(name)(count: 60)", in: machine),
        let again = Self.data("seed 7\n\(name)(count: 60)", in: machine)
      else {
        Issue.record("no data set \(name)")
        return
      }
      let (x, y) = (first.columns[0].tensor, first.columns[1].tensor)
      #expect(x.typeDescription == "f32[60, 2]" && y.typeDescription == "i32[60]")
      let accounts = first.columns.map { $0.tensor.tensor?.storage.account }
      #expect(accounts == [.data, .data])
      #expect(Set(y.doubles()) == Set((0..<classes).map { Double($0) }))
      let areFinite = x.doubles().allSatisfy { $0.isFinite }
      #expect(areFinite)
      #expect(x.doubles() == again.columns[0].tensor.doubles())
      #expect(x.doubles() != other.columns[0].tensor.doubles())
    }
  }

  @Test func `without noise the points lie where the definitions say`() {
    onLargeStack {
      let machine = Machine()
      let circles = Self.data("circles(count: 40, noise: 0)", in: machine)
      let x = circles?.columns[0].tensor.doubles() ?? []
      let y = circles?.columns[1].tensor.doubles() ?? []
      #expect(x.count == 80 && y.count == 40)
      for (row, label) in y.enumerated() {
        let radius = (x[2 * row] * x[2 * row] + x[2 * row + 1] * x[2 * row + 1]).squareRoot()
        #expect(abs(radius - (label == 0 ? 1 : 0.5)) < 1e-6)
      }
      let xor = Self.data("xor(count: 40)", in: machine)
      let corners = xor?.columns[0].tensor.doubles() ?? []
      let classes = xor?.columns[1].tensor.doubles() ?? []
      #expect(corners.count == 80 && classes.count == 40)
      for (row, label) in classes.enumerated() {
        #expect(((corners[2 * row] > 0) != (corners[2 * row + 1] > 0)) == (label == 1))
      }
    }
  }

  @Test func `split keeps every row once, in an order that no epoch of batches has`() {
    onLargeStack {
      let machine = Machine()
      _ = machine.run("let data = dataset(arange(50))")
      var parts: [[Double]] = []
      if case .success(.list(let list)?) = machine.run("split(data, fraction: 0.8)") {
        for case .dataSet(let part) in list.elements {
          parts.append(part.columns[0].tensor.doubles())
        }
      }
      #expect(parts.map(\.count) == [40, 10])
      let order = parts.flatMap { $0 }
      #expect(order.sorted() == (0..<50).map { Double($0) })
      guard case .success(.batches(let batches)?) = machine.run("batches(data, size: 50)") else {
        Issue.record("no batches")
        return
      }
      for epoch in 0..<4 {
        let drawn = batches.order.order(epoch: epoch).map { Double($0) }
        #expect(drawn != order)
      }
    }
  }

  @Test func `rows of x and y must agree`() {
    onLargeStack {
      let fault = Machine().fault("dataset(zeros(3, 2), zeros(4))")
      #expect(fault?.kind == .shape)
      #expect(fault?.message.contains("3") == true && fault?.message.contains("4") == true)
    }
  }

  @Test func `files: lists of layers are saved, what holds no tensors is not, and f32 has an end`()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.path + "/cairn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try "a,b\n1,2\n3,1e300\n".write(
      toFile: folder + "/t.csv", atomically: true, encoding: .utf8)
    onLargeStack {
      let machine = Machine(directory: folder)
      #expect(
        machine.shown("let nets = [dense(2, 3), dense(3, 1)]\nsave(nets, \"n.safetensors\")") == "")
      #expect(machine.shown("load(\"n.safetensors\")[\"1.w\"].shape") == "[3, 1]")
      #expect(
        machine.shown("sum(abs(load(\"n.safetensors\")[\"0.w\"] - nets[0].w))") == "0.0")
      #expect(machine.fault("save([zeros(2), 3], \"m.safetensors\")")?.kind == .type)
      #expect(
        machine.shown(
          "save([\"a\": ones(2), \"b\": [zeros(3)]], \"d.safetensors\")\n"
            + "let d = load(\"d.safetensors\")\n[d.a, d[\"b.0\"]][1].shape") == "[3]")
      #expect(
        machine.shown(
          "let g = gradient wrt nets { sum(nets[1](nets[0](ones(1, 2)))) }\n"
            + "save(g, \"g.safetensors\")\nload(\"g.safetensors\")[\"nets.0.b\"].shape") == "[3]")
      #expect(
        machine.shown(
          "let net = dense(2, 3)\nlet p = plan wrt net { sum(net(ones(1, 2))) }\ntype(p.chain)")
          == "\"chain\"")
      #expect(machine.fault("save(p.chain, \"m.safetensors\")")?.kind == .type)
      #expect(!FileManager.default.fileExists(atPath: folder + "/m.safetensors"))
      let fault = machine.fault("csv(\"t.csv\")")
      #expect(fault?.kind == .io && fault?.message.contains("line 3") == true)
    }
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `a load that does not fit at its last tensor changes no tensor before it`() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/cairn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    onLargeStack {
      let machine = Machine(directory: folder)
      _ = machine.run(
        """
        let a = chain(dense(2, 3), dense(3, 1))
        save(a, "a.safetensors")
        let b = chain(dense(2, 3), dense(3, 4))
        let before = b.layers[0].w + 0.0
        """)
      #expect(machine.fault("load(b, \"a.safetensors\")")?.kind == .io)
      #expect(machine.shown("sum(abs(b.layers[0].w - before))") == "0.0")
    }
    try FileManager.default.removeItem(atPath: folder)
  }
}
