import DataFiles
import Experiments
import Foundation
import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Data sets: generated, shipped, read from files; and what is made of them.
  static let dataBuiltins: [Builtin] =
    generatedBuiltins + sampleBuiltins + setBuiltins + fileBuiltins + textDataBuiltins

  private typealias Draw =
    @Sendable (inout GeneratedPoints, _ count: Int, _ classes: Int, _ noise: Double) -> Void

  private static let generatedBuiltins: [Builtin] = [
    generated(
      "spirals", classes: "3", noise: "0.1",
      "Points on arms that wind out from the centre, one arm a class."
    ) { $0.spirals($1, classes: $2, noise: $3) },
    generated(
      "gaussians", classes: "3", noise: "0.5", "Clouds of points around centres, one a class."
    ) { $0.gaussians($1, classes: $2, noise: $3) },
    generated(
      "moons", classes: nil, noise: "0.1",
      "Two half circles that reach into each other: two classes."
    ) { (points, count, _, noise) in points.moons(count, noise: noise) },
    generated("circles", classes: nil, noise: "0.05", "A circle within a circle: two classes.") {
      (points, count, _, noise) in points.circles(count, noise: noise)
    },
    generated(
      "xor", classes: nil, noise: "0.0",
      "Points of a square; the class is 1 where exactly one coordinate is above 0."
    ) { (points, count, _, noise) in points.xor(count, noise: noise) },
  ]

  private static let mostPoints = 10_000_000
  private static let mostClasses = 1000

  private static func generated(
    _ name: String, classes: String?, noise: String, _ summary: String, _ draw: @escaping Draw
  ) -> Builtin {
    var parameters: [Builtin.BuiltinParameter] = [.init("count", default: "300")]
    if let classes { parameters.append(.init("classes", default: classes)) }
    parameters += [.init("noise", default: noise), .init("seed", default: "the session's")]
    let noiseIndex = parameters.count - 2
    let hasClasses = classes != nil
    let usualNoise = Double(noise) ?? 0
    return Builtin(
      name, parameters, summary: summary + " Columns x f32[count, 2] and y i32[count].",
      example: "\(name)(count: 12\(hasClasses ? ", classes: 3" : ""), noise: 0.1)"
    ) { (arguments, machine) throws(Fault) in
      let count = try arguments.integer(0, default: 300)
      guard count >= 0, count <= mostPoints else {
        throw Fault(.value(.pointCount(count, limit: mostPoints), at: arguments.range))
      }
      let classes = hasClasses ? try arguments.integer(1, default: 3) : 2
      guard classes > 0, classes <= mostClasses else {
        throw Fault(.value(.classCount(classes, limit: mostClasses), at: arguments.range))
      }
      let noise = try arguments.number(noiseIndex, default: usualNoise)
      guard noise.isFinite, noise >= 0 else {
        throw Fault(.value(.noise(noise), at: arguments.range))
      }
      var seed = machine.context.seed
      if arguments.optional(noiseIndex + 1) != nil {
        seed = UInt64(bitPattern: Int64(try arguments.integer(noiseIndex + 1)))
      }
      let x = try machine.emptyColumn(TensorType([count, 2], .f32), at: arguments.range)
      let y = try machine.emptyColumn(TensorType([count], .i32), at: arguments.range)
      if let points = x.tensor, let labels = y.tensor {
        var points = GeneratedPoints(seed: seed, into: points, labels)
        draw(&points, count, classes, noise)
      }
      return .dataSet(DataSet(name: name, columns: [DataColumn("x", x), DataColumn("y", y)]))
    }
  }

  private static let setBuiltins: [Builtin] = [
    Builtin(
      "dataset", [.init("x"), .init("y", default: "none")],
      summary: "A data set of tensors with as many rows each.",
      example: "dataset(randn(8, 2), tensor([0, 1, 0, 1, 0, 1, 0, 1], dtype: i32))"
    ) { (arguments, machine) throws(Fault) in
      let x = try machine.dataColumn(try arguments.tensor(0), at: arguments.value(0).range)
      var columns = [DataColumn("x", x)]
      if let labels = arguments.optional(1) {
        let y = try machine.dataColumn(try arguments.tensor(1), at: labels.range)
        guard y.shape[0] == x.shape[0] else {
          throw Fault(
            .invalidShape(.rows(x: x.shape[0], y: y.shape[0]), at: labels.range))
        }
        columns.append(DataColumn("y", y))
      }
      return .dataSet(DataSet(name: "dataset", columns: columns))
    },
    Builtin(
      "split",
      [
        .init("data"), .init("fraction", default: "0.8"),
        .init("shuffle", default: "true, of a text false"), .init("separator", default: "none"),
      ],
      summary:
        "Two data sets: so large a part of the rows, in an order drawn from the seed, and the "
        + "rest; a text and windows of it stay in their order. Of a string, "
        + "`split(text, \",\")`: the list of its parts between separators, its words where none is "
        + "given.",
      example: "split(moons(count: 20), fraction: 0.75)"
    ) { (arguments, machine) throws(Fault) in
      if case .string(let text) = arguments.value(0).value {
        return try machine.parts(of: text, arguments)
      }
      guard arguments.optional(3) == nil else {
        throw Fault(.value(.notData(option: "separator"), at: arguments.value(3).range))
      }
      let data = try arguments.dataSet(0)
      let fraction = try arguments.number(1, default: 0.8)
      guard fraction >= 0, fraction <= 1 else {
        throw Fault(.value(.fraction(fraction), at: arguments.range))
      }
      let isShuffled = try arguments.boolean(2, default: data.alphabet == nil)
      guard !isShuffled || !data.isText else {
        throw Fault(.value(.shuffledText, at: arguments.value(2).range))
      }
      let cut = Int((Double(data.count) * fraction).rounded())
      return .list(
        List(
          try machine.parts(of: data, cut: cut, isShuffled: isShuffled, at: arguments.range)
            .map { .dataSet($0) }))
    },
    Builtin(
      "shuffle", [.init("data")],
      summary:
        "The data set with its rows in an order drawn from the seed. `split` and `batches` do that "
        + "by themselves.",
      example: "shuffle(moons(count: 20))"
    ) { (arguments, machine) throws(Fault) in
      let data = try arguments.dataSet(0)
      guard !data.isText else {
        throw Fault(.value(.shuffledText, at: arguments.value(0).range))
      }
      let order = try machine.parts(
        of: data, cut: data.count, isShuffled: true, at: arguments.range)
      return .dataSet(order[0])
    },
    Builtin(
      "standardise", [.init("data"), .init("like", default: "none")],
      summary:
        "The data set with each feature of x shifted and scaled to mean 0 and standard deviation "
        + "1, as measured on it, or on the rows of `like`: a test set is scaled as its training "
        + "set was.",
      example: """
        let train_set, test_set = split(penguins())
        standardise(test_set, like: train_set)
        """
    ) { (arguments, machine) throws(Fault) in
      let data = try arguments.dataSet(0)
      let model = arguments.optional(1) == nil ? data : try arguments.dataSet(1)
      return .dataSet(try machine.standardised(data, like: model, at: arguments.range))
    },
    Builtin(
      "batches",
      [
        .init("data"), .init("size"), .init("epochs", default: "1 unless steps are given"),
        .init("steps", default: "none"), .init("shuffle", default: "true"),
        .init("drop_last", default: "false"),
      ],
      summary:
        "Stretches of so many rows, in an order drawn anew each epoch: for `for` and `train`. "
        + "`drop_last` leaves out an epoch's last batch where it would have fewer rows.",
      example: "batches(moons(count: 20), size: 8, epochs: 2)"
    ) { (arguments, machine) throws(Fault) in
      let data = try arguments.dataSet(0)
      guard !data.isText else {
        throw Fault(.textWithoutWindows(data.count, at: arguments.value(0).range))
      }
      let size = try arguments.count(1)
      let epochs = arguments.optional(2) == nil ? nil : try arguments.count(2)
      let steps = arguments.optional(3) == nil ? nil : try arguments.count(3)
      let order = BatchOrder(
        rows: data.count, size: size, epochs: epochs, steps: steps,
        isShuffled: try arguments.boolean(4, default: true),
        dropsLast: try arguments.boolean(5, default: false), seed: machine.context.seed)
      guard data.count == 0 || order.batchesPerEpoch > 0 else {
        throw Fault(
          .value(.dropsAll(rows: data.count, size: size), at: arguments.value(5).range))
      }
      return .batches(Batches(data: data, order: order))
    },
  ]

  /// What `split` makes of a string: its parts between separators, or its words. The separator may
  /// stand second, without its label.
  private func parts(of text: Text, _ arguments: Arguments) throws(Fault) -> Value {
    let place = arguments.optional(3) == nil ? 1 : 3
    if place == 3, arguments.optional(1) != nil { throw arguments.mismatch(.dataSet, 0) }
    if arguments.optional(2) != nil { throw arguments.mismatch(.dataSet, 0) }
    let parts: [Value]
    if arguments.optional(place) == nil {
      parts =
        text.plainWords
        ?? text.string.split(whereSeparator: \.isWhitespace).map { .string(.of(String($0))) }
    } else {
      let separator = try arguments.text(place)
      guard separator.byteCount > 0 else {
        throw Fault(.value(.emptySeparator, at: arguments.value(place).range))
      }
      parts =
        text.plainParts(between: separator)
        ?? text.string.components(separatedBy: separator.string).map { .string(.of($0)) }
    }
    return try list(parts.count, at: arguments.range) { parts }
  }

  /// A tensor as a column of a data set: counted as data, without a copy where nobody else holds
  /// its bytes.
  func dataColumn(_ x: TensorValue, at range: SourceRange) throws(Fault) -> TensorValue {
    guard x.shape.rank > 0 else {
      throw Fault(.invalidShape(.scalarColumn, at: range))
    }
    if trace != nil || isSketching { return x }
    if let tensor = x.tensor, tensor.storage.account == .data { return x }
    let tensor = try readable(x, at: range)
    do {
      return TensorValue(try tensor.copy(as: .data), role: .data, origin: range)
    } catch {
      throw fault(from: .memory(error), operands: [], at: range)
    }
  }

  private func standardised(
    _ data: DataSet, like model: DataSet, at range: SourceRange
  ) throws(Fault) -> DataSet {
    guard let x = try data.columns.first.map({ (x) throws(Fault) in try whole(x, at: range) }),
      let y = try model.columns.first.map({ (x) throws(Fault) in try whole(x, at: range) }),
      x.shape.rank > 0, x.shape.axes.dropFirst() == y.shape.axes.dropFirst(), x.dtype.isFloating
    else {
      throw Fault(.invalidShape(.standardise, at: range))
    }
    let rows = y.shape[0]
    guard rows > 0 else { throw Fault(.value(.noRowsToMeasure, at: range)) }
    let known = try readable(y, at: range)
    let values = try readable(x, at: range)
    var columns = data.columns
    let result = try emptyColumn(TensorType(x.shape, x.dtype), at: range)
    columns[0] = DataColumn(columns[0].name, result)
    let width = x.shape.axes.dropFirst().reduce(1, *)
    for feature in 0..<width {
      try heed(at: range)
      var sum = 0.0
      for row in 0..<rows { sum += known.number(at: row * width + feature) }
      let mean = sum / Double(rows)
      var squares = 0.0
      for row in 0..<rows {
        let off = known.number(at: row * width + feature) - mean
        squares += off * off
      }
      let deviation = (squares / Double(rows)).squareRoot()
      let scale = deviation > 0 ? 1 / deviation : 1
      for row in 0..<x.shape[0] {
        let place = row * width + feature
        result.tensor?.write((values.number(at: place) - mean) * scale, at: place)
      }
    }
    return data.with(columns)
  }
}

extension Arguments {
  /// A data set.
  func dataSet(_ index: Int) throws(Fault) -> DataSet {
    if case .dataSet(let data) = value(index).value { return data }
    throw mismatch(.dataSet, index)
  }

  /// An integer of at least 1.
  func count(_ index: Int) throws(Fault) -> Int {
    let count = try integer(index)
    guard count >= 1, count <= 1 << 40 else {
      throw Fault(
        .value(
          .below1(count, parameter: builtin.parameters[index].name, of: builtin.name),
          at: value(index).range))
    }
    return count
  }
}
