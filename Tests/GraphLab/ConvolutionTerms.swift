package import Graphs
package import Tensors

/// Every term of a convolution of images of shape `x` with weights of shape `w` to images of shape
/// `y`, by the definition: `body` is given the places of the factor in x, of the factor in w, and
/// of the sum in y, row-major. What reads a zero around the image is left out.
package func forEachTerm(
  of convolution: Convolution, x: Shape, w: Shape, y: Shape, _ body: (Int, Int, Int) -> Void
) {
  let outputs = w[3] / convolution.groups
  for n in 0..<y[0] {
    for row in 0..<y[1] {
      for column in 0..<y[2] {
        for output in 0..<y[3] {
          for i in 0..<w[0] {
            for j in 0..<w[1] {
              let (height, width) = (convolution.height, convolution.width)
              let down = row * height.stride + i * height.dilation - height.before
              let across = column * width.stride + j * width.dilation - width.before
              guard (0..<x[1]).contains(down), (0..<x[2]).contains(across) else { continue }
              for input in 0..<w[2] {
                let channel = output / outputs * w[2] + input
                body(
                  ((n * x[1] + down) * x[2] + across) * x[3] + channel,
                  ((i * w[1] + j) * w[2] + input) * w[3] + output,
                  ((n * y[1] + row) * y[2] + column) * y[3] + output)
              }
            }
          }
        }
      }
    }
  }
}
