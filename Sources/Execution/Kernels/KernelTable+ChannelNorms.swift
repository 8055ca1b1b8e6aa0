import CKernels
import Graphs
import Tensors

extension KernelTable {
  /// About how long a pass over an element takes, on a processor of 2023.
  private static let nanoseconds = 0.2

  /// A normalisation by its statistics.
  static func normalize(
    _ kind: Normalization, _ operands: [BufferView], epsilon: Double, into results: [BufferView],
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    switch kind {
    case .rms: layerNorm(operands, epsilon: epsilon, into: results, context: context)
    case .group: groupNorm(operands, epsilon: epsilon, into: results, context: context)
    case .batch:
      batchNorm(operands, epsilon: epsilon, into: results, scratch: scratch, context: context)
    }
  }

  /// The adjoints of some operands of a normalisation.
  static func normalizeAdjoint(
    _ kind: Normalization, _ operands: [BufferView], _ parts: [NormalizationPart],
    into results: [BufferView], scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    switch kind {
    case .rms: layerNormAdjoint(operands, parts, into: results, context: context)
    case .group: groupNormAdjoint(operands, parts, into: results, context: context)
    case .batch:
      batchNormAdjoint(operands, parts, into: results, scratch: scratch, context: context)
    }
  }

  /// Three passes over the rows, split over the cores: means, deviations from them, the value.
  private static func batchNorm(
    _ operands: [BufferView], epsilon: Double, into results: [BufferView],
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode else { return {} }
    guard let sums = scratch?.assumingMemoryBound(to: Double.self) else { return {} }
    let blocks = ChannelBlocks(operands[0].shape)
    let (size, count) = (blocks.size, Double(blocks.rows))
    let row = size * results[0].dtype.byteWidth
    let (x, gain, offset) = (operands[0].pointer, operands[1].pointer, operands[2].pointer)
    let (y, mean, scale) = (results[0].pointer, results[1].pointer, results[2].pointer)
    let variance = results[3].pointer
    func pass(_ centre: UnsafeMutableRawPointer?) -> Instruction {
      over(blocks, context) { index, rows in
        ck_channel_sums(
          type, x + rows.lowerBound * row, centre, sums + index * size, rows.count, size,
          context.stopWord)
      }
    }
    let (first, second) = (pass(nil), pass(mean))
    let last = Crew.instruction(
      count: blocks.rows, nanoseconds: Double(size) * nanoseconds, asking: context
    ) { part in
      let start = part.lowerBound * row
      ck_channel_norm(type, x + start, mean, scale, gain, offset, y + start, part.count, size)
    }
    return {
      first()
      ck_channel_mean(type, sums, blocks.count, size, count, mean)
      second()
      ck_channel_scale(type, sums, blocks.count, size, count, epsilon, scale, variance)
      last()
    }
  }

  /// Sums over rows first: the adjoint of x may take over what they read.
  private static func batchNormAdjoint(
    _ operands: [BufferView], _ parts: [NormalizationPart], into results: [BufferView],
    scratch: UnsafeMutableRawPointer?, context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode, let scratch else { return {} }
    func result(_ part: NormalizationPart) -> UnsafeMutableRawPointer? {
      parts.firstIndex(of: part).map { results[$0].pointer }
    }
    let blocks = ChannelBlocks(operands[1].shape)
    let (size, count) = (blocks.size, Double(blocks.rows))
    let row = size * results[0].dtype.byteWidth
    let sums = scratch.assumingMemoryBound(to: Double.self)
    let dots = sums + blocks.count * size
    let a = UnsafeMutableRawPointer(dots + blocks.count * size)
    let b = a + row
    let (g, x, gain) = (operands[0].pointer, operands[1].pointer, operands[2].pointer)
    let (mean, scale) = (operands[3].pointer, operands[4].pointer)
    let (gains, offsets) = (result(.gain), result(.offset))
    let first = over(blocks, context) { index, rows in
      let start = rows.lowerBound * row
      ck_channel_dots(
        type, g + start, x + start, mean, scale, sums + index * size, dots + index * size,
        rows.count, size, context.stopWord)
    }
    let last = result(.x).map { y in
      Crew.instruction(
        count: blocks.rows, nanoseconds: Double(size) * nanoseconds, asking: context
      ) { part in
        let start = part.lowerBound * row
        ck_channel_norm_adjoint(
          type, g + start, x + start, gain, mean, scale, a, b, y + start, part.count, size)
      }
    }
    return {
      first()
      ck_channel_slopes(
        type, sums, dots, blocks.count, size, count, gain, gains, offsets, a, b)
      last?()
    }
  }

