import Foundation
import Syntax
import Testing

@testable import Lessons

/// Foundation has a type of this name too.
private typealias Progress = Lessons.Progress

@Suite struct ProgressTests {
  private func lesson(_ text: String, _ ids: [String] = []) throws -> Lesson {
    let script = Parser.parse(SourceText(name: "lesson.cairn", text: text)).script
    let item = """
      # %% [item] x number
      # How many?
      # %% [check]
      expect answer == 1
      # %% [model]
      1
      # %% [wrong] two
      2
      # Reply: No.
      # %% [hint]
      # One.
      """
    var items: [String: Item] = [:]
    for id in ids { items[id] = try Item.of(item.replacing("[item] x", with: "[item] \(id)")) }
    return Lesson(
      number: 1, name: "bytes", title: "bytes", folder: "01-bytes", file: LessonFile(script),
      items: items)
  }

  private static let first =
    "# %% [markdown]\n# a\n\n# %%\n1\n\n# %% [item] p\n\n# %%\n2\n\n# %%\n3\n\n# %% [item] q\n"

  @Test func `a place is found again in a later version of the lesson, by the item before it`()
    throws
  {
    let old = try lesson(ProgressTests.first)
    #expect(old.file.stops.count == 6)
    for stop in 0...6 {
      #expect(Progress.stop(of: Progress.place(of: stop, in: old), in: old) == stop)
    }
    let place = Progress.place(of: 4, in: old)
    #expect(place == Progress.Place(lesson: "bytes", after: "p", offset: 2))
    let new = try lesson("# %%\n0\n\n# %%\n0.5\n\n" + ProgressTests.first)
    #expect(Progress.stop(of: place, in: new) == 6)
    let shorter = try lesson("# %% [item] p\n\n# %% [item] q\n")
    #expect(Progress.stop(of: place, in: shorter) == 1)
    let without = try lesson("# %%\n1\n\n# %% [item] q\n")
    #expect(Progress.stop(of: place, in: without) == 0)
  }

  @Test func `what is done stays done, and skipped is told apart`() throws {
    var progress = Progress()
    progress.answered("p", .tried)
    progress.answered("p", .tried)
    progress.answered("p", .right)
    progress.answered("p", .tried)
    progress.skipped("p")
    #expect(progress.items["p"]?.outcome == .right)
    #expect(progress.items["p"]?.attempts == 4)
    progress.skipped("q")
    let tally = progress.tally(of: try lesson(ProgressTests.first, ["p", "q"]))
    #expect((tally.items, tally.answered, tally.skipped, tally.done) == (2, 1, 1, 2))
    progress.answered("q", .right)
    #expect(progress.items["q"]?.outcome == .right)
  }

  // MARK: The file

  private func file(_ lab: CourseLab, _ title: String = "a") -> ProgressFile {
    ProgressFile(lab.path + "/progress.json", course: title)
  }

  private var some: Progress {
    var progress = Progress()
    progress.answered("p", .right)
    progress.skipped("q")
    progress.hinted("r", 2)
    progress.place = Progress.Place(lesson: "bytes", after: "p", offset: 2)
    progress.finished = ["bytes"]
    return progress
  }

  @Test func `what is written is read again, course by course`() throws {
    let lab = try CourseLab()
    #expect(file(lab).load().progress == Progress())
    #expect(file(lab).save(some) == nil)
    var other = Progress()
    other.answered("p", .tried)
    #expect(file(lab, "b").save(other) == nil)
    #expect(file(lab).load().progress == some)
    #expect(file(lab, "b").load().progress == other)
    let mode = try FileManager.default.attributesOfItem(atPath: lab.path + "/progress.json")
    #expect(mode[.posixPermissions] as? Int == 0o600)
  }

  @Test func `two sessions do not undo each other's items`() throws {
    let lab = try CourseLab()
    let (one, two) = (file(lab), file(lab))
    (_, _) = (one.load(), two.load())
    var first = Progress()
    first.answered("p", .right)
    var second = Progress()
    second.answered("q", .right)
    #expect(one.save(first) == nil)
    #expect(two.save(second) == nil)
    first.answered("r", .right)
    #expect(one.save(first) == nil)
    #expect(file(lab).load().progress.items.keys.sorted() == ["p", "q", "r"])
  }

  @Test func `a damaged file is set aside, and a newer one is left as it is`() throws {
    let lab = try CourseLab()
    for damaged in ["", "{", "[]", "{\"version\": 1}", "{\"version\": \"x\", \"courses\": {}}"] {
      try lab.write("progress.json", damaged)
      let copy = lab.path + "/progress.json.damaged"
      let broken = file(lab)
      #expect(broken.load().problem == .damaged(copy: copy))
      #expect(try lab.text("progress.json.damaged") == damaged)
      #expect(broken.save(some) == nil)
      #expect(file(lab).load().progress == some)
    }
    let newer = "{\"version\": 2, \"courses\": [\"otherwise\"]}"
    try lab.write("progress.json", newer)
    let later = file(lab)
    #expect(later.load().problem == .newer)
    #expect(later.save(some) == nil)
    #expect(try lab.text("progress.json") == newer)
  }

  @Test func `parts of a file that are of another kind are passed over`() throws {
    let lab = try CourseLab()
    try lab.write(
      "progress.json",
      """
      {"version": 1, "courses": {"a": {"place": 3, "finished": "x", "items":
      {"p": {"outcome": "right", "attempts": -4}, "q": {"outcome": "unheard"}}}, "b": 7}}
      """)
    let progress = file(lab).load().progress
    #expect(progress.items.keys.sorted() == ["p"])
    #expect(progress.items["p"]?.attempts == 0)
    #expect(progress.place == nil)
  }

  @Test func `where the file cannot be written, that is told once`() throws {
    let lab = try CourseLab()
    let file = ProgressFile(lab.path + "/none/progress.json", course: "a")
    #expect(file.load().problem == nil)
    #expect(file.save(some) != nil)
    #expect(file.save(Progress()) == nil)
  }
}
