/// The tour of the language: every form that the design shows, with its left-out code filled in.
let tour = #"""
  seed 7
  let x = tensor([1.0, 2.0, 3.0])          # f32[3]
  let y = sum(x * x)                       # plain values are computed at once
  gradient wrt x { sum(x * x) }            # the graph lives for the block only

  fn square(x) { x * x }                   # last expression is the value; `return` works
  let half = fn(x) { x / 2 }

  layer dense(inputs, outputs) {           # calling it makes a layer with fresh parameters
    param w = glorot(inputs, outputs)
    param b = zeros(outputs)
    forward(x) { x @ w + b }
  }
  layer residual(inner) { forward(x) { x + inner(x) } }
  layer counted(n) {                       # state: updated once a step
    state mean = zeros(n)
    forward(x) { mean = 0.9 * mean + 0.1 * average(x, axis: 0)
                 x - mean }
  }

  let net = chain(dense(2, 64), relu, repeat 12 { residual(chain(dense(64, 64), tanh)) }, \#
  dense(64, 3))
  net                                      # prints the layers, shapes and parameter bytes
  let data = spirals(count: 600, classes: 3, noise: 0.1)

  # one gradient, with a strategy
  let g = gradient wrt net with sqrt_n { cross_entropy(net(data.x), data.y) }
  g.loss                                   # a number
  g[net.layers[0].w]                       # the gradient of one parameter
  g[x]                                     # or of a tensor named in `wrt`

  # inline regions: the inside is dropped after the forward and replayed in the backward
  gradient wrt net with marked { cross_entropy(checkpoint { net(data.x) }, data.y) }
  let h = named(x, "hidden")               # names a value for `save_only(names: …)` policies

  # plan: the same block, only rehearsed; nothing is computed and no tensor is allocated
  let p = plan wrt net with revolve(slots: 3) { cross_entropy(net(data.x), data.y) }
  p.peak
  p.kept
  p.replayed
  p.actions
  p.chain
  timeline p                               # a chart in the terminal
  explain p                                # the peak in words
  why p, net.layers[3].w                   # why a tensor is alive, through which chain of uses
  compare wrt net across [keep_all, every(4), sqrt_n, bisect, revolve(slots: 3), optimal(budget: \#
  256 KiB)] {
    cross_entropy(net(data.x), data.y)     # runs each
  }

  # training, declared; and the same loop by hand
  train net for x, y in batches(data, size: 64, epochs: 20) using adam(lr: 0.01) with sqrt_n {
    cross_entropy(net(x), y)
  }
  let opt = adam(lr: 0.01)
  for x, y in batches(data, size: 64) {
    let g = gradient wrt net with every(4) { cross_entropy(net(x), y) }
    update net along g using opt
  }
  train net for x, y in batches(data, size: 64, steps: 100) using sgd(lr: 0.1) on workers(4, \#
  updates: sync) { mse(net(x), y) }
  train net for x, y in batches(data, size: 64, steps: 100) using sgd(lr: 0.1) on workers(4, \#
  updates: async(delay: 3)) { mse(net(x), y) }

  budget 2 MiB                             # from here on; `budget none` lifts it
  budget none
  budget 512 KiB { gradient wrt net { sum(net(x)) } }

  # a strategy of one's own: the verbs are Revolve's
  strategy thirds on chain {
    let third = chain.length // 3
    [third, 2 * third]                     # a list: keep these boundaries, replay between them
  }
  strategy by_hand(slots) on chain {       # or every action, spelled out
    keep(0)
    advance(0, chain.length - 1)
    record(chain.length - 1)
    reverse(chain.length - 1)
    for i in 0..<chain.length - 1 { restore(0); drop(0) }
  }
  gradient wrt net with thirds { sum(net(x)) }

  test "thirds stays under a megabyte" (points: 3, hint: "count the boundaries") {
    expect plan(net).peak <= 1 MiB         # any expression
    expect g.loss ~= 0.69 within 1e-3      # approximate comparison
  }
  save(net, "net.safetensors")             # csv, npy and idx are read too
  import "layers.cairn"
  memory                                   # the full account
  tensors
  help revolve                             # every keyword, builtin and strategy has help
  sum(x, axis: 1)
  average(x, axis: 0, keepdims: true)
  tensor([0, 2, 1], dtype: i32)
  gradient wrt w, b { sum(w * b) }
  x[0, 1..<3]
  predict peak = 3 MiB wrt net with sqrt_n { sum(net(x)) }
  pareto wrt net { sum(net(x)) }
  certify wrt net { sum(net(x)) } with sqrt_n
  trap masks { sum(net(x)) }
  account off
  step p
  source dense
  """#
