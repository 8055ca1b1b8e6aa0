import Tensors

/// Keeps count of what names lead to, step by step of a command: a step costs a walk through what
/// it brought under a name for the first time and through what it took from the last one, however
/// much else is live. What undo holds does not count.
struct OwnerCount {
  /// Objects gone through so far: the work that it did.
  private(set) var visited = 0
  /// What only `ans` holds.
  private var ans = AnsShare()
  /// Set where `takeLostTensors` is asked.
  var keepsLostTensors = false
  private var lostTensors: [TensorLink] = []
  private var lostCells: [WeakCell] = []
  /// What lost an owner and has others, which may be behind itself.
  private var suspects: [Owned] = []
  private var waiting: [Owned] = []

  // MARK: Changes

  /// A step of a command ends: counts what it changed.
  ///
  /// - Parameter ansCell: The variable of `ans`.
  mutating func take(_ changes: UndoLog, ansCell: Cell?) {
    var (gained, lost): ([Owned], [Owned]) = ([], [])
    var seen: [Optimizer] = []
    changes.forEachEntry { entry in
      switch entry {
      case .cell(let cell, let old, _):
        guard cell.isTopLevel || cell.owners > 0 else { return }
        if !cell.isTopLevel || cell === ansCell { ans.forget() }
        if let object = cell.value.owned { gained.append(object) }
        if let object = old.owned { lost.append(object) }
      case .backing: ans.forget()  // The tensor counts its bytes itself.
      case .moments(let optimizer, let parameter):
        ans.forget()
        guard optimizer.owners > 0 else { return }
        gained += optimizer.parts(for: parameter)
      case .optimizer(let optimizer, _, let old):
        ans.forget()
        guard optimizer.owners > 0, !seen.contains(where: { $0 === optimizer }) else { return }
        // Of one entry, as most steps have, none behind it asks.
        if changes.count > 1 { seen.append(optimizer) }
        if let function = optimizer.setting.rateFunction { gained.append(function) }
        if let function = old.rateFunction { lost.append(function) }
      }
    }
    move(gained: gained, lost: lost)
  }

  /// Names and variables hold some objects once more each, and some once less.
  mutating func move(gained: [Owned], lost: [Owned]) {
    waiting = gained
    gain()
    waiting = lost
    lose()
    dissolveCircles()
  }

  private mutating func gain() {
    while let object = waiting.popLast() {
      visited += 1
      object.owners += 1
      guard object.owners == 1 else {
        ans.gained(object)
        continue
      }
      (object as? TensorValue)?.countStorage()
      ans.appeared(object)
      object.gain { waiting.append($0) }
    }
  }

  private mutating func lose() {
    while let object = waiting.popLast() {
      visited += 1
      guard object.owners > 0 else { continue }
      object.owners -= 1
      if object.owners > 0 {
        ans.lost(object)
        if object.mayBeInCircle { suspects.append(object) }
      } else {
        leave(object)
        object.lose { waiting.append($0) }
      }
    }
  }

  /// Nothing leads to an object any more.
  private mutating func leave(_ object: Owned) {
    if let tensor = object as? TensorValue {
      tensor.uncountStorage()
      if keepsLostTensors { lostTensors.append(tensor.link) }
    } else if let cell = object as? Cell, cell.isWatched {
      lostCells.append(WeakCell(cell: cell))
    }
    ans.vanished(object)
  }

  /// Takes off the count what holds itself in a circle and is held by nothing else.
  private mutating func dissolveCircles() {
    while !suspects.isEmpty {
      var search = ExclusiveSearch(findsCircles: true)
      for start in suspects where start.owners > 0 { search.start(at: start, owners: 0) }
      suspects = []
      visited += search.met.count
      let circles = search.found().filter { !($0 is TensorValue) }
      for object in circles {
        object.owners = 0
        leave(object)
      }
      // What is in the circle has no owners by now, and is passed over.
      for object in circles { object.lose { waiting.append($0) } }
      lose()
    }
  }

  // MARK: Answers

  /// What `ans` is worth is to be found out anew.
  mutating func forgetAns() { ans.forget() }

  /// The bytes that only `ans`, whose value is given, holds.
  mutating func bytesOfAnsAlone(_ value: Value) -> Int { ans.bytes(value, &visited) }

  /// The tensors that names lead to no more, since this was last asked.
  mutating func takeLostTensors() -> [TensorLink] {
    defer { lostTensors = [] }
    return lostTensors
  }

  /// The watched variables that names lead to no more, since this was last asked.
  mutating func takeLostCells() -> [WeakCell] {
    defer { lostCells = [] }
    return lostCells
  }
}

/// A variable, as long as it is there.
struct WeakCell { weak var cell: Cell? }
