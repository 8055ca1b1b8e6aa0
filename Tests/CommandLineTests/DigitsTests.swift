import Foundation
import Testing

/// The digits of a run depend on nothing but the script and the seed.
@Suite struct DigitsTests {
  /// Sets of kernels that this processor runs, as the program says.
  private func runnableSets() throws -> [String] {
    let refusal = try Program.run(["-e", "1"], environment: ["CAIRN_KERNELS": "none"])
    #expect(refusal.status == 64)
    let list = refusal.errors.split(separator: ":").dropFirst(2).first?.split(separator: ";").first
    let sets = (list ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(sets.last == "plain", "\(refusal.errors)")
    return sets
  }

  /// 800 steps whose products are long enough for several threads.
  private let training = """
    seed 1
    let x = randn(300, 64)
    let y = cast(arange(300) % 10, i32)
    let data = dataset(x, y)
    let net = chain(dense(64, 96), tanh, dense(96, 96), relu, dense(96, 10))
    let t = train net for x, y in batches(data, size: 300, steps: 800) using sgd(lr: 0.01) {
      cross_entropy(net(x), y)
    }
    save(net, "net.safetensors")
    t.losses
    """

  @Test func `800 steps of training give the same bits with 1, 2 and 4 threads, and all kernels`()
    throws
  {
    var first: (output: String, net: Data)?
    for (threads, set) in [("1", ""), ("2", ""), ("4", ""), ("2", "avx2")] {
      let scratch = try Scratch()
      defer { scratch.remove() }
      let known = try runnableSets().contains(set)
      let run = try Program.run(
        ["--json", "--threads", threads, "run", "-"], input: training,
        environment: known ? ["CAIRN_KERNELS": set] : [:], directory: scratch.path)
      #expect(run.status == 0 && run.output.contains("losses"), "\(run.output)")
      let net = try Data(contentsOf: URL(fileURLWithPath: scratch.path + "/net.safetensors"))
      guard let expected = first else {
        first = (run.output, net)
        continue
      }
      #expect(run.output == expected.output && net == expected.net, "\(threads), \(set)")
    }
  }

  @Test func `the kernels are named, and can be chosen`() throws {
    for set in try runnableSets() {
      let version = try Program.run(["--version"], environment: ["CAIRN_KERNELS": set])
      #expect(version.output.contains("kernels: \(set)"))
    }
  }

  @Test(arguments: ["avx512", "avx2", "plain"].enumerated().map(\.self), [1, 2])
  func `shipped scripts print their digits with each set of kernels and 1 or 2 threads`(
    set: (offset: Int, element: String), threads: Int
  ) throws {
    let sets = try runnableSets()
    // The best set on two threads is what all scripts are held to elsewhere.
    guard sets.contains(set.element), set.element != sets.first || threads == 1 else { return }
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent().path
    let scripts = ["lessons", "examples", "Tests/Transcripts"].flatMap { folder in
      (FileManager.default.enumerator(atPath: "\(root)/\(folder)")?.allObjects ?? [])
        .compactMap { $0 as? String }
        .filter { $0.hasSuffix(".cairn") && !$0.contains("/items/") && !$0.hasPrefix("grading/") }
        .map { "\(root)/\(folder)/\($0)" }
    }.sorted()
    #expect(scripts.count > 20)
    // Lessons and examples with two of the six ways; of the other scripts, every sixth with each.
    let way = 2 * set.offset + threads - 1
    let chosen = scripts.enumerated().filter {
      ($0.offset + way) % ($0.element.contains("/Transcripts/") ? 6 : 3) == 0
    }.map(\.element)
    let result = try Program.run(
      ["--threads", String(threads), "run", "--check"] + chosen,
      environment: ["CAIRN_KERNELS": set.element])
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func `check compares numbers to as many digits as it is told`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let path = scratch.path + "/near.cairn"
    func status(_ recorded: String, _ digits: [String]) throws -> Int32 {
      try Data("account off\n3.0 / 7\n#> \(recorded)\n[1, 2]\n#> [1, 2]\n".utf8)
        .write(to: URL(fileURLWithPath: path))
      return try Program.run(["run", "--check"] + digits + [path]).status
    }
    #expect(try status("0.428571", []) == 0)
    #expect(try status("0.428666", []) == 1)
    #expect(try status("0.428666", ["--digits", "3"]) == 0)
    #expect(try status("0.428666", ["--digits", "5"]) == 1)
    #expect(try status("0.5", ["--digits", "1"]) == 0)
    #expect(try status("about 0.428", ["--digits", "3"]) == 1)
    #expect(try Program.run(["run", "--digits", "3", path]).status == 64)
    #expect(try Program.run(["run", "--check", "--digits", "0", path]).status == 64)
  }
}
