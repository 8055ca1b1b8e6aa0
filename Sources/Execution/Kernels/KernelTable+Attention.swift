import CKernels
import Graphs
import Tensors

/// Where the heads of an attention lie: one for each entry of the leading axes.
private struct Heads {
  /// The axes before queries and width.
  let lead: Shape
  let form: Attention
  let type: Int32
  let byteWidth: Int
  private let q: BufferView, k: BufferView, v: BufferView, mask: BufferView?
  private let offsets: (q: [Int], k: [Int], v: [Int], mask: [Int])
  /// Elements from row to row of the mask, and from column to column.
  private let maskSteps: (row: Int, column: Int)

  /// `operands` begin with q, k, v and the mask where there is one. `nil` for types without floats.
  init?(_ form: Attention, _ operands: ArraySlice<BufferView>) {
    let all = Array(operands)
    (q, k, v) = (all[0], all[1], all[2])
    guard let type = q.dtype.floatingCode else { return nil }
    mask = form.isMasked ? all[3] : nil
    lead = Shape(Array(q.shape.axes.dropLast(2)))
    let scores = Shape(lead.axes + [q.shape[q.shape.rank - 2], k.shape[k.shape.rank - 2]])
    let steps = mask?.strides(broadcastTo: scores) ?? scores.axes.map { _ in 0 }
    maskSteps = (steps[scores.rank - 2], steps[scores.rank - 1])
    offsets = (
      KernelTable.starts(q, over: lead), KernelTable.starts(k, over: lead),
      KernelTable.starts(v, over: lead), KernelTable.starts(Array(steps.dropLast(2)), over: lead)
    )
    self.form = form
    self.type = type
    byteWidth = q.dtype.byteWidth
  }

  var count: Int { lead.count }
  var queries: Int { q.shape[q.shape.rank - 2] }
  var keys: Int { k.shape[k.shape.rank - 2] }
  var width: Int { q.shape[q.shape.rank - 1] }
  var columns: Int { v.shape[v.shape.rank - 1] }

  /// Of the value, or of a tensor with its axes and so many columns without gaps: the element where
  /// each head starts, and elements from query to query.
  func places(ofColumns columns: Int) -> (starts: [Int], row: Int) {
    places(of: Shape(form.queries(inValue: lead.axes + [queries]) + [columns]).strides)
  }

  /// The same for elements that lie these strides apart.
  func places(of strides: [Int]) -> (starts: [Int], row: Int) {
    let axes = form.queries(inValue: Array(strides.dropLast()))
    return (KernelTable.starts(Array(axes.dropLast()), over: lead), axes[axes.count - 1])
  }

  /// About how long some queries of a head take, for so many products over the width and over the
  /// columns.
  func nanoseconds(queries: Int, ofWidth: Int, ofColumns: Int) -> Double {
    let rate: Double =
      switch KernelSet.current {
      case .avx512, .avx2: 20
      case .plain: 1
      }
    let terms = Double(ofWidth * width + ofColumns * columns) / rate + 2
    return Double(queries) * Double(keys) * terms * (form.isCausal ? 0.6 : 1)
  }

  /// One head, as the loops see it.
  func head(_ index: Int, stop: UnsafePointer<Int32>) -> ck_head {
    let maskWidth = mask?.dtype.byteWidth ?? 0
    return ck_head(
      q: q.pointer + offsets.q[index] * byteWidth, k: k.pointer + offsets.k[index] * byteWidth,
      v: v.pointer + offsets.v[index] * byteWidth,
      mask: mask.map { UnsafeRawPointer($0.pointer + offsets.mask[index] * maskWidth) },
      q_row: q.strides[q.shape.rank - 2], k_row: k.strides[k.shape.rank - 2],
      v_row: v.strides[v.shape.rank - 2], mask_row: maskSteps.row,
      mask_column: maskSteps.column, queries: queries, keys: keys, width: width,
      columns: columns, scale: form.scale, causal: form.isCausal ? 1 : 0,
      adds: mask?.dtype == q.dtype ? 1 : 0, stop: stop)
  }
}

extension KernelTable {
  /// Each tile of queries of each head is computed alone, and they are split over the cores.
  static func attention(
    _ form: Attention, _ operands: [BufferView], into results: [BufferView], context: RunContext
  ) -> Instruction {
    guard let heads = Heads(form, operands[...]) else { return {} }
    let (queries, columns, width) = (heads.queries, heads.columns, heads.byteWidth)
    let (y, sums) = (results[0].pointer, results[1].pointer)
    let rows = CK_ATTENTION_ROWS
    let tiles = (queries + rows - 1) / rows
    let (starts, row) = heads.places(ofColumns: columns)
    return Crew.instruction(
      count: heads.count * tiles,
      nanoseconds: heads.nanoseconds(queries: min(rows, queries), ofWidth: 1, ofColumns: 1),
      asking: context
    ) { part in
      for index in part {
        let (number, tile) = index.quotientAndRemainder(dividingBy: tiles)
        var head = heads.head(number, stop: context.stopWord)
        ck_attention(
          heads.type, &head, y + starts[number] * width, row, sums + number * queries * width,
          tile * rows, min(rows, queries - tile * rows))
      }
    }
  }

  /// Heads are split over the cores: each sums the adjoints of its keys and values over its queries
  /// in order.
  static func attentionAdjoint(
    _ form: Attention, _ operands: [BufferView], _ parts: [AttentionPart],
    into results: [BufferView], context: RunContext
  ) -> Instruction {
    guard let heads = Heads(form, operands[1...]) else { return {} }
    let (g, sums, delta) = (
      operands[0], operands[operands.count - 2].pointer, operands[operands.count - 1].pointer
    )
    let (queries, width) = (heads.queries, heads.byteWidth)
    let slopes = heads.places(of: g.strides)
    let levels = heads.places(ofColumns: 1)
    /// Where a part's adjoint lies, and bytes of one head of it.
    func result(_ part: AttentionPart, _ elements: Int) -> (Int) -> UnsafeMutableRawPointer? {
      let place = parts.firstIndex(of: part).map { results[$0].pointer }
      return { index in place.map { $0 + index * elements * width } }
    }
    let dq = result(.q, queries * heads.width)
    let dk = result(.k, heads.keys * heads.width)
    let dv = result(.v, heads.keys * heads.columns)
    return Crew.instruction(
      count: heads.count,
      nanoseconds: heads.nanoseconds(queries: queries, ofWidth: 3, ofColumns: 2), asking: context
    ) { part in
      for index in part {
        var head = heads.head(index, stop: context.stopWord)
        ck_attention_adjoint(
          heads.type, &head, g.pointer + slopes.starts[index] * width, slopes.row,
          sums + index * queries * width, delta + levels.starts[index] * width, levels.row,
          dq(index), dk(index), dv(index))
      }
    }
  }

  /// For each entry of the leading axes, in order, the element where a matrix of the tensor starts.
  fileprivate static func starts(_ tensor: BufferView, over lead: Shape) -> [Int] {
    starts(Array(tensor.strides.dropLast(2)), over: lead)
  }

  /// The same for these strides along the leading axes.
  fileprivate static func starts(_ strides: [Int], over lead: Shape) -> [Int] {
    lead.axes.indices.reduce([0]) { starts, axis in
      starts.flatMap { start in (0..<lead[axis]).map { start + $0 * strides[axis] } }
    }
  }
}
