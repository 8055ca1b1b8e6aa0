import Foundation
import Testing

/// Law 3: what the ledger says is what the process uses, whatever the command does.
@Suite(.serialized) struct ProcessMemoryTests {
  private static let mebibyte = 1 << 20

  /// What ran to its end: bytes.
  private struct Peak {
    /// The most that the process held beside what it holds when it has done next to nothing.
    let process: Int
    /// The most that the ledger counted.
    let ledger: Int

    /// How far the two may lie apart: README.
    var margin: Int { ledger / 25 + 8 * mebibyte }
    var isWithinMargin: Bool { abs(process - ledger) <= margin }
    var text: String {
      "process \(process >> 20) MiB, ledger \(ledger >> 20) MiB, margin \(margin >> 20) MiB"
    }
  }

  /// What the process holds when it has computed a product.
  private static let base: Int = {
    let run = try? Scratch.with { try held("randn(4, 4) @ randn(4, 4)", in: $0) }
    return run?.bytes ?? 0
  }()

  private static func peak(of script: String, in scratch: Scratch) throws -> Peak {
    let run = try held(script, in: scratch)
    var ledger = 0
    for object in run.objects {
      #expect(object["ok"] as? Bool == true, "\(object["error"] ?? "")")
      let memory = try #require(object["memory"] as? [String: Any])
      ledger = max(ledger, try #require((memory["peak"] as? [String: Any])?["total"] as? Int))
    }
    #expect(base > 0)
    return Peak(process: run.bytes - base, ledger: ledger)
  }

  /// The most memory that the program held while it ran a script, in bytes, and what it printed.
  ///
  /// The script's last command waits for a pipe. When it does, all before it is done, and the
  /// system's high-water mark of the process (VmHWM) is read.
  ///
  /// - Parameter keepsGoing: True where commands of it fail.
  private static func held(
    _ script: String, in scratch: Scratch, keepsGoing: Bool = false
  ) throws -> (bytes: Int, objects: [[String: Any]]) {
    let gate = scratch.path + "/gate.csv"
    unlink(gate)
    #expect(mkfifo(gate, 0o600) == 0)
    let file = try scratch.file("script.cairn", script + "\ncsv(\"gate.csv\")\n")
    let output = scratch.path + "/output"
    #expect(FileManager.default.createFile(atPath: output, contents: nil))
    let process = Process()
    process.executableURL = URL(fileURLWithPath: Program.path)
    process.arguments = ["run", "--json"] + (keepsGoing ? ["--keep-going"] : []) + [file]
    process.environment = Program.environment(with: [:])
    let handle = try #require(FileHandle(forWritingAtPath: output))
    process.standardOutput = handle
    try process.run()
    var bytes = 0
    while process.isRunning {
      // Nobody can open a pipe for writing before somebody reads it.
      let writer = open(gate, O_WRONLY | O_NONBLOCK)
      if writer >= 0 {
        bytes = try highWater(of: process.processIdentifier)
        #expect(write(writer, "a\n1\n", 4) == 4)
        close(writer)
        break
      }
      usleep(2000)
    }
    process.waitUntilExit()
    #expect(process.terminationStatus == (keepsGoing ? 1 : 0))
    // The last object is that of the pipe.
    let text = try String(contentsOfFile: output, encoding: .utf8)
    return (bytes, text.split(separator: "\n").dropLast().map(summary))
  }

  /// The most that it held, without the pages of the program's own files: how many of these are
  /// mapped beside one that is asked for depends on what the system has at hand.
  private static func highWater(of process: Int32) throws -> Int {
    let status = try String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)
    let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") })
    return try (kibibytes(line) << 10) - programPages(of: process)
  }

  /// Bytes of pages that hold code and constants, as the program and its libraries have them.
  private static func programPages(of process: Int32) throws -> Int {
    var kibibytes = 0
    var isProgram = false
    for line in try String(contentsOfFile: "/proc/\(process)/smaps", encoding: .utf8)
      .split(separator: "\n")
    {
      // `7f00-7f10 r-xp …` begins what follows of a mapping.
      if line.first.map({ $0.isNumber || $0.isLowercase }) == true {
        isProgram = line.hasSuffix(Program.path) || line.contains(".so")
      } else if isProgram, line.hasPrefix("Rss:") {
        kibibytes += self.kibibytes(line)
      } else if isProgram, line.hasPrefix("Anonymous:") {
        kibibytes -= self.kibibytes(line)
      }
    }
    return kibibytes << 10
  }

  /// The figure of a line like `Rss: 12 kB`.
  private static func kibibytes(_ line: Substring) -> Int {
    line.split(separator: " ").lazy.compactMap { Int($0) }.first ?? 0
  }

