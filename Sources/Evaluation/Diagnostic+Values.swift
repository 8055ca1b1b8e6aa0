import Syntax
import Tensors
import Writing

/// The wording of values of the right type that cannot be taken, and of shapes.
extension Diagnostic {
  /// Why a value cannot be taken.
  enum InvalidValue {
    case noSchedule
    case repeatedTensorName(String)
    case batchNames(Int, columns: [String])
    // What parameters of builtins refuse.
    case pointCount(Int, limit: Int)
    case classCount(Int, limit: Int)
    case noise(Double)
    case fraction(Double)
    case below1(Int, parameter: String, of: String)
    case notBelow1(Double, parameter: String, of: String)
    case below0(Double, parameter: String, of: String)
    case nesterovAlone
    case smoothing(Double)
    case noTensors(String)
    case negativeClasses(String)
    case negativeLength([Int])
    case arange
    case initializerSize(String)
    case wholeDraws(String, DType)
    case clipBounds(low: Double, high: Double)
    case dropoutRate(Double)
    case gradientBounds
    case noElements(String)
    case noRowsToMeasure
    case tooLarge(Double, DType)
    case mixedType(String)
    case notTruth(Double)
    case digits(Int)
    case repeatedAxis(Int)
    case severalWithOption(String, of: String)
    case notData(option: String)
    case emptySeparator
    case shuffledText
    case dropsAll(rows: Int, size: Int)
    case shortText(Int, length: Int)
    case noRowsToCount(String)
    case labelOutside(Int, row: Int, classes: Int)
    case nanLogits(row: Int)
    case classNameCount(Int, classes: Int)
    case noSymbol(Int, count: Int)
    case stranger(String, at: Int)

    fileprivate var text: String {
      switch self {
      case .noSchedule: "no strategy has a schedule for this block"
      case .repeatedTensorName(let name):
        "two of the tensors to save would be called \"\(name)\""
      case .batchNames(let count, let columns):
        "the batches have \(CountFormat.counted(columns.count, "column")) "
          + "(\(columns.joined(separator: ", "))), but "
          + "\(CountFormat.counted(count, "name")) \(count == 1 ? "is" : "are") bound"
      case .pointCount(let count, let limit):
        "a data set has from 0 to \(limit) points, not \(count)"
      case .classCount(let count, let limit):
        "there are from 1 to \(limit) classes, not \(count)"
      case .noise(let noise): "noise is a number from 0 up, found \(NumberFormat.number(noise))"
      case .fraction(let part): "the fraction is from 0 to 1, found \(NumberFormat.number(part))"
      case .below1(let value, let parameter, let function):
        "`\(parameter)` of \(function) is at least 1, not \(value)"
      case .notBelow1(let value, let parameter, let function):
        "`\(parameter)` of \(function) is below 1, found \(NumberFormat.number(value))"
      case .below0(let value, let parameter, let function):
        "`\(parameter)` of \(function) is a number of at least 0, found "
          + "\(NumberFormat.number(value))"
      case .smoothing(let part):
        "the smoothing of labels is from 0 to 1, found \(NumberFormat.number(part))"
      case .nesterovAlone: "nesterov looks ahead along a momentum, and there is none"
      case .noTensors(let function): "\(function) needs at least one tensor"
      case .negativeClasses(let function):
        "\(function) needs a number of classes of at least 0"
      case .negativeLength(let axes): "an axis cannot have a negative length: \(axes)"
      case .arange: "the step of arange must not be 0, and all must be finite"
      case .initializerSize(let function): "\(function) needs inputs and outputs above 0"
      case .wholeDraws(let function, let dtype):
        "\(function) draws f32, f64, f16 or bf16, not \(dtype)"
      case .clipBounds(let low, let high):
        "clip needs low ≤ high, found \(NumberFormat.number(low)) and \(NumberFormat.number(high))"
      case .gradientBounds: "clip holds gradients within one bound, norm or value"
      case .dropoutRate(let rate):
        "the rate of dropout is at least 0 and below 1, found \(NumberFormat.number(rate))"
      case .noElements(let function): "\(function) of no elements is nothing"
      case .noRowsToMeasure: "standardise measures rows, and there are none"
      case .mixedType(let name): "mixed computes in bf16, f16 or f32, not \(name)"
      case .tooLarge(let number, let dtype):
        "\(NumberFormat.number(number)) is more than an \(dtype) can hold"
      case .notTruth(let number):
        "\(NumberFormat.number(number)) is neither 0 nor 1, which is all that a bool holds"
      case .digits(let digits): "`digits` is from 0 to 15, not \(digits)"
      case .severalWithOption(let option, let function):
        "`\(option)` of \(function) goes with one tensor, and not with several values"
      case .emptySeparator: "split needs a separator of one character at least"
      case .notData(let option): "`\(option)` of split goes with a string, and not with a data set"
      case .shuffledText: "a text whose symbols are shuffled says nothing any more"
      case .dropsAll(let rows, let size):
        "`drop_last` would leave no batch: \(CountFormat.counted(rows, "row")) do not fill one of "
          + "\(size)"
      case .shortText(let count, let length):
        "a window of \(length) and the entry behind it need \(length + 1) entries, and there "
          + "\(count == 1 ? "is 1" : "are \(count)")"
      case .noRowsToCount(let function): "\(function) counts rows, and there are none"
      case .labelOutside(let label, let row, let classes):
        "the label \(label) in row \(row) is none of the "
          + CountFormat.counted(classes, "class", "classes") + ", which are numbered from 0"
      case .nanLogits(let row): "the logits have nan in row \(row): no class is the greatest there"
      case .classNameCount(let count, let classes):
        "there are \(CountFormat.counted(count, "name")) for "
          + CountFormat.counted(classes, "class", "classes")
      case .noSymbol(let symbol, let count):
        "there is no symbol \(symbol): the alphabet has \(count), from 0 to \(count - 1)"
      case .stranger(let character, let place):
        "\(character.quoted), at place \(place) from 0, is not in the alphabet"
      case .repeatedAxis(let axis): "the axis \(axis) is named twice"
      }
    }

