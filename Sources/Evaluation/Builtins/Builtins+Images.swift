import Graphs
import Syntax
import Tensors

extension Interpreter {
  /// Functions of images, [n, height, width, channels], and of the windows that slide over them.
  static let imageBuiltins: [Builtin] = [
    Builtin(
      "conv2d",
      [
        .init("x"), .init("weights"), .init("stride", default: "1"),
        .init("padding", default: "0", words: ["same"]), .init("dilation", default: "1"),
        .init("groups", default: "1"),
      ],
      summary: """
        For each window of images x [n, height, width, inputs], and each output, the sum of its \
        entries times weights [height, width, inputs / groups, outputs]. `stride` and `dilation` \
        are numbers, or a list of one for height and one for width; so is `padding`, the zeros on \
        each side, which may also be pairs of before and after, or `same`, with which ⌈length / \
        stride⌉ windows fit. With `groups`, channels fall into so many runs, each with weights of \
        its own. The backward pass needs x.
        """,
      example: "conv2d(ones(1, 4, 4, 1), ones(3, 3, 1, 2), padding: same)"
    ) { (arguments, machine) throws(Fault) in
      var emission = Emission(machine, at: arguments.range)
      let operands = try emission.promoted([
        try emission.floating(try arguments.tensor(0)), try arguments.tensor(1),
      ])
      let convolution = try arguments.convolution(
        of: operands[0].shape, weights: operands[1].shape, stride: 2, padding: 3, dilation: 4,
        groups: 5)
      return .tensor(try emission.emit(.conv2d(convolution), operands))
    },
    Builtin(
      "conv2d_transpose",
      [
        .init("x"), .init("weights"), .init("stride", default: "1"),
        .init("padding", default: "0"), .init("output_padding", default: "0"),
        .init("dilation", default: "1"), .init("groups", default: "1"),
      ],
      summary: """
        The transposed convolution: images whose `conv2d` with the same weights [height, width, \
        outputs / groups, inputs] and options has the shape of x [n, height, width, inputs], and \
        each entry of x, times the weights, added to the window that it would come from. With \
        `stride: 2` an image of twice the height and width. `output_padding` makes it so many \
        pixels larger, less than the stride.
        """,
      example: "conv2d_transpose(ones(1, 2, 2, 1), ones(2, 2, 3, 1), stride: 2)"
    ) { (arguments, machine) throws(Fault) in
      var emission = Emission(machine, at: arguments.range)
      let operands = try emission.promoted([
        try emission.floating(try arguments.tensor(0)), try arguments.tensor(1),
      ])
      let (x, weights) = (operands[0].shape, operands[1].shape)
      let convolution = try arguments.convolution(
        of: x, weights: weights, stride: 2, padding: 3, dilation: 5, groups: 6)
      let more = try arguments.heightAndWidth(4, default: 0)
      func refused(_ problem: WindowProblem) -> Fault {
        emission.refusal(
          ShapeError(.rule(.window(problem)), operation: "conv2d_transpose", shapes: [x, weights]),
          of: operands)
      }
      guard x.rank == 4 else { throw refused(.images) }
      guard weights.rank == 4, !weights.axes.contains(0) else { throw refused(.weights) }
      for (found, stride) in [
        (more.height, convolution.height.stride), (more.width, convolution.width.stride),
      ] where stride >= 1 && !(0..<stride).contains(found) {
        throw refused(.outputPadding(found, stride: stride))
      }
      guard
        let height = convolution.height.length(windows: x[1], of: weights[0], more: more.height),
        let width = convolution.width.length(windows: x[2], of: weights[1], more: more.width)
      else { throw refused(.pixels) }
      return .tensor(
        try emission.emit(
          .conv2dTranspose(convolution, height: height, width: width), operands))
    },
    pooling(
      "max_pool", "The greatest entry of each window of images [n, height, width, channels]."
    ) { .maxPool($0) },
    pooling(
      "average_pool",
      "The average of each window of images [n, height, width, channels], zeros beside them too."
    ) { .averagePool($0) },
    Builtin(
      "adaptive_average_pool", [.init("x"), .init("size", default: "1")],
      summary: """
        Images of `size` by `size` pixels (or of a list of a height and a width), each the average \
        of the entries of [n, height, width, channels] that lie there; whatever the size of x, as \
        many come out.
        """,
      example: "adaptive_average_pool(ones(1, 5, 7, 2), [2, 3])"
    ) { (arguments, machine) throws(Fault) in
      let x = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let size = try arguments.heightAndWidth(1, default: 1)
      let pooling = Pooling(
        height: .adaptive(count: size.height), width: .adaptive(count: size.width))
      return .tensor(try machine.emit(.averagePool(pooling), [x], at: arguments.range))
    },
    Builtin(
      "pad", [.init("x"), .init("padding"), .init("value", default: "0")],
      summary: """
        x with places before and after along each axis, which hold `value`. `padding` is a list \
        with an entry for each axis: a number for both sides, or a pair of before and after.
        """,
      example: "pad(ones(2, 2), [[1, 0], 2], value: 7)"
    ) { (arguments, machine) throws(Fault) in
      let x = try arguments.tensor(0)
      var padding: [AxisPadding] = []
      for entry in try arguments.list(1) {
        guard let (before, after) = Arguments.pair(entry) else {
          throw arguments.mismatch(.axisPadding, 1)
        }
        padding.append(AxisPadding(before: before, after: after))
      }
      return .tensor(
        try machine.emit(
          .pad(padding, try arguments.number(2, default: 0)), [x], at: arguments.range))
    },
  ]

