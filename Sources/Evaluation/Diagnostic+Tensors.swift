import Graphs
import Schedules
import Syntax
import Tensors
import Writing

/// The wording of what tensors, blocks and schedules refuse.
extension Diagnostic {
  // MARK: Shapes

  /// `~=` between tensors of different shapes.
  static func shapesNotComparable(_ a: Shape, _ b: Shape, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .shape, "shape-mismatch", "`~=` compares tensors of one shape, found \(a) and \(b)",
      at: range,
      hint: a.count == b.count
        ? "`help reshape` shows how the same elements get another shape" : nil)
  }

  /// `~=` between lists of `a` and of `b` elements.
  static func listsNotComparable(_ a: Int, _ b: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "length-mismatch",
      "`~=` compares lists of one length, found \(CountFormat.counted(a, "element")) and \(b)",
      at: range)
  }

  /// A loss of values that differ in shape, which would compare each with each. `texts` are those
  /// of its operands.
  static func lossShapes(
    _ loss: String, _ a: TensorValue, _ b: TensorValue, of texts: (String, String),
    at range: SourceRange
  ) -> Diagnostic {
    // The first axis is that of the batch, which may have another length next time.
    let axes = ["-1"] + a.shape.axes.dropFirst().map(String.init)
    let isShort = texts.0.count + texts.1.count < 100 && !(texts.0 + texts.1).contains("\n")
    let fitting =
      "`\(loss)(\(texts.0), reshape(\(texts.1), [\(axes.joined(separator: ", "))]))` compares "
      + "the same elements"
    return Diagnostic(
      .shape, "shape-mismatch",
      "\(loss) compares tensors of one shape, found \(a.typeDescription) and \(b.typeDescription)",
      at: range,
      hint: a.shape.count == b.shape.count && a.shape.rank > 0 && a.shape.count > 0 && isShort
        ? fitting : nil,
      notes: [a, b].compactMap { x in x.origin.map { Note($0, "this is \(x.typeDescription)") } })
  }

  /// Logits of rows, and labels that are not one a row.
  static func metricShapes(
    _ metric: String, _ logits: TensorValue, _ labels: TensorValue, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .shape, "shape-mismatch",
      "\(metric) takes logits with an axis of classes, and a label for each row of them, found "
        + "\(logits.typeDescription) and \(labels.typeDescription)",
      at: range,
      hint: "`help \(metric)` shows logits with their labels",
      notes: [logits, labels].compactMap { x in
        x.origin.map { Note($0, "this is \(x.typeDescription)") }
      })
  }

  /// A metric inside a block that is being traced, where rows have no numbers yet.
  static func metricInBlock(_ metric: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "in-traced-block",
      "\(metric) counts rows by their numbers, and in a block that is being traced there are none "
        + "yet", at: range,
      hint: "call it behind the block, with what the net gives then: '\(metric)(net(x), y)'")
  }

  /// `==` and its kin repeat axes of 1 that are written out, and no missing ones: [3, 1] and [3]
  /// would be compared each with each.
  static func comparedShapes(
    _ symbol: String, _ a: TensorValue, _ b: TensorValue, of texts: (String, String),
    at range: SourceRange
  ) -> Diagnostic {
    let isFirst = a.shape.rank < b.shape.rank
    let (less, more) = isFirst ? (a, b) : (b, a)
    let text = isFirst ? texts.0 : texts.1
    let axes =
      less.shape.count == more.shape.count
      ? more.shape.axes
      : Array(repeating: 1, count: more.shape.rank - less.shape.rank) + less.shape.axes
    return Diagnostic(
      .shape, "shape-mismatch",
      "`\(symbol)` compares tensors with as many axes, found \(a.typeDescription) and "
        + "\(b.typeDescription)",
      at: range,
      hint: "`reshape(\(text), [\(axes.map(String.init).joined(separator: ", "))])` lays it beside "
        + "the other",
      notes: [a, b].compactMap { x in x.origin.map { Note($0, "this is \(x.typeDescription)") } })
  }

  /// A new value of a parameter or a state whose shape or type is not that of the old.
  static func stateChanged(
    _ name: String, from old: TensorValue, to new: TensorValue, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .shape, "state-shape",
      "the \(old.role == .state ? "state" : "parameter") `\(name)` is \(old.typeDescription), "
        + "but its new value is \(new.typeDescription)",
      at: range, hint: "parameters and states keep their shape and type")
  }

  /// An input that `reversible` cannot cut in halves: a last axis of odd length, or none.
  static func reversibleInput(_ x: TensorValue, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .shape, "reversible-input",
      "reversible cuts the last axis into halves, but its input is \(x.typeDescription)"
        + (x.shape.axes.last.map { ": \($0) is odd" } ?? ": it has no axes"),
      at: range, hint: "give it a last axis of even length")
  }

  /// A part of `reversible` whose result differs from the half it is given in shape or type.
  static func reversiblePart(
    _ name: String, given half: TensorValue, gives result: TensorValue, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .shape, "reversible-part",
      "`\(name)` of reversible is given \(half.typeDescription) and gives "
        + "\(result.typeDescription): it must keep shape and type",
      at: range,
      hint: "the input cannot be computed back from a sum that stretches or converts a half")
  }

  /// A shape whose elements cannot be counted, or `arange` of a trillion or more.
  static func tooManyElements(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "too-many-elements", "a tensor of that size cannot be held by any machine", at: range)
  }

  // MARK: Traced blocks

  /// A number of a tensor that is asked for inside a traced block, as by `if` or `float`, and is
  /// known only when the block runs; or one that the gradient is taken by.
  static func tracedNumber(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "traced-number",
      "this needs the number in a tensor that is only traced: inside a gradient block, control "
        + "flow may depend on numbers and shapes, not on tensors",
      at: range,
      hint: "choose element by element, as `help where` shows, or compute it before the block")
  }

  /// A tensor that a block left behind, used once its trace is over.
  static func staleTensor(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "stale-tensor",
      "this tensor was only traced, in a block that is over: it has no numbers", at: range,
      hint: "end the block in a list that begins with the loss: `help gradient` says how")
  }

  /// A sketch where numbers are needed.
  static func sketched(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "sketch",
      "this is a sketch: it has shapes and no numbers, and can be planned, compared on paper and "
        + "explained, and nothing else", at: range,
      hint: "'plan', 'compare', 'pareto' and 'explain' take it; make it without 'sketch' to run it")
  }

  /// A block that would be traced, or `update`, inside `sketch { }`.
  static func insideSketch(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "in-sketch", "a sketch makes layers and tensors; this stands beside it", at: range,
      hint: "bind the sketch first: `let net = sketch { dense(64, 64) }`")
  }

  /// `plan`, `compare` and the like inside a block that is being traced; `gradient` may stand
  /// there.
  static func nestedBlock(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "nested-block",
      "inside a block that is being traced a gradient can be taken, and no block planned, compared "
        + "or trained", at: range, hint: "do it outside, and use its result in the block")
  }

  /// `gradient … with …` inside a block that is being traced. The place is the strategy.
  static func innerStrategy(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "inner-strategy",
      "a gradient inside a block is part of that block, and has no schedule of its own", at: range,
      hint: "put 'with \(range.text)' behind the 'gradient' of the outer block")
  }

  /// A statement, or the builtin `what`, that cannot stand inside a block that is being traced.
  static func insideBlock(_ what: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "in-traced-block", "`\(what)` cannot stand inside a block that is being traced",
      at: range)
  }

  /// Data that is made or read inside a block that is being traced. The place is the whole call,
  /// which the hint binds before the block.
  static func dataInBlock(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "in-traced-block",
      "data cannot be made or read inside a block that is being traced", at: range,
      hint: "bind them before the block: `let data = \(range.text)`")
  }

  /// A layer that is made inside a block that is being traced: its parameters would be new in each
  /// run.
  static func layerInBlock(_ range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "layer-in-block",
      "this makes a layer with parameters of its own, and the layers that a block uses are made "
        + "before it", at: range,
      hint: "bind it before the block: `let net = \(range.text)`")
  }

  /// An assignment, inside the block of `train`, to a variable that stands outside it.
  static func assignedInTraining(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "assigned-in-training",
      "`\(name)` stands outside this block, which `train` traces once and then repeats: "
        + "it would not be assigned again in every step", at: range,
      hint: "write the loop by hand, as `help update` shows a step of it, and assign beside the "
        + "gradient")
  }

  /// The loss depends on what `wrt` names, but no adjoint comes back through what is in between.
  static func noAdjoint(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "constant-loss",
      "no gradient comes from the loss to anything that it is taken with respect to: comparisons, "
        + "argmax, whole numbers and stop_gradient let none through", at: range,
      hint: "end the block with a loss that has a slope: cross_entropy and mse have one")
  }

  /// A loss that is computed from none of what the gradient is taken with respect to.
  static func constantLoss(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "constant-loss",
      "the loss does not depend on anything that the gradient is taken with respect to", at: range,
      hint: "put the whole forward pass inside the block, as `help gradient` shows")
  }

  /// `return`, `break` or `continue` out of a block that is traced.
  static func leftBlock(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "left-traced-block",
      "`return`, `break` and `continue` cannot leave a gradient block", at: range,
      hint: "the block's value is its last expression")
  }

  /// A block whose value, or the first element of its list, is no floating-point tensor of one
  /// element.
  static func lossNotTensor(_ value: Value, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "loss-not-scalar",
      "the block's value is the loss, a floating-point tensor of one element; found "
        + "\(describe(value))",
      at: range, hint: "end the block with one number: cross_entropy, mse, average and sum make one"
    )
  }

  /// A value behind `wrt`, `train` or `update` that is no floating-point tensor and no layer with
  /// parameters.
  static func badTarget(_ value: Value, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "bad-target",
      "`wrt` takes floating-point tensors and layers, found \(describe(value))", at: range,
      hint: "name a tensor such as `tensor([1.0, 2.0])`, or a layer with parameters")
  }

  /// A block without `wrt` that uses no parameter of any layer.
  static func noTargets(at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "no-targets",
      "there is nothing to take a gradient with respect to: the block uses no parameter", at: range,
      hint: "put the forward pass inside the block, or name tensors or layers after 'wrt'")
  }

  /// `g[…]` of what these gradients were not taken with respect to. `name` is what stands between
  /// the brackets.
  static func noGradient(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "no-gradient", "these gradients have none for \(name)", at: range,
      hint: "name it behind 'wrt' when the gradient is taken")
  }

  /// `g[w]` where the name `w` was differentiated by, and holds another tensor now. `whole` is the
  /// whole expression, of which the hint makes `g["w"]`.
  static func rebound(
    _ name: String, in whole: SourceRange, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .gradient, "no-gradient",
      "these gradients are of the tensor that `\(name)` was; it was bound anew since", at: range,
      hint: "`\(whole.text.prefix { $0 != "[" })[\"\(name)\"]` asks by the name")
  }

  /// A function as the rate of an optimizer that gives no finite number ≥ 0 for a step, counted
  /// from 0.
  static func badRate(_ value: Value, step: Int, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .value, "bad-rate",
      "the optimizer's `lr` gives \(describe(value)) for step \(step), where a number ≥ 0 is "
        + "expected", at: range,
      hint: "such as `opt.lr = fn(step) { 0.1 / (1 + step) }`")
  }

  /// A sum or difference of gradients where only one side has a gradient of `name`.
  static func gradientMissing(_ name: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "gradient-missing",
      "gradients of the same things can be combined; only one of these has one of `\(name)`",
      at: range, hint: "take both with the same 'wrt'")
  }

  /// A function mapped over gradients that gives something else than a tensor of the same shape and
  /// type.
  static func mappedGradient(
    _ gradient: TensorValue, gives value: Value, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .gradient, "mapped-gradient",
      "what is mapped over gradients gives a tensor of the shape and type it is given, "
        + "\(gradient.typeDescription); found \(describe(value))", at: range)
  }

  /// A value that cannot come out of a block beside its loss.
  static func blockOutput(_ value: Value, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .gradient, "block-output",
      "what a block gives beside its loss are tensors, numbers and strings; found "
        + "\(describe(value))", at: range,
      hint: "name each in the list, without lists in it: `help gradient` says how")
  }

  /// `trap` with a name that is none of `known`.
  static func unknownTrap(_ name: Identifier, known: [String]) -> Diagnostic {
    Diagnostic(
      .name, "unknown-trap", "there is no trap called `\(name.name)`", at: name.range,
      hint: Suggestion.closest(to: name.name, among: known).map { "did you mean `\($0)`?" }
        ?? "the traps are " + known.joined(separator: ", "))
  }

  // MARK: Schedules

  /// A value behind `with` or `across` that is no strategy, nor makes one when called without
  /// arguments.
  static func notAStrategy(_ value: Value, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .type, "not-a-strategy", "expected a strategy, found \(describe(value))", at: range,
      hint: "`help strategies` lists them")
  }

  /// A verb of strategies, such as `keep`, that is called while no body of a strategy of its kind
  /// runs.
  static func verbOutside(_ verb: String, at range: SourceRange) -> Diagnostic {
    Diagnostic(
      .schedule, "verb-outside-strategy",
      "`\(verb)` acts only while a strategy's body runs", at: range,
      hint: "`help strategy` shows how one is declared")
  }

  /// A body of a strategy that ended without an action and without a list of boundaries. `name` is
  /// the call that made the strategy, `value` what the body gave.
  static func strategyGaveNothing(_ name: String, _ value: Value, at range: SourceRange)
    -> Diagnostic
  {
    Diagnostic(
      .schedule, "no-schedule",
      "the strategy \(name) performed no action, and its value is no list of boundaries: "
        + "\(describe(value))",
      at: range,
      hint:
        "use the verbs keep, restore, drop, advance, record, reverse, or end with a list such as "
        + "[4, 8]"
    )
  }
}
