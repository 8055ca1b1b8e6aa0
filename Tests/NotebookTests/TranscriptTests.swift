import Testing

@testable import Notebook

@Suite struct TranscriptTests {
  private let transcript = Transcript(name: "script.cairn") { Session() }

  @Test func `output is recorded below its command, and nothing else changes`() {
    let text = """
      # %% [markdown]
      # Prose.

      let a = 3      # not laid out canonically
      a*2
      [a,
       4]


      # The end.
      """
    let recorded = transcript.record(text)
    #expect(recorded.failures.isEmpty)
    let lines = recorded.text.split(separator: "\n", omittingEmptySubsequences: false)
    #expect(lines.filter { !$0.hasPrefix("#>") }.joined(separator: "\n") == text)
    #expect(lines[5] == "#> 6")
    #expect(lines[8] == "#> [3, 4]")
  }

  @Test func `a record reproduces itself, and recording it again changes nothing`() {
    let text = "let a = 3\na * 2\n\nnonsense\n\na * 3\nprint(\"x\")\n"
    for script in [text, String(text.dropLast()), text.replacing("\n", with: "\r\n")] {
      let recorded = transcript.record(script).text
      #expect(recorded != script)
      #expect(transcript.check(recorded).difference == "")
      #expect(transcript.record(recorded).text == recorded)
    }
  }

  @Test func `errors are recorded, name their lines as they are then, and the script goes on`()
    throws
  {
    let recorded = transcript.record("6 * 7\nnonsense\n6 * 8\nnonsense\n")
    #expect(recorded.failures.count == 2)
    #expect(recorded.failures.first == 3)
    #expect(recorded.text.contains("script.cairn:3:1"))
    let last = try #require(recorded.failures.last)
    #expect(recorded.text.contains("script.cairn:\(last):1"))
    let lines = recorded.text.split(separator: "\n")
    #expect(lines[last - 1] == "nonsense")
    #expect(recorded.text.contains("\n#> 48\n"))
  }

  @Test func `a text with faults of syntax stays as it is, and does not hold`() {
    let text = "6 * 7\n#> 41\nlet = 3\n6 * 8\n"
    let result = transcript.record(text)
    #expect(result.text == text)
    #expect(result.faults.count == 1)
    #expect(transcript.check(text).faults.count == 1)
    #expect(transcript.check(text).difference != "")
  }

  @Test func `the account is recorded, and left out where it is off`() {
    let on = transcript.record("let x = tensor([1.0, 2.0])\n").text
    #expect(on == "let x = tensor([1.0, 2.0])\n#> memory  live 8 B (+8 B)\n")
    let off = transcript.record("account off\nlet x = tensor([1.0, 2.0])\n").text
    #expect(off == "account off\nlet x = tensor([1.0, 2.0])\n")
  }

  @Test func `output that is no longer printed is a difference`() {
    let check = transcript.check("let a = 3\n#> 3\n")
    #expect(check.difference == "line 1: let a = 3\n  - 3\n")
    #expect(check.text == "let a = 3\n")
  }

  @Test func `a comparison shows only what differs`() {
    let old = "a\n#> 1\n#> 2\n#> 3\nb\n#> 4\n"
    let new = "a\n#> 1\n#> 5\n#> 3\nb\n#> 4\n"
    #expect(Transcript.difference(from: old, to: new) == "line 1: a\n    …\n  - 2\n  + 5\n    …\n")
  }

  @Test func `an empty script is its own record`() {
    for text in ["", "\n", "# only a comment", "\n\n# %%\n"] {
      #expect(transcript.record(text).text == text)
    }
  }
}
