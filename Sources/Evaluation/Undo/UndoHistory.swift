import Tensors

/// What the last commands changed, so that they can be taken back one by one, the latest first.
///
/// It keeps no tensor in memory: bytes that only it needs lie in a file, from the moment on at
/// which they would be free if it were not there, so that the account of a session that can go back
/// is that of one that cannot.
final class UndoHistory {
  /// Commands that can be taken back at most; older ones are let go of.
  static let reach = 50
  /// Of these, as many as are kept whatever they take, and bytes of the file that all others may
  /// take with them: room in it that was used before costs a tenth of what new room may cost.
  private static let (least, comfortable) = (4, 64 << 20)

  /// What lies behind the oldest command that can be taken back.
  enum End {
    /// The start of the session.
    case start
    /// Commands that were let go of, to make room.
    case forgotten
    /// A command whose bytes, `needed` of them, the file did not take.
    case lost(command: Int, text: String, needed: Int, SpillFile.Problem)
  }

  /// Goes through the values in the variables of running functions.
  typealias Roots = (_ visit: (Value) -> Bool) -> Void

  /// Objects gone through so far to find what leaves memory.
  private(set) var visited = 0
  private let file: SpillFile
  private let roots: Roots
  private var records: [UndoRecord] = []
  private(set) var end = End.start
  /// The running command; `nil` between commands, and where it cannot be taken back.
  private var current: UndoRecord?
  /// The running command, where the file did not take its bytes.
  private var overrun: UndoOverrun?
  /// Bytes that the running command will most likely change, on their way to the file.
  private var ahead: CopyAhead?
  /// Tensors that no name leads to any more and that are in memory all the same, since a running
  /// function or a tensor with the same numbers holds these.
  private var waiting: [TensorLink] = []

  /// - Parameter roots: Hands over values until `visit` gives false.
  init(file: SpillFile, roots: @escaping Roots) {
    self.file = file
    self.roots = roots
  }

  // MARK: The running command

  /// A command begins.
  func begin(command: Int, text: String, setting: UndoRecord.Setting) {
    current = UndoRecord(command: command, text: text, setting: setting)
    overrun = nil
    ahead = nil
  }

  /// The bytes of tensors are about to be overwritten: saves them, once a command.
  func save(_ values: [TensorValue]) {
    guard let command = current?.command ?? overrun?.command else { return }
    var unsaved = unsaved(among: values, by: command)
    for value in unsaved { value.savedBy = command }
    let count = unsaved.reduce(0) { $0 + $1.byteCount }
    overrun?.add(bytes: count)
    guard current != nil, !unsaved.isEmpty else { return }
    do {
      if let ahead = ahead.take(), ahead.removeAll(from: &unsaved) {
        current?.add(ahead.values, in: try ahead.copying.finished())
        if unsaved.isEmpty { return }
      }
      let group = try store(
        unsaved.compactMap { value in
          value.backing.storage.map { ($0, value.byteCount) }
        })
      current?.add(unsaved, in: group)
    } catch {
      lose(error, count)
      overrun?.add(bytes: count)
    }
  }

  /// The bytes of tensors are not overwritten yet, and most likely will be: another thread begins
  /// to copy them, where they are many.
  func anticipate(_ values: [TensorValue]) {
    guard let command = current?.command, ahead == nil else { return }
    let unsaved = unsaved(among: values, by: command)
    guard unsaved.reduce(0, { $0 + $1.byteCount }) >= UndoHistory.leastAhead else { return }
    // Where the file does not take them, `save` says so.
    ahead = try? CopyAhead(unsaved, to: file)
  }

  /// Fewer bytes are copied in the time that it takes to hand them over.
  private static let leastAhead = 1 << 20

  private func unsaved(among values: [TensorValue], by command: Int) -> [TensorValue] {
    values.filter { $0.savedBy != command && $0.tensor != nil }
  }

  /// A tensor was made by the running command: what it holds need not be saved.
  func isNew(_ value: TensorValue) {
    if let command = current?.command ?? overrun?.command { value.savedBy = command }
  }

  /// Takes over what a finished step changed.
  func absorb(_ log: inout UndoLog) {
    if overrun != nil {
      overrun?.watch(log.drained())
      return
    }
    guard current != nil else { return log.commit() }
    for entry in log.drained() { current?.add(entry) }
  }

  /// The command ends, and stays. One that changed nothing does not count.
  func finish(_ setting: UndoRecord.Setting) {
    settleOverrun()
    ahead = nil
    guard var record = current else { return }
    current = nil
    if record.settle(setting) { return }
    records.append(record)
    while records.count > UndoHistory.reach
      || records.count > UndoHistory.least && file.byteCount > UndoHistory.comfortable
    { letGoOfOldest() }
  }

  /// The command ends, and all is as before it.
  func abandon() {
    settleOverrun()
    ahead = nil
    current = nil
  }

  /// Says of a command whose bytes the file did not take how many there were.
  private func settleOverrun() {
    if let overrun, case .lost(let command, let text, _, let problem) = end {
      end = .lost(command: command, text: text, needed: overrun.needed, problem)
    }
    overrun = nil
  }

  /// Forgets all commands.
  func clear() {
    records = []
    current = nil
    overrun = nil
    ahead = nil
    waiting = []
    end = .start
  }

  // MARK: Bytes

  private func letGoOfOldest() {
    records.removeFirst()
    end = .forgotten
  }

  /// Nothing up to the running command can be taken back any more: the file did not take `count`
  /// bytes.
  private func lose(_ problem: SpillFile.Problem, _ count: Int) {
    if let lost = current ?? records.last {
      end = .lost(command: lost.command, text: lost.text, needed: count, problem)
    }
    overrun = current.map { UndoOverrun($0) }
    records = []
    current = nil
    ahead = nil
    waiting = []
  }

