import Foundation
import Syntax
import Tensors
import Testing

@testable import Evaluation

@Suite struct BuiltinTests {
  /// Builtins whose example needs a file that a learner has.
  private static let needFiles: Set<String> = [
    "csv", "npy", "idx", "text_corpus", "save", "load",
  ]

  @Test func `every builtin has a summary and an example that runs`() {
    onLargeStack {
      let machine = Machine()
      for builtin in Interpreter.builtins {
        #expect(!builtin.summary.isEmpty, "\(builtin.name)")
        let parsed = Parser.parse(SourceText(name: "<example>", text: builtin.example))
        #expect(parsed.faults.isEmpty && !parsed.script.statements.isEmpty, "\(builtin.name)")
        let acts = (Interpreter.chainVerbs + Interpreter.graphVerbs).contains {
          $0.name == builtin.name
        }
        guard !BuiltinTests.needFiles.contains(builtin.name), !acts else { continue }
        let fault = machine.fault(builtin.example)
        #expect(fault == nil, "\(builtin.name): \(fault?.message ?? "")")
      }
    }
  }

  @Test func `a loop over batches holds one batch at a time, and each row comes once an epoch`() {
    onLargeStack {
      let machine = Machine()
      let parsed = Parser.parse(
        SourceText(
          name: "<test>",
          text: """
            let data = moons(count: 20)
            let total = [0]
            for x, y in batches(data, size: 8) { total = append(total, x.shape[0]) }
            """))
      var last: Outcome?
      for statement in parsed.script.statements { last = machine.interpreter.run(statement) }
      #expect(last?.fault == nil)
      // A batch of 8 rows is 8 · (2 + 1) · 4 bytes.
      #expect((last?.peak[.data] ?? 0) - (last?.liveBefore[.data] ?? 0) == 96)
      #expect(machine.shown("total") == "[0, 8, 8, 4]")
      _ = machine.run("let halves = split(data, fraction: 0.5)")
      let difference = "sum(halves[0].x) + sum(halves[1].x) ~= sum(data.x) within 1e-4"
      #expect(machine.shown(difference) == "true")
      #expect(machine.shown("data[0..<4].count") == "4")
      #expect(machine.shown("sum(abs(moons(count: 9).x - moons(count: 9).x))") == "0.0")
    }
  }

  @Test func `builtins give faults with a place, never a trap, for values of every type`() {
    onLargeStack {
      let machine = Machine(directory: "/nonexistent")
      _ = machine.run("let data = moons(count: 6)\nlet net = chain(dense(2, 3), relu)")
      let pool = [
        "none", "0", "1", "-1", "3", "9223372036854775807", "-9223372036854775807", "2.5", "nan",
        "inf", "-inf", "1e300",
        "true", "64 KiB", "\"x\"", "\"\"", "[]", "[1, 2]", "[[1, 2], [3]]", "[-1]", "[1, [2]]",
        "[99999999, 99999999]",
        "0..<3", "3..<3", "zeros(2, 3)", "zeros(0)", "zeros()", "tensor([0, 1], dtype: i32)",
        "tensor([5, -9], dtype: i32)",
        "randn(2, 2, 2)", "relu", "dense", "net", "data", "batches(data, size: 2)", "sgd(lr: 0.1)",
        "keep_all",
      ]
      var generator = PhiloxGenerator(seed: 11, stream: 3)
      for builtin in Interpreter.builtins where builtin.name != "print" {
        for _ in 0..<40 {
          let count = Int.random(in: 0...3, using: &generator)
          var arguments = (0..<count).map { _ in pool.randomElement(using: &generator) ?? "0" }
          if let parameter = builtin.parameters.randomElement(using: &generator),
            Bool.random(using: &generator)
          {
            arguments.append("\(parameter.name): \(pool.randomElement(using: &generator) ?? "0")")
          }
          let text = "\(builtin.name)(\(arguments.joined(separator: ", ")))"
          if case .success(let value) = machine.run(text) {
            if let value { _ = machine.interpreter.display(value) }
          } else if let fault = machine.fault(text) {
            #expect(fault.range != nil && !fault.message.isEmpty, "\(text)")
          }
        }
      }
    }
  }

  @Test(arguments: [
    ("tensor([[1, 2], [3, 4]])", "f32[2, 2]\n[[1.0, 2.0],\n [3.0, 4.0]]"),
    ("sum(tensor([[1, 2], [3, 4]]), axis: 0)", "f32[2] [4.0, 6.0]"),
    ("average(tensor([1, 2, 6]))", "3.0"),
    ("sum([1, 2, 3])", "6"),
    ("max(3, 1, 2)", "3"),
    ("argmax(tensor([[1, 3], [5, 2]]), axis: 1)", "i32[2] [1, 0]"),
    ("tensor([[1, 2], [3, 4]]) @ tensor([1, 1])", "f32[2] [3.0, 7.0]"),
    ("reshape(arange(6), [2, -1])[1, 1..<3]", "f32[2] [4.0, 5.0]"),
    ("arange(5)[-2]", "3.0"),
    ("eye(3)[tensor([2, 0], dtype: i32)]", "f32[2, 3]\n[[0.0, 0.0, 1.0],\n [1.0, 0.0, 0.0]]"),
    ("[10, 20, 30][-2..<0]", "[20, 30]"),
    ("\"cairn\"[1..<3]", "\"ai\""),
    ("tensor([1, 2]).bytes", "8 B"),
    ("zeros(2, 3).shape", "[2, 3]"),
    ("1.0 / 3.0", "0.333333"),
    ("1e20 * 1.5", "1.5e20"),
    ("penguins().count", "342"),
    ("penguins().classes", "[\"Adelie\", \"Chinstrap\", \"Gentoo\"]"),
  ])
  func `what builtins and indices give`(text: String, shown: String) {
    onLargeStack { #expect(Machine().shown(text) == shown) }
  }

  @Test(arguments: [
    ("tensor([[1, 2], [3]])", Diagnostic.Kind.shape), ("zeros(3)[3]", .value),
    ("[1, 2][2]", .value),
    ("sum(zeros(2), axis: 1)", .shape), ("zeros(2).shpae", .name),
    ("zeros(2, 3) @ zeros(2)", .shape),
    ("reshape(zeros(6), [4, -1])", .shape), ("zeros(2)[0, 0]", .shape), ("zeros(2) + \"a\"", .type),
    ("chain(3)", .type), ("csv(\"/nowhere.csv\")", .io), ("load(\"/nowhere.safetensors\")", .io),
    ("moons(count: -1)", .value), ("batches(moons(count: 4), size: 0)", .value),
  ])
  func `what is refused has a kind and a place`(text: String, kind: Diagnostic.Kind) {
    onLargeStack {
      let fault = Machine().fault(text)
      #expect(fault?.kind == kind)
      #expect(fault?.range != nil)
    }
  }
}
