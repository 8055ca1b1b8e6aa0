import Schedules
import Syntax
import Tensors
import Writing

/// What names and fields of other languages and libraries are called here.
///
/// Each hint shows what can be typed as it stands, made of the learner's own words where that can
/// be done.
enum Beginners {
  // MARK: names

  /// The hint on a name that means nothing here; `nil` where it is no habit from elsewhere.
  static func hint(onName name: String, at range: SourceRange, known: [String]) -> String? {
    let use = Usage(behind: range)
    if modules.contains(name) { return module(use, known) }
    if name == "self" || name == "this" {
      let part = use.attributes.first ?? "w"
      return "a layer's own parts need no word before them: \(part), not \(name).\(part)"
    }
    if let attribute = use.attributes.first {
      if let hint = training[attribute] { return hint }
      if name == "console" { return call("print", use.arguments, "a value is printed by") }
    }
    if let spelled = values[name] { return spelled }
    if name == "linspace" { return linspace(use.arguments) }
    if name == "dot", use.arguments?.count == 2, let arguments = use.arguments {
      return "the product of two vectors is `sum(\(arguments[0]) * \(arguments[1]))`"
    }
    if name == "isinstance", let value = use.arguments?.first {
      return "`type(\(value))` names the type of a value"
    }
    if name == "range" { return "a range is spelled `\(rangeText(use.arguments))`" }
    if let here = names[name], known.contains(here) {
      return call(here, use.arguments, "it is called `\(here)` here")
    }
    return word(name, use)
  }

  /// The hint on a word of the language that stands where it is no name.
  private static func word(_ name: String, _ use: Usage) -> String? {
    guard Keywords.entry(name) != nil else { return nil }
    let arguments = use.arguments?.joined(separator: ", ") ?? ""
    switch name {
    case "help":
      return "it has no parentheses: `help \(arguments.isEmpty ? "sum" : arguments)`"
    case "budget", "seed", "source", "timeline", "explain", "step", "why", "plot", "account",
      "fuse":
      if !arguments.isEmpty { return "it has no parentheses: `\(name) \(arguments)`" }
    default: break
    }
    return "`help \(name)` shows how this word is used"
  }

  /// What a member of a module of another language's libraries is called here.
  private static func module(_ use: Usage, _ known: [String]) -> String {
    let lead = "there are no modules"
    guard let last = use.attributes.last else {
      return "\(lead): `help` lists what there is"
    }
    if let hint = values[last] ?? training[last] { return hint }
    let lower = names[last] ?? last
    guard known.contains(lower) else { return "\(lead): `help` lists what there is" }
    return call(lower, use.arguments, lead)
  }

  /// A sentence with a call as it is written here; the function alone where it has no arguments.
  private static func call(_ name: String, _ arguments: [String]?, _ lead: String) -> String {
    guard let arguments, !arguments.isEmpty, !optimizers.contains(name) else {
      return optimizers.contains(name)
        ? "\(lead): `\(name)(lr: 0.01)`" : "\(lead): `\(name)`"
    }
    return "\(lead): `\(name)(\(arguments.joined(separator: ", ")))`"
  }

  /// So many numbers from one to another, both included.
  private static func linspace(_ arguments: [String]?) -> String {
    let lead = "numbers in a row are made by `arange`"
    guard let arguments, arguments.count == 3, let low = Double(arguments[0]),
      let high = Double(arguments[1]), let count = Int(arguments[2]), count > 1
    else { return lead + ", as `help arange` shows" }
    let step = NumberFormat.number((high - low) / Double(count - 1))
    return lead + ": `\(arguments[0]) + \(step) * arange(\(count))`"
  }

  private static func rangeText(_ arguments: [String]?) -> String {
    switch arguments?.count {
    case 1: "0..<\(arguments?[0] ?? "")"
    case 2: "\(arguments?[0] ?? "")..<\(arguments?[1] ?? "")"
    default: "0..<3"
    }
  }