  /// Calls `body` with each block's number and rows.
  private static func over(
    _ blocks: ChannelBlocks, _ context: RunContext, _ body: @escaping (Int, Range<Int>) -> Void
  ) -> Instruction {
    Crew.instruction(
      count: blocks.count,
      nanoseconds: Double(blocks.rowsOfBlock * blocks.size) * nanoseconds, asking: context
    ) { part in
      for index in part { body(index, blocks.block(index)) }
    }
  }

  /// Each entry and group is computed alone, and they are split over the cores.
  private static func groupNorm(
    _ operands: [BufferView], epsilon: Double, into results: [BufferView], context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode else { return {} }
    let form = GroupForm(operands[0].shape, statistics: results[1].shape)
    let (x, gain, offset) = (operands[0].pointer, operands[1].pointer, operands[2].pointer)
    let (y, mean, scale) = (results[0].pointer, results[1].pointer, results[2].pointer)
    return Crew.instruction(
      count: form.n * form.groups, nanoseconds: form.unit * 3 * nanoseconds, asking: context
    ) { part in
      ck_group_norm(
        type, epsilon, x, gain, offset, y, mean, scale, form.positions, form.channels, form.groups,
        part.lowerBound, part.count, context.stopWord)
    }
  }

  /// Sums over entries and positions first: the adjoint of x may take over what they read.
  private static func groupNormAdjoint(
    _ operands: [BufferView], _ parts: [NormalizationPart], into results: [BufferView],
    context: RunContext
  ) -> Instruction {
    guard let type = results[0].dtype.floatingCode else { return {} }
    func result(_ part: NormalizationPart) -> UnsafeMutableRawPointer? {
      parts.firstIndex(of: part).map { results[$0].pointer }
    }
    let form = GroupForm(operands[1].shape, statistics: operands[3].shape)
    let (g, x, gain) = (operands[0].pointer, operands[1].pointer, operands[2].pointer)
    let (mean, scale) = (operands[3].pointer, operands[4].pointer)
    let (gains, offsets) = (result(.gain), result(.offset))
    let sums =
      gains == nil && offsets == nil
      ? nil
      : Crew.instruction(
        count: form.channels, nanoseconds: Double(form.n * form.positions), asking: context
      ) { part in
        ck_group_norm_sums(
          type, g, x, mean, scale, gains, offsets, form.n, form.positions, form.channels,
          form.groups, part.lowerBound, part.count, context.stopWord)
      }
    let adjoint = result(.x).map { y in
      Crew.instruction(
        count: form.n * form.groups, nanoseconds: form.unit * 3 * nanoseconds, asking: context
      ) { part in
        ck_group_norm_adjoint(
          type, g, x, gain, mean, scale, y, form.positions, form.channels, form.groups,
          part.lowerBound, part.count, context.stopWord)
      }
    }
    return {
      sums?()
      adjoint?()
    }
  }
}

/// The lengths of a group norm: x is [n, positions…, channels].
private struct GroupForm {
  let n: Int, positions: Int, channels: Int, groups: Int

  /// From the shape of x, and that of its statistics, [n, groups].
  init(_ x: Shape, statistics: Shape) {
    n = x[0]
    channels = x[x.rank - 1]
    positions = x.axes[1..<(x.rank - 1)].reduce(1, *)
    groups = statistics[1]
  }

  /// Elements that one mean is taken of.
  var unit: Double { Double(positions) * Double(channels / groups) }
}
