import Syntax
import Writing

/// Reads an item's file, and notes what is wrong with its form.
struct ItemReader {
  private let file: String
  private let name: String
  private(set) var findings: [Finding] = []
  private var cells: [FileCell] = []

  /// - Parameter file: The path, as the course was named.
  init(file: String) {
    self.file = file
    let last = file.split(separator: "/").last.map(String.init) ?? file
    name = last.hasSuffix(".cairn") ? String(last.dropLast(".cairn".count)) : last
  }

  /// The item of a text; `nil` where it cannot be asked.
  mutating func item(_ text: String, directory: String) -> Item? {
    cells = FileCell.cells(of: text, file: file)
    guard let head = cells.first, head.tag == "item" else {
      note(1, .itemHeadMissing)
      return nil
    }
    guard head.words.count == 2, let kind = ItemKind(rawValue: head.words[1]) else {
      note(head.line, .itemHead(found: head.words))
      return nil
    }
    if head.words[0] != name { note(head.line, .itemName(head.words[0], file: name)) }
    if !ItemReader.isID(head.words[0]) { note(head.line, .itemID(head.words[0])) }
    checkCells(kind)
    let question = Prose(head.prose)
    if question.isEmpty { note(head.line, .noQuestion) }
    if head.hasCode { note(head.line, .codeInQuestion) }
    let hints = all("hint").map { Prose($0.prose) }
    if hints.isEmpty { note(head.line, .noHint) }
    for cell in all("hint") where Prose(cell.prose).isEmpty { note(cell.line, .emptyHint) }
    return Item(
      id: head.words[0], kind: kind, question: question, options: options(kind, head),
      setup: source("setup"), reveal: source("reveal"), check: source("check"),
      models: examples("model", kind), stub: examples("stub", kind).first,
      wrongIdeas: wrongIdeas(kind), hints: hints, file: file, directory: directory)
  }

  /// Lower-case letters, digits and hyphens, a letter first.
  static func isID(_ text: String) -> Bool {
    text.first?.isLetter == true
      && text.utf8.allSatisfy {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
          || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) || $0 == UInt8(ascii: "-")
      }
  }

  private mutating func note(_ line: Int, _ problem: CourseProblem) {
    findings.append(Finding(file, line, problem.message))
  }

  // MARK: Cells

  /// The cells that a kind may have, and those it cannot be without.
  private static func cells(of kind: ItemKind) -> (may: Set<String>, must: Set<String>) {
    switch kind {
    case .choice: (["item", "choice", "hint"], ["choice"])
    case .predict:
      (
        ["item", "setup", "reveal", "check", "model", "wrong", "when", "hint"],
        ["reveal", "check", "model"]
      )
    case .number, .text, .value:
      (["item", "setup", "check", "model", "wrong", "when", "hint"], ["check", "model"])
    case .code, .strategy:
      (
        ["item", "setup", "check", "model", "stub", "wrong", "when", "hint"],
        ["check", "model", "stub"]
      )
    }
  }

  private mutating func checkCells(_ kind: ItemKind) {
    let (may, must) = ItemReader.cells(of: kind)
    for cell in cells.dropFirst() where !may.contains(cell.tag) {
      note(cell.line, .strayCell(cell.tag, kind, may: may.sorted()))
    }
    for tag in must.sorted() where all(tag).isEmpty { note(1, .missingCell(tag, kind)) }
    for tag in ["setup", "reveal", "check", "stub", "item"] {
      for cell in all(tag).dropFirst() { note(cell.line, .secondCell(tag)) }
    }
    for cell in cells where ["setup", "reveal", "check", "when"].contains(cell.tag) {
      for fault in Parser.parse(cell.source).faults {
        note(fault.range?.start.line ?? cell.line, .unreadable(fault.message))
      }
    }
  }

  private func all(_ tag: String) -> [FileCell] { cells.filter { $0.tag == tag } }

  private func source(_ tag: String) -> SourceText? { all(tag).first?.source }

  // MARK: Answers

  private mutating func options(_ kind: ItemKind, _ head: FileCell) -> [Item.Option] {
    var options: [Item.Option] = []
    for cell in all("choice") {
      guard let letter = cell.words.first, letter.count == 1, letter.first?.isLetter == true,
        cell.words.count == 1 || cell.words.count == 2 && cell.words[1] == "right"
      else {
        note(cell.line, .optionHead)
        continue
      }
      let option = Item.Option(
        letter: letter.lowercased(), text: Prose(cell.prose), isRight: cell.words.count == 2,
        reply: Prose(cell.reply), line: cell.line)
      if option.text.isEmpty { note(cell.line, .emptyOption) }
      if option.reply.isEmpty { note(cell.line, .noReply) }
      if options.contains(where: { $0.letter == option.letter }) {
        note(cell.line, .secondOption(letter))
      }
      options.append(option)
    }
    guard kind == .choice else { return options }
    if options.count < 3 { note(head.line, .fewOptions(options.count)) }
    if !options.isEmpty, options.allSatisfy({ $0.isRight == options[0].isRight }) {
      note(head.line, .noChoice(allRight: options[0].isRight))
    }
    return options
  }

  private mutating func examples(_ tag: String, _ kind: ItemKind) -> [Item.Example] {
    all(tag).map { example($0, kind) }
  }

  private mutating func example(_ cell: FileCell, _ kind: ItemKind) -> Item.Example {
    let text = kind == .text ? cell.prose.joined(separator: " ").trimmed : cell.code
    if text.isEmpty { note(cell.line, .emptyExample(cell.tag)) }
    return Item.Example(text: text, line: cell.line)
  }

  private mutating func wrongIdeas(_ kind: ItemKind) -> [Item.WrongIdea] {
    var whens: [String: FileCell] = [:]
    for cell in all("when") {
      if cell.words.isEmpty { note(cell.line, .unnamedIdea(cell.tag)) }
      whens[cell.words.joined(separator: " ")] = cell
    }
    var ideas: [Item.WrongIdea] = []
    for cell in all("wrong") {
      guard !cell.words.isEmpty else {
        note(cell.line, .unnamedIdea(cell.tag))
        continue
      }
      let name = cell.words.joined(separator: " ")
      if ideas.contains(where: { $0.name == name }) { note(cell.line, .secondIdea(name)) }
      if Prose(cell.reply).isEmpty { note(cell.line, .noReply) }
      let when = whens.removeValue(forKey: name)
      if when == nil, kind.isCode { note(cell.line, .noWhen(name)) }
      ideas.append(
        Item.WrongIdea(
          name: name, example: example(cell, kind), reply: Prose(cell.reply), when: when?.source))
    }
    for (name, cell) in whens.sorted(by: { $0.value.line < $1.value.line }) {
      note(cell.line, .whenWithoutIdea(name))
    }
    if ideas.isEmpty, kind != .choice { note(1, .noWrongIdea) }
    return ideas
  }
}
