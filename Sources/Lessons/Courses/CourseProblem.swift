/// The wording of what can be wrong with a course. Each says what was expected and what was found.
struct CourseProblem {
  /// A sentence, without a period at its end.
  let message: String

  private init(_ message: String) { self.message = message }

  // MARK: Items

  static let itemHeadMissing = CourseProblem(
    "the file begins with '# %% [item] ID KIND', and this one does not")
  static let noQuestion = CourseProblem("the first cell holds the question as comment lines")
  static let codeInQuestion = CourseProblem(
    "code in the question's cell is never run; it belongs in a cell '# %% [setup]'")
  static let noHint = CourseProblem("expected at least one cell '# %% [hint]', found none")
  static let emptyHint = CourseProblem("the hint is empty: it stands in comment lines")
  static let optionHead = CourseProblem(
    "expected '# %% [choice] LETTER' or '# %% [choice] LETTER right'")
  static let emptyOption = CourseProblem("the option says nothing: it stands in comment lines")
  static let noReply = CourseProblem(
    "expected comment lines from '# Reply: ' on: what whoever answers so is told")
  static let noWrongIdea = CourseProblem(
    "expected at least one cell '# %% [wrong] NAME', found none")

  static func itemHead(found words: [String]) -> CourseProblem {
    let kinds = ItemKind.allCases.map(\.rawValue).joined(separator: ", ")
    return CourseProblem(
      "expected '[item] ID KIND', KIND one of \(kinds); found '\(words.joined(separator: " "))'")
  }

  static func itemName(_ id: String, file name: String) -> CourseProblem {
    CourseProblem("the file of item '\(id)' is called '\(id).cairn', and this one '\(name).cairn'")
  }

  static func itemID(_ id: String) -> CourseProblem {
    CourseProblem("an ID has lower-case letters, digits and hyphens, a letter first: '\(id)'")
  }

  static func secondItem(_ id: String, first file: String) -> CourseProblem {
    CourseProblem("the ID '\(id)' stands for another item already, in \(file)")
  }

  static func strayCell(_ tag: String, _ kind: ItemKind, may: [String]) -> CourseProblem {
    let known = may.filter { $0 != "item" }.map { "[\($0)]" }.joined(separator: " ")
    return CourseProblem(
      "an item of the kind \(kind.rawValue) has the cells \(known), and not '[\(tag)]'")
  }

  static func missingCell(_ tag: String, _ kind: ItemKind) -> CourseProblem {
    CourseProblem("an item of the kind \(kind.rawValue) has a cell '# %% [\(tag)]', found none")
  }

  static func secondCell(_ tag: String) -> CourseProblem {
    CourseProblem("an item has one cell '[\(tag)]', and this is another")
  }

  static func secondOption(_ letter: String) -> CourseProblem {
    CourseProblem("the letter '\(letter)' stands for another option already")
  }

  static func fewOptions(_ count: Int) -> CourseProblem {
    CourseProblem("expected at least 3 options, found \(count)")
  }

  static func noChoice(allRight: Bool) -> CourseProblem {
    CourseProblem(
      allRight
        ? "every option is right: nobody could be wrong" : "no option is marked 'right'")
  }

  static func emptyExample(_ tag: String) -> CourseProblem {
    CourseProblem("the cell '[\(tag)]' holds no answer")
  }

  static func unnamedIdea(_ tag: String) -> CourseProblem {
    CourseProblem("expected '# %% [\(tag)] NAME', the name a few words")
  }

  static func secondIdea(_ name: String) -> CourseProblem {
    CourseProblem("'[wrong] \(name)' stands there already")
  }

  static func noWhen(_ name: String) -> CourseProblem {
    CourseProblem(
      "code is spelt in many ways: expected a cell '# %% [when] \(name)' that recognises the idea")
  }

  static func whenWithoutIdea(_ name: String) -> CourseProblem {
    CourseProblem("there is no '[wrong] \(name)' to this '[when]'")
  }

