import Tensors

/// The types of what convolutions and their adjoints make.
extension ShapeRule {
  /// Images of as many pixels as there are windows, with a channel an output; from x [n, height,
  /// width, inputs] and weights [height, width, inputs / groups, outputs].
  func conv2d(_ convolution: Convolution) throws(ShapeError) -> TensorType {
    try takes(2)
    try images(0)
    try weights(types[1].shape, convolution)
    try type(1, is: types[0].dtype)
    let (x, w) = (types[0].shape, types[1].shape)
    try channels(x[3], inputs: w[2], convolution)
    let rows = try windows(w[0], in: x[1], convolution.height)
    let columns = try windows(w[1], in: x[2], convolution.width)
    return TensorType(try shape([x[0], rows, columns, w[3]]), types[0].dtype)
  }

  /// Images of this height and width, from the adjoint g of what a convolution makes of such ones,
  /// and its weights.
  func conv2dTranspose(
    _ convolution: Convolution, height: Int, width: Int
  ) throws(ShapeError) -> TensorType {
    try takes(2)
    try images(0)
    try weights(types[1].shape, convolution)
    try type(1, is: types[0].dtype)
    let (g, w) = (types[0].shape, types[1].shape)
    guard g[3] == w[3] else {
      throw failure(.window(.channels(found: g[3], inputs: w[3], groups: 1)))
    }
    try windows(w[0], in: height, convolution.height, are: g[1])
    try windows(w[1], in: width, convolution.width, are: g[2])
    let (inputs, overflow) = w[2].multipliedReportingOverflow(by: convolution.groups)
    guard !overflow else { throw failure(.elementLimit) }
    return TensorType(try shape([g[0], height, width, inputs]), types[0].dtype)
  }

  /// Weights of this height and width, from x and the adjoint g of what a convolution makes of it.
  func conv2dWeights(
    _ convolution: Convolution, height: Int, width: Int
  ) throws(ShapeError) -> TensorType {
    try takes(2)
    try images(0)
    try images(1)
    try type(1, is: types[0].dtype)
    let (x, g) = (types[0].shape, types[1].shape)
    try same([g[0]], [x[0]])
    guard convolution.groups >= 1, x[3] % convolution.groups == 0 else {
      throw failure(.window(.channels(found: x[3], inputs: 1, groups: convolution.groups)))
    }
    let result = try shape([height, width, x[3] / convolution.groups, g[3]])
    try weights(result, convolution)
    try windows(height, in: x[1], convolution.height, are: g[1])
    try windows(width, in: x[2], convolution.width, are: g[2])
    return TensorType(result, types[0].dtype)
  }

  /// That an operand is images in a floating type: [n, height, width, channels].
  func images(_ position: Int) throws(ShapeError) {
    try floating(position)
    guard types[position].shape.rank == 4 else { throw failure(.window(.images)) }
  }

  /// That a shape is that of weights whose outputs fall into the groups, and that the convolution's
  /// numbers mean something.
  private func weights(_ shape: Shape, _ convolution: Convolution) throws(ShapeError) {
    guard shape.rank == 4, !shape.axes.contains(0) else {
      throw failure(.window(.weights))
    }
    guard convolution.groups >= 1, convolution.height.isLegal, convolution.width.isLegal else {
      throw failure(.window(.steps))
    }
    guard shape[3] % convolution.groups == 0 else {
      throw failure(.window(.groups(convolution.groups, outputs: shape[3])))
    }
  }

  /// That images have the channels that the weights of all groups read.
  private func channels(
    _ found: Int, inputs: Int, _ convolution: Convolution
  ) throws(ShapeError) {
    let (all, overflow) = inputs.multipliedReportingOverflow(by: convolution.groups)
    guard !overflow, found == all else {
      throw failure(
        .rule(
          .window(.channels(found: found, inputs: inputs, groups: convolution.groups))))
    }
  }

  /// Windows of `size` taps along an axis, of which there is room for one at least.
  func windows(_ size: Int, in length: Int, _ sliding: Sliding) throws(ShapeError) -> Int {
    if let windows = sliding.windows(of: size, in: length) { return windows }
    throw failure(
      .rule(
        .window(
          .room(span: sliding.span(size) ?? .max, length: length + sliding.before + sliding.after)))
    )
  }

  /// That an axis of this length has so many windows of `size` taps.
  private func windows(
    _ size: Int, in length: Int, _ sliding: Sliding, are found: Int
  ) throws(ShapeError) {
    guard (0..<Shape.elementLimit).contains(length) else { throw failure(.elementLimit) }
    guard try windows(size, in: length, sliding) == found else {
      throw failure(.window(.windows(found: found, length: length)))
    }
  }
}
