/// The standard layers, written in Cairn: `source dense` prints them, and a learner can write the
/// like.
enum Prelude {
  /// The file `Resources/prelude.cairn`.
  static let text = String(decoding: PackageResources.prelude_cairn, as: UTF8.self)

  /// A line that uses each layer, for `help`.
  static let examples = [
    "dense": "dense(4, 3)(randn(8, 4))",
    "residual": "residual(dense(4, 4))(randn(8, 4))",
    "dropout_layer": "dropout_layer(0.5)(ones(2, 4))",
    "layer_norm": "layer_norm(4)(randn(8, 4))",
    "layer_norm_formula": "layer_norm_formula(4)(randn(8, 4))",
    "batch_norm": "batch_norm(4)(randn(8, 4))",
    "embedding": "embedding(10, 4)(cast(tensor([1, 2, 9]), i32))",
    "conv": "conv(1, 2)(randn(1, 8, 8, 1))",
    "global_average": "global_average()(randn(2, 8, 8, 3))",
    "attention_core":
      "let t = randn(1, 2, 5, 4)\n"
      + "attention_core()(t, t, t)",
    "attention": "attention(8, 2)(randn(1, 5, 8))",
    "block": "block(8, 2)(randn(1, 5, 8))",
    "recurrent": "recurrent(2, 4)(randn(3, 2), zeros(3, 4))",
    "rate_at": "rate_at(cosine(0.1, steps: 10), 5)",
    "constant": "let opt = sgd(lr: constant(0.1))",
    "cosine": "map(cosine(0.1, steps: 4), 0..<6)",
    "warm_up": "map(warm_up(cosine(0.1, steps: 4), steps: 2), 0..<8)",
    "step_decay": "map(step_decay(0.1, every: 2), 0..<6)",
  ]
}
