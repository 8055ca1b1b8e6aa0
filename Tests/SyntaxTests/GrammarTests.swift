import Testing

@testable import Syntax

@Suite struct GrammarTests {
  @Test func `every example of the grammar parses and formats`() throws {
    let grammar = try Grammar.load()
    #expect(grammar.examples.count > 20)
    for example in grammar.examples { expectFormats(example) }
  }

  @Test func `every production has an example behind it and is defined`() throws {
    let grammar = try Grammar.load()
    #expect(grammar.withoutExample == [])
    for name in grammar.order {
      for used in references(grammar.productions[name]) where used != "GLUE" {
        #expect(grammar.productions[used] != nil, "\(used), used by \(name)")
      }
    }
  }

  @Test func `sentences derived from the grammar are accepted and format to the same tree`() throws
  {
    let grammar = try Grammar.load()
    var generator = SentenceGenerator(grammar, seed: 7)
    for _ in 0..<3000 { expectFormats(generator.sentence(from: "script")) }
    #expect(Set(grammar.order).subtracting(generator.reached) == [])
  }

  private func references(_ node: Grammar.Node?) -> [String] {
    switch node {
    case nil, .terminal, .lineFeed: []
    case .reference(let name): [name]
    case .sequence(let nodes), .choice(let nodes): nodes.flatMap(references)
    case .optional(let node), .repetition(let node): references(node)
    case .exception(let node, let other): references(node) + references(other)
    }
  }
}
