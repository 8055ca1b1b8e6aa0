import Tensors

/// What the last commands changed, so that they can be taken back one by one, the latest first.
///
/// It keeps no tensor in memory: bytes that only it needs lie in a file, from the moment on at
/// which they would be free if it were not there, so that the account of a session that can go back
/// is that of one that cannot.
final class UndoHistory {
  /// Commands that can be taken back at most; older ones are let go of.
  static let reach = 50

  /// What lies behind the oldest command that can be taken back.
  enum End {
    /// The start of the session.
    case start
    /// Commands that were let go of, to make room.
    case forgotten
    /// A command whose bytes, `needed` of them, the file did not take.
    case lost(command: Int, text: String, needed: Int, SpillFile.Problem)
  }

  /// Goes through the values that names lead to and those in the variables of running functions.
  typealias Roots = (_ visit: (Value) -> Bool) -> Void

  private let file: SpillFile
  private let roots: Roots
  private var records: [UndoRecord] = []
  private(set) var end = End.start
  /// The running command; `nil` between commands, and where it cannot be taken back.
  private var current: UndoRecord?
  /// The running command, where the file did not take its bytes.
  private var overrun: UndoOverrun?
  /// Tensors of old values that are in memory, since something else leads to them.
  private var held: [ObjectIdentifier: Held] = [:]

  private struct Held { weak var tensor: TensorValue? }

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
  }

  /// The bytes of a tensor are about to be overwritten: saves them, once a command.
  func save(_ value: TensorValue) {
    guard let command = current?.command ?? overrun?.command, value.savedBy != command,
      let tensor = value.tensor
    else { return }
    value.savedBy = command
    overrun?.add(bytes: tensor.byteCount)
    guard current != nil else { return }
    do {
      let stretch = try store(tensor.storage, tensor.byteCount)
      current?.saved.append(UndoRecord.SavedBytes(tensor: value, stretch: stretch))
    } catch {
      lose(error, tensor.byteCount)
      overrun?.add(bytes: tensor.byteCount)
    }
  }

  /// A tensor was made by the running command: what it holds need not be saved.
  func isNew(_ value: TensorValue) {
    if let command = current?.command ?? overrun?.command { value.savedBy = command }
  }

  /// Takes over what a finished step changed, and lets its bytes leave memory as if nobody
  /// remembered them.
  func absorb(_ log: inout UndoLog) {
    if overrun != nil {
      overrun?.watch(log.drained())
      return
    }
    guard current != nil else { return log.commit() }
    let entries = log.drained()
    if entries.isEmpty { return }
    let old = take(entries)
    if old.contains(where: { held[$0]?.tensor != nil }) { spillUnreachable() }
  }

  /// Puts entries into the record. Gives the tensors that they lead to.
  @inline(never)
  private func take(_ entries: [UndoLog.Entry]) -> [ObjectIdentifier] {
    var walk = ValueWalk()
    for entry in entries {
      if case .cell(_, let value, _) = entry { walk.visit(value) }
      current?.add(entry)
    }
    return walk.tensors.map { hold($0) }
  }

  private func hold(_ tensor: TensorValue) -> ObjectIdentifier {
    let key = ObjectIdentifier(tensor)
    held[key] = Held(tensor: tensor)
    return key
  }

  /// The command ends, and stays. One that changed nothing does not count.
  func finish(_ setting: UndoRecord.Setting) {
    settleOverrun()
    guard var record = current else { return }
    current = nil
    if record.settle(setting) { return }
    records.append(record)
    if records.count > UndoHistory.reach { letGoOfOldest() }
  }

  /// The command ends, and all is as before it.
  func abandon() {
    settleOverrun()
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
    held = [:]
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
    held = [:]
  }

  /// Copies the first bytes of a storage to the file; old commands make room.
  private func store(
    _ storage: Storage, _ count: Int
  ) throws(SpillFile.Problem) -> SpillFile.Stretch {
    while true {
      do throws(SpillFile.Problem) {
        return try file.store(storage.pointer, count)
      } catch {
        guard case .full = error, !records.isEmpty else { throw error }
        letGoOfOldest()
      }
    }
  }

  /// Moves to the file what nothing but old values leads to.
  private func spillUnreachable() {
    held = held.filter { $0.value.tensor?.isConcrete ?? false }
    let kept = reachable()
    var groups: [ObjectIdentifier: [TensorValue]] = [:]
    for (key, box) in held where !kept.contains(key) {
      guard let value = box.tensor, case .concrete(let tensor) = value.backing else { continue }
      groups[ObjectIdentifier(tensor.storage), default: []].append(value)
    }
    for group in groups.values {
      do { try spill(group) } catch {
        return lose(error, group.first?.tensor?.storage.byteCount ?? 0)
      }
    }
  }

  /// Those of the held tensors that names or variables lead to.
  private func reachable() -> Set<ObjectIdentifier> {
    var walk = ValueWalk()
    var missing = Set(held.keys)
    var met = 0
    roots { value in
      walk.visit(value)
      for tensor in walk.tensors[met...] { missing.remove(ObjectIdentifier(tensor)) }
      met = walk.tensors.count
      return !missing.isEmpty
    }
    return Set(held.keys).subtracting(missing)
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
    return SpilledStorage(tensor.storage, at: try store(tensor.storage, tensor.storage.byteCount))
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

  /// Takes the last command back: reads what it needs into memory, counted in the ledger, then puts
  /// everything in its place. Where it throws, nothing has changed.
  func takeBack() throws(SpilledStorage.Problem) {
    guard let record = records.last else { return }
    var storages: [(tensor: TensorValue, storage: Storage)] = []
    for tensor in record.tensors {
      if case .spilled(let bytes) = tensor.backing {
        storages.append((tensor, try bytes.restored(mayStop: true)))
      }
    }
    for saved in record.saved {
      do { try saved.stretch.check() } catch { throw .file(error) }
    }
    for (tensor, storage) in storages {
      tensor.hold(storage)
      _ = hold(tensor)
    }
    for saved in record.saved {
      do { try putBack(saved) } catch { throw .file(error) }
    }
    records.removeLast()
    putBack(record)
    spillUnreachable()
  }

  private func putBack(_ saved: UndoRecord.SavedBytes) throws(SpillFile.Problem) {
    switch saved.tensor?.backing {
    case .concrete(let tensor)?:
      try saved.stretch.load(into: tensor.storage.pointer, mayStop: false)
    case .spilled(let bytes)?: bytes.stretch = saved.stretch
    case .traced?, .sketched?, nil: break
    }
  }

  /// In a function of its own, so that what the record held is let go of before unreachable bytes
  /// are looked for.
  @inline(never)
  private func putBack(_ record: consuming UndoRecord) {
    for content in record.cells {
      guard let cell = content.cell else { continue }
      var walk = ValueWalk()
      walk.visit(cell.value)
      for tensor in walk.tensors { _ = hold(tensor) }
      cell.putBack(content.value, isDefined: content.isDefined)
    }
    for made in record.moments {
      if let parameter = made.parameter { made.optimizer?.forget(parameter) }
    }
    for content in record.optimizers {
      content.optimizer?.updateCount = content.updateCount
      content.optimizer?.setting = content.setting
    }
  }
}
