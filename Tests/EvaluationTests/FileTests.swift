import DataFiles
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

  @Test func `malformed files are refused, whatever their bytes`() throws {
    let one = Safetensors.file([("w", .f32, [2], [0, 0, 128, 63, 0, 0, 0, 64])])
    #expect(try Safetensors.read(one).first?.shape == [2])
    var npy: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n".utf8)
    npy += [UInt8(header.count), 0] + header + [0, 0, 128, 63, 0, 0, 0, 64]
    #expect(try ArrayFile(npy: npy).values == [1, 2])
    let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]
    #expect(try ArrayFile(idx: idx).values == [7, 9])
    var generator = PhiloxGenerator(seed: 5, stream: 9)
    for file in [one, npy, idx] {
      for length in 0..<file.count {
        let cut = Array(file.prefix(length))
        #expect(throws: (any Error).self) { try Safetensors.read(cut) }
        #expect(throws: (any Error).self) { try ArrayFile(npy: cut) }
        #expect(throws: (any Error).self) { try ArrayFile(idx: cut) }
      }
      for _ in 0..<2000 {
        var bent = file
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<bent.count, using: &generator)
          bent[place] = UInt8.random(in: 0...255, using: &generator)
        }
        for entry in (try? Safetensors.read(bent)) ?? [] {
          #expect(entry.bytes.upperBound <= bent.count)
        }
        _ = try? ArrayFile(npy: bent)
        _ = try? ArrayFile(idx: bent)
      }
    }
  }

  @Test func `comma-separated values: quotes, missing values, rows of other lengths`() throws {
    let table = try CSVTable("a,b\r\n\"x, \"\"y\"\"\",1\n\nz,2")
    #expect(table.header == ["a", "b"])
    #expect(table.rows == [["x, \"y\"", "1"], ["z", "2"]])
    #expect(throws: CSVTable.Problem.self) { try CSVTable("a,b\n1\n") }
    #expect(throws: CSVTable.Problem.self) { try CSVTable("a\n\"open") }
    #expect(throws: CSVTable.Problem.self) { try CSVTable("") }
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
