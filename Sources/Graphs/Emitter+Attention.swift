import Tensors

extension Emitter {
  /// The scores of attention by their formula, for operands that fit (`ShapeRule+Attention`): of q
  /// [lead…, queries, width] and k [lead…, keys, width] the products times the form's scale, with
  /// what its mask adds, and −∞ where a query does not see a key: [lead…, queries, keys].
  ///
  /// What is added to scores keeps nothing for a backward pass.
  package mutating func scores(
    _ form: Attention, _ q: Value, _ k: Value, mask: Value?
  ) throws(Failure) -> Value {
    let (rank, queries) = (type(of: q).shape.rank, type(of: q).shape.axes.dropLast().last ?? 1)
    let keys = type(of: k).shape[rank - 2]
    let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
    let products = try matmul(q, try emit(.permute(order), [k]))
    var scores = try scalar(.multiply, products, form.scale)
    let dtype = type(of: scores).dtype
    let hidden = try emit(.fill(-.infinity, dtype, .scalar), [])
    let nothing = try emit(.fill(0, dtype, .scalar), [])
    if form.isMasked, let mask {
      let terms = type(of: mask).dtype == .bool ? try select(mask, nothing, hidden) : mask
      scores = try binary(.add, scores, terms)
    }
    if form.isCausal {
      let rows = try emit(.range(start: 0, step: 1, .i32, count: queries), [])
      let columns = try emit(.range(start: 0, step: 1, .i32, count: keys), [])
      let later = try binary(.greater, columns, read(rows, as: [queries, 1]))
      scores = try binary(.add, scores, try select(later, hidden, nothing))
    }
    return scores
  }
}
