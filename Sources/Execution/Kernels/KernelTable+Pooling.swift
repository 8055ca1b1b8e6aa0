import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// About how long an entry of a window takes.
  private static let nanoseconds = 0.3

  /// The greatest of each window, or the average. Rows of the result are split over the cores.
  static func pool(
    _ pooling: Pooling, greatest: Bool, _ x: BufferView, into y: BufferView, context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    let windows = Windows(pooling, x.shape, y.shape)
    let (from, to, width, rows) = (x.pointer, y.pointer, y.dtype.byteWidth, y.shape[1])
    let (image, row) = (x.count / x.shape[0] * width, y.count / y.shape[0] / rows * width)
    let cost = Double(x.count) / Double(y.shape[0] * rows) * nanoseconds
    return Crew.instruction(count: y.shape[0] * rows, nanoseconds: cost, asking: context) { part in
      for index in part {
        let (n, place) = index.quotientAndRemainder(dividingBy: rows)
        if greatest {
          ck_max_pool(type, windows.block, from + n * image, to + index * row, place)
        } else {
          ck_average_pool(type, windows.block, from + n * image, to + index * row, place)
        }
      }
    }
  }

  /// The adjoint of the greatest of each window of x, or without x that of the average: images and
  /// channels are split over the cores, since windows share entries.
  static func poolAdjoint(
    _ pooling: Pooling, _ g: BufferView, of x: BufferView?, into y: BufferView,
    context: RunContext
  ) -> Instruction {
    guard let type = y.dtype.floatingCode else { return {} }
    if g.count == 0 { return fill(0, into: y, context: context) }
    let windows = Windows(pooling, y.shape, g.shape)
    let (width, channels) = (y.dtype.byteWidth, y.shape[3])
    let (image, slopes) = (y.count / y.shape[0] * width, g.count / g.shape[0] * width)
    let tiles = (channels - 1) / channelTile + 1
    let (from, values, to) = (g.pointer, x?.pointer, y.pointer)
    let cost = Double(y.count) / Double(y.shape[0] * tiles) * nanoseconds * 4
    return Crew.instruction(
      count: y.shape[0] * tiles, nanoseconds: cost, asking: context
    ) { part in
      for index in part {
        let (n, tile) = index.quotientAndRemainder(dividingBy: tiles)
        let first = tile * channelTile
        let count = min(channelTile, channels - first)
        if let values {
          ck_max_pool_adjoint(
            type, windows.block, from + n * slopes, values + n * image, to + n * image, first,
            count)
        } else {
          ck_average_pool_adjoint(
            type, windows.block, from + n * slopes, to + n * image, first, count)
        }
      }
    }
  }

  /// Channels that one thread works on at a time.
  private static let channelTile = 64
}

/// Where the windows of pooling lie, for as long as they are read.
private final class Windows {
  let block: UnsafeMutablePointer<ck_windows>
  private var lists: [UnsafeMutablePointer<Int>] = []

  /// Of images of shape x [n, height, width, channels], of which pooling makes y.
  init(_ pooling: Pooling, _ x: Shape, _ y: Shape) {
    block = .allocate(capacity: 1)
    block.initialize(to: ck_windows())
    (block.pointee.rows, block.pointee.columns, block.pointee.channels) = (x[1], x[2], x[3])
    (block.pointee.result_rows, block.pointee.result_columns) = (y[1], y[2])
    let rows = list(pooling.height, x[1], y[1])
    (block.pointee.row_start, block.pointee.row_end, block.pointee.row_size) =
      (rows[0], rows[1], rows[2])
    let columns = list(pooling.width, x[2], y[2])
    (block.pointee.column_start, block.pointee.column_end, block.pointee.column_size) =
      (columns[0], columns[1], columns[2])
  }

  /// Starts, ends and sizes of the windows along an axis.
  private func list(_ axis: PoolingAxis, _ length: Int, _ count: Int) -> [UnsafePointer<Int>] {
    let made = (0..<3).map { _ in UnsafeMutablePointer<Int>.allocate(capacity: count) }
    for window in 0..<count {
      let entries = axis.entries(of: window, in: length)
      made[0][window] = entries.lowerBound
      made[1][window] = entries.upperBound
      made[2][window] = axis.size(of: window, in: length)
    }
    lists += made
    return made.map { UnsafePointer($0) }
  }

  deinit {
    for list in lists { list.deallocate() }
    block.deallocate()
  }
}
