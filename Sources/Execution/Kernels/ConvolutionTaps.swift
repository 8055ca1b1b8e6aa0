import CKernels
import Graphs
import Tensors

/// The pixels of a convolution's result, or of its transpose, that read their windows at the same
/// taps: all of them; in a transposed convolution those that lie a stride apart.
struct ConvolutionPhase {
  /// The first row and column of pixels, and how many there are.
  let row: Int, column: Int
  let rows: Int, columns: Int
  /// How many taps there are, and of each where it reads, from a window's first entry, and where
  /// its weights are: elements.
  let count: Int
  let x: UnsafeMutablePointer<Int>, w: UnsafeMutablePointer<Int>
}

/// The phases of a convolution, with places of taps for as long as it may run.
final class ConvolutionTaps {
  private(set) var phases: [ConvolutionPhase] = []

  /// One tap along an axis: which, and the entry that it reads, counted from the first pixel's.
  private typealias Tap = (tap: Int, entry: Int)
  /// The first pixel of a phase along an axis, how many it has, and its taps.
  private typealias Line = (first: Int, count: Int, taps: [Tap])

  /// Of a convolution whose images lie in frames, or where they are, with `channels` apart from
  /// pixel to pixel; a tap's weights are `weights` elements.
  init(_ shapes: ConvolutionShapes, _ tiling: ImageTiling, channels: Int, weights: Int) {
    let (height, width) = (shapes.convolution.height, shapes.convolution.width)
    let rows: [Line]
    let columns: [Line]
    if shapes.result == .transposed {
      rows = ConvolutionTaps.transposed(height, size: shapes.w[0], pixels: shapes.x[1])
      columns = ConvolutionTaps.transposed(width, size: shapes.w[1], pixels: shapes.x[2])
    } else {
      rows = ConvolutionTaps.plain(height, size: shapes.w[0], pixels: shapes.y[1])
      columns = ConvolutionTaps.plain(width, size: shapes.w[1], pixels: shapes.y[2])
    }
    let pitch = tiling.isFramed ? tiling.frameColumns : tiling.columns.length
    let (top, left) = tiling.isFramed ? (tiling.rows.low, tiling.columns.low) : (0, 0)
    for row in rows {
      for column in columns {
        let count = row.taps.count * column.taps.count
        let x = UnsafeMutablePointer<Int>.allocate(capacity: max(count, 1))
        let w = UnsafeMutablePointer<Int>.allocate(capacity: max(count, 1))
        var place = 0
        for (i, down) in row.taps {
          for (j, across) in column.taps {
            x[place] = ((down - top) * pitch + across - left) * channels
            w[place] = (i * shapes.w[1] + j) * weights
            place += 1
          }
        }
        phases.append(
          ConvolutionPhase(
            row: row.first, column: column.first, rows: row.count, columns: column.count,
            count: count, x: x, w: w))
      }
    }
  }

  deinit {
    for phase in phases {
      phase.x.deallocate()
      phase.w.deallocate()
    }
  }

  private static func plain(_ sliding: Sliding, size: Int, pixels: Int) -> [Line] {
    [(0, pixels, (0..<size).map { ($0, $0 * sliding.dilation - sliding.before) })]
  }

  /// Pixel p of x is read by the window at entry e of y through tap i where e · stride + i ·
  /// dilation − before = p.
  private static func transposed(_ sliding: Sliding, size: Int, pixels: Int) -> [Line] {
    let stride = sliding.stride
    return (0..<min(stride, pixels)).map { first in
      let taps: [Tap] = (0..<size).compactMap { tap in
        let reach = first + sliding.before - tap * sliding.dilation
        return reach % stride == 0 ? (tap, reach / stride) : nil
      }
      return (first, (pixels - first - 1) / stride + 1, taps)
    }
  }
}