    /// A line that helps, where there is one: the page of the function, or what to do instead.
    fileprivate var hint: String? {
      switch self {
      case .noSchedule, .negativeLength, .noRowsToMeasure, .digits, .repeatedAxis,
        .repeatedTensorName, .noSymbol, .noRowsToCount, .classNameCount:
        nil
      case .batchNames(_, let columns):
        "'for \(columns.joined(separator: ", ")) in' binds each of them"
      case .labelOutside: "a label that stands for none is left out: 'ignore: -1'"
      case .nanLogits: "a lower learning rate may keep a net's numbers finite"
      case .shuffledText:
        "a text is cut in two as it stands, and windows of it may be shuffled"
      case .dropsAll: "leave 'drop_last' out, or make the batches smaller"
      case .shortText: "`help windows` says what it takes"
      case .stranger:
        "the field 'alphabet' lists what a text is written in; one read with 'unit: byte' takes any"
      case .pointCount: "`spirals(count: 300)` makes 300 points"
      case .classCount: "`spirals(count: 300, classes: 3)` has three classes"
      case .noise: "`spirals(noise: 0.1)` shifts each point a little"
      case .fraction: "`help split` says what it takes"
      case .below1(_, parameter: _, let function), .notBelow1(_, parameter: _, let function),
        .below0(_, parameter: _, let function), .noTensors(let function),
        .negativeClasses(let function), .initializerSize(let function),
        .wholeDraws(let function, _), .severalWithOption(_, let function):
        "`help \(function)` says what it takes"
      case .arange: "`help arange` says what it takes"
      case .clipBounds, .gradientBounds: "`help clip` says what it takes"
      case .smoothing: "`help cross_entropy` says what it takes"
      case .nesterovAlone: "`sgd(lr: 0.1, momentum: 0.9, nesterov: true)` has one"
      case .dropoutRate: "`help dropout` says what it takes"
      case .notData, .emptySeparator: "`help split` says what it takes"
      case .noElements: "`help length` shows how elements are counted"
      case .notTruth(let number): "`tensor(\(NumberFormat.number(number))) != 0` is true"
      case .mixedType: "`help mixed` says what it does"
      case .tooLarge(_, .f16):
        "f16 goes to 65504, bf16 and f32 to 3.4e38: `help cast` shows how to make one"
      case .tooLarge: "an f64 holds numbers up to 1.8e308: `help cast` shows how to make one"
      }
    }
  }

  /// A value of the right type that cannot be taken.
  static func value(_ reason: InvalidValue, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "invalid-value", reason.text, at: range, hint: reason.hint)
  }

  /// Why a shape cannot be taken.
  enum InvalidShape {
    case transposed(TensorValue)
    case tooManyIndices(Int, of: TensorValue)
    case rows(x: Int, y: Int)
    case scalarColumn
    case standardise
    case nestedLists(limit: Int)
    case longRange(Int)

    fileprivate var text: String {
      switch self {
      case .transposed(let x):
        "T is the transpose of a matrix, and this is \(x.typeDescription)"
      case .tooManyIndices(let count, let x):
        "a tensor \(x.typeDescription) takes at most \(x.shape.rank) "
          + "\(CountFormat.noun(x.shape.rank, "index", "indices")), not \(count)"
      case .rows(let x, let y): "x has \(x) rows, but y has \(y)"
      case .scalarColumn: "a column of a data set has rows, and a scalar has none"
      case .standardise:
        "standardise needs an x of floats, and rows of the same shape in `like`"
      case .nestedLists(let limit): "lists are nested more than \(limit) deep"
      case .longRange(let count): "a range of \(count) is too long for a tensor"
      }
    }
  }

  /// A tensor whose shape cannot be taken.
  static func invalidShape(_ reason: InvalidShape, at range: SourceRange) -> Diagnostic {
    var hint: String?
    if case .transposed(let x) = reason {
      let owner = code(range).flatMap { $0.hasSuffix(".T") ? $0.dropLast(2) : nil }
      hint =
        x.shape.rank < 2
        ? "a tensor with fewer than two axes is its own transpose"
        : owner.map { "`transpose(\($0))` exchanges the last two axes" }
    }
    return Diagnostic(.shape, "invalid-shape", reason.text, at: range, hint: hint)
  }
}
