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
}
