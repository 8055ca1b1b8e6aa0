import Testing

@testable import Lessons

@Suite struct NumbersInProseTests {
  /// The numbers of a prose that the code does not give.
  private func strangers(_ prose: String, _ code: String) -> [String] {
    let text = "# %% [markdown]\n# \(prose)\n\n# %%\n\(code)\n"
    let cells = FileCell.cells(of: text, file: "lesson.cairn")
    return NumbersInProse(cells: cells).strangers(in: cells[0]).map(\.text)
  }

  @Test(
    arguments: [
      ("It takes 42.8 KiB.", "#> 42.8 KiB", []),
      ("It takes 42.8 KiB.", "#> 42.8 MiB", ["42.8 KiB"]),
      ("It takes 42.8 KiB.", "#> 142.8 KiB", ["42.8 KiB"]), ("It has 20 layers.", "1", []),
      ("It has 21 layers.", "1", ["21"]), ("It has 21 layers.", "repeat 21 { relu }", []),
      ("It has 21 layers.", "#> 210", ["21"]), ("12,931 of them", "#> 12931", ["12,931"]),
      ("0.5 of it", "#> 0.5", []), ("5 % of it", "#> 50 %", ["5 %"]), ("f32 and f16", "1", []),
      ("See lesson 21.", "1", []), ("two to three", "1", []), ("1.5, 2.5", "#> 1.5 2.5", []),
      ("64 B each", "#> 64 B", []), ("3.", "1", []),
    ] as [(String, String, [String])])
  func `a number in prose stands in a cell`(prose: String, code: String, found: [String]) {
    #expect(strangers(prose, code) == found)
  }

  @Test func `a number is found in its line, and a size across two`() {
    let text = "# %% [markdown]\n# One.\n# It takes 42\n# KiB, and 77 more.\n\n# %%\n#> 42\n"
    let cells = FileCell.cells(of: text, file: "lesson.cairn")
    let found = NumbersInProse(cells: cells).strangers(in: cells[0])
    #expect(found.map(\.text) == ["42 KiB", "77"])
    #expect(found.map(\.line) == [3, 4])
  }

  @Test func `papers have their years`() {
    let text = "# %% [markdown]\n# ## Where to read on\n# Chen et al. 2016\n"
    let cells = FileCell.cells(of: text, file: "lesson.cairn")
    #expect(NumbersInProse(cells: cells).strangers(in: cells[0]).isEmpty)
  }
}
