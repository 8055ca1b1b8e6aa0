/// A course: lessons in order.
package struct Course: Sendable {
  /// What it is called; progress is kept by it.
  package let title: String
  /// What it is.
  package let introduction: Prose
  /// In the order of their numbers.
  package let lessons: [Lesson]
  /// Its path, as it was named.
  package let folder: String

  /// The lesson of a number, or of a name: the folder's, or what it begins with.
  package func lesson(named text: String) -> Int? {
    if let number = Int(text) { return lessons.firstIndex { $0.number == number } }
    let name = text.lowercased()
    return lessons.firstIndex { $0.folderName == name || $0.name == name }
      ?? lessons.firstIndex { $0.name.hasPrefix(name) || $0.title.lowercased().hasPrefix(name) }
  }
}

/// A lesson of a course.
package struct Lesson: Sendable {
  /// What its folder's name begins with.
  package let number: Int
  /// What follows the number in the folder's name; progress is kept by it.
  package let name: String
  /// As its first heading says; the folder's name where that says nothing.
  package let title: String
  /// Its path, as the course was named.
  package let folder: String
  /// What stands in it.
  package let file: LessonFile
  /// Its items that can be asked, by ID.
  package let items: [String: Item]

  /// The last part of its path.
  package var folderName: String { folder.split(separator: "/").last.map(String.init) ?? folder }

  /// The path of its file.
  package var path: String { folder + "/lesson.cairn" }

  /// Its items in the order in which they are asked; those that cannot be asked are left out.
  package var askedItems: [Item] { file.itemIDs.compactMap { items[$0] } }
}
