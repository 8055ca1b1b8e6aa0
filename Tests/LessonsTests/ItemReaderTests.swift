import Testing

@testable import Lessons

/// What is said of items that are not in the form of one.
@Suite struct ItemReaderTests {
  private static let good = """
    # %% [item] a number
    # How many?
    # %% [check]
    expect answer == 12
    # %% [model]
    12
    # %% [wrong] one
    4
    # Reply: That is one.
    # %% [hint]
    # Think.
    """

  @Test func `a good item has no problems, and is read whole`() throws {
    #expect(Item.problems(ItemReaderTests.good) == [])
    let item = try Item.of(ItemReaderTests.good)
    #expect(item.kind == .number)
    #expect(item.question.lines == ["How many?"])
    #expect(item.models.map(\.text) == ["12"])
    #expect(item.models.map(\.line) == [5])
    #expect(item.wrongIdeas.map(\.name) == ["one"])
    #expect(item.hints.count == 1)
  }

  @Test(arguments: [
    ("# %% [item] a number", "# %% [thing] a number", "items/a.cairn:1: the file begins with"),
    ("a number", "a puzzle", "items/a.cairn:1: expected '[item] ID KIND', KIND one of choice"),
    ("a number", "b number", "items/a.cairn:1: the file of item 'b' is called 'b.cairn'"),
    ("a number", "A_1 number", "items/a.cairn:1: an ID has lower-case letters"),
    ("# How many?\n", "", "items/a.cairn:1: the first cell holds the question"),
    ("# How many?\n", "# How?\nlet x = 1\n", "items/a.cairn:1: code in the question's cell"),
    ("# %% [hint]\n# Think.", "", "items/a.cairn:1: expected at least one cell '# %% [hint]'"),
    ("# Think.", "", "items/a.cairn:10: the hint is empty"),
    ("[check]", "[chek]", "items/a.cairn:3: an item of the kind number has the cells [check]"),
    (
      "# %% [check]\nexpect answer == 12\n", "",
      "items/a.cairn:1: an item of the kind number has a cell '# %% [check]', found none"
    ),
    ("expect answer == 12", "expect answer == )", "items/a.cairn:4: expected an expression"),
    ("# Reply: That is one.\n", "", "items/a.cairn:7: expected comment lines from '# Reply: ' on"),
    ("[wrong] one", "[wrong]", "items/a.cairn:7: expected '# %% [wrong] NAME'"),
    (
      "[hint]", "[when] two\nexpect true\n# %% [hint]",
      "items/a.cairn:10: there is no '[wrong] two'"
    ),
    ("[hint]", "[check]\nexpect true\n# %% [hint]", "items/a.cairn:10: an item has one cell"),
    ("12\n# %% [wrong]", "# %% [wrong]", "items/a.cairn:5: the cell '[model]' holds no answer"),
  ])
  func `a problem is told with its line`(part: String, other: String, begins: String) {
    let problems = Item.problems(ItemReaderTests.good.replacing(part, with: other))
    #expect(problems.contains { $0.hasPrefix(begins) }, "\(problems)")
  }

  @Test func `a choice has three options at least, with replies, and one that is right`() {
    func problems(_ options: String) -> [String] {
      Item.problems("# %% [item] a choice\n# Which?\n\(options)# %% [hint]\n# Think.\n")
    }
    func option(_ head: String, reply: Bool = true) -> String {
      "# %% [choice] \(head)\n# It.\n" + (reply ? "# Reply: Since.\n" : "")
    }
    #expect(problems(option("A") + option("B right") + option("C")) == [])
    let few = problems(option("A") + option("B right"))
    #expect(few.contains { $0.contains("at least 3 options, found 2") })
    let none = problems(option("A") + option("B") + option("C"))
    #expect(none.contains { $0.contains("no option is marked 'right'") })
    let all = problems(option("A right") + option("B right") + option("C right"))
    #expect(all.contains { $0.contains("every option is right") })
    let silent = problems(option("A") + option("B right", reply: false) + option("C"))
    #expect(silent.contains { $0.contains("# Reply: ") })
    let twice = problems(option("A") + option("a right") + option("C"))
    #expect(twice.contains { $0.contains("another option already") })
  }

  @Test func `code needs a stub, and a condition by which each wrong idea is known`() {
    let code = """
      # %% [item] a code
      # Write.
      # %% [check]
      expect f() == 1
      # %% [model]
      fn f() { 1 }
      # %% [wrong] none
      fn f() { 0 }
      # Reply: No.
      # %% [hint]
      # Think.
      """
    let problems = Item.problems(code)
    #expect(problems.contains { $0.contains("'# %% [stub]', found none") })
    #expect(problems.contains { $0.contains("expected a cell '# %% [when] none'") })
  }

  @Test func `an answer typed over a stub takes the place of what has its name`() {
    var draft = Draft("fn f(x) { 0 }\nlet k = 2\n")
    draft.add("fn g(x) { x }")
    draft.add("fn f(x) { g(x) * k }\nlet k = 3")
    #expect(draft.text == "fn g(x) { x }\nfn f(x) { g(x) * k }\nlet k = 3\n")
    draft.add("fn broken( {")
    #expect(draft.text == "fn g(x) { x }\nfn f(x) { g(x) * k }\nlet k = 3\n")
  }
}
