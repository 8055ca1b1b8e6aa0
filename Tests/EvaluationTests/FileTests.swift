import Foundation
import Syntax
import Tensors
import Testing

@testable import Evaluation

@Suite struct FileTests {
  private static func folder() throws -> String {
    let path = FileManager.default.temporaryDirectory.path + "/cairn-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    return path
  }

  @Test func `a saved layer loads into another of its shapes, and refuses one of other shapes`()
    throws
  {
    let folder = try FileTests.folder()
    onLargeStack {
      let machine = Machine(directory: folder)
      #expect(machine.shown("let a = chain(dense(2, 3), relu)\nsave(a, \"a.safetensors\")") == "")
      #expect(machine.shown("let b = chain(dense(2, 3), relu)\nload(b, \"a.safetensors\")") == "")
      #expect(machine.shown("sum(abs(a.layers[0].w - b.layers[0].w))") == "0.0")
      let fault = machine.fault("let c = chain(dense(2, 4))\nload(c, \"a.safetensors\")")
      #expect(fault?.kind == .io)
      #expect(
        fault?.message.contains("[2, 3]") == true && fault?.message.contains("[2, 4]") == true)
      let left = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
      #expect(left == ["a.safetensors"])
    }
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `a load in a command that fails later leaves the parameters as they were`() throws {
    let folder = try FileTests.folder()
    onLargeStack {
      let machine = Machine(directory: folder)
      _ = machine.run(
        """
        let a = dense(2, 3)
        save(a, "a.safetensors")
        let b = dense(2, 3)
        let before = b.w + 0.0
        fn both() {
          load(b, "a.safetensors")
          [1][5]
        }
        """)
      #expect(machine.fault("both()")?.kind == .value)
      #expect(machine.shown("sum(abs(b.w - before))") == "0.0")
    }
    try FileManager.default.removeItem(atPath: folder)
  }

  @Test func `a table with gaps is refused, or read without its rows`() throws {
    let folder = try FileTests.folder()
    try "n,kind\n1,b\nNA,a\n3,a\n".write(
      toFile: folder + "/t.csv", atomically: true, encoding: .utf8)
    onLargeStack {
      let machine = Machine(directory: folder)
      let fault = machine.fault("csv(\"t.csv\", label: \"kind\")")
      #expect(fault?.kind == .io && fault?.message.contains("line 3") == true)
      #expect(machine.shown("csv(\"t.csv\", label: \"kind\", missing: drop).y") == "i32[2] [1, 0]")
      #expect(machine.fault("csv(\"t.csv\", label: \"kin\")")?.hint == "did you mean `kind`?")
    }
    try FileManager.default.removeItem(atPath: folder)
  }
}
