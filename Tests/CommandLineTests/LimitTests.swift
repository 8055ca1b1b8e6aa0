import Foundation
import Testing

/// The program under limits that graders set.
@Suite struct LimitTests {
  /// `ulimit -v`, in KiB, from which on everything works.
  private static let least = 327_680

  private static let commands = [
    "run s.cairn", "run --record r.cairn", "run - < s.cairn", "< s.cairn", "--json < s.cairn",
    "--threads 8 run s.cairn", "-e 'ones(600, 600) @ ones(600, 600)'", "format --check s.cairn",
    "strategies", "--version",
  ]

  @Test(arguments: [200_000, 300_000, 327_680, 400_000, 600_000, 1_000_000, 3_000_000])
  func `every subcommand works under a limit on address space, or says what it needs`(
    limit: Int
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let commands = (0..<200).map { "let a\($0) = tensor([1.0, 2.0]) * \($0)\n" }.joined()
    let script =
      "\(commands)let a = randn(500, 500)\nlet b = sum(a @ a) * 0.0\n"
      + "let g = gradient wrt a { sum(tanh(a)) }\n"
    _ = try scratch.file("s.cairn", script)
    _ = try scratch.file("r.cairn", "ones(600, 600)[0] @ ones(600, 600)\n")
    for command in Self.commands {
      let result = try Program.shell(
        "ulimit -v \(limit); timeout 60 cairn \(command)", directory: scratch.path)
      if limit >= Self.least {
        #expect(result.status == 0, "\(command): \(result.errors)")
      } else {
        #expect(result.status == 71, "\(command): \(result.errors)")
        #expect(result.errors.hasPrefix("error[address-space]: cairn needs 320 MiB of address"))
        #expect(result.errors.contains("'ulimit -v \(Self.least)'"))
      }
    }
  }

  @Test func `a session of many commands maps one stack`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    _ = try scratch.file("s.cairn", (0..<300).map { "let a\($0) = \($0)\n" }.joined())
    // Bytes of mappings without a file, as many as the session has while it waits for more lines.
    let result = try Program.shell(
      """
      mkfifo in
      cairn --json <in >out & exec 3>in
      cat s.cairn >&3
      until [ "$(wc -l <out)" -ge 300 ]; do sleep 0.05; done
      grep -E '^(VmData|Threads)' /proc/$!/status
      exec 3>&-; wait
      """, directory: scratch.path)
    let numbers = result.output.split(whereSeparator: \.isNewline).compactMap { line in
      line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }
    }
    #expect(numbers.count == 2)
    #expect(numbers[0] < 700_000, "KiB of data and stacks")
  }
}
