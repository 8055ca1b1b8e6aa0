import Graphs
import Tensors

/// How the work on images is cut into pieces, fixed by shapes alone: no bit and no byte depends on
/// how many threads there are.
///
/// A piece is some images, rows and columns of pixels of the result. Where windows leave the
/// images, what a piece reads of them is copied first, with zeros around it, into a frame. A lane
/// is a run of pieces that one thread does, with a frame of its own.
struct ImageTiling {
  /// One axis of the images.
  struct Axis {
    /// Pixels of the result along it.
    var count: Int
    /// Entries of the images from one pixel of the result to the next.
    var step: Int
    /// The first and the last entry that the first pixel reads: before the image where negative.
    var low: Int, high: Int
    /// Entries of the images.
    var length: Int

    /// True where a window reaches beyond the image.
    var leaves: Bool { low < 0 || (count - 1) * step + high >= length }

    /// Entries that so many neighbouring pixels read.
    func span(_ pixels: Int) -> Int { (pixels - 1) * step + high - low + 1 }

    /// Of a convolution with windows of `size` taps.
    init(_ sliding: Sliding, size: Int, pixels: Int, length: Int) {
      (count, step, self.length) = (pixels, sliding.stride, length)
      low = -sliding.before
      high = (size - 1) * sliding.dilation - sliding.before
    }

    /// Of its transpose, which makes `pixels` from `length`: pixels that lie a stride apart read
    /// neighbouring entries, and are counted as one here.
    init(transposed sliding: Sliding, size: Int, pixels: Int, length: Int) {
      let stride = sliding.stride
      (count, step, self.length) = ((pixels - 1) / stride + 1, 1, length)
      low = (sliding.before - (size - 1) * sliding.dilation) / stride
      high = (min(stride, pixels) - 1 + sliding.before) / stride
    }
  }

  let images: Int
  let rows: Axis, columns: Axis
  /// Channels that a frame holds, and bytes of an element.
  let channels: Int, width: Int
  /// True where pieces read frames.
  let isFramed: Bool
  /// Images, rows and columns of a whole piece.
  private(set) var piece: (images: Int, rows: Int, columns: Int)

  /// Bytes of a frame that stay in a cache of second level beside what else is read, and those of
  /// one row of a piece that is cut along the columns too.
  private static let frameLimit = 96.0 * 1024
  private static let rowLimit = 256.0 * 1024
  /// Pixels of a piece: enough for copies of weights to pay, and with a frame no more, so that
  /// frames stay small.
  private static let pixels = 1024
  private static let framedPixels = 256
  /// Most lanes: as many threads as can share the work.
  private let mostLanes: Int

  /// The tiling of images with so many channels, of elements of `width` bytes.
  init(
    images: Int, rows: Axis, columns: Axis, channels: Int, width: Int, lanes: Int
  ) {
    self.images = images
    mostLanes = lanes
    self.rows = rows
    self.columns = columns
    self.channels = channels
    self.width = width
    isFramed = rows.leaves || columns.leaves
    piece = (1, 1, columns.count)
    while piece.columns > 24, bytes(rows: 1, columns: piece.columns) > ImageTiling.rowLimit {
      piece.columns = (piece.columns + 1) / 2
    }
    let pixels = isFramed ? ImageTiling.framedPixels : ImageTiling.pixels
    var most = max(1, pixels / piece.columns)
    if isFramed {
      let row = bytes(rows: 1, columns: piece.columns) / Double(rows.span(1))
      let room = (ImageTiling.frameLimit / row - Double(rows.span(1))) / Double(rows.step)
      most = min(most, Int(max(0, min(room, 1e9))) + 1)
    }
    // A few images are cut into enough pieces for several threads.
    if images < 8, lanes > 1 {
      most = min(most, max(4, ImageTiling.parts(of: rows.count, 8 / images)))
    }
    piece.rows = ImageTiling.parts(of: rows.count, ImageTiling.parts(of: rows.count, most))
    guard piece.rows == rows.count else { return }
    var together = pixels / (piece.rows * piece.columns)
    if isFramed {
      let frame = bytes(rows: piece.rows, columns: piece.columns)
      together = min(together, Int(ImageTiling.frameLimit / frame))
    }
    let share = ImageTiling.parts(of: images, lanes)
    piece.images = max(1, min(together, share))
  }

  /// ⌈all / size⌉.
  private static func parts(of all: Int, _ size: Int) -> Int { (all - 1) / max(size, 1) + 1 }

  /// Pieces along each axis.
  private var grid: (images: Int, rows: Int, columns: Int) {
    (
      ImageTiling.parts(of: images, piece.images), ImageTiling.parts(of: rows.count, piece.rows),
      ImageTiling.parts(of: columns.count, piece.columns)
    )
  }

  /// How many pieces there are.
  var pieces: Int { grid.images * grid.rows * grid.columns }

  /// How many lanes they are shared out to.
  var lanes: Int { min(pieces, mostLanes) }

  /// Columns of a frame, that of a last piece too.
  var frameColumns: Int { columns.span(piece.columns) }

  /// Bytes of a frame, a multiple of 64; 0 where none is needed, and what no machine has where
  /// there are more.
  var frameBytes: Int {
    guard isFramed else { return 0 }
    let bytes = bytes(rows: piece.rows, columns: piece.columns) * Double(piece.images)
    return (Int(min(bytes, 0x1p52)) + 63) & ~63
  }

  /// Bytes that the frame of one image takes.
  private func bytes(rows count: Int, columns across: Int) -> Double {
    Double(rows.span(count)) * Double(columns.span(across)) * Double(channels) * Double(width)
  }

  /// Where a piece starts, and what it has, in the order of images, rows, columns.
  func piece(_ index: Int) -> (images: Range<Int>, rows: Range<Int>, columns: Range<Int>) {
    let grid = grid
    func range(_ index: Int, _ size: Int, _ all: Int) -> Range<Int> {
      index * size..<min((index + 1) * size, all)
    }
    return (
      range(index / grid.columns / grid.rows, piece.images, images),
      range(index / grid.columns % grid.rows, piece.rows, rows.count),
      range(index % grid.columns, piece.columns, columns.count)
    )
  }

  /// The pieces of one of `count` lanes.
  func pieces(of lane: Int, count: Int) -> Range<Int> {
    lane * pieces / count..<(lane + 1) * pieces / count
  }
}
