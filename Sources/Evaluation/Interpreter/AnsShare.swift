import Tensors

/// What of the value of `ans` nothing else holds, kept up from command to command: a command costs
/// a walk through what it wrote, and one through all names only where something that `ans` holds
/// may have lost another owner.
struct AnsShare {
  /// Bytes by storage; `nil` where they are to be found out anew.
  private var alone: [ObjectIdentifier: Int]?
  /// True where something else, too, holds part of the value.
  private var isShared = false
  /// Tensors gone through so far.
  private(set) var visited = 0

  /// Finds all out anew when asked next.
  mutating func forget() { alone = nil }

  /// A step of a command ends: looks at what it changed. `mark` is the ledger's count of
  /// acquisitions at the command's start: what was made later is held by nothing that the command
  /// did not write.
  mutating func update(_ changes: UndoLog, ans: Cell?, since mark: Int) {
    var written = ValueWalk()
    var (isRewritten, isFreed, isOther) = (false, false, false)
    changes.forEachEntry { entry in
      guard case .cell(let cell, let old, _) = entry else {
        isOther = true
        return
      }
      if cell === ans {
        isRewritten = true
      } else {
        if old.mayHoldTensors { isFreed = true }
        if cell.value.mayHoldTensors { written.visit(cell.value) }
      }
    }
    visited += written.tensors.count
    if isOther { return forget() }
    if isRewritten, let ans {
      guard start(ans.value, since: mark) else { return forget() }
    } else if isFreed, isShared {
      return forget()
    }
    take(written.tensors[...])
  }

  /// Begins with a value whose tensors were all made since `mark`; false where they were not.
  private mutating func start(_ value: Value, since mark: Int) -> Bool {
    let storages = self.storages(of: value)
    guard storages.allSatisfy({ $0.number > mark }) else { return false }
    begin(storages)
    return true
  }

  private mutating func begin(_ storages: [Storage]) {
    alone = [:]
    for storage in storages { alone?[ObjectIdentifier(storage)] = storage.byteCount }
    isShared = false
  }

  private mutating func storages(of value: Value) -> [Storage] {
    guard value.mayHoldTensors else { return [] }
    var walk = ValueWalk()
    walk.visit(value)
    visited += walk.tensors.count
    return walk.tensors.compactMap {
      if case .concrete(let tensor) = $0.backing { tensor.storage } else { nil }
    }
  }

  /// Something else holds these. True while any is left.
  @discardableResult
  private mutating func take(_ tensors: ArraySlice<TensorValue>) -> Bool {
    guard alone?.isEmpty == false else { return false }
    for value in tensors {
      guard case .concrete(let tensor) = value.backing else { continue }
      if alone?.removeValue(forKey: ObjectIdentifier(tensor.storage)) != nil { isShared = true }
    }
    return alone?.isEmpty == false
  }

  /// The bytes that only `ans` holds.
  ///
  /// - Parameter others: Hands over what everything else holds, until `visit` gives false.
  mutating func bytes(_ ans: Value, _ others: (_ visit: (Value) -> Bool) -> Void) -> Int {
    if alone == nil {
      begin(storages(of: ans))
      if alone?.isEmpty == false {
        var walk = ValueWalk()
        var met = 0
        others { value in
          walk.visit(value)
          defer { met = walk.tensors.count }
          return take(walk.tensors[met...])
        }
        visited += met
      }
    }
    return alone?.values.reduce(0, +) ?? 0
  }
}

extension Value {
  /// False for plain values.
  fileprivate var mayHoldTensors: Bool {
    switch self {
    case .none, .integer, .float, .boolean, .bytes, .string, .range, .plan: false
    case .list, .dictionary, .function, .layer, .tensor, .dataSet, .batches, .optimizer, .strategy,
      .gradients, .record:
      true
    }
  }
}
