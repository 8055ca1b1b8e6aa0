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
    #expect(Completer.isInFileName("load(\"da"))
    #expect(Completer.isInFileName(":load "))
    #expect(!Completer.isInFileName("load(\"data\", "))
    #expect(Completer.isInFileName("f(\"a\\\"b"))
    #expect(!Completer.isInFileName("x # a \"comment"))
    #expect(!Completer.isInFileName("x"))
  }
}
