import Foundation
import Reports
package import Writing

/// The file in which progress is kept: that of all courses, by their titles. It is written whole or
/// not at all.
package final class ProgressFile {
  /// Why progress is not kept, or not what was there.
  package enum Problem: Equatable {
    /// It cannot be read or written.
    case file(FileFailure)
    /// A later version of Cairn has written it: it stays as it is.
    case newer
    /// It was damaged; what it held stands in the file of this path.
    case damaged(copy: String)
  }

  /// The version of the format that this program writes.
  static let version = 1
  /// Most bytes that it may have.
  private static let largest = 16 << 20
  /// How often it is written anew where another program writes it at the same time.
  private static let patience = 5

  private let path: String
  private let title: String
  /// What the file said of this course when it was last read or written.
  private var known = Progress()
  /// True where nothing is written any more.
  private var isClosed = false

  /// - Parameters:
  ///   - path: Where it is, or is to be.
  ///   - title: The course's.
  package init(_ path: String, course title: String) {
    (self.path, self.title) = (path, title)
  }

  /// What the file says of the course, and what is wrong with the file.
  package func load() -> (progress: Progress, problem: Problem?) {
    do throws(FileFailure) {
      guard let bytes = try read() else { return (known, nil) }
      switch ProgressFile.courses(in: bytes) {
      case .newer:
        isClosed = true
        return (known, .newer)
      case .damaged: return (known, setAside(bytes))
      case .read(let courses):
        known = courses[title] ?? Progress()
        return (known, nil)
      }
    } catch {
      isClosed = true
      return (known, .file(error))
    }
  }

  /// Writes what has changed since it was last read or written. What another session has written of
  /// other items stays.
  package func save(_ progress: Progress) -> Problem? {
    guard !isClosed, progress != known else { return nil }
    for attempt in 1...ProgressFile.patience {
      do throws(FileFailure) {
        let bytes = try read()
        var courses: [String: Progress] = [:]
        if let bytes {
          guard case .read(let found) = ProgressFile.courses(in: bytes) else {
            isClosed = true
            return .newer
          }
          courses = found
        }
        courses[title] = merged(progress, into: courses[title] ?? Progress())
        try WholeFile.write(
          ProgressFile.text(courses), to: path, mode: 0o600, replacing: bytes)
        known = progress
        return nil
      } catch {
        if error == .changed, attempt < ProgressFile.patience { continue }
        isClosed = true
        return .file(error)
      }
    }
    return nil
  }

  private func merged(_ progress: Progress, into found: Progress) -> Progress {
    var merged = found
    for (id, record) in progress.items where known.items[id] != record { merged.items[id] = record }
    if progress.place != known.place || found.place == nil { merged.place = progress.place }
    merged.finished.formUnion(progress.finished)
    return merged
  }

  /// The bytes; `nil` where there is no file yet.
  private func read() throws(FileFailure) -> [UInt8]? {
    do {
      return try InputFile.read(path, atMost: ProgressFile.largest, isWrittenAgain: true)
    } catch {
      if error == .system(ENOENT) { return nil }
      throw error
    }
  }

  /// Keeps what cannot be read beside the file, which begins anew.
  private func setAside(_ bytes: [UInt8]) -> Problem {
    let copy = path + ".damaged"
    do throws(FileFailure) {
      try WholeFile.write(bytes, to: copy, mode: 0o600)
      try WholeFile.write(ProgressFile.text([:]), to: path, mode: 0o600, replacing: bytes)
      return .damaged(copy: copy)
    } catch {
      isClosed = true
      return .file(error)
    }
  }

  // MARK: Format

  private enum Content {
    case read([String: Progress])
    case newer
    case damaged
  }

  private static func courses(in bytes: [UInt8]) -> Content {
    guard let json = try? JSONSerialization.jsonObject(with: Data(bytes)),
      let root = json as? [String: Any], let version = root["version"] as? Int
    else { return .damaged }
    guard version <= ProgressFile.version else { return .newer }
    guard let courses = root["courses"] as? [String: Any] else { return .damaged }
    return .read(
      courses.mapValues { ($0 as? [String: Any]).map(ProgressFile.progress) ?? Progress() })
  }

  private static func progress(_ object: [String: Any]) -> Progress {
    var progress = Progress()
    if let place = object["place"] as? [String: Any], let lesson = place["lesson"] as? String {
      progress.place = Progress.Place(
        lesson: lesson, after: place["after"] as? String,
        offset: max(place["offset"] as? Int ?? 0, 0))
    }
    progress.finished = Set(object["finished"] as? [String] ?? [])
    for (id, item) in object["items"] as? [String: [String: Any]] ?? [:] {
      guard let word = item["outcome"] as? String, let outcome = Progress.Outcome(rawValue: word)
      else { continue }
      var record = Progress.Record(outcome)
      record.attempts = max(item["attempts"] as? Int ?? 0, 0)
      record.hints = max(item["hints"] as? Int ?? 0, 0)
      progress.items[id] = record
    }
    return progress
  }

  private static func text(_ courses: [String: Progress]) -> String {
    let members = courses.sorted { $0.key < $1.key }.map { ($0.key, json($0.value)) }
    return JSONValue.object([("version", .integer(version)), ("courses", .object(members))]).text
      + "\n"
  }

  private static func json(_ progress: Progress) -> JSONValue {
    let place: JSONValue =
      progress.place.map { place in
        .object([
          ("lesson", .string(place.lesson)), ("after", place.after.map(JSONValue.string) ?? .null),
          ("offset", .integer(place.offset)),
        ])
      } ?? .null
    let items = progress.items.sorted { $0.key < $1.key }.map { id, record in
      (
        id,
        JSONValue.object([
          ("outcome", .string(record.outcome.rawValue)), ("attempts", .integer(record.attempts)),
          ("hints", .integer(record.hints)),
        ])
      )
    }
    return .object([
      ("place", place), ("finished", .array(progress.finished.sorted().map(JSONValue.string))),
      ("items", .object(items)),
    ])
  }
}
