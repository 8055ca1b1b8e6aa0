/// What kind of word the text before the cursor asks for.
enum CompletionPlace: Equatable {
  /// Behind a dot: a field of what stands at the path.
  case field(of: [Completer.PathStep])
  /// Behind `with`, and in the list behind `across`.
  case strategy
  /// Behind `trap`.
  case trap
  /// Behind `predict`.
  case quantity
  /// Behind `wrt`, `train`, `update` and `reset`.
  case target
  /// Behind `help`, or a question mark.
  case topic
  /// Behind `account`.
  case detail
  /// Behind `fuse`.
  case position
  /// Where an argument of a call begins: it may have a name.
  case argument(of: String)
  /// Behind the name of an argument.
  case option(of: String, name: String)
  case anything

  /// The place behind `before`: the entry up to the word at the cursor.
  init(_ before: String) {
    if before.hasSuffix(".") {
      self = .field(of: Completer.path(atEndOf: String(before.dropLast())))
      return
    }
    let text = Substring(before).withoutSpacesAtEnd
    if text.hasSuffix("?"), text.dropLast().allSatisfy(\.isWhitespace) {
      self = .topic
      return
    }
    if text.endIndex < before.endIndex, let place = CompletionPlace(behind: text.lastWord) {
      self = place
      return
    }
    self = CompletionPlace.bracketed(text) ?? .anything
  }

  private init?(behind word: Substring) {
    switch word {
    case "with": self = .strategy
    case "trap": self = .trap
    case "predict": self = .quantity
    case "wrt", "train", "update", "reset": self = .target
    case "help", "source": self = .topic
    case "account": self = .detail
    case "fuse": self = .position
    default: return nil
    }
  }

  /// The place in the innermost open bracket of a text; `nil` where its brackets say nothing.
  private static func bracketed(_ text: Substring) -> CompletionPlace? {
    let outline = Outline(text)
    guard let open = outline.open.last else { return nil }
    let head = text[..<open].withoutSpacesAtEnd
    if text[open] == "[" { return head.lastWord == "across" ? .strategy : nil }
    guard text[open] == "(" else { return nil }
    let function = String(head.lastWord)
    // `net.layers(` is no call of a function named `layers`.
    guard !function.isEmpty, !head.dropLast(function.count).hasSuffix(".") else { return nil }
    guard let last = outline.last else { return nil }
    switch text[last] {
    case "(", ",": return .argument(of: function)
    case ":": return .option(of: function, name: String(text[..<last].lastWord))
    default: return nil
    }
  }
}

/// The brackets of a text: what strings and comments hold is no part of it.
private struct Outline {
  /// Where the brackets that are not closed stand, the innermost last.
  private(set) var open: [Substring.Index] = []
  /// The last character that is no space.
  private(set) var last: Substring.Index?

  /// Reads a text once, from its start.
  init(_ text: Substring) {
    var (isInString, isEscaped, isInComment) = (false, false, false)
    for index in text.indices {
      let character = text[index]
      if isInComment {
        isInComment = character != "\n"
        continue
      }
      if character == "#", !isInString {
        isInComment = true
        continue
      }
      if !character.isWhitespace { last = index }
      if isInString {
        isInString = isEscaped || character != "\""
        isEscaped = !isEscaped && character == "\\"
        continue
      }
      switch character {
      case "\"": isInString = true
      case "(", "[", "{": open.append(index)
      case ")", "]", "}": _ = open.popLast()
      default: break
      }
    }
  }
}

extension Substring {
  fileprivate var withoutSpacesAtEnd: Substring {
    var text = self
    while text.last?.isWhitespace == true { text.removeLast() }
    return text
  }

  /// The letters, digits and underscores at the end.
  fileprivate var lastWord: Substring {
    var start = endIndex
    while start > startIndex {
      let before = index(before: start)
      guard self[before].isLetter || self[before].isNumber || self[before] == "_" else { break }
      start = before
    }
    return self[start...]
  }
}