  /// A line of machine mode, without the elements of a long value.
  private static func summary(_ line: Substring) -> [String: Any] {
    var line = line
    if line.utf8.count > 1 << 20, let start = line.range(of: "\"value\":"),
      let end = line.range(of: ",\"memory\":", options: .backwards)
    {
      line = line[..<start.upperBound] + "null" + line[end.lowerBound...]
    }
    return (try? JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]) ?? [:]
  }

  // MARK: Files

  private static func npy(_ descr: String, order: String = "False", shape: String) -> [UInt8] {
    let header = "{'descr': '\(descr)', 'fortran_order': \(order), 'shape': \(shape), }\n"
    return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(header.utf8.count), 0] + Array(header.utf8)
  }

  /// Writes a file that begins with some bytes, and goes on with so many zeros.
  private static func file(
    _ name: String, _ start: [UInt8], zeros: Int, in scratch: Scratch
  ) throws {
    try Data(start + [UInt8](repeating: 0, count: zeros))
      .write(to: URL(fileURLWithPath: scratch.path + "/" + name))
  }

  /// A table of eight columns and two million rows: 64 MiB as f32.
  private static func table() -> Data {
    let block = Data(String(repeating: "1,2,3,4,5,6,7,8\n", count: 1 << 14).utf8)
    var table = Data("a,b,c,d,e,f,g,h\n".utf8)
    for _ in 0..<128 { table.append(block) }
    return table
  }

  // MARK: Laws

  @Test(
    arguments: [
      // Eight activations of 32 MiB are kept, two more are in hand.
      """
      let x = randn(2048, 4096)
      let g = gradient wrt x { sum(tanh(tanh(tanh(tanh(tanh(tanh(tanh(tanh(x))))))))) }
      """,
      // What is learned is changed in place, and put back by undo's file.
      """
      let net = chain(dense(2048, 2048), tanh, dense(2048, 2048), tanh, dense(2048, 2048))
      let data = dataset(randn(8192, 2048), zeros(8192, dtype: i32))
      train net for x, y in batches(data, size: 1024, steps: 3) using adam(lr: 0.001) with sqrt_n {
        cross_entropy(net(x), y)
      }
      """,
      // The order of the rows is more than a part of the margin.
      """
      let data = dataset(randn(2000000, 8))
      for x in batches(data, size: 500000) { sum(x) }
      """,
      // A plan computes nothing.
      """
      let net = chain(dense(2048, 2048), repeat 4 { residual(chain(dense(2048, 2048), relu)) })
      let x = randn(64, 2048)
      let p = plan wrt net { sum(net(x)) }
      let q = plan wrt net with optimal(budget: p.peak) { sum(net(x)) }
      compare wrt net across [keep_all, sqrt_n, revolve(slots: 2)] { sum(net(x)) }
      """,
      "let x = tensor(0..<10000000)",
      "let x = one_hot(tensor(0..<1000, dtype: i32), 20000)",
      // Sixteen million numbers in machine mode.
      "zeros(16777216)",
      "let x = zeros(16777216)\nx == x\nprint(x)",
    ])
  func `the process's own peak is the ledger's, within 4 % and 8 MiB`(script: String) throws {
    try Scratch.with { scratch in
      let peak = try Self.peak(of: script, in: scratch)
      #expect(peak.ledger >= 64 * Self.mebibyte)
      #expect(peak.isWithinMargin, "\(peak.text)")
    }
  }

  @Test(arguments: ["keep_all", "every(44)"])
  func `a long chain takes at most 14 KiB a layer beside its bytes`(strategy: String) throws {
    try Scratch.with { scratch in
      let layers = 2000
      let peak = try Self.peak(
        of: """
          let net = chain(repeat \(layers) { chain(dense(16, 16), relu) }, dense(16, 4))
          let data = dataset(randn(4, 16), zeros(4, dtype: i32))
          let opt = sgd(lr: 0.001)
          train net for x, y in batches(data, size: 4, steps: 2) using opt with \(strategy) {
            cross_entropy(net(x), y)
          }
          """, in: scratch)
      #expect(peak.process - peak.ledger <= layers * 14 << 10, "\(peak.text)")
    }
  }

  @Test(
    arguments: [
      ("<f4", "False", 4, "(4096, 4096)"), (">f8", "False", 8, "(8388608,)"),
      ("<i8", "False", 8, "(8388608,)"), ("|u1", "True", 1, "(4096, 4096)"),
    ])
  func `reading an npy file takes what it holds`(
    descr: String, order: String, width: Int, shape: String
  ) throws {
    try Scratch.with { scratch in
      let count = width == 8 ? 8_388_608 : 16_777_216
      try Self.file(
        "x.npy", Self.npy(descr, order: order, shape: shape), zeros: width * count, in: scratch)
      let peak = try Self.peak(of: "let x = npy(\"x.npy\")", in: scratch)
      #expect(peak.ledger == 64 * Self.mebibyte)
      #expect(peak.isWithinMargin, "\(peak.text)")
    }
  }

  @Test func `reading a text takes its symbols, and batches of windows what they hold`() throws {
    try Scratch.with { scratch in
      try Self.file("x.txt", Array("a text\n".utf8), zeros: 16_777_209, in: scratch)
      let reading = try Self.peak(of: "let x = text_corpus(\"x.txt\")", in: scratch)
      #expect(reading.ledger == 64 * Self.mebibyte)
      #expect(reading.isWithinMargin, "\(reading.text)")
      let batches = try Self.peak(
        of: """
          let rows = windows(text_corpus("x.txt"), length: 1024, step: 1024)
          for x, y in batches(rows, size: 1024, steps: 2) { max(x) }
          """, in: scratch)
      #expect(batches.ledger < 96 * Self.mebibyte)
      #expect(batches.isWithinMargin, "\(batches.text)")
    }
  }

  @Test func `saving takes nothing beside what is saved, and loading what is loaded`() throws {
    try Scratch.with { scratch in
      let saving = try Self.peak(
        of: "let x = randn(60000000)\nsave(x, \"x.safetensors\")", in: scratch)
      #expect(saving.ledger == 240_000_000)
      #expect(saving.isWithinMargin, "saving: \(saving.text)")
      #expect(saving.process <= saving.ledger + 8 * Self.mebibyte, "saving: \(saving.text)")
      let loading = try Self.peak(of: "let x = load(\"x.safetensors\")", in: scratch)
      #expect(loading.ledger == 240_000_000)
      #expect(loading.isWithinMargin, "loading: \(loading.text)")
      let layer = try Self.peak(
        of: """
          let net = dense(4096, 4096)
          save(net, "net.safetensors")
          load(net, "net.safetensors")
          """, in: scratch)
      #expect(layer.ledger >= 128 * Self.mebibyte)
      #expect(layer.isWithinMargin, "into a layer: \(layer.text)")
    }
  }

  @Test func `reading a table takes what it holds, from a file and from a pipe`() throws {
    try Scratch.with { scratch in
      let table = Self.table()
      try table.write(to: URL(fileURLWithPath: scratch.path + "/t.csv"))
      let file = try Self.peak(of: "let x = csv(\"t.csv\", label: \"h\")", in: scratch)
      #expect(file.ledger == 64 * Self.mebibyte)
      #expect(file.isWithinMargin, "a file: \(file.text)")
      let pipe = scratch.path + "/pipe"
      #expect(mkfifo(pipe, 0o600) == 0)
      let writer = Thread {
        if let handle = FileHandle(forWritingAtPath: pipe) { try? handle.write(contentsOf: table) }
      }
      writer.start()
      let piped = try Self.peak(of: "let x = csv(\"pipe\", missing: drop)", in: scratch)
      #expect(piped.ledger == 64 * Self.mebibyte)
      #expect(piped.isWithinMargin, "a pipe: \(piped.text)")
    }
  }

  @Test func `inflating images takes what they are`() throws {
    try Scratch.with { scratch in
      try Self.file(
        "images.idx3-ubyte", [0, 0, 8, 3, 0, 0, 16, 0, 0, 0, 0, 64, 0, 0, 0, 64],
        zeros: 1 << 24, in: scratch)
      let gzip = Process()
      gzip.executableURL = URL(fileURLWithPath: "/usr/bin/gzip")
      gzip.arguments = [scratch.path + "/images.idx3-ubyte"]
      try gzip.run()
      gzip.waitUntilExit()
      let peak = try Self.peak(of: "let x = idx(\"images.idx3-ubyte.gz\")", in: scratch)
      #expect(peak.ledger == 64 * Self.mebibyte)
      #expect(peak.isWithinMargin, "\(peak.text)")
    }
  }

  @Test func `a file that a budget has no room for is refused before it takes any`() throws {
    try Scratch.with { scratch in
      try Self.file("x.npy", Self.npy("<f4", shape: "(15000000,)"), zeros: 60_000_000, in: scratch)
      let save = try Program.run(
        ["-e", "save(randn(15000000), \"x.safetensors\")"], directory: scratch.path)
      #expect(save.status == 0)
      let script = """
        budget 1 MiB
        npy("x.npy")
        load("x.safetensors")
        """
      let run = try Self.held(script, in: scratch, keepsGoing: true)
      #expect(run.objects.map { $0["ok"] as? Bool } == [true, false, false])
      for object in run.objects.dropFirst() {
        let error = try #require(object["error"] as? [String: Any])
        #expect(error["code"] as? String == "over-budget")
      }
      #expect(run.bytes - Self.base < 4 * Self.mebibyte)
    }
  }
}
