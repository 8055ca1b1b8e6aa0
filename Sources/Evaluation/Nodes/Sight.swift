/// A node of which an operation only looks at the value: that of a variable of the function that
/// runs, and a constant, is looked at where it lies, and no reference to it is counted.
///
/// Nothing is evaluated while it is looked at, so that nothing can change it. Whoever has a sight
/// holds the node.
struct Sight {
  private let node: Unmanaged<CodeNode>
  private let local: Unmanaged<LocalNode>?
  private let constant: UnsafePointer<Value>?

  /// What a node gives.
  init(_ node: CodeNode) {
    self.node = .passUnretained(node)
    local = (node as? LocalNode).map(Unmanaged.passUnretained)
    constant = (node as? ConstantNode)?.place
  }

  /// True where looking at it evaluates nothing else.
  var isSteady: Bool { local != nil || constant != nil }

  /// Calls `body` with where the value lies.
  @inline(__always)
  func look<Result>(
    _ frame: Frame, _ body: (UnsafePointer<Value>) throws(Fault) -> Result
  ) throws(Fault) -> Result {
    if let slot = slot(frame) { return try body(slot) }
    if let constant { return try body(constant) }
    let value = try node.evaluate(frame)
    return try withUnsafePointer(to: value, body)
  }

  /// The value itself.
  @inline(__always)
  func value(_ frame: Frame) throws(Fault) -> Value { try node.evaluate(frame) }

  @inline(__always)
  private func slot(_ frame: Frame) -> UnsafeMutablePointer<Value>? {
    local?._withUnsafeGuaranteedRef { $0.cell < 0 ? frame.slots + $0.slot : nil }
  }
}

/// What lies somewhere, not counted: it lives as long as it is held there. A pattern that is
/// matched and left before anything is done with what it gave counts nothing.
extension UnsafePointer<Value> {
  /// The list; `nil` for all else.
  @inline(__always)
  var list: Unmanaged<List>? {
    if case .list(let list) = pointee { .passUnretained(list) } else { nil }
  }

  /// The dictionary; `nil` for all else.
  @inline(__always)
  var dictionary: Unmanaged<DictionaryValue>? {
    if case .dictionary(let dictionary) = pointee { .passUnretained(dictionary) } else { nil }
  }

  /// The string; `nil` for all else.
  @inline(__always)
  var text: Unmanaged<Text>? {
    if case .string(let text) = pointee { .passUnretained(text) } else { nil }
  }

  /// The function; `nil` for all else.
  @inline(__always)
  var function: Unmanaged<Function>? {
    if case .function(let function) = pointee { .passUnretained(function) } else { nil }
  }

  /// The range; `nil` for all else.
  @inline(__always)
  var range: Unmanaged<IntegerRange>? {
    if case .range(let range) = pointee { .passUnretained(range) } else { nil }
  }

  /// The integer; `nil` for all else.
  @inline(__always)
  var integer: Int? { if case .integer(let number) = pointee { number } else { nil } }
}

extension CodeNode {
  /// True where both are one variable of the function that runs, or one string or integer.
  func isSameOperand(as other: CodeNode) -> Bool {
    switch (self, other) {
    case (let mine as LocalNode, let other as LocalNode): mine.slot == other.slot
    case (let mine as ConstantNode, let other as ConstantNode):
      switch (mine.value, other.value) {
      case (.integer(let a), .integer(let b)): a == b
      case (.string(let a), .string(let b)): a.equals(b)
      default: false
      }
    default: false
    }
  }
}
