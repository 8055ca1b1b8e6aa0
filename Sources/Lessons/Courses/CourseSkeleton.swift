import Evaluation
import Foundation
import Notebook
package import Syntax
import Writing

/// A small whole course, to be written over: what `cairn course new` makes, and the example of
/// `lessons/README.md`. It passes `cairn course check`.
package enum CourseSkeleton {
  /// Its files, by their paths in the course's folder.
  package static func files(title: String) -> [(path: String, text: String)] {
    [
      ("course.md", page(title)), ("01-first-steps/lesson.cairn", lesson),
      ("01-first-steps/shared.cairn", shared),
      ("01-first-steps/items/bytes-of-a-net.cairn", number),
      ("01-first-steps/items/who-grows.cairn", choice),
      ("01-first-steps/items/peak-of-a-step.cairn", predict),
      ("01-first-steps/items/half-the-rows.cairn", code),
    ]
  }

  /// Makes the folder and its files. Throws where it is there already, or cannot be written.
  package static func write(to folder: String) throws(Diagnostic) {
    let name = folder.split(separator: "/").last.map(String.init) ?? folder
    guard !FileManager.default.fileExists(atPath: folder) else { throw .folderIsThere(folder) }
    // All of it is there, or nothing.
    let part = folder + ".part"
    do throws(Diagnostic) {
      try writeFiles(files(title: name), to: part)
      try record(part + "/01-first-steps")
      guard rename(part, folder) == 0 else {
        throw .folderNotMade(folder, String(cString: strerror(errno)))
      }
    } catch {
      try? FileManager.default.removeItem(atPath: part)
      throw error
    }
  }

  private static func writeFiles(
    _ files: [(path: String, text: String)], to folder: String
  ) throws(Diagnostic) {
    for file in files {
      let path = folder + "/" + file.path
      let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
      do {
        try FileManager.default.createDirectory(
          atPath: parent, withIntermediateDirectories: true)
      } catch {
        throw .folderNotMade(parent, error.localizedDescription)
      }
      try ScriptFile.write(file.text, to: path)
    }
  }

  /// Writes what the lesson's cells print below them.
  private static func record(_ folder: String) throws(Diagnostic) {
    let source = try ScriptFile.read(folder + "/lesson.cairn")
    var configuration = Interpreter.Configuration()
    configuration.directory = folder
    let transcript = Transcript(name: "lesson.cairn") { Session(configuration: configuration) }
    try ScriptFile.rewrite(
      source, as: transcript.record(source.text).text, path: folder + "/lesson.cairn")
  }

  private static func page(_ title: String) -> String {
    """
    # \(title)

    What this course is about, for whom it is, and what a student should know before it: a few
    sentences. The first line is its title; progress is kept by it, so it stays.

    """
  }

  private static let shared = """
    # What the lesson and its items both need.
    layer unit(n) {
      let inner = dense(n, n)
      forward(x) { tanh(inner(x)) }
    }

    """

  private static let lesson = """
    # %% [markdown]
    # # Lesson 1: first steps
    #
    # What does a training step hold in memory, beside the network?
    #
    # This is prose: text in comment lines, with *emphasis*, `code`, lists, and headings. Each \
    number in it that
    # somebody measured has to come from a cell.

    # %% A small network
    import "shared.cairn"
    seed 1
    let net = chain(repeat 4 { unit(16) })
    let x = randn(32, 16)

    # %% [item] bytes-of-a-net

    # %% [item] peak-of-a-step

    # %% The step
    gradient wrt net { mse(net(x), x) }

    # %% [markdown]
    # The line `peak` says what is live at the worst moment. Besides the parameters there is \
    what the backward pass
    # reads: *kept*.

    # %% [item] who-grows

    # %% [item] half-the-rows

    # %% [markdown]
    # ## To remember
    #
    # - A step holds more than the network.
    # - What is kept grows with the rows of a batch.
    # - The parameters do not.

    # %% [markdown]
    # ## Where to read on
    #
    # - Chen et al. 2016, Training deep nets with sublinear memory cost.

    """

  private static let number = """
    # %% [item] bytes-of-a-net number
    # One `unit(16)` has a matrix of 16 × 16 numbers and a row of 16 more, 4 bytes each. How \
    many bytes have the
    # parameters of four of them?

    # %% [setup]
    import "../shared.cairn"
    let unit_bytes = 4 * (16 * 16 + 16)

    # %% [check]
    expect answer == 4 * unit_bytes

    # %% [model]
    4352

    # %% [wrong] one unit
    1088
    # Reply: That is one of them. The network has four.

    # %% [wrong] matrices alone
    4 * 4 * 16 * 16
    # Reply: Each unit has a row of 16 numbers beside its matrix.

    # %% [hint]
    # Count the numbers of one unit first.

    # %% [hint]
    # One unit has 16 · 16 + 16 numbers. Four of them, and four bytes for each number.

    """

  private static let choice = """
    # %% [item] who-grows choice
    # The batch gets twice as many rows. What grows with it?

    # %% [choice] A
    # The parameters.
    # Reply: Look at the line `memory` of the cell that makes the network: no batch was there yet.

    # %% [choice] B right
    # What is kept for the backward pass.
    # Reply: Each row has activations of its own.

    # %% [choice] C
    # Both.
    # Reply: A matrix is as large as its layer, however many rows pass through it.

    # %% [hint]
    # Which of them has a size in which the number of rows stands?

    """

  private static let predict = """
    # %% [item] peak-of-a-step predict
    # The parameters of the network are about 4 KiB, the batch is 2 KiB. How much does one \
    training step hold at its
    # worst moment? A guess within a third is a good one.

    # %% [setup]
    import "../shared.cairn"
    seed 1
    let net = chain(repeat 4 { unit(16) })
    let x = randn(32, 16)

    # %% [reveal]
    let step = plan wrt net { mse(net(x), x) }
    let measured = step.peak

    # %% [check]
    expect answer ~= measured within measured / 3

    # %% [model]
    19 KiB

    # %% [wrong] parameters alone
    4 KiB
    # Reply: Those are the parameters alone. The backward pass reads the activations too.

    # %% [when] parameters alone
    expect answer < 7 KiB

    # %% [hint]
    # What does the backward pass read that the forward pass has made?

    """

  private static let code = """
    # %% [item] half-the-rows code
    # Write `kept_of(rows)`: the bytes that a step keeps of a batch of so many rows.

    # %% [setup]
    import "../shared.cairn"
    seed 1
    let net = chain(repeat 4 { unit(16) })

    # %% [stub]
    fn kept_of(rows) { 0 }

    # %% [check]
    test "half the rows keep half" { expect 2 * kept_of(16) ~= kept_of(32) within 64 }
    test "it is what a plan says" {
      let x = randn(8, 16)
      expect kept_of(8) == plan wrt net { mse(net(x), x) }.kept
    }

    # %% [model]
    fn kept_of(rows) {
      let x = randn(rows, 16)
      plan wrt net { mse(net(x), x) }.kept
    }

    # %% [wrong] peak
    fn kept_of(rows) {
      let x = randn(rows, 16)
      plan wrt net { mse(net(x), x) }.peak
    }
    # Reply: That is the peak: parameters and gradients stand in it too.

    # %% [when] peak
    let rows8 = randn(8, 16)
    expect kept_of(8) >= plan wrt net { mse(net(rows8), rows8) }.peak

    # %% [hint]
    # `plan wrt net { … }` computes nothing and knows everything. Make a batch of so many rows \
    first.

    # %% [hint]
    # What a plan keeps is its field `kept`.

    """
}
