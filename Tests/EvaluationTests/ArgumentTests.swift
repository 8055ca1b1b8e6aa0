import Syntax
import Testing

@testable import Evaluation

@Suite struct ArgumentTests {
  private struct Slot: NamedParameter {
    let name: String
    var isRequired = true
  }

  private let range = SourceRange(SourceText(name: "test", text: "f(1)"), 0, 4)

  private func arguments(_ labels: [String?]) -> [PassedArgument] {
    labels.map { label in
      PassedArgument(label: label.map { Identifier($0, range) }, value: .none, range: range)
    }
  }

  private let slots = [Slot(name: "a"), Slot(name: "b"), Slot(name: "c", isRequired: false)]

  @Test(
    arguments: [
      ([nil, nil], [0, 1, nil]),
      (["b", nil], [1, 0, nil]),
      ([nil, "c", nil], [0, 2, 1]),
      (["c", "b", "a"], [2, 1, 0]),
    ] as [([String?], [Int?])])
  func `labels name parameters, and the rest fill what is left in order`(
    labels: [String?], places: [Int?]
  ) throws {
    #expect(try arguments(labels).places(in: slots) == places)
  }

  @Test(
    arguments: [
      ([nil, "d"], .unknownLabel(argument: 1)),
      ([nil, nil, nil, nil], .tooMany),
      (["a", "b", "a"], .repeated(parameter: 0, argument: 2)),
      ([nil, "a"], .repeated(parameter: 0, argument: 1)),
      (["b"], .missing(parameter: 0)),
      ([], .missing(parameter: 0)),
    ] as [([String?], ArgumentMismatch)])
  func `what does not fit is told by number`(labels: [String?], mismatch: ArgumentMismatch) {
    #expect(throws: mismatch) { try arguments(labels).places(in: slots) }
  }

  @Test func `unlabelled arguments of a variadic builtin fill nothing`() throws {
    let optional = [Slot(name: "axis", isRequired: false)]
    #expect(
      try arguments([nil, nil, "axis"]).places(in: optional, isVariadic: true) == [2])
  }

  @Test(arguments: [
    ("fn f(a, b) { a }\nf(1, c: 2)", "f has no parameter `c`"),
    ("sum(1, y: 2)", "sum has no parameter `y`"),
    ("residual(relu, 2)", "residual takes (inner), but 2 were given"),
    ("chain(relu)(1, 2)", "chain takes (x), but 2 were given"),
    ("chain(relu)()", "chain needs `x`, which was not given"),
    ("revolve(slots: 3, slots: 4)", "`slots` of revolve is given twice"),
    ("revolve(3, slot: 4)", "revolve has no parameter `slot`"),
  ])
  func `everything that is called refuses arguments in the same words`(
    script: String, message: String
  ) {
    onLargeStack {
      let machine = Machine()
      let lines = script.split(separator: "\n").map(String.init)
      for line in lines.dropLast() { _ = machine.shown(line) }
      #expect(machine.fault(lines.last ?? "")?.message == message)
    }
  }
}