  static func unreadable(_ message: String) -> CourseProblem { CourseProblem(message) }

  // MARK: What an item accepts

  static func modelRefused(_ why: String) -> CourseProblem {
    CourseProblem("the model answer does not earn full marks: \(why)")
  }

  static func modelBehindStubRefused(_ why: String) -> CourseProblem {
    CourseProblem("the model answer, typed below the stub, does not earn full marks: \(why)")
  }

  static func accepted(_ what: String) -> CourseProblem {
    CourseProblem("\(what) earns full marks, and has to earn none")
  }

  static func courseFault(_ why: String) -> CourseProblem {
    CourseProblem("the item itself goes wrong: \(why)")
  }

  static func ideaMissed(_ name: String) -> CourseProblem {
    CourseProblem("the example of '\(name)' is not recognised as that idea: its reply is not given")
  }

  static func ideaTaken(_ name: String, as other: String) -> CourseProblem {
    CourseProblem("the example of '\(name)' gets the reply of '\(other)'")
  }

  static func whenHoldsForModel(_ name: String) -> CourseProblem {
    CourseProblem("'[when] \(name)' holds for a model answer")
  }

  static let hintTellsModel = CourseProblem(
    "the hint holds the model answer as it is typed: the last may nearly give the idea, not that")

  // MARK: Lessons

  static let emptyLesson = CourseProblem("the lesson has no cells")
  static let noToRemember = CourseProblem(
    "the last prose cell but one begins '# ## To remember'")
  static let noWhereToReadOn = CourseProblem("the last prose cell begins '# ## Where to read on'")
  static let noItemInCell = CourseProblem("expected '# %% [item] ID'")
  static let moreInItemCell = CourseProblem(
    "nothing else stands in the cell of an item; code goes into a cell '# %%' behind it")

  static func firstProse(number: Int) -> CourseProblem {
    CourseProblem("the first cell is prose and begins '# # Lesson \(number): TITLE'")
  }

  static func remembered(_ count: Int) -> CourseProblem {
    CourseProblem("'To remember' is a list of three sentences, found \(count)")
  }

  static func noSuchItem(_ id: String) -> CourseProblem {
    CourseProblem("there is no items/\(id).cairn in this lesson")
  }

  static func askedTwice(_ id: String) -> CourseProblem {
    CourseProblem("item '\(id)' is asked a second time")
  }

  static func neverAsked(_ id: String) -> CourseProblem {
    CourseProblem("the lesson has no cell '# %% [item] \(id)': nobody is asked")
  }

  static func otherOutput(_ difference: String) -> CourseProblem {
    CourseProblem(
      "the lesson does not reproduce its recorded output (- recorded, + now):\n\(difference)")
  }

  static let layout = CourseProblem("the file is not laid out canonically: 'cairn format' does so")

  static func number(_ text: String) -> CourseProblem {
    CourseProblem(
      "the number \(text) stands in prose, and in no code or recorded output of this lesson")
  }

  static func deadLink(_ target: String) -> CourseProblem {
    CourseProblem("the link leads to '\(target)', and there is nothing")
  }

  static func unreadableFile(_ why: String) -> CourseProblem { CourseProblem(why) }

  // MARK: Courses

  static let noCourseFile = CourseProblem(
    "there is no course.md: its first line is '# TITLE', and below it stands what the course is")
  static let noTitle = CourseProblem("the first line is '# TITLE'")
  static let noLessons = CourseProblem(
    "expected lessons, folders such as '01-some-name' with a file lesson.cairn; found none")
  static let noLessonFile = CourseProblem("there is no lesson.cairn in this folder")

  static func sameNumber(_ number: Int, as other: String) -> CourseProblem {
    CourseProblem("lesson \(number) is \(other) already")
  }

  static func sameName(_ name: String, as other: String) -> CourseProblem {
    CourseProblem(
      "progress is kept by the name behind the number: '\(name)' is \(other) already")
  }
}
