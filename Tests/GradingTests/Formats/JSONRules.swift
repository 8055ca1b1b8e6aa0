import Foundation

/// A JSON text as it is, numbers and booleans kept apart.
enum JSON: Decodable, Equatable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSON])
  case object([String: JSON])

  init(from decoder: any Decoder) throws {
    let box = try decoder.singleValueContainer()
    if box.decodeNil() {
      self = .null
    } else if let flag = try? box.decode(Bool.self) {
      self = .boolean(flag)
    } else if let number = try? box.decode(Double.self) {
      self = .number(number)
    } else if let text = try? box.decode(String.self) {
      self = .string(text)
    } else if let elements = try? box.decode([JSON].self) {
      self = .array(elements)
    } else {
      self = .object(try box.decode([String: JSON].self))
    }
  }

  init(_ text: String) throws { self = try JSONDecoder().decode(JSON.self, from: Data(text.utf8)) }

  subscript(_ key: String) -> JSON? {
    guard case .object(let members) = self else { return nil }
    return members[key]
  }

  var number: Double? {
    guard case .number(let number) = self else { return nil }
    return number
  }

  var string: String? {
    guard case .string(let text) = self else { return nil }
    return text
  }

  var elements: [JSON] {
    guard case .array(let elements) = self else { return [] }
    return elements
  }
}

/// What a member of an object has to be.
struct JSONRule: Sendable {
  /// What its value must be.
  enum Kind: Sendable {
    case text(longest: Int?)
    case oneOf([String])
    case number(ClosedRange<Double>)
    case whole(ClosedRange<Double>)
    case flag
    case list([JSONRule])
    case texts
    case record([JSONRule])
  }

  let key: String
  let kind: Kind
  let isRequired: Bool
  let mayBeNull: Bool

  static func must(_ key: String, _ kind: Kind, orNull: Bool = false) -> JSONRule {
    JSONRule(key: key, kind: kind, isRequired: true, mayBeNull: orNull)
  }

  static func may(_ key: String, _ kind: Kind, orNull: Bool = false) -> JSONRule {
    JSONRule(key: key, kind: kind, isRequired: false, mayBeNull: orNull)
  }

  /// What is wrong with an object: members that are missing, of another kind, or unknown.
  static func problems(_ json: JSON, _ rules: [JSONRule], at path: String = "") -> [String] {
    guard case .object(let members) = json else { return ["\(path) is no object"] }
    let unknown = Set(members.keys).subtracting(rules.map(\.key)).sorted()
    return unknown.map { "\(path).\($0) is unknown" }
      + rules.flatMap { rule -> [String] in
        let path = "\(path).\(rule.key)"
        guard let value = members[rule.key] else {
          return rule.isRequired ? ["\(path) is missing"] : []
        }
        if value == .null { return rule.mayBeNull ? [] : ["\(path) is null"] }
        return rule.kind.problems(value, path)
      }
  }
}

extension JSONRule.Kind {
  fileprivate func problems(_ value: JSON, _ path: String) -> [String] {
    switch (self, value) {
    case (.text(let longest), .string(let text)):
      return text.unicodeScalars.count > longest ?? .max ? ["\(path) is too long"] : []
    case (.oneOf(let allowed), .string(let text)):
      return allowed.contains(text) ? [] : ["\(path) is '\(text)'"]
    case (.number(let range), .number(let number)):
      return range.contains(number) ? [] : ["\(path) is \(number)"]
    case (.whole(let range), .number(let number)):
      return range.contains(number) && number == number.rounded() ? [] : ["\(path) is \(number)"]
    case (.flag, .boolean): return []
    case (.texts, .array(let elements)):
      return elements.allSatisfy { $0.string != nil } ? [] : ["\(path) holds other than texts"]
    case (.list(let rules), .array(let elements)):
      return elements.enumerated().flatMap {
        JSONRule.problems($1, rules, at: "\(path)[\($0)]")
      }
    case (.record(let rules), .object): return JSONRule.problems(value, rules, at: path)
    default: return ["\(path) is of another kind"]
    }
  }
}
