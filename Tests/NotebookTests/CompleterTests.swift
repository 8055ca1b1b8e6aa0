import Syntax
import Testing

@testable import Notebook

@Suite struct CompleterTests {
  @Test func `the path before a dot is found`() {
    #expect(Completer.path(atEndOf: "net") == [.field("net")])
    #expect(
      Completer.path(atEndOf: "print(net.layers[0]") == [
        .field("net"), .field("layers"), .index(0),
      ])
    #expect(
      Completer.path(atEndOf: "a.b[-1].c") == [.field("a"), .field("b"), .index(-1), .field("c")])
    #expect(Completer.path(atEndOf: "f(x)") == [])
    #expect(Completer.path(atEndOf: "x[i]") == [])
    #expect(Completer.path(atEndOf: "3") == [])
    #expect(Completer.path(atEndOf: "") == [])
  }

  @Test func `file names are completed in strings and behind load and save only`() {
    #expect(FilePlace("load(\"da")?.isQuoted == true)
    #expect(FilePlace(":load ")?.isQuoted == false)
    #expect(FilePlace("load(\"data\", ") == nil)
    #expect(FilePlace("f(\"a\\\"b") != nil)
    #expect(FilePlace("x # a \"comment") == nil)
    #expect(FilePlace("x") == nil)
  }

  @Test func `file names are completed from the directory typed so far`() {
    #expect(FilePlace("load(\"/et")?.candidates(for: "c") == ["c/"])
    #expect(FilePlace("load(\"/")?.candidates(for: "et") == ["etc/"])
    #expect(FilePlace("load(\"")?.candidates(for: "/etc/passw").contains("/etc/passwd") == true)
    #expect(FilePlace("load(\"/no/such/place/")?.candidates(for: "x") == [])
  }

  @Test func `the place behind a text is found`() {
    #expect(CompletionPlace("let x = ") == .anything)
    #expect(
      CompletionPlace("net.layers[0].") == .field(of: [.field("net"), .field("layers"), .index(0)]))
    #expect(CompletionPlace("gradient wrt ") == .target)
    #expect(CompletionPlace("gradient wrt net with ") == .strategy)
    #expect(CompletionPlace("compare wrt net across [") == .strategy)
    #expect(CompletionPlace("compare wrt net across [keep_all, ") == .strategy)
    #expect(CompletionPlace("let t = trap ") == .trap)
    #expect(CompletionPlace("predict ") == .quantity)
    #expect(CompletionPlace("help ") == .topic)
    #expect(CompletionPlace("?") == .topic)
    #expect(CompletionPlace("account ") == .detail)
    #expect(CompletionPlace("sum(") == .argument(of: "sum"))
    #expect(CompletionPlace("print(sum(x, ") == .argument(of: "sum"))
    #expect(CompletionPlace("print(sum(x), ") == .argument(of: "print"))
    #expect(CompletionPlace("zeros(3, dtype: ") == .option(of: "zeros", name: "dtype"))
    #expect(CompletionPlace("sum(x + ") == .anything)
    #expect(CompletionPlace("sum(\"a (b\", ") == .argument(of: "sum"))
    #expect(CompletionPlace("sum(\n  x, # the (first\n  ") == .argument(of: "sum"))
    #expect(CompletionPlace("[1, ") == .anything)
    #expect(CompletionPlace("net.forward(") == .anything)
    #expect(CompletionPlace("") == .anything)
  }

  @Test func `candidates are what may stand at the place`() {
    let session = Session()
    let text = """
      let net = dense(2, 3)
      let number = 3
      strategy thirds(k) on chain { record(0) }
      """
    for statement in session.parse(SourceText(name: "<test>", text: text)).script.statements {
      #expect(session.run(statement).isOK)
    }
    let completer = Completer(session.interpreter, commands: [":vars"])
    func candidates(_ before: String, _ word: String = "") -> [String] {
      completer.candidates(for: word, after: before)
    }
    #expect(candidates("gradient wrt ") == ["net"])
    #expect(candidates("gradient wrt net with ", "th") == ["thirds"])
    #expect(candidates("gradient wrt net with ", "sq") == ["sqrt_n"])
    #expect(candidates("gradient wrt net with ", "le").isEmpty)
    #expect(candidates("gradient wrt net with revolve(", "sl") == ["slots: "])
    #expect(candidates("gradient wrt net with thirds(", "k").contains("k: "))
    #expect(candidates("dense(", "outp") == ["outputs: "])
    #expect(candidates("zeros(2, dtype: ", "b") == ["bf16", "bool"])
    #expect(candidates("dense(2, 3, dtype: ", "bf") == ["bf16"])
    #expect(candidates("sum(net.w,\n  ", "keepd") == ["keepdims: "])
    #expect(candidates("trap ", "m") == ["masks"])
    #expect(candidates("predict ", "p") == ["peak"])
    #expect(candidates("account ", "b") == ["brief"])
    #expect(candidates("?", "sqrt_") == ["sqrt_n"])
    #expect(candidates("print(net.", "na") == ["name"])
    #expect(candidates("", ":v") == [":vars"])
    #expect(candidates("", "numb") == ["number"])
  }
}
