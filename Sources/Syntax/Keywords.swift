/// The words of the language, for completion and `help`.
package enum Keywords {
  /// What a word means, in a line, and a script that shows it.
  package typealias Entry = (summary: String, example: String)

  /// The name that is true where a call trains, unless it is bound to something else.
  package static let isTraining = "is_training"

  /// Every word that acts as a keyword somewhere, in alphabetical order.
  package static let all: [String] = entries.keys.filter { $0.first?.isLetter ?? false }.sorted()

  /// Every operator that `help` knows, in alphabetical order.
  package static let operators: [String] = entries.keys.filter { !($0.first?.isLetter ?? false) }
    .sorted()

  /// What is known of a word or an operator; `nil` for others.
  package static func entry(_ word: String) -> Entry? { entries[word] }

  /// The verbs of a learner's strategy.
  static let strategyVerbs: Set<String> = [
    "keep", "drop", "restore", "advance", "record", "reverse", "compute", "free",
  ]

  /// Words that begin a statement where the form is unmistakable, and are names elsewhere.
  static let statementWords: Set<String> = Set(
    [
      "seed", "expect", "import", "budget", "test", "update", "train", "strategy", "predict",
      "trap", "reset",
    ] + Command.Verb.allCases.map(\.rawValue))

  /// Words that are whole statements by themselves, and are names elsewhere.
  package static let loneWords: Set<String> = ["help", "memory", "tensors"]

  /// Words that can follow a whole expression.
  static let clauseWords: Set<String> = [
    "within", "using", "along", "across", "on", "accumulate", "updates",
  ]

  private static let entries: [String: Entry] = [
    "let": (
      "names a value; several names take the parts of a list or of a split",
      "let a, b = [1, 2]"
    ),
    "fn": ("makes a function; its last expression is its value", "fn square(x) { x * x }"),
    "layer": (
      "declares a layer: parameters, state, and what it computes",
      "layer dense(n, m) {\n  param w = glorot(n, m)\n  forward(x) { x @ w }\n}"
    ),
    "param": (
      "in a layer: a tensor that training changes",
      "layer scale(n) {\n  param w = ones(n)\n  forward(x) { x * w }\n}"
    ),
    "state": (
      "in a layer: a tensor that forward updates, once a step however often it is replayed",
      "layer counted(n) {\n  state mean = zeros(n)\n  forward(x) {\n"
        + "    mean = 0.9 * mean + 0.1 * average(x, axis: 0)\n    x - mean\n  }\n}"
    ),
    "forward": (
      "in a layer: what it computes", "layer residual(inner) { forward(x) { x + inner(x) } }"
    ),
    "if": (
      "chooses; an expression too",
      "let x = -2\n"
        + "let sign = if x < 0 { -1 } else { 1 }"
    ),
    "else": (
      "the other choice of an if",
      "let x = -2\n"
        + "if x < 0 { -x } else { x }"
    ),
    "for": ("runs a block for each item", "for i in 0..<3 { print(i) }"),
    "in": (
      "stands between the names and the items of a for; between two values, tells whether the "
        + "right one holds the left one",
      "2 in [1, 2, 3]"
    ),
    "while": (
      "runs a block as long as a condition holds",
      "let x = 1\n"
        + "while x < 10 { x = 2 * x }"
    ),
    "return": ("ends a function with a value", "fn sign(x) { return x }"),
    "break": ("leaves the loop", "while true { break }"),
    "continue": (
      "goes on with the loop's next round",
      "for i in 0..<4 {\n"
        + "  if i == 2 { continue }\n"
        + "  print(i)\n"
        + "}"
    ),
    "true": ("the bool that holds", "let done = true"),
    "false": ("the bool that does not hold", "let done = false"),
    "none": ("no value; and no budget", "budget none"),
    "and": (
      "true where both are; the right one is computed only if needed",
      "let a = 1\n"
        + "0 < a and a < 2"
    ),
    "or": (
      "true where one is; the right one is computed only if needed",
      "let a = 1\n"
        + "a < 0 or a > 0"
    ),
    "not": (
      "true where the other is false",
      "let a = 1\n"
        + "not a == 2"
    ),
    "gradient": (
      "computes a block and its gradients, with a checkpointing strategy; a block may end in a "
        + "list: its first element is the loss, the others come out as `g.outputs`; inside a block "
        + "it is part of that block, and is differentiated with it",
      "let net = chain(dense(2, 8), tanh, dense(8, 3))\n"
        + "let data = spirals(count: 30, classes: 3)\n"
        + "gradient wrt net with sqrt_n { cross_entropy(net(data.x), data.y) }"
    ),
    "plan": (
      "rehearses the same without computing or allocating anything; `using` an optimizer, the "
        + "whole step of `train`, updates and moments included",
      "let net = chain(dense(2, 8), tanh, dense(8, 3))\n"
        + "let data = spirals(count: 30, classes: 3)\n"
        + "let p = plan wrt net with every(2) { cross_entropy(net(data.x), data.y) }\n"
        + "p.peak"
    ),
    "wrt": (
      "with respect to: what the gradient is taken of",
      "let w = ones(3)\n"
        + "let b = tensor([1.0, 2.0, 3.0])\n"
        + "gradient wrt w, b { sum(w * b) }"
    ),
    "with": (
      "names the strategy",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "gradient with sqrt_n { sum(net(x)) }"
    ),
    "checkpoint": (
      "a region whose inside is dropped after the forward pass and replayed in the backward pass; "
        + "`checkpoint(save: [\"matmul\"]) { }` keeps what the listed operations make, or values "
        + "named by `named`",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "gradient with marked { sum(checkpoint { net(x) }) }"
    ),
    "compare": (
      "runs a block with several strategies and tables them; with an optimizer and `on` a list of "
        + "workers, rehearses each way of training under each strategy",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "compare wrt net across [keep_all, sqrt_n] { sum(net(x)) }"
    ),
    "across": (
      "names the strategies to compare",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "compare across [keep_all, keep_none] { sum(net(x)) }"
    ),
    "certify": (
      "compares a strategy's loss, gradients, state and masks with the plain run, bit for bit",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "certify { sum(net(x)) } with sqrt_n"
    ),
    "pareto": (
      "sweeps budgets from least to most",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "pareto wrt net { sum(net(x)) }"
    ),
    "predict": (
      "sets a guess against plan and measurement",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "predict peak = 1 KiB { sum(net(x)) }"
    ),
    "mixed": (
      "a block in mixed precision: parameters are read as bf16 (or f16) copies, matrix products "
        + "take and give bf16, and bf16 that meets f32 gives bf16; kernels compute in f32 inside, "
        + "and sums, averages and losses come out in f32. Parameters, their gradients and the "
        + "optimizer's moments stay f32; `mixed f32 { }` inside turns it off. A clause of train, "
        + "it is of the whole block; with f16 the loss is scaled up then, so that small gradients "
        + "are held: by 65536 at first, half as much after each gradient that is not finite, whose "
        + "update is skipped, and twice as much after 2000 updates. Synchronous workers skip an "
        + "update together; with other workers train takes bf16",
      "let net = chain(dense(2, 8), tanh, dense(8, 3))\n"
        + "let data = spirals(count: 30, classes: 3)\n"
        + "plan wrt net with sqrt_n { mixed bf16 { cross_entropy(net(data.x), data.y) } }"
    ),
    "repeat": ("makes an element n times over, each fresh", "chain(repeat 3 { dense(8, 8) })"),
    "train": (
      "a training loop, declared; gives its steps, losses and peak as a record",
      "let net = chain(dense(2, 8), tanh, dense(8, 3))\n"
        + "let data = spirals(count: 30, classes: 3)\n"
        + "train net for x, y in batches(data, size: 10) using adam(lr: 0.01) with sqrt_n {\n"
        + "  cross_entropy(net(x), y)\n"
        + "}"
    ),
    "update": (
      "moves parameters along their gradients",
      "let net = dense(2, 1)\n"
        + "let x = randn(4, 2)\n"
        + "let g = gradient wrt net { sum(net(x)) }\n"
        + "let opt = adam(lr: 0.01)\n"
        + "update net along g using opt"
    ),
    "along": (
      "names the gradients of an update",
      "let net = dense(2, 1)\n"
        + "let x = randn(4, 2)\n"
        + "let g = gradient wrt net { sum(net(x)) }\n"
        + "update net along g using adam(lr: 0.01)"
    ),
    "using": (
      "names the optimizer",
      "let net = dense(2, 1)\n"
        + "let x = randn(4, 2)\n"
        + "let g = gradient wrt net { sum(net(x)) }\n"
        + "update net along g using adam(lr: 0.01)"
    ),
    "on": (
      "says what a strategy works on, or which workers train: `help workers`",
      "strategy ends on chain { [0, chain.length - 1] }"
    ),
    "accumulate": (
      "says how many batches of a training loop make one update: their gradients are averaged by "
        + "their rows, in buffers that the account counts as gradients; where the last group is "
        + "incomplete, those that it has. On several workers each has its share of every batch, or "
        + "with a server batches of its own, and sends what it has summed up once an update",
      "let net = chain(dense(2, 8), tanh, dense(8, 3))\n"
        + "let data = spirals(count: 32, classes: 2)\n"
        + "train net for x, y in batches(data, size: 8) using adam(lr: 0.01) accumulate 2 {\n"
        + "  cross_entropy(net(x), y)\n"
        + "}"
    ),
    "updates": (
      "says when a training step updates parameters: in_backward, each as soon as its gradient is "
        + "complete, which frees the gradient at once, and is what happens unless it is said; or "
        + "at_end, all together",
      "let net = chain(dense(2, 8), tanh, dense(8, 3))\n"
        + "let data = spirals(count: 30, classes: 3)\n"
        + "train net for x, y in batches(data, size: 10) using adam(lr: 0.01) updates at_end {\n"
        + "  cross_entropy(net(x), y)\n"
        + "}"
    ),
    "strategy": (
      "a checkpointing strategy of one's own",
      "strategy half on chain { [chain.length // 2] }"
    ),
    "budget": ("a wall for live bytes, from here on or for a block", "budget 2 MiB"),
    "seed": ("sets the seed of all random numbers", "seed 7"),
    "import": ("runs another file and brings in its names", "import \"layers.cairn\""),
    "test": (
      "a named test, with points in coursework; its options are points, which may be a curve, "
        + "hint, hidden, seeds and after",
      "test \"adds\" (points: 2) { expect 1 + 1 == 2 }"
    ),
    "expect": (
      "fails the test unless the condition holds",
      "test \"halves\" { expect 0.5 + 0.5 ~= 1 within 1e-3 }"
    ),
    "within": (
      "how near an approximate comparison must be",
      "0.1 + 0.2 ~= 0.3 within 1e-9"
    ),
    "evaluate": (
      "inside a block that is differentiated, calls layers as outside of it: dropout is the "
        + "identity, states stay as they are, batch_norm uses its running statistics",
      "let x = randn(4, 8)\nlet net = chain(dense(8, 8), dropout(0.5), dense(8, 1))\n"
        + "gradient wrt net { average((net(x) - evaluate { net(x) }) ** 2) }"
    ),
    "is_training": (
      "true inside a block that is differentiated, outside `evaluate { }` in it: tells a layer "
        + "whether a call trains",
      "layer noisy(size) {\n  forward(x) { if is_training { x + randn(size) } else { x } }\n}"
    ),
    "sketch": (
      "makes layers and tensors that have shapes and no bytes: to plan, compare and explain what "
        + "no machine here could hold",
      "let big = sketch { dense(100_000, 100_000) }"
    ),
    "reset": (
      "gives a state or a layer's states the values they were made with",
      "let norm = batch_norm(4)\nreset norm.mean"
    ),
    "plot": ("draws a list of numbers, or several, as curves", "plot [3.0, 2.0, 1.5, 1.2]"),
    "trap": (
      "brings a classic bug back on purpose, to show its damage",
      "let net = chain(dense(2, 8), fn(x) { dropout(x, 0.5) }, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "trap masks { sum(net(x)) }"
    ),
    "memory": ("the full account of live bytes", "memory"),
    "tensors": ("every live tensor and its owner", "tensors"),
    "timeline": (
      "bytes over the steps of one or several schedules",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "let p = plan wrt net { sum(net(x)) }\n"
        + "let q = plan wrt net with sqrt_n { sum(net(x)) }\n"
        + "timeline p, q"
    ),
    "explain": (
      "the peak in words: when, what, what could lower it",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "let p = plan wrt net { sum(net(x)) }\n"
        + "explain p"
    ),
    "why": (
      "why a tensor is alive, through which uses",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "let p = plan wrt net { sum(net(x)) }\n"
        + "why p, net.layers[0].w"
    ),
    "step": (
      "walks a schedule, action by action",
      "let net = chain(dense(2, 8), tanh, dense(8, 1))\n"
        + "let x = randn(4, 2)\n"
        + "let p = plan wrt net { sum(net(x)) }\n"
        + "step p"
    ),
    "source": ("the Cairn text of a layer or function", "source dense"),
    "account": ("how much is reported after each command: full, brief or off", "account full"),
    "fuse": (
      "whether operations that follow a product, and updates, are computed with it, as one step of "
        + "the plan: what lies between them is then never whole in memory; on or off",
      "let net = chain(dense(4, 8), dense(8, 2))\n"
        + "let x = randn(16, 4)\n"
        + "fuse off\n"
        + "(plan wrt net using sgd(lr: 0.1) { sum(net(x)) }).peak\n"
        + "fuse on\n"
        + "(plan wrt net using sgd(lr: 0.1) { sum(net(x)) }).peak"
    ),
    "help": ("explains a word, an operator, a builtin or a strategy", "help revolve"),
    "|>": (
      "passes the left value to the function on the right",
      "let x = tensor([-1.0, 2.0])\n"
        + "x |> relu |> sum"
    ),
    "==": (
      "equal",
      "1 + 1 == 2"
    ),
    "!=": (
      "not equal",
      "1 != 2"
    ),
    "<": (
      "less",
      "1 < 2"
    ),
    "<=": (
      "less or equal",
      "2 <= 2"
    ),
    ">": (
      "greater",
      "2 > 1"
    ),
    ">=": (
      "greater or equal",
      "2 >= 2"
    ),
    "~=": (
      "equal within a tolerance",
      "0.1 + 0.2 ~= 0.3 within 1e-6"
    ),
    "..<": (
      "a range without its end",
      "let x = [5, 6, 7, 8]\n"
        + "x[0..<3] + x[0..<-1]"
    ),
    "...": ("a range with its end", "for i in 1...3 { print(i) }"),
    "+": (
      "adds; joins strings and lists",
      "1 + 2"
    ),
    "-": (
      "subtracts; negates",
      "let b = 2\n"
        + "1 - -b"
    ),
    "*": (
      "multiplies, element by element",
      "2 * tensor([1.0, 2.0])"
    ),
    "/": (
      "divides",
      "1 / 2"
    ),
    "//": ("divides and rounds down", "7 // 2"),
    "%": ("the remainder of //", "7 % 2"),
    "@": (
      "the matrix product",
      "ones(2, 3) @ ones(3, 1)"
    ),
    "**": (
      "the power; binds tighter than a minus before it",
      "let x = 3\n"
        + "-x ** 2"
    ),
    "=": (
      "gives a name, an element of a list, a key of a dictionary or a layer's tensor a new value",
      "let xs = [1, 2]\nxs[0] = 3"
    ),
    "+=": ("adds to what a name holds", "let x = 1\nx += 1"),
    "-=": ("subtracts from what a name holds", "let x = 1\nx -= 1"),
    "*=": ("multiplies what a name holds", "let x = 2\nx *= 3"),
    "/=": ("divides what a name holds", "let x = 2.0\nx /= 4"),
    "//=": ("divides what a name holds and rounds down", "let x = 7\nx //= 2"),
    "%=": ("leaves the remainder in what a name holds", "let x = 7\nx %= 2"),
    "**=": ("raises what a name holds to a power", "let x = 3\nx **= 2"),
    "@=": ("multiplies a matrix that a name holds", "let x = ones(2, 2)\nx @= ones(2, 2)"),
  ]
}
