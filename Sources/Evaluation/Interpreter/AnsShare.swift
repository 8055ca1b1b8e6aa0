import Tensors

/// What of the value of `ans` nothing else holds, kept up from command to command: found out by a
/// walk through what only `ans` holds, and anew where an owner of that changed.
struct AnsShare {
  /// Bytes by storage; `nil` where they are to be found out anew.
  private var alone: [ObjectIdentifier: Int]?
  private var total = 0
  /// The number of the search that found them, which what it met bears.
  private var search: Int32 = 0

  /// Finds all out anew when asked next.
  mutating func forget() { alone = nil }

  /// Something else, too, holds an object that had an owner.
  mutating func gained(_ object: Owned) {
    guard alone != nil, object.ansSearch == search else { return }
    if let tensor = object as? TensorValue {
      if let storage = tensor.backing.storage { take(storage) }
    } else {
      forget()
    }
  }

  /// An object that has owners still lost one.
  mutating func lost(_ object: Owned) {
    if object.ansSearch == search { forget() }
  }

  /// An object has an owner, and had none.
  mutating func appeared(_ object: Owned) {
    guard alone != nil else { return }
    if let storage = (object as? TensorValue)?.backing.storage, storage.owners > 1 {
      take(storage)
    } else if let list = object as? List, list.ansSearchOfShare == search {
      forget()
    }
  }

  /// An object has no owner any more.
  mutating func vanished(_ object: Owned) {
    guard alone != nil else { return }
    if let storage = (object as? TensorValue)?.backing.storage, storage.owners > 0 {
      forget()
    } else if let list = object as? List, list.ansSearchOfShare == search {
      forget()
    }
  }

  private mutating func take(_ storage: Storage) {
    if let bytes = alone?.removeValue(forKey: ObjectIdentifier(storage)) { total -= bytes }
  }

  /// The bytes that only `ans`, whose value is given, holds. Adds to `visited` the objects that it
  /// went through.
  mutating func bytes(_ value: Value, _ visited: inout Int) -> Int {
    if alone != nil { return total }
    search &+= 1
    alone = [:]
    total = 0
    guard let object = value.owned else { return 0 }
    var storages: [ObjectIdentifier: (storage: Storage, tensors: Int)] = [:]
    for case let tensor as TensorValue in found(behind: object, &visited) {
      guard let storage = tensor.backing.storage else { continue }
      storages[ObjectIdentifier(storage), default: (storage, 0)].tensors += 1
    }
    for (key, (storage, tensors)) in storages where tensors == storage.owners {
      alone?[key] = storage.byteCount
      total += storage.byteCount
    }
    return total
  }

  private func found(behind object: Owned, _ visited: inout Int) -> [Owned] {
    var search = ExclusiveSearch(findsCircles: false)
    search.start(at: object, owners: 1)
    visited += search.met.count
    if search.mayMissCircles {
      search = ExclusiveSearch(findsCircles: true)
      search.start(at: object, owners: 1)
      visited += search.met.count
    }
    for object in search.met {
      object.ansSearch = self.search
      (object as? List)?.ansSearchOfShare = self.search
    }
    return search.found()
  }
}
