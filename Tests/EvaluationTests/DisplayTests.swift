import Syntax
import Testing

@testable import Evaluation

@Suite struct DisplayTests {
  @Test(arguments: [
    ("\"a\\\"b\\n\"", "\"a\\\"b\\n\""),
    ("[1, \"a\", 2.5, 64 KiB, true]", "[1, \"a\", 2.5, 64 KiB, true]"),
    ("2..<5", "2..<5"), ("none == none", "true"), ("keep_all", "strategy keep_all"),
    ("revolve(slots: 3)", "revolve(slots: 3)"), ("adam(lr: 0.5)", "adam(lr: 0.5)"),
    ("fn(a, b = 2) { a }", "fn(a, b = 2)"), ("residual", "layer residual(inner)"),
    ("layer_norm", #"layer layer_norm(size, epsilon = 1e-5, dtype = "f32")"#),
    ("relu", "fn relu(x)"),
    ("[relu, fn(x) { x }]", "[fn relu, fn]"),
    ("[zeros(3), zeros(2, 2)]", "[[0.0, 0.0, 0.0], tensor f32[2, 2]]"),
    (
      "penguins()",
      "penguins: 342 rows, 6.68 KiB; x f32[342, 4], y i32[342]\nclasses: Adelie, Chinstrap, Gentoo"
        + "\nfeatures: bill_length_mm, bill_depth_mm, flipper_length_mm, body_mass_g"
    ),
    ("batches(moons(count: 8), size: 4)", "batches of 4 rows of moons"),
  ])
  func `how a value is shown`(source: String, shown: String) throws {
    #expect(try Lab.last(source) == shown)
  }

  @Test func `print shows strings bare and scalar tensors as numbers`() throws {
    try Lab.session("print(\"a\", tensor(2.5), [\"b\"], 64 KiB, zeros(2), none)") { _, outcomes in
      #expect(outcomes.last?.printed == "a 2.5 [\"b\"] 64 KiB [0.0, 0.0] none\n")
    }
  }

  @Test func `a traced tensor says so`() throws {
    let source = """
      let w = zeros(2, 2)
      gradient wrt w { print(w * 2); print([w[0]]); sum(w) }
      """
    try Lab.session(source) { _, outcomes in
      #expect(outcomes.last?.printed == "f32[2, 2] (traced)\n[f32[2] (traced)]\n")
    }
  }

  @Test func `a long list ends with the number of what is left out`() throws {
    let shown = try Lab.last("[0] * 250")
    #expect(shown == "[" + String(repeating: "0, ", count: 100) + "… 150 more]")
  }

  @Test(.timeLimit(.minutes(1)))
  func `what stands in many places is shown within bounds`() throws {
    let lists = try Lab.last("let l = [1]\nfor i in 0..<60 { l = [l, l] }\n\"done\"")
    #expect(lists == "\"done\"")
    let list = try Lab.last("let l = [1]\nfor i in 0..<60 { l = [l, l] }\nl")
    #expect(list.count < 10_000 && list.contains("…"))
    let layer = try Lab.last("let l = relu\nfor i in 0..<60 { l = chain(l, tanh, l) }\nl")
    #expect(layer.split(separator: "\n").count <= 401 && layer.contains("…"))
    let mixed = try Lab.last(
      "let l = dense(1, 1)\nfor i in 0..<60 { l = [residual(l), 1, l] }\nl[2]")
    #expect(mixed.count < 100_000)
  }

  @Test func `a layer is a tree with shapes, bytes and a total, equal neighbours folded`() throws {
    let shown = try Lab.last(
      "chain(dense(2, 4), relu, repeat 12 { residual(dense(4, 4)) }, dense(4, 3))")
    #expect(
      shown == """
        chain
          [0] dense(2, 4)  w f32[2, 4]  b f32[4]         48 B
          [1] relu
          [2] list
            [0] 12 × residual(dense)
              inner: dense(4, 4)  w f32[4, 4]  b f32[4]  80 B
          [3] dense(4, 3)  w f32[4, 3]  b f32[3]         60 B
        267 parameters, 1.04 KiB
        """)
  }

  @Test func `neighbours are folded only where they are equal`() throws {
    let shown = try Lab.last("chain(relu, relu, tanh, relu)")
    #expect(
      shown == "chain\n  [0] 2 × relu\n  [2] tanh\n  [3] relu\n0 parameters, 0 B")
  }

  @Test func `gradients show the loss, and each name with its largest magnitude`() throws {
    let shown = try Lab.last(
      """
      let w = tensor([1, -3])
      let bias = tensor(0.5)
      gradient wrt [w, bias] { sum(w * w) + bias }
      """)
    #expect(
      shown == """
        loss 10.5; 2 gradients, 12 B
          w     f32[2]  largest 6.0
          bias  f32[]   largest 1.0
        """)
  }

  @Test func `a schedule shows its peak, its steps, its FLOPs and its chain`() throws {
    let shown = try Lab.last(
      """
      let net = chain(repeat 8 { chain(dense(4, 4), tanh) })
      let x = randn(2, 4)
      plan wrt net with revolve(slots: 3) { sum(net(x)) }
      """)
    let heads = shown.split(separator: "\n").map { $0.split(separator: " ")[0] }
    #expect(heads == ["schedule", "peak", "kept", "steps", "FLOPs", "chain", "actions"])
    #expect(shown.contains("revolve(slots: 3)") && shown.contains("3 slots"))
  }

  @Test func `lists of records are tables, and long lists in a record are broken`() throws {
    let source = """
      let net = chain(repeat 8 { chain(dense(4, 4), tanh) })
      let x = randn(2, 4)
      let p = plan wrt net with revolve(slots: 3) { sum(net(x)) }
      """
    let chain = try Lab.last(source + "\np.chain")
    #expect(chain.split(separator: "\n").allSatisfy { $0.count <= 80 })
    #expect(chain.contains("label") && chain.contains("more]"))
    let stages = try Lab.last(source + "\np.chain.stages").split(separator: "\n")
    let count = try Lab.last(source + "\np.chain.stages.length")
    #expect("\(stages.count - 1)" == count)
    #expect(
      stages[0].split(separator: " ")
        == ["label", "boundary", "recorded", "scratch", "forward", "backward"])
  }

  @Test(arguments: [
    ("1", "int"), ("1.5", "float"), ("true", "bool"), ("64 KiB", "bytes"), ("\"\"", "string"),
    ("[1]", "list"), ("0..<3", "range"), ("relu", "function"), ("dense(1, 1)", "layer dense"),
    ("zeros(3)", "tensor f32[3]"), ("moons(count: 4)", "data set"),
    ("batches(moons(count: 4), size: 2)", "batches"), ("sgd(0.1)", "optimizer"),
    ("revolve(slots: 2)", "strategy"), ("none", "none"),
  ])
  func `every type has a name`(source: String, name: String) throws {
    #expect(try Lab.last("type(\(source))") == "\"\(name)\"")
  }
}
