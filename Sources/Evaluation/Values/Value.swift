package import Experiments
package import Reports

/// Anything a name can be bound to.
package enum Value {
  case none
  case integer(Int)
  case float(Double)
  case boolean(Bool)
  /// A count of bytes: `64 KiB`.
  case bytes(Int)
  case string(Text)
  case list(List)
  /// `["a": 1]`: values by key, in the order in which the keys came.
  case dictionary(DictionaryValue)
  /// `0..<n`: integers from `lower` up to, not including, `upper`.
  case range(IntegerRange)
  case function(Function)
  case layer(Layer)
  case tensor(TensorValue)
  case dataSet(DataSet)
  case batches(Batches)
  case optimizer(Optimizer)
  case strategy(StrategyValue)
  case gradients(GradientsValue)
  /// What `plan` gives: a rehearsed schedule.
  case plan(Plan)
  /// Named fields in order: a chain, a stage, a row of a comparison.
  case record(Record)
}

extension Value {
  /// True for numbers, truths and strings: nothing is behind them.
  @inline(__always)
  var isPlain: Bool {
    switch self {
    case .none, .integer, .float, .boolean, .bytes, .string: true
    default: false
    }
  }

  /// True where both are the same integer, float (bit by bit), count of bytes or truth.
  func isSameNumber(as other: Value) -> Bool {
    switch (self, other) {
    case (.integer(let a), .integer(let b)): a == b
    case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
    case (.bytes(let a), .bytes(let b)): a == b
    case (.boolean(let a), .boolean(let b)): a == b
    default: false
    }
  }

  /// How deep lists and layers are nested in a value: 0 for all others.
  package var depth: Int {
    switch self {
    case .list(let list): list.depth
    case .dictionary(let dictionary): dictionary.depth
    case .layer(let layer): layer.depth
    default: 0
    }
  }
}

extension [Value] {
  /// What is behind them: the depth of the deepest, 0 where all are plain, and whether a variable
  /// may be.
  var behind: (depth: Int, mayLeadToVariables: Bool) {
    withUnsafeBufferPointer { values in
      var (depth, leads) = (0, false)
      for place in values.indices where !values[place].isPlain {
        depth = Swift.max(depth, values[place].depth)
        leads = leads || values[place].mayLeadToVariables
      }
      return (depth, leads)
    }
  }
}

/// Integers from `lower` up to, not including, `upper`: at most `Int.max` of them.
package final class IntegerRange {
  /// The first integer.
  package let lower: Int
  /// The integer behind the last; `lower` where the range is empty.
  package let upper: Int
  /// The end, not included, of a range that was written with an end below 0, which as an index
  /// counts from the end: −1 for `0..<-1`, and 0 for `0...-1`; `nil` for all others.
  package let endFromBack: Int?

  /// Empty where `upper` is below `lower`; `endsFromBack` where the end was written below 0.
  package init(lower: Int, upper: Int, endsFromBack: Bool = false) {
    self.lower = lower
    self.upper = max(lower, upper)
    endFromBack = endsFromBack ? upper : nil
  }

  /// How many integers there are.
  package var count: Int { upper - lower }

  /// As it is written: `0..<3`, `0..<-1`, `0...-1`.
  package var text: String {
    switch endFromBack {
    case nil: "\(lower)..<\(upper)"
    case 0?: "\(lower)...-1"
    case let end?: "\(lower)..<\(end)"
    }
  }
}

/// Named fields, in order.
package final class Record: Owned {
  /// What it is called when printed: `stage`, `chain`, `comparison`.
  package let typeName: String
  /// In the order in which they print.
  package let fields: [(name: String, value: Value)]
  /// How it prints, where not as `name: value` pairs: a table, a chart.
  package let display: Report?

  /// Without `display` it prints as `name: value` pairs.
  package init(typeName: String, fields: [(name: String, value: Value)], display: Report? = nil) {
    self.typeName = typeName
    self.fields = fields
    self.display = display
  }

  override func forEachPart(_ visit: (Owned) -> Void) {
    for field in fields { if let part = field.value.owned { visit(part) } }
  }

  /// The value of a field; `nil` where there is none of that name.
  package subscript(name: String) -> Value? { fields.first { $0.name == name }?.value }
}