  /// The hint on a name that is like no other: what makes it one, so that the same can be typed
  /// again.
  static func hint(onUnbound name: String, at range: SourceRange) -> String {
    let before = range.source.line(range.start.line).prefix(max(0, range.start.column - 1))
    if before.hasSuffix("with ") { return "`help strategies` lists what there is" }
    if before.hasSuffix(": "), let word = Suggestion.closest(to: name, among: bareWords) {
      return "did you mean `\(word)`?"
    }
    if before.hasSuffix("dtype: ") {
      return "the types are " + DType.allCases.map(\.description).joined(separator: ", ")
    }
    guard let count = Usage(behind: range).arguments?.count else {
      return "bind it first: `let \(name) = 1`"
    }
    let parameters = (0..<count).map { $0 < 3 ? ["x", "y", "z"][$0] : "x\($0)" }
    return "define it first: `fn \(name)(\(parameters.joined(separator: ", "))) { "
      + "\(parameters.first ?? "1") }`"
  }

  /// What may stand bare behind a label: `dtype: f32`, `stages: operations`.
  private static let bareWords: [String] =
    DType.allCases.map(\.description)
    + Catalogue.entries.flatMap(\.options).flatMap { option -> [String] in
      if case .word(let words) = option.kind { words } else { [] }
    }

  // MARK: assignment

  /// The hint on an assignment to a name that is not bound: the same line as it is right.
  static func hint(onAssigned name: String, at range: SourceRange) -> String {
    let value = newValue(of: name, at: range)
    switch name {
    case "budget", "seed", "account", "fuse":
      if let value { return "it is set without '=': `\(name) \(value)`" }
    default: break
    }
    return "bind it first: `let \(name) = \(value ?? "0")`"
  }

  /// What the line at fault gives a name, where it does nothing else and the value may stand alone.
  static func newValue(of name: String, at range: SourceRange) -> String? {
    let line = range.source.line(range.start.line)
    let statement = line.drop { $0 == " " }.prefix { $0 != "#" }
    let parts = statement.split(separator: "=", maxSplits: 1).map { part in
      part.split(separator: " ").joined(separator: " ")
    }
    guard parts.count == 2, parts[0] == name, !parts[1].isEmpty, !parts[1].hasSuffix("{"),
      !parts[1].split(whereSeparator: { !$0.isLetter && $0 != "_" }).contains(Substring(name))
    else { return nil }
    return parts[1]
  }

  // MARK: fields

  /// The hint on a field that a value does not have.
  static func hint(
    onField field: Identifier, of value: Value, known: [String]
  ) -> String? {
    let use = Usage(behind: field.range)
    let owner = Usage.owner(before: field.range)
    let arguments = use.arguments ?? []
    let name = field.name
    switch value {
    case .tensor(let x):
      if let hint = tensorField(name, of: x, owner, arguments) { return hint }
    case .list:
      switch name {
      case "append", "push", "add", "push_back":
        let longer = "append(\(owner), \(arguments.first ?? "0"))"
        return owner.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
          ? "`\(owner) = \(longer)` makes it longer" : "`\(longer)` gives a longer one"
      case "len", "size", "count": return "its length is `\(owner).length`"
      default: break
      }
    case .dictionary:
      return "the value of a key is taken with brackets: `\(owner)[\"\(name)\"]`"
    case .layer(let layer):
      if let hint = layerField(name, layer, owner, arguments) { return hint }
    case .string, .integer, .float, .boolean, .bytes, .range, .dataSet, .batches, .optimizer,
      .gradients, .plan, .record, .strategy, .function, .none:
      break
    }
    if let hint = training[name] ?? switches[name] { return hint }
    guard use.arguments != nil,
      let function = [name, names[name] ?? name].first(where: known.contains)
    else { return nil }
    let all = ([owner] + arguments).joined(separator: ", ")
    return "functions take the value between their parentheses: `\(function)(\(all))`"
  }

  private static func tensorField(
    _ name: String, of x: TensorValue, _ owner: String, _ arguments: [String]
  ) -> String? {
    switch name {
    case "item" where x.shape.count > 1: "only a tensor of one element is a number"
    case "size":
      arguments.isEmpty ? "`\(owner).shape` is its shape" : "`\(owner).shape[\(arguments[0])]`"
    case "len", "length": "`length(\(owner))` counts its rows"
    case "numel", "nelement": "`\(owner).count` counts its elements"
    case "ndim", "dim": "`\(owner).rank` counts its axes"
    case "item", "tolist": "`float(\(owner))` makes a number of a tensor of one element"
    case "view", "reshape", "resize":
      arguments.isEmpty
        ? nil : "`reshape(\(owner), [\(arguments.joined(separator: ", "))])` gives it another shape"
    case "astype", "type", "float", "double": "`cast(\(owner), f32)` gives it another type"
    case "long", "int": "`cast(\(owner), i32)` gives it another type"
    case "t", "transpose", "permute": "`transpose(\(owner))` exchanges its axes"
    default: nil
    }
  }

