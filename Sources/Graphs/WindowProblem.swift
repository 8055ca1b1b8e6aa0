/// What operations on windows of images ask of their operands beside their types.
package enum WindowProblem: Hashable, Sendable {
  /// Images with four axes: [n, height, width, channels].
  case images
  /// Weights with four axes, none of them empty: [height, width, inputs / groups, outputs].
  case weights
  /// As many channels as the weights of all groups read.
  case channels(found: Int, inputs: Int, groups: Int)
  /// Outputs that fall into the groups evenly.
  case groups(Int, outputs: Int)
  /// Strides, dilations and groups of 1 or more, paddings of 0 or more, none absurd.
  case steps
  /// Places around axes that are 0 or more, and not absurdly many.
  case padding
  /// An entry of places for each axis.
  case entries(Int, axes: Int)
  /// Of pooling: sizes and strides of 1 or more, paddings from 0 to below the size, none absurd.
  case poolingSteps
  /// Of a transposed convolution: fewer pixels beside those that windows cover than a stride has.
  case outputPadding(Int, stride: Int)
  /// Of a transposed convolution: pixels that padding does not take away.
  case pixels
  /// Room for one window at least: it spans so many entries of an axis, which has fewer with its
  /// zeros.
  case room(span: Int, length: Int)
  /// An image of so many entries along an axis, whose windows are as many as there are.
  case windows(found: Int, length: Int)
}
