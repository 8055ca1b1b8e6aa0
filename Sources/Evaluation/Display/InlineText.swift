import Syntax
import Tensors
import Writing

/// A value within another, on one line, within bounds: however large or nested the value is, so
/// many parts are written and then an ellipsis.
struct InlineText {
  /// Parts that may still be written.
  private var left = InlineText.most
  private static let most = 1000
  /// Elements shown of one list.
  private static let longest = 100
  private static let deepest = 24
  /// Code points shown of one string.
  private static let longestString = 100_000

  /// A value as it is written in a list.
  static func of(_ value: Value) -> String {
    var text = InlineText()
    return text.write(value, depth: 0)
  }

  /// A layer as the call that made it: `dense(2, 64)`.
  static func signature(of layer: Layer) -> String {
    var text = InlineText()
    return text.signature(of: layer, depth: 0)
  }

  private mutating func write(_ value: Value, depth: Int) -> String {
    left -= 1
    switch value {
    case .none: return "none"
    case .integer(let x): return String(x)
    case .float(let x): return NumberFormat.number(x)
    case .boolean(let x): return x ? "true" : "false"
    case .bytes(let x): return ByteFormat.text(x)
    case .string(let text): return write(text.string)
    case .list(let list): return write(list, depth: depth + 1)
    case .dictionary(let dictionary): return write(dictionary, depth: depth + 1)
    case .range(let range): return range.text
    case .function(let function): return function.name == "fn" ? "fn" : "fn \(function.name)"
    case .layer(let layer): return signature(of: layer, depth: depth + 1)
    case .tensor(let x): return write(x)
    case .dataSet(let data): return "\(data.name) (\(data.count) \(data.rowNoun))"
    case .batches(let batches):
      return "batches of \(batches.order.size) \(batches.data.rowNoun) of \(batches.data.name)"
    case .optimizer(let optimizer): return optimizer.spelling
    case .strategy(let strategy): return strategy.spelling
    case .gradients(let gradients): return "gradients (\(gradients.entries.count))"
    case .plan(let plan): return "schedule \(plan.strategy), peak \(ByteFormat.text(plan.peak))"
    case .record(let record): return write(record, depth: depth + 1)
    }
  }

  private func write(_ text: String) -> String {
    guard text.utf8.count > InlineText.longestString,
      case let start = text.unicodeScalars.prefix(InlineText.longestString),
      start.endIndex < text.endIndex
    else { return text.quoted }
    return "\(String(start).quoted) … \(text.unicodeScalars.count - start.count) more"
  }

  private func write(_ x: TensorValue) -> String {
    guard let tensor = x.shownNumbers else { return x.placeholder }
    return x.shape.count <= 8 && x.shape.rank < 2
      ? TensorText(tensor).text : "tensor \(x.typeDescription)"
  }

  private mutating func write(_ list: List, depth: Int) -> String {
    guard depth <= InlineText.deepest else { return "[…]" }
    var parts: [String] = []
    for element in list.elements.prefix(InlineText.longest) {
      guard left > 0 else { break }
      parts.append(write(element, depth: depth))
    }
    let rest = list.elements.count - parts.count
    if rest > 0 { parts.append(parts.isEmpty ? "…" : "… \(rest) more") }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  private mutating func write(_ dictionary: DictionaryValue, depth: Int) -> String {
    guard dictionary.entries.count > 0 else { return "[:]" }
    guard depth <= InlineText.deepest else { return "[…]" }
    var parts: [String] = []
    for (key, value) in dictionary.entries.prefix(InlineText.longest) {
      guard left > 0 else { break }
      parts.append("\(write(key.value, depth: depth)): \(write(value, depth: depth))")
    }
    let rest = dictionary.entries.count - parts.count
    if rest > 0 { parts.append(parts.isEmpty ? "…" : "… \(rest) more") }
    return "[" + parts.joined(separator: ", ") + "]"
  }

  private mutating func write(_ record: Record, depth: Int) -> String {
    guard depth <= InlineText.deepest, left > 0 else { return record.typeName + "(…)" }
    var parts: [String] = []
    for field in record.fields {
      parts.append("\(field.name): \(write(field.value, depth: depth))")
    }
    return "\(record.typeName)(\(parts.joined(separator: ", ")))"
  }

  private mutating func signature(of layer: Layer, depth: Int) -> String {
    if case .chain(let elements) = layer.kind { return "chain of \(elements.count)" }
    guard depth <= InlineText.deepest, left > 0 else { return layer.name + "(…)" }
    var parts: [String] = []
    for field in layer.fields.prefix(layer.argumentCount) {
      if case .layer(let inner) = field.cell.value {
        parts.append(inner.name)
      } else if field.name == Interpreter.dtypeParameter,
        case .string(let type) = field.cell.value
      {
        // The usual type goes without saying.
        if type.string != DType.f32.description { parts.append("dtype: \(type.string)") }
      } else {
        parts.append(write(field.cell.value, depth: depth))
      }
    }
    return "\(layer.name)(\(parts.joined(separator: ", ")))"
  }
}
