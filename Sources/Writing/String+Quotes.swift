extension String {
  /// Between double quotes, as Cairn writes a string.
  package var quoted: String { "\"\(escaped)\"" }

  /// As it stands between the double quotes of Cairn: `\n`, `\"`, `\u{1b}`.
  package var escaped: String { escaped { "\\u{\(String($0.value, radix: 16))}" } }

  /// Between double quotes, as JSON writes a string.
  package var jsonQuoted: String {
    let inner = escaped { scalar in
      let digits = String(scalar.value, radix: 16)
      return "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
    return "\"\(inner)\""
  }

  /// With escapes; `control` writes the control characters that have none of their own.
  private func escaped(control: (Unicode.Scalar) -> String) -> String {
    var text = ""
    for scalar in unicodeScalars {
      switch scalar {
      case "\"": text += "\\\""
      case "\\": text += "\\\\"
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7f: text += control(scalar)
      default: text.unicodeScalars.append(scalar)
      }
    }
    return text
  }
}
