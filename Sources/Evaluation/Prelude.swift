/// The standard layers, written in Cairn: `source dense` prints them, and a learner can write the like.
enum Prelude {
  static let text = #"""
    # A dense layer: x @ w + b, for x of shape [n, inputs].
    layer dense(inputs, outputs) {
      param w = glorot(inputs, outputs)
      param b = zeros(outputs)
      forward(x) { x @ w + b }
    }

    # What a layer adds to its input: x + inner(x).
    layer residual(inner) {
      forward(x) { x + inner(x) }
    }

    # Zeroes activations at random while training, and scales the others up (Srivastava et al. 2014).
    layer drop(rate) {
      forward(x) { dropout(x, rate) }
    }

    # Each row with mean 0 and variance 1, then scaled and shifted (Ba et al. 2016).
    layer layer_norm(size, epsilon = 1e-5) {
      param scale = ones(size)
      param shift = zeros(size)
      forward(x) {
        let centred = x - average(x, axis: -1, keepdims: true)
        let variance = average(square(centred), axis: -1, keepdims: true)
        centred / sqrt(variance + epsilon) * scale + shift
      }
    }

    # Each column with mean 0 and variance 1 over the batch; running statistics are kept as state, and
    # updated once a step, however often the forward pass is replayed (Ioffe & Szegedy 2015).
    layer batch_norm(size, momentum = 0.1, epsilon = 1e-5) {
      param scale = ones(size)
      param shift = zeros(size)
      state mean = zeros(size)
      state variance = ones(size)
      forward(x) {
        let centre = average(x, axis: 0)
        let centred = x - centre
        let spread = average(square(centred), axis: 0)
        mean = (1 - momentum) * mean + momentum * centre
        variance = (1 - momentum) * variance + momentum * spread
        centred / sqrt(spread + epsilon) * scale + shift
      }
    }

    # A vector for each of `count` symbols: i32 indices of any shape to their rows.
    layer embedding(count, size) {
      param table = 0.02 * randn(count, size)
      forward(indices) { take(table, indices) }
    }

    # A square convolution with an odd kernel over x of shape [n, height, width, inputs]; the edges are
    # padded with zeros, so that height and width stay. Each shift of the kernel is one matrix product.
    layer conv(inputs, outputs, size = 3) {
      param w = he(inputs * size * size, outputs, shape: [size, size, inputs, outputs])
      param b = zeros(outputs)
      forward(x) {
        let height = x.shape[1]
        let width = x.shape[2]
        let pad = size // 2
        let rows = zeros(x.shape[0], pad, width, inputs)
        let tall = concat([rows, x, rows], axis: 1)
        let columns = zeros(x.shape[0], height + 2 * pad, pad, inputs)
        let padded = concat([columns, tall, columns], axis: 2)
        let total = b
        for i in 0..<size {
          for j in 0..<size {
            total = total + padded[0..<x.shape[0], i..<i + height, j..<j + width] @ w[i, j]
          }
        }
        total
      }
    }

    # The average over height and width: [n, height, width, channels] to [n, channels].
    layer global_average() {
      forward(x) { average(x, axis: [1, 2]) }
    }

    # Self-attention with several heads over x of shape [n, length, size] (Vaswani et al. 2017). With `causal`,
    # no position sees a later one.
    layer attention(size, heads, causal = true) {
      param queries = glorot(size, size)
      param keys = glorot(size, size)
      param values = glorot(size, size)
      param out = glorot(size, size)
      forward(x) {
        let n = x.shape[0]
        let length = x.shape[1]
        let width = size // heads
        let split = fn(t) { transpose(reshape(t, [n, length, heads, width]), [0, 2, 1, 3]) }
        let q = split(x @ queries)
        let k = split(x @ keys)
        let v = split(x @ values)
        let scores = q @ transpose(k) * (width ** -0.5)
        let position = reshape(arange(length), [length, 1])
        let later = reshape(arange(length), [1, length]) > position
        let seen = if causal { where(later, -1e9, scores) } else { scores }
        let mixed = transpose(softmax(seen) @ v, [0, 2, 1, 3])
        reshape(mixed, [n, length, size]) @ out
      }
    }

    # A transformer block: attention, then two dense layers, each normalised before and added after.
    layer block(size, heads, causal = true) {
      let mix = chain(layer_norm(size), attention(size, heads, causal: causal))
      let think = chain(layer_norm(size), dense(size, 4 * size), gelu, dense(4 * size, size))
      forward(x) {
        let y = x + mix(x)
        y + think(y)
      }
    }

    # One step of a recurrent network: from input x and state h to the next state.
    layer recurrent(inputs, size) {
      param w = glorot(inputs, size)
      param u = glorot(size, size)
      param b = zeros(size)
      forward(x, h) { tanh(x @ w + h @ u + b) }
    }
    """#

  /// A line that uses each layer, for `help`.
  static let examples = [
    "dense": "dense(4, 3)(randn(8, 4))",
    "residual": "residual(dense(4, 4))(randn(8, 4))",
    "drop": "drop(0.5)(ones(2, 4))",
    "layer_norm": "layer_norm(4)(randn(8, 4))",
    "batch_norm": "batch_norm(4)(randn(8, 4))",
    "embedding": "embedding(10, 4)(cast(tensor([1, 2, 9]), i32))",
    "conv": "conv(1, 2)(randn(1, 8, 8, 1))",
    "global_average": "global_average()(randn(2, 8, 8, 3))",
    "attention": "attention(8, 2)(randn(1, 5, 8))",
    "block": "block(8, 2)(randn(1, 5, 8))",
    "recurrent": "recurrent(2, 4)(randn(3, 2), zeros(3, 4))",
  ]
}