  /// A function of windows of one size.
  private static func pooling(
    _ name: String, _ summary: String, _ operation: @escaping @Sendable (Pooling) -> Operation
  ) -> Builtin {
    Builtin(
      name,
      [
        .init("x"), .init("size", default: "2"), .init("stride", default: "none"),
        .init("padding", default: "0"),
      ],
      summary: summary + " `size` and `stride`, which is the size where it is not given, are "
        + "numbers, or a list of one for height and one for width; so is `padding`, the places "
        + "beside the image on each side, or a pair for each.",
      example: "\(name)(reshape(arange(16), [1, 4, 4, 1]))"
    ) { (arguments, machine) throws(Fault) in
      let x = try machine.floating(try arguments.tensor(0), at: arguments.range)
      let size = try arguments.heightAndWidth(1, default: 2)
      let stride = arguments.optional(2) == nil ? size : try arguments.heightAndWidth(2, default: 1)
      let padding = try arguments.padding(3)
      let pooling = Pooling(
        height: .sliding(
          size: size.height, stride: stride.height, before: padding.height.0,
          after: padding.height.1),
        width: .sliding(
          size: size.width, stride: stride.width, before: padding.width.0, after: padding.width.1))
      return .tensor(try machine.emit(operation(pooling), [x], at: arguments.range))
    }
  }
}

extension Arguments {
  /// One integer for height and width, or a list of one each; `other` where none was given.
  func heightAndWidth(_ index: Int, default other: Int) throws(Fault) -> (height: Int, width: Int) {
    guard optional(index) != nil else { return (other, other) }
    switch value(index).value {
    case .integer(let both): return (both, both)
    case .list(let list):
      if case .integer(let height)? = list.elements.first, list.elements.count == 2,
        case .integer(let width) = list.elements[1]
      {
        return (height, width)
      }
    default: break
    }
    throw mismatch(.heightAndWidth, index)
  }

  /// How windows of weights slide over images, from the places of options.
  fileprivate func convolution(
    of x: Shape, weights: Shape, stride: Int, padding: Int, dilation: Int, groups: Int
  ) throws(Fault) -> Convolution {
    let steps = try heightAndWidth(stride, default: 1)
    let gaps = try heightAndWidth(dilation, default: 1)
    var (height, width) = (
      Sliding(stride: steps.height, dilation: gaps.height),
      Sliding(stride: steps.width, dilation: gaps.width)
    )
    if try isSame(padding) {
      if x.rank == 4, weights.rank == 4 {
        height = Sliding(
          sameFor: x[1], size: weights[0], stride: steps.height, dilation: gaps.height)
        width = Sliding(
          sameFor: x[2], size: weights[1], stride: steps.width, dilation: gaps.width)
      }
    } else {
      let zeros = try self.padding(padding)
      (height.before, height.after) = zeros.height
      (width.before, width.after) = zeros.width
    }
    return Convolution(height: height, width: width, groups: try integer(groups, default: 1))
  }

  /// True for the word `same`, where the builtin knows it.
  private func isSame(_ index: Int) throws(Fault) -> Bool {
    guard case .string(let text)? = optional(index)?.value else { return false }
    guard builtin.parameters[index].words.contains(text.string) else {
      throw mismatch(.padding, index)
    }
    return true
  }

  /// Zeros before and after along height and width: one number for all, one for each axis, or a
  /// pair for each.
  func padding(
    _ index: Int
  ) throws(Fault) -> (height: (Int, Int), width: (Int, Int)) {
    guard optional(index) != nil else { return ((0, 0), (0, 0)) }
    if case .list(let list) = value(index).value, list.elements.count == 2,
      let height = Arguments.pair(list.elements[0]), let width = Arguments.pair(list.elements[1])
    {
      return (height, width)
    }
    guard let both = Arguments.pair(value(index).value), case .integer = value(index).value else {
      throw mismatch(.padding, index)
    }
    return (both, both)
  }

  /// An integer for both of two places, or a list of two.
  fileprivate static func pair(_ value: Value) -> (Int, Int)? {
    switch value {
    case .integer(let both): (both, both)
    case .list(let list):
      if case .integer(let first)? = list.elements.first, list.elements.count == 2,
        case .integer(let second) = list.elements[1]
      {
        (first, second)
      } else {
        nil
      }
    default: nil
    }
  }
}
