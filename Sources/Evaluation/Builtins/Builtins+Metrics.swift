import Reports
import Syntax
import Tensors

extension Interpreter {
  /// What tells how good a classifier is: numbers for people, of which no gradient is taken.
  static let metricBuiltins: [Builtin] = [
    Builtin(
      "accuracy", [.init("logits"), .init("labels"), .init("ignore", default: "none")],
      summary:
        "The part of the rows whose greatest logit stands at their label, from 0 to 1: logits "
        + "[…, classes], labels i32 or i64 […]. Rows with the label `ignore` do not count.",
      example: "accuracy(tensor([[2, 1], [0, 3]]), tensor([0, 0], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let verdicts = try machine.verdicts(arguments, ignored: 2)
      guard !verdicts.pairs.isEmpty else {
        throw Fault(.value(.noRowsToCount("accuracy"), at: arguments.range))
      }
      return .float(Double(verdicts.rightCount) / Double(verdicts.pairs.count))
    },
    Builtin(
      "confusion",
      [
        .init("logits"), .init("labels"), .init("classes", default: "none"),
        .init("ignore", default: "none"),
      ],
      summary: """
        How often rows of each label have their greatest logit at each class: a row a label, a \
        column a class. `classes` are their names, such as `data.classes`. It has the fields \
        `counts` (i32 [classes, classes]), `right` (of each label, the part that was found; nan \
        where there is none), `accuracy` and `classes`. Rows with the label `ignore` do not count.
        """,
      example: """
        let scores = tensor([[2, 1], [0, 3], [4, 1]])
        confusion(scores, tensor([0, 1, 1], dtype: i32), classes: ["cat", "dog"])
        """
    ) { (arguments, machine) throws(Fault) in
      let verdicts = try machine.verdicts(arguments, ignored: 3)
      let names = try arguments.classNames(2, count: verdicts.classCount)
      guard !verdicts.pairs.isEmpty else {
        throw Fault(.value(.noRowsToCount("confusion"), at: arguments.range))
      }
      return .record(try machine.confusion(verdicts, names, at: arguments.range))
    },
  ]

  /// Most classes whose confusion is counted.
  private static let mostClasses = 10_000

  /// For each row that counts, its label and the class of its greatest logit.
  private struct Verdicts {
    let classCount: Int
    var pairs: [(label: Int, found: Int)] = []

    /// Rows whose label was found.
    var rightCount: Int { pairs.count { $0.label == $0.found } }
  }

  /// What logits say of rows, beside their labels.
  private func verdicts(
    _ arguments: Arguments, ignored: Int
  ) throws(Fault) -> Verdicts {
    let name = arguments.builtin.name
    guard trace == nil else { throw Fault(.metricInBlock(name, at: arguments.range)) }
    let x = try arguments.tensor(0)
    let y = try arguments.tensor(1)
    guard y.dtype.isIndex else { throw arguments.mismatch(.i32Labels, 1) }
    guard x.dtype.isFloating else { throw arguments.mismatch(.floatingTensor, 0) }
    guard let classCount = x.shape.axes.last, classCount > 0,
      y.shape.axes.elementsEqual(x.shape.axes.dropLast())
    else { throw Fault(.metricShapes(name, x, y, at: arguments.range)) }
    guard classCount <= Interpreter.mostClasses || name == "accuracy" else {
      throw Fault(
        .value(.classCount(classCount, limit: Interpreter.mostClasses), at: arguments.range))
    }
    let left = arguments.optional(ignored) == nil ? nil : try arguments.integer(ignored)
    let logits = try readable(x, at: arguments.value(0).range)
    let labels = try readable(y, at: arguments.value(1).range)
    let room = try workspace(
      y.shape.count * MemoryLayout<(Int, Int)>.size, at: arguments.range)
    defer { withExtendedLifetime(room) {} }
    var verdicts = Verdicts(classCount: classCount)
    verdicts.pairs.reserveCapacity(y.shape.count)
    for row in 0..<y.shape.count {
      try heed(at: arguments.range)
      let label = Int(labels.number(at: row))
      if label == left { continue }
      guard (0..<classCount).contains(label) else {
        throw Fault(
          .value(
            .labelOutside(label, row: row, classes: classCount), at: arguments.value(1).range))
      }
      guard let found = place(ofGreatest: row, in: logits, width: classCount) else {
        throw Fault(.value(.nanLogits(row: row), at: arguments.value(0).range))
      }
      verdicts.pairs.append((label, found))
    }
    return verdicts
  }

  /// Where in a row the greatest number stands, of equals the first; `nil` where one is nan.
  private func place(ofGreatest row: Int, in x: Tensor, width: Int) -> Int? {
    var best = 0
    var greatest = x.number(at: row * width)
    for place in 0..<width {
      let number = x.number(at: row * width + place)
      if number.isNaN { return nil }
      if number > greatest { (best, greatest) = (place, number) }
    }
    return best
  }

  private func confusion(
    _ verdicts: Verdicts, _ names: [String]?, at range: SourceRange
  ) throws(Fault) -> Record {
    let width = verdicts.classCount
    var counts = [Int](repeating: 0, count: width * width)
    for (label, found) in verdicts.pairs { counts[label * width + found] += 1 }
    let matrix = Confusion(counts: counts, names: names ?? (0..<width).map(String.init))
    let tensor = try makeTensor(
      counts.map { Double($0) }, shape: [width, width], dtype: .i32, at: range)
    return Record(
      typeName: "confusion",
      fields: [
        ("counts", .tensor(tensor)),
        ("right", .list(List(matrix.rightParts.map { .float($0) }))),
        ("accuracy", .float(Double(verdicts.rightCount) / Double(verdicts.pairs.count))),
        ("classes", .list(List(matrix.names.map { .string(.of($0)) }))),
      ], display: matrix.report)
  }
}

extension Arguments {
  /// The names of so many classes, from a list of strings; `nil` where there are none.
  fileprivate func classNames(_ index: Int, count: Int) throws(Fault) -> [String]? {
    guard optional(index) != nil else { return nil }
    var names: [String] = []
    for element in try list(index) {
      guard case .string(let name) = element else { throw mismatch(.listOfNames, index) }
      names.append(name.string)
    }
    guard !names.isEmpty else { return nil }
    guard names.count == count else {
      throw Fault(.value(.classNameCount(names.count, classes: count), at: value(index).range))
    }
    return names
  }
}
