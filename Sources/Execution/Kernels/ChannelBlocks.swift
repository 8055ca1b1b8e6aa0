import Tensors

/// How the rows of a batch norm are cut into blocks, whose sums threads may take apart: by the
/// shape alone, so that no bit depends on how many threads there are.
struct ChannelBlocks {
  /// Rows of channels, and channels of a row.
  let rows: Int, size: Int
  /// Rows of a block, the last of which may be shorter.
  let rowsOfBlock: Int

  /// The blocks of x [n…, channels]: at most 32.
  init(_ x: Shape) {
    size = x.axes.last ?? 1
    rows = size > 0 ? x.count / size : 0
    rowsOfBlock = max(256, (rows + 31) / 32)
  }

  /// How many there are.
  var count: Int { (rows + rowsOfBlock - 1) / rowsOfBlock }

  /// The rows of one.
  func block(_ index: Int) -> Range<Int> {
    index * rowsOfBlock..<min((index + 1) * rowsOfBlock, rows)
  }

  /// Bytes of a double for each block and channel, so many times, and of two numbers a channel of
  /// the type that slopes have.
  func scratchBytes(sums: Int, slopesOf dtype: DType? = nil) -> Int {
    size * (sums * count * MemoryLayout<Double>.stride + 2 * (dtype?.byteWidth ?? 0))
  }
}
