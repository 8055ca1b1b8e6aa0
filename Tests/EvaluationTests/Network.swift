/// A small network of the prelude with something to train it on, as source text.
struct Network: Sendable, CustomStringConvertible {
  let name: String
  /// Binds `net`, `data` (a data set of `rows` rows) and a function `loss` of what `loop` names.
  let setUp: String
  /// What a batch binds.
  var loop = "x, y"
  /// Examples in `data`, an even number.
  var rows = 4

  var description: String { name }

  /// A network of which the loss is the cross entropy of what it makes of x.
  private static func classifier(
    _ name: String, _ net: String, x: String, y: String = "cast(arange(4) % 3, i32)"
  ) -> Network {
    Network(
      name: name,
      setUp: """
        seed 3
        let net = \(net)
        let data = dataset(\(x), \(y))
        fn loss(x, y) { cross_entropy(net(x), y) }
        """)
  }

  private static let symbols = "cast(arange(16) * 7 % 5, i32)"

  private static func languageModel(_ name: String, _ options: String) -> Network {
    classifier(
      name,
      "gpt(layers: 2, size: 8, heads: 2, length: 4, vocabulary: 5\(options))",
      x: "reshape(\(symbols), [4, 4])", y: "reshape(cast(arange(16) * 3 % 5, i32), [4, 4])")
  }

  private static func recurrent(_ cell: String) -> Network {
    classifier(
      cell,
      "chain(embedding(5, 3), sequence(\(cell)(3, 4), last: true), dropout_layer(0.2), "
        + "dense(4, 3))",
      x: "reshape(\(symbols), [4, 4])")
  }

  /// Every network of the prelude, and what else trains: penalties with gradients in them, losses,
  /// reversible layers, state.
  static let all: [Network] =
    [
      classifier("mlp", "mlp([3, 6, 6, 6, 3])", x: "randn(4, 3)"),
      classifier(
        "mlp with dropout",
        "chain(repeat 3 { chain(dense(4, 4), gelu, dropout_layer(0.3)) }, dense(4, 3))",
        x: "randn(4, 4)"),
      classifier(
        "cnn",
        "chain(conv(1, 4), relu, max_pool, conv(4, 4, groups: 2), silu, average_pool, flatten, "
          + "dense(4, 3))", x: "randn(4, 4, 4, 1)"),
      classifier(
        "resnet", "resnet(1, 3, width: 2, blocks: 1, stages: 2)", x: "randn(4, 4, 4, 1)"),
      recurrent("gru"), recurrent("lstm"), recurrent("recurrent"),
      languageModel("gpt", ", tiled: false"), languageModel("gpt, tiled", ", tiled: true"),
      languageModel("gpt in bf16", ", dtype: \"bf16\", tiled: false"),
      languageModel("gpt in bf16, tiled", ", dtype: \"bf16\", tiled: true"),
    ] + images + others

  private static let images: [Network] = [
    Network(
      name: "unet",
      setUp: """
        seed 3
        let net = unet(1, 2, width: 2, depth: 1)
        let data = dataset(randn(4, 4, 4, 1), cast(randn(4, 4, 4) > 0, i32))
        fn loss(x, y) { cross_entropy(net(x), y) }
        """),
    Network(
      name: "autoencoder",
      setUp: """
        seed 3
        let net = autoencoder(1, width: 2)
        let data = dataset(randn(4, 4, 4, 1))
        fn loss(x) { mse(net(x), x) }
        """, loop: "x"),
    Network(
      name: "vae",
      setUp: """
        seed 3
        let net = vae(5, 6, 2)
        let data = dataset(uniform(4, 5))
        fn loss(x) {
          let made, mean, log_variance = net(x)
          binary_cross_entropy(made, x) + 0.1 * kl_divergence(mean, log_variance)
        }
        """, loop: "x"),
  ]

  private static let others: [Network] = [
    Network(
      name: "encoder with positions and other norms",
      setUp: """
        seed 3
        let net = chain(
          sinusoidal_positions(4),
          residual(chain(rms_norm(4), attention(4, 2, causal: false))),
          rotary(4),
          residual(chain(group_norm(2, 4), dense(4, 4), tanh, dropout_layer(0.1))),
          layer_norm_formula(4)
        )
        let data = dataset(randn(4, 3, 4), randn(4, 3, 4))
        fn loss(x, y) { huber(net(x), y) + 0.1 * mae(net(x), y) }
        """),
    Network(
      name: "a vocabulary in pieces",
      setUp: """
        seed 3
        layer model() {
          param out = glorot(4, 7)
          let body = chain(embedding(7, 4), dense(4, 4), tanh, dense(4, 4))
          forward(x) { body(x) }
        }
        let net = model()
        let data = dataset(cast(arange(8) * 3 % 7, i32), cast(arange(8) * 5 % 7, i32))
        fn loss(x, y) {
          linear_cross_entropy(net(x), net.out, y, pieces: 3, smoothing: 0.1, ignore: 2)
        }
        """, rows: 8),
    Network(
      name: "a gradient penalty",
      setUp: """
        seed 3
        let net = chain(dense(3, 5), tanh, layer_norm(5), dense(5, 1))
        let data = dataset(randn(4, 3), uniform(4, 1))
        fn loss(x, y) {
          let g = gradient wrt x { binary_cross_entropy(net(x), y) }
          g.loss + (g.norm - 1) ** 2
        }
        """),
    Network(
      name: "reversible layers",
      setUp: """
        seed 3
        let net = chain(dense(2, 4), repeat 3 { reversible(chain(dense(2, 2), tanh), dense(2, 2)) })
        let data = dataset(randn(4, 2), randn(4, 4))
        fn loss(x, y) { mse(net(x), y) }
        """),
  ]
}
