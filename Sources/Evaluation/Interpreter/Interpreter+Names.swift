import OrderedCollections

/// The names of the top level: a cell each, in the order in which they were first met. A cell
/// may be there and hold nothing yet.
typealias Names = OrderedDictionary<String, Cell>

extension Names {
  /// The cell of a name, made where there is none.
  mutating func cell(_ name: String) -> Cell {
    if let cell = self[name] { return cell }
    let cell = Cell(name: name, isTopLevel: true)
    self[name] = cell
    return cell
  }
}

extension Interpreter {
  /// The cell that a name is bound in at top level.
  func bindingCell(_ name: String) -> Cell {
    isLoadingPrelude ? predefined.cell(name) : session.cell(name)
  }

  /// The cell that a name is read from: the learner's before a predefined one. A name that is not
  /// known yet gets a cell, since functions may refer to what comes later.
  func readingCell(_ name: String) -> Cell {
    if let cell = session[name], cell.isDefined { return cell }
    if let cell = predefined[name] { return cell }
    return bindingCell(name)
  }

  /// The cell of a name that is defined; `nil` where it is not.
  func knownCell(_ name: String) -> Cell? {
    if let cell = session[name], cell.isDefined { return cell }
    return predefined[name]
  }

  /// Hands over what names hold, one name apart, and what the variables of running functions hold,
  /// until `visit` gives false.
  func forEachRoot(
    except skipped: Cell? = nil, latestFirst: Bool = false, _ visit: (Value) -> Bool
  ) {
    if latestFirst {
      for cell in session.values.reversed() where cell !== skipped {
        guard visit(cell.value) else { return }
      }
    }
    for names in (latestFirst ? [] : [session]) + [submission, predefined] {
      for cell in names.values where cell !== skipped {
        guard visit(cell.value) else { return }
      }
    }
    variables.forEachValue(visit)
  }

  /// Forgets the learner's names. What they held is let go of, functions that name themselves too.
  func forgetNames() {
    owners.forgetAns()
    let cells = session.values.elements + submission.values.elements
    owners.move(gained: [], lost: cells.compactMap(\.value.owned))
    for cell in cells { cell.putBack(.none, isDefined: false) }
    (session, submission) = ([:], [:])
  }

  /// True for the cell of a predefined name, once the prelude is loaded: a script cannot assign it,
  /// only bind its name anew.
  func isPredefined(_ cell: Cell) -> Bool {
    !isLoadingPrelude && predefined[cell.name] === cell
  }

  /// Names bound at top level, the predefined ones apart, in order of definition.
  package var bindings: [(name: String, value: Value)] {
    session.values.filter(\.isDefined).map { ($0.name, $0.value) }
  }

  /// Every name that means something: for completion and did-you-mean.
  package var knownNames: [String] {
    session.values.filter(\.isDefined).map(\.name) + predefined.keys
  }

  /// The names among them that functions, layers and strategies have.
  package var knownFunctions: [String] {
    knownNames.filter { if case .function = knownCell($0)?.value { true } else { false } }
  }
}
