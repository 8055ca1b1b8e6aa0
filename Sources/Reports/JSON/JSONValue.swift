import Writing

/// A JSON value whose objects keep the order they were built in, so that machine mode prints the
/// same bytes each time.
package indirect enum JSONValue: Sendable {
  case null
  case boolean(Bool)
  case integer(Int)
  /// JSON has no NaN and no infinities: they are the strings "NaN", "Infinity" and "-Infinity",
  /// which Python's `float` and JavaScript's `Number` read.
  case number(Double)
  /// Printed with the fewest digits that give the same f32 again.
  case single(Float)
  case string(String)
  case array([JSONValue])
  /// An array of so many elements, each made when it is written: a large one is never there whole.
  case elements(Int, @Sendable (Int) -> JSONValue)
  case object([(String, JSONValue)])

  /// The value on one line.
  package var text: String {
    var text = ""
    write(into: &text, isStopped: { false }, spill: { _ in })
    return text
  }

  /// Hands the value on one line out piece by piece, each of some 64 KiB or less as far as single
  /// texts go.
  ///
  /// - Parameter isStopped: Asked again and again; where it is true, arrays of `elements` end
  ///   there, with a `null` as their last.
  package func write(isStopped: () -> Bool = { false }, _ put: (String) -> Void) {
    var text = ""
    write(into: &text, isStopped: isStopped) { text in
      guard text.utf8.count >= 1 << 16 else { return }
      put(text)
      text.removeAll(keepingCapacity: true)
    }
    put(text)
  }

  /// - Parameter spill: Called between elements; may take what was written so far away.
  private func write(
    into text: inout String, isStopped: () -> Bool, spill: (inout String) -> Void
  ) {
    switch self {
    case .null: text += "null"
    case .boolean(let flag): text += flag ? "true" : "false"
    case .integer(let number): text += String(number)
    case .number(let number):
      JSONValue.write(number.isFinite ? number.description : nil, number, into: &text)
    case .single(let number):
      JSONValue.write(number.isFinite ? number.description : nil, Double(number), into: &text)
    case .string(let string): text += string.jsonQuoted
    case .array(let elements):
      text += "["
      for (index, element) in elements.enumerated() {
        if index > 0 { text += "," }
        element.write(into: &text, isStopped: isStopped, spill: spill)
        spill(&text)
      }
      text += "]"
    case .elements(let count, let element):
      text += "["
      for index in 0..<count {
        if index > 0 { text += "," }
        if isStopped() {
          text += "null"
          break
        }
        element(index).write(into: &text, isStopped: isStopped, spill: spill)
        spill(&text)
      }
      text += "]"
    case .object(let members):
      text += "{"
      for (index, member) in members.enumerated() {
        if index > 0 { text += "," }
        text += member.0.jsonQuoted
        text += ":"
        member.1.write(into: &text, isStopped: isStopped, spill: spill)
        spill(&text)
      }
      text += "}"
    }
  }

  private static func write(_ digits: String?, _ number: Double, into text: inout String) {
    if let digits {
      text += digits
    } else {
      text += number.isNaN ? "\"NaN\"" : number > 0 ? "\"Infinity\"" : "\"-Infinity\""
    }
  }
}