  private static func layerField(
    _ name: String, _ layer: Layer, _ owner: String, _ arguments: [String]
  ) -> String? {
    let fields = layer.fields.map(\.name)
    switch name {
    case "forward", "predict", "__call__", "apply":
      let passed = arguments.joined(separator: ", ")
      return passed.isEmpty
        ? "a layer is called like a function" : "a layer is called: `\(owner)(\(passed))`"
    case "weight", "weights", "kernel":
      return fields.contains("w") ? "its weights are `\(owner).w`" : nil
    case "bias": return fields.contains("b") ? "its bias is `\(owner).b`" : nil
    case "fit": return "`help train` shows how it is trained"
    case "summary": return "its name prints it: `\(owner)`"
    case "state_dict": return "`save(\(owner), \"net.safetensors\")` writes it"
    default: return nil
    }
  }

  // MARK: calls

  /// The hint on a call of what is no function: without the parentheses, or with brackets.
  static func hint(onCallOf value: Value, at range: SourceRange) -> String {
    let text = range.text
    guard !text.contains("\n"), text.count <= 60, text.last == ")",
      let open = text.firstIndex(of: "("), text.filter({ $0 == "(" }).count == 1
    else { return "functions, layers and strategies are called" }
    let callee = text[..<open]
    let inside = text[text.index(after: open)...].dropLast()
    if inside.isEmpty { return "it has no parentheses: `\(callee)`" }
    switch value {
    case .list, .tensor, .string, .dictionary:
      return "brackets take an element: `\(callee)[\(inside)]`"
    default: return "functions, layers and strategies are called"
    }
  }
}

// MARK: tables

extension Beginners {
  /// Modules of other languages' libraries, as they are commonly abbreviated.
  private static let modules: Set<String> = [
    "torch", "nn", "F", "optim", "np", "numpy", "tf", "tensorflow", "keras", "jax", "jnp", "plt",
    "math", "random", "pd", "os", "sys",
  ]

  private static let optimizers: Set<String> = [
    "sgd", "momentum", "adam", "adamw", "rmsprop", "adagrad", "lion", "adafactor",
  ]

  /// What is a value or a word here, with the sentence on it.
  private static let values: [String: String] = {
    let none = "the value that is none is spelled `none`"
    let leave = ":quit, or Ctrl-D, leaves the session"
    let processor = "all is computed by the processor: nothing has to be moved"
    return [
      "True": "it is spelled `true`", "TRUE": "it is spelled `true`",
      "False": "it is spelled `false`", "FALSE": "it is spelled `false`",
      "None": none, "null": none, "nil": none, "NULL": none, "Null": none, "undefined": none,
      "exit": leave, "quit": leave, "bye": leave,
      "undo": ":undo takes a command back, at the prompt",
      "clear": "Ctrl-L clears the screen",
      "vars": ":vars lists the names that are bound, at the prompt",
      "pass": "an empty block needs no word in it",
      "ans": "`ans` is the last value that a command gave, and no command gave one yet",
      "cuda": processor, "gpu": processor, "device": processor,
      "no_grad": noGradient, "inference_mode": noGradient,
      "dict": "an empty dictionary is spelled `[:]`",
      "list": "a list is spelled `[1, 2]`",
      "set": "a list is spelled `[1, 2]`",
      "enumerate": "`zip(0..<2, [\"a\", \"b\"])` gives pairs of numbers and elements",
      "lambda": "a function without a name is made by 'fn': `fn(x) { x }`",
      "strategies": "`help strategies` lists them",
    ]
  }()

  private static let noGradient =
    "a plain call takes no gradient and evaluates: nothing has to be switched off"

