import Syntax

/// The common assignments of elements, done where the element lies: a function gives false where
/// there is more to say, and leaves all as it was.
extension Value {
  /// The list that stands here, of which nothing is left here, so that one which nobody else holds
  /// is changed in place; `nil` for other values. It is moved: a pattern alone holds what it
  /// matches, and counts it.
  @inline(__always)
  mutating func takeList() -> List? {
    guard case .list = self else { return nil }
    guard case .list(let list) = take() else { return nil }
    return list
  }

  /// The dictionary, in the same way.
  @inline(__always)
  mutating func takeDictionary() -> DictionaryValue? {
    guard case .dictionary = self else { return nil }
    guard case .dictionary(let dictionary) = take() else { return nil }
    return dictionary
  }

  /// What stands here, of which nothing is left here.
  @inline(__always)
  mutating func take() -> Value {
    withUnsafeMutablePointer(to: &self) { place in
      let value = place.move()
      place.initialize(to: .none)
      return value
    }
  }

  /// Puts a plain value at a place of the list that stands here; false where there is none, and
  /// nothing is done.
  @inline(__always)
  mutating func replaceElement(at place: Int, by new: Value) -> Bool {
    guard var list = takeList() else { return false }
    defer { self = .list(list) }
    return List.replace(&list, at: place, by: new)
  }

  /// One more element for the list that stands here: see `List.append`. It is plain, or a value as
  /// deep as lists may be.
  mutating func append(_ element: Value, most: Int) -> Bool {
    guard var list = takeList() else { return false }
    defer { self = .list(list) }
    return List.append(element, to: &list, most: most)
  }

  /// True where a list stands at a place of the list or dictionary that stands here.
  func hasList(at index: UnsafePointer<Value>) -> Bool {
    withUnsafePointer(to: self) { here in
      if let list = here.list {
        guard let place = index.integer else { return false }
        return list._withUnsafeGuaranteedRef {
          place >= 0 && place < $0.count && $0.inner(place) != nil
        }
      }
      if case .list?? = here.dictionary?._withUnsafeGuaranteedRef({ $0.value(of: index) }) {
        return true
      }
      return false
    }
  }

  /// Lets `body` change the element at a place counted from the start of the list that stands here,
  /// or at a key that is there of the dictionary; what it puts there is no deeper than what stood
  /// there, or plain.
  mutating func change(at index: UnsafePointer<Value>, _ body: (inout Value) -> Bool) -> Bool {
    if case .integer(let place) = index.pointee, var list = takeList() {
      defer { self = .list(list) }
      guard place >= 0, place < list.count else { return false }
      return List.change(&list, at: place, body)
    }
    guard var dictionary = takeDictionary() else { return false }
    defer { self = .dictionary(dictionary) }
    guard let place = dictionary.place(of: index) else { return false }
    return DictionaryValue.change(&dictionary, at: place, body)
  }

  /// Assigns an element of the list or dictionary that stands here, or what a quick operator makes
  /// of it, or a new key of the dictionary. With `isInside`, what stands here is an element itself,
  /// and only plain values are assigned: nothing around it is deeper then.
  mutating func assignQuickly(
    _ new: Value, _ operation: BinaryOperator?, at index: UnsafePointer<Value>,
    isInside: Bool = false
  ) -> Bool {
    guard new.isPlain || !isInside && new.depth < Interpreter.deepestList else { return false }
    if change(at: index, { $0.takeQuickly(new, operation) }) { return true }
    guard operation == nil, let key = DictionaryValue.Key(index.pointee),
      var dictionary = takeDictionary()
    else { return false }
    defer { self = .dictionary(dictionary) }
    DictionaryValue.add(key, new, to: &dictionary)
    return true
  }

  /// Becomes another value, or what a quick operator makes of both.
  @inline(__always)
  private mutating func takeQuickly(_ new: Value, _ operation: BinaryOperator?) -> Bool {
    guard let operation else {
      self = new
      return true
    }
    if operation == .add, case .string(let more) = new, grow(by: more) { return true }
    guard let value = operation.quick(self, new) else { return false }
    self = value
    return true
  }
}
