import Glibc
import Synchronization

/// A file that stands only while another one is written: where the process ends at once in the
/// midst of that, it goes too.
package final class PassingFile {
  /// Where one is noted: the address of its name.
  private final class Place: Sendable {
    let address = Atomic<UInt>(Place.free)

    static let free: UInt = 0
    /// Somebody's, whose file is not there.
    static let taken: UInt = 1
  }

  /// A file for which there is no place is left behind, as where the process is killed.
  private static let placeCount = 16
  private nonisolated(unsafe) static let places = {
    let places = UnsafeMutablePointer<Place>.allocate(capacity: placeCount)
    for index in 0..<placeCount { (places + index).initialize(to: Place()) }
    return places
  }()

  /// Its name as calls of the system take it.
  let path: [CChar]
  private let name: UnsafeMutablePointer<CChar>
  private let address: UInt
  private let place: Place?

  /// A file that is not there yet. All memory that is needed is asked for here.
  init(_ path: [CChar]) {
    self.path = path
    name = .allocate(capacity: path.count)
    name.initialize(from: path, count: path.count)
    address = UInt(bitPattern: name)
    place = (0..<PassingFile.placeCount).lazy.map { PassingFile.places[$0] }.first { place in
      place.address.compareExchange(
        expected: Place.free, desired: Place.taken, ordering: .sequentiallyConsistent
      ).exchanged
    }
    set(Place.taken)
  }

  deinit {
    set(Place.free)
    name.deallocate()
  }

  /// From here on it is there, and only what is being written needs it.
  func come() { set(address) }

  /// From here on it is gone, or has to stay.
  func leave() { set(Place.taken) }

  private func set(_ address: UInt) {
    place?.address.store(address, ordering: .sequentiallyConsistent)
  }

  /// Removes all that are there: for a process that ends. Once it was called before it asks for no
  /// memory, not even where it is not optimized: there a list's iterator does.
  package static func removeAll() {
    var index = 0
    while index < placeCount {
      let address = places[index].address.load(ordering: .sequentiallyConsistent)
      let name = UnsafePointer<CChar>(bitPattern: address == Place.taken ? Place.free : address)
      if let name { unlink(name) }
      index += 1
    }
  }
}