  /// What is done by a statement here, and by a method elsewhere.
  private static let training: [String: String] = [
    "backward": "a gradient is taken of a block: `help gradient` shows how",
    "grad": "a gradient is taken of a block: `help gradient` shows how",
    "requires_grad": "what has a gradient stands behind 'wrt': `help wrt` shows how",
    "step": "parameters are moved by a statement: `help update` shows how",
    "zero_grad": "gradients do not add up: nothing has to be cleared",
    "fit": "a loop that trains is a statement: `help train` shows how",
    "eval": noGradient, "no_grad": noGradient,
  ]

  /// What switches something elsewhere that is not switched here.
  private static let switches: [String: String] = [
    "train": "a call trains inside a block that is differentiated: nothing has to be switched",
    "cuda": "all is computed by the processor: nothing has to be moved",
    "cpu": "all is computed by the processor: nothing has to be moved",
    "to": "all is computed by the processor: nothing has to be moved",
    "numpy": "a tensor is printed, indexed and plotted as it is",
    "detach": "what a command gave is a constant for the blocks after it",
    "clone": "values are never changed by others: nothing has to be copied",
    "copy": "values are never changed by others: nothing has to be copied",
  ]

  /// Names of functions and layers elsewhere, and here.
  private static let names: [String: String] = [
    "len": "length", "size": "length", "mean": "average", "avg": "average", "str": "text",
    "string": "text", "repr": "text", "array": "tensor", "Tensor": "tensor",
    "FloatTensor": "tensor", "as_tensor": "tensor", "asarray": "tensor", "Linear": "dense",
    "linear": "dense", "Dense": "dense", "Sequential": "chain", "sequential": "chain",
    "Conv2d": "conv", "Conv2D": "conv", "conv2d": "conv", "Embedding": "embedding",
    "GroupNorm": "group_norm", "RMSNorm": "rms_norm", "GRU": "gru", "LSTM": "lstm",
    "GRUCell": "gru", "LSTMCell": "lstm", "RNN": "recurrent", "MLP": "mlp", "GPT": "gpt",
    "sdpa": "scaled_dot_product_attention",
    "LayerNorm": "layer_norm", "BatchNorm1d": "batch_norm", "BatchNorm2d": "batch_norm",
    "batchnorm": "batch_norm", "Dropout": "dropout_layer", "MultiheadAttention": "attention",
    "ReLU": "relu", "Tanh": "tanh", "Sigmoid": "sigmoid", "GELU": "gelu", "SiLU": "silu",
    "Softplus": "softplus", "Softmax": "softmax", "CrossEntropyLoss": "cross_entropy",
    "crossentropy": "cross_entropy", "cross_entropy_loss": "cross_entropy", "MSELoss": "mse",
    "mse_loss": "mse", "MSE": "mse", "SGD": "sgd", "Adam": "adam", "AdamW": "adamw",
    "rand": "uniform", "normal": "randn", "println": "print", "printf": "print", "echo": "print",
    "log": "print", "plot": "plot", "vstack": "concat", "hstack": "concat", "cat": "concat",
    "concatenate": "concat", "permute": "transpose", "power": "pow", "typeof": "type",
    "reduce": "fold", "DataLoader": "batches", "mm": "matmul",
    "dot": "matmul", "bmm": "matmul", "onehot": "one_hot", "xavier": "glorot", "kaiming": "he",
    "identity": "eye", "amax": "max", "amin": "min", "sorted": "sort",
    "ModuleList": "list", "normalise": "standardise", "normalize": "standardise",
    "standardize": "standardise", "train_test_split": "split", "random_split": "split",
    "accuracy_score": "accuracy", "confusion_matrix": "confusion", "read_csv": "csv",
    "load_digits": "digits",
  ]
}

extension Diagnostic {
  /// A loss whose labels stand where its logits belong.
  /// `areWhole` where the labels are of an integer type.
  static func swappedLoss(
    logits: SourceRange, labels: SourceRange, areWhole: Bool, at range: SourceRange
  ) -> Diagnostic {
    Diagnostic(
      .type, "wrong-type",
      "cross_entropy takes the logits first and the i32 labels second, found them swapped",
      at: range,
      hint: "`cross_entropy(\(logits.text), "
        + (areWhole ? "\(labels.text))`" : "cast(\(labels.text), i32))`"))
  }
}
