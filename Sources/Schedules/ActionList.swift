/// Actions in the order in which they run. A schedule of a deep network has tens of thousands: each
/// takes a word.
package struct ActionList: Sendable {
  /// One an action, where all are of numbers below 2³¹.
  private var words: [Word] = []
  /// All of them, where one is of another number: no workload has that step or value.
  private var others: [Schedule.Action] = []

  /// No action.
  package init() {}

  /// These.
  package init(_ actions: some Sequence<Schedule.Action>) { append(contentsOf: actions) }

  /// An action in a word.
  private struct Word: Hashable, Sendable {
    private let number: UInt32
    /// What it is, and the input that a computation writes over: one more than its number.
    private let rest: UInt32

    private enum Kind: UInt32 {
      case free = 0xffff_fffd
      case offload, fetch
    }

    /// `nil` where it is of a number that does not fit.
    init?(_ action: Schedule.Action) {
      func fitting(_ number: Int) -> UInt32? {
        Int32(exactly: number).flatMap(UInt32.init(exactly:))
      }
      let named: Int
      switch action {
      case .compute(let step, reusing: nil): (named, rest) = (step, 0)
      case .compute(let step, reusing: let input?):
        guard let input = fitting(input) else { return nil }
        (named, rest) = (step, input + 1)
      case .free(let value): (named, rest) = (value, Kind.free.rawValue)
      case .offload(let value): (named, rest) = (value, Kind.offload.rawValue)
      case .fetch(let value): (named, rest) = (value, Kind.fetch.rawValue)
      }
      guard let number = fitting(named) else { return nil }
      self.number = number
    }

    var action: Schedule.Action {
      let number = Int(number)
      return switch Kind(rawValue: rest) {
      case .free: .free(number)
      case .offload: .offload(number)
      case .fetch: .fetch(number)
      case nil: .compute(number, reusing: rest == 0 ? nil : Int(rest) - 1)
      }
    }
  }
}

extension ActionList: RandomAccessCollection, MutableCollection, RangeReplaceableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { words.count + others.count }

  package subscript(number: Int) -> Schedule.Action {
    get { others.isEmpty ? words[number].action : others[number] }
    set {
      if others.isEmpty, let word = Word(newValue) {
        words[number] = word
      } else {
        writeOut()
        others[number] = newValue
      }
    }
  }

  package mutating func reserveCapacity(_ count: Int) { words.reserveCapacity(count) }

  package mutating func append(_ action: Schedule.Action) {
    if others.isEmpty, let word = Word(action) { return words.append(word) }
    writeOut()
    others.append(action)
  }

  package mutating func replaceSubrange(
    _ range: Range<Int>, with actions: some Collection<Schedule.Action>
  ) {
    let new = actions.compactMap(Word.init)
    if others.isEmpty, new.count == actions.count {
      words.replaceSubrange(range, with: new)
    } else {
      writeOut()
      others.replaceSubrange(range, with: actions)
    }
  }

  /// Lets the actions be of any numbers.
  private mutating func writeOut() {
    if others.isEmpty { others = words.map(\.action) }
    words = []
  }
}

extension ActionList: Hashable, ExpressibleByArrayLiteral {
  package init(arrayLiteral actions: Schedule.Action...) { self.init(actions) }

  package static func == (a: ActionList, b: ActionList) -> Bool {
    a.others.isEmpty && b.others.isEmpty ? a.words == b.words : a.elementsEqual(b)
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    for action in self { hasher.combine(action) }
  }
}