  /// Copies the first bytes of storages to the file, one behind the other; old commands make room.
  private func store(
    _ storages: [(storage: Storage, count: Int)]
  ) throws(SpillFile.Problem) -> SpillFile.Stretch {
    let pieces = storages.map {
      UnsafeRawBufferPointer(start: $0.storage.pointer, count: $0.count)
    }
    defer { withExtendedLifetime(storages) {} }
    while true {
      do throws(SpillFile.Problem) {
        return try file.store(pieces)
      } catch {
        guard case .full = error, !records.isEmpty else { throw error }
        letGoOfOldest()
      }
    }
  }

  /// Names lead to some tensors no more: moves to the file what only old values hold, so that its
  /// bytes leave memory as if nobody remembered them.
  func spill(_ lost: [TensorLink]) {
    guard overrun == nil else { return }
    waiting = (waiting + lost).filter { box in
      guard let tensor = box.tensor else { return false }
      return tensor.owners == 0 && tensor.isConcrete
    }
    guard !waiting.isEmpty else { return }
    visited += waiting.count
    var walk = ValueWalk(skipsOwned: true)
    roots { value in
      walk.visit(value)
      return true
    }
    visited += walk.count
    let used = Set(walk.tensors.map(ObjectIdentifier.init))
    var groups: [ObjectIdentifier: [TensorValue]] = [:]
    for tensor in waiting.compactMap(\.tensor) where !used.contains(ObjectIdentifier(tensor)) {
      guard let storage = tensor.backing.storage, storage.owners == 0 else { continue }
      groups[ObjectIdentifier(storage), default: []].append(tensor)
    }
    for group in groups.values {
      do { try spill(group) } catch {
        return lose(error, group.first?.tensor?.storage.byteCount ?? 0)
      }
    }
    waiting.removeAll { $0.tensor?.isConcrete != true }
  }

  /// Moves tensors that share a storage to the file, unless somebody holds the storage itself.
  private func spill(_ group: [TensorValue]) throws(SpillFile.Problem) {
    guard let spilled = try spilled(group.first) else { return }
    for value in group { value.backing = .spilled(spilled) }
    guard let storage = spilled.storage else { return }
    for value in group { value.hold(storage) }
  }

  @inline(never)
  private func spilled(_ value: TensorValue?) throws(SpillFile.Problem) -> SpilledStorage? {
    guard case .concrete(let tensor)? = value?.backing else { return nil }
    let stretch = try store([(tensor.storage, tensor.storage.byteCount)])
    return SpilledStorage(tensor.storage, at: stretch)
  }

  /// Hands over the values that taking commands back may need.
  func forEachOldValue(_ visit: (Value) -> Void) {
    for record in records + (current.map { [$0] } ?? []) {
      for content in record.cells where content.cell != nil { visit(content.value) }
      for content in record.optimizers where content.optimizer != nil {
        if let function = content.setting.rateFunction { visit(.function(function)) }
      }
    }
  }

  // MARK: Going back

  /// The command that would be taken back next; `nil` where there is none.
  var last: UndoRecord? { records.last }

  /// Objects that names and variables hold once more each, and once less.
  typealias Moves = (gained: [Owned], lost: [Owned])

  /// Takes the last command back: reads what it needs into memory, counted in the ledger, then puts
  /// everything in its place, and says what that moved. Where it throws, nothing has changed.
  func takeBack() throws(SpilledStorage.Problem) -> Moves {
    guard let record = records.last else { return ([], []) }
    var storages: [(tensor: TensorValue, storage: Storage)] = []
    for tensor in record.unownedTensors {
      if case .spilled(let bytes) = tensor.backing {
        storages.append((tensor, try bytes.restored(mayStop: true)))
      }
    }
    for saved in record.saved {
      guard let count = saved.tensor?.byteCount else { continue }
      do { try saved.stretch(ofBytes: count).check() } catch { throw .file(error) }
    }
    for (tensor, storage) in storages { tensor.hold(storage) }
    for saved in record.saved {
      do { try putBack(saved) } catch { throw .file(error) }
    }
    records.removeLast()
    return putBack(record)
  }

  private func putBack(_ saved: UndoRecord.SavedBytes) throws(SpillFile.Problem) {
    guard let value = saved.tensor else { return }
    let stretch = saved.stretch(ofBytes: value.byteCount)
    switch value.backing {
    case .concrete(let tensor):
      try stretch.load(into: tensor.storage.pointer, mayStop: false)
    case .spilled(let bytes): bytes.stretch = stretch
    case .traced, .sketched: break
    }
  }

  private func putBack(_ record: UndoRecord) -> Moves {
    var moves: Moves = ([], [])
    for content in record.cells {
      guard let cell = content.cell else { continue }
      if cell.isTopLevel || cell.owners > 0 {
        if let object = content.value.owned { moves.gained.append(object) }
        if let object = cell.value.owned { moves.lost.append(object) }
      }
      cell.putBack(content.value, isDefined: content.isDefined)
    }
    for made in record.moments {
      guard let parameter = made.parameter, let optimizer = made.optimizer else { continue }
      if optimizer.owners > 0 { moves.lost += optimizer.parts(for: parameter) }
      optimizer.forget(parameter)
    }
    for content in record.optimizers {
      guard let optimizer = content.optimizer else { continue }
      if optimizer.owners > 0 {
        if let function = content.setting.rateFunction { moves.gained.append(function) }
        if let function = optimizer.setting.rateFunction { moves.lost.append(function) }
      }
      optimizer.updateCount = content.updateCount
      optimizer.setting = content.setting
    }
    return moves
  }
}
