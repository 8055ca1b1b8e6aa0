import Tensors

/// A running command that cannot be taken back, since the file did not take its bytes: it counts,
/// to the command's end, how many bytes would have had to lie there. It keeps none of them.
struct UndoOverrun {
  /// The command's number.
  let command: Int
  /// Bytes of tensors that were changed in place, or lay in the file already.
  private var bytes = 0
  /// Storages that values of before the command led to: where one is gone, only undo needed it.
  private var watched: [Watched] = []

  private struct Watched {
    weak var storage: Storage?
    /// Of the storage: it is asked for once that is gone.
    let byteCount: Int
  }

  /// Takes over from the record of the command, which may be let go of.
  init(_ record: UndoRecord) {
    command = record.command
    bytes = record.savedBytes
    add(record.tensors)
  }

  /// Bytes that the file would have had to take so far.
  var needed: Int {
    watched.reduce(bytes) { $1.storage == nil ? $0 + $1.byteCount : $0 }
  }

  /// Bytes of a tensor are about to be changed in place.
  mutating func add(bytes count: Int) { bytes += count }

  /// Looks at what a step of the command changed, and lets go of it.
  mutating func watch(_ entries: [UndoLog.Entry]) {
    var walk = ValueWalk()
    for case .cell(let cell, let value, _) in entries where cell.recordedBy != command {
      cell.recordedBy = command
      walk.visit(value)
    }
    add(walk.tensors)
  }

  private mutating func add(_ tensors: [TensorValue]) {
    var known = Set(watched.compactMap { $0.storage.map(ObjectIdentifier.init) })
    for value in tensors {
      switch value.backing {
      case .concrete(let tensor):
        guard known.insert(ObjectIdentifier(tensor.storage)).inserted else { continue }
        watched.append(Watched(storage: tensor.storage, byteCount: tensor.storage.byteCount))
      case .spilled(let storage):
        guard known.insert(ObjectIdentifier(storage)).inserted else { continue }
        bytes += storage.byteCount
      case .traced, .sketched: break
      }
    }
  }
}
