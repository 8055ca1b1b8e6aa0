import Graphs
import Tensors

extension AdjointTable {
  /// A convolution that is checked: images, weights, and how the window slides.
  private static let convolutions: [(x: Shape, w: Shape, Convolution)] = [
    ([1, 3, 4, 2], [2, 3, 2, 2], Convolution()),
    ([2, 3, 3, 1], [3, 3, 1, 2], Convolution(height: same, width: same)),
    (
      [1, 5, 4, 2], [3, 2, 2, 1],
      Convolution(
        height: Sliding(stride: 2, dilation: 1, before: 1, after: 1),
        width: Sliding(stride: 3, dilation: 2, before: 2, after: 0))
    ),
    ([1, 3, 3, 4], [2, 2, 2, 4], Convolution(groups: 2)),
    ([1, 4, 3, 3], [2, 2, 1, 3], Convolution(height: same, width: same, groups: 3)),
    ([2, 2, 2, 3], [1, 1, 3, 2], Convolution()),
  ]

  private static let same = Sliding(before: 1, after: 1)

  /// Images and their windows: a convolution, its transpose, and what makes weights of two images.
  static let images: [GradientCheck] =
    convolutions.flatMap { x, w, convolution in
      let rows = convolution.height.windows(of: w[0], in: x[1]) ?? 0
      let columns = convolution.width.windows(of: w[1], in: x[2]) ?? 0
      let y: Shape = [x[0], rows, columns, w[3]]
      return [
        GradientCheck(.conv2d(convolution), [(x, .real), (w, .real)]),
        GradientCheck(
          .conv2dTranspose(convolution, height: x[1], width: x[2]), [(y, .real), (w, .real)]),
        GradientCheck(
          .conv2dWeights(convolution, height: w[0], width: w[1]), [(x, .real), (y, .real)]),
      ]
    } + poolings

  /// Windows that overlap, that leave the image, that lie apart, and of unequal lengths.
  private static let axes: [PoolingAxis] = [
    .sliding(size: 2, stride: 2, before: 0, after: 0),
    .sliding(size: 3, stride: 1, before: 1, after: 2),
    .sliding(size: 1, stride: 2, before: 0, after: 0), .adaptive(count: 3),
  ]

  private static let poolings: [GradientCheck] =
    zip(axes, axes.reversed()).flatMap { height, width in
      let pooling = Pooling(height: height, width: width)
      let (x, rows, columns): (Shape, Int?, Int?) = (
        [2, 5, 4, 2], height.windows(in: 5), width.windows(in: 4)
      )
      return [
        GradientCheck(.maxPool(pooling), [(x, .real)]),
        GradientCheck(.averagePool(pooling), [(x, .real)]),
        GradientCheck(
          .averagePoolAdjoint(pooling, height: 5, width: 4),
          [([2, rows ?? 0, columns ?? 0, 2], .real)]),
      ]
    } + [
      GradientCheck(
        .pad([AxisPadding(before: 1, after: 0), AxisPadding(before: 0, after: 2)], 0.5),
        [([2, 3], .real)]),
      GradientCheck(.pad([AxisPadding(before: 1, after: 0)], 2), [([0], .real)]),
    ]
}
