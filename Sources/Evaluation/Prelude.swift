/// The standard layers, written in Cairn: `source dense` prints them, and a learner can write the
/// like.
enum Prelude {
  /// The file `Resources/prelude.cairn`.
  static let text = String(decoding: PackageResources.prelude_cairn, as: UTF8.self)

  /// A line that uses each layer and function, for `help`.
  static let examples = [
    "dense": "dense(4, 3)(randn(8, 4))",
    "residual": "residual(dense(4, 4))(randn(8, 4))",
    "dropout_layer": "dropout_layer(0.5)(ones(2, 4))",
    "layer_norm": "layer_norm(4)(randn(8, 4))",
    "layer_norm_formula": "layer_norm_formula(4)(randn(8, 4))",
    "batch_norm": "batch_norm(4)(randn(8, 4))",
    "batch_norm_formula": "batch_norm_formula(4)(randn(8, 4))",
    "group_norm": "group_norm(2, 4)(randn(8, 5, 5, 4))",
    "rms_norm": "rms_norm(4)(randn(8, 4))",
    "rms_norm_formula": "rms_norm_formula(4)(randn(8, 4))",
    "embedding": "embedding(10, 4)(cast(tensor([1, 2, 9]), i32))",
    "shift": "shift(3)(ones(2, 3))",
    "conv_transpose": "conv_transpose(2, 1)(randn(1, 4, 4, 2))",
    "basic_block": "basic_block(2, 4, stride: 2)(randn(1, 8, 8, 2))",
    "resnet": "resnet(1, 3, width: 2, blocks: 1)(randn(1, 8, 8, 1))",
    "unet_level": "unet_level(1, 2, 1)(randn(1, 4, 4, 1))",
    "unet": "unet(1, 2, width: 2)(randn(1, 8, 8, 1))",
    "autoencoder": "autoencoder(1, width: 2)(randn(1, 8, 8, 1))",
    "conv": "conv(1, 2)(randn(1, 8, 8, 1))",
    "learned_positions": "learned_positions(16, 4)(zeros(2, 5, 4))",
    "float_type": "float_type(ones(2, dtype: bf16))",
    "sinusoidal_positions": "sinusoidal_positions(4)(zeros(1, 5, 4))",
    "rotary": "rotary(4)(randn(1, 2, 5, 4))",
    "global_average": "global_average()(randn(2, 8, 8, 3))",
    "attention_core":
      "let t = randn(1, 2, 5, 4)\n"
      + "attention_core()(t, t, t)",
    "tiled_attention_core":
      "let t = randn(1, 2, 5, 4)\n"
      + "tiled_attention_core()(t, t, t)",
    "attention": "attention(8, 2)(randn(1, 5, 8))",
    "block": "block(8, 2)(randn(1, 5, 8))",
    "gpt":
      "let net = gpt(layers: 2, size: 8, heads: 2, length: 16, vocabulary: 10)\n"
      + "net(tensor([[1, 2, 9]], dtype: i32)).shape",
    "mlp": "mlp([2, 8, 8, 3])(randn(4, 2))",
    "vae": "let made, mean, log_variance = vae(6, 8, 2)(randn(4, 6))",
    "kl_divergence": "kl_divergence(zeros(4, 2), zeros(4, 2))",
    "gru": "gru(2, 4)(randn(3, 2), zeros(3, 4))",
    "lstm": "let h, c = lstm(2, 4)(randn(3, 2), [zeros(3, 4), zeros(3, 4)])",
    "sequence": "sequence(gru(2, 4))(randn(3, 7, 2)).shape",
    "recurrent": "recurrent(2, 4)(randn(3, 2), zeros(3, 4))",
    "rate_at": "rate_at(cosine(0.1, steps: 10), 5)",
    "constant": "let opt = sgd(lr: constant(0.1))",
    "cosine": "map(cosine(0.1, steps: 4), 0..<6)",
    "warm_up": "map(warm_up(cosine(0.1, steps: 4), steps: 2), 0..<8)",
    "step_decay": "map(step_decay(0.1, every: 2), 0..<6)",
  ]
}
