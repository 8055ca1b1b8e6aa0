import Tensors

/// Tensors whose bytes another thread copies to the file. Until it has done so they stay where they
/// are.
final class CopyAhead {
  /// The tensors, whose bytes lie one behind the other in the copy.
  let values: [TensorValue]
  private let storages: [Storage]
  /// The copy.
  let copying: SpillFile.Copying

  /// Begins to copy. Throws where the file has no room.
  init(_ values: [TensorValue], to file: SpillFile) throws(SpillFile.Problem) {
    let tensors = values.compactMap(\.tensor)
    self.values = values
    storages = tensors.map(\.storage)
    copying = try file.begin(
      tensors.map {
        UnsafeRawBufferPointer(start: $0.storage.pointer, count: $0.byteCount)
      })
  }

  deinit { copying.wait() }

  /// Takes what it copies out of `others`; false, and nothing is taken out, where not all of it is
  /// among them.
  func removeAll(from others: inout [TensorValue]) -> Bool {
    let own = Set(values.map(ObjectIdentifier.init))
    let rest = others.filter { !own.contains(ObjectIdentifier($0)) }
    guard rest.count + own.count == others.count else { return false }
    others = rest
    return true
  }
}
