import DataFiles
import Execution
import Foundation
import Graphs
import Syntax
import Tensors
import Writing

extension Interpreter {
  /// Reading and writing files.
  static let fileBuiltins: [Builtin] = [
    Builtin(
      "csv",
      [
        .init("path"), .init("label", default: "none"), .init("features", default: "none"),
        .init("missing", default: "refuse", words: ["refuse", "drop"]),
        .init("separator", default: "\",\""), .init("header", default: "true"),
      ],
      summary:
        "A data set from comma-separated values with a header, compressed by gzip or not: x of the "
        + "features (all columns of numbers, unless named), y of the label; labels that are words "
        + "become i32 class numbers, and `data.classes` names them; a feature that is words "
        + "becomes a number a category, 1 for the row's own and 0 for the others, and "
        + "`data.features` names them. Columns are told by name, or by place from 0.",
      example: "csv(\"data/penguins.csv\", label: \"species\", missing: drop)"
    ) { (arguments, machine) throws(Fault) in
      let path = try arguments.string(0)
      var request = CSVTable.Request()
      if let label = arguments.optional(1) {
        guard let column = CSVTable.Column(label.value) else {
          throw arguments.mismatch(.columnName, 1)
        }
        request.label = column
      }
      if arguments.optional(2) != nil {
        var features: [CSVTable.Column] = []
        for element in try arguments.list(2) {
          guard let column = CSVTable.Column(element) else {
            throw Fault(
              .expected(
                .columnNames, found: element, as: .parameter("features", of: "csv"),
                at: arguments.value(2).range))
          }
          features.append(column)
        }
        request.features = features
      }
      request.dropsMissing = try arguments.word(3, among: ["refuse", "drop"]) == "drop"
      let separator = arguments.optional(4) == nil ? "," : try arguments.string(4)
      let header = arguments.optional(5) == nil ? nil : try arguments.boolean(5, default: true)
      guard let layout = CSVTable.Layout(separator: separator, hasHeader: header) else {
        throw arguments.mismatch(.separator, 4)
      }
      return .dataSet(
        try machine.table(path, request, layout: layout, at: arguments.value(0).range))
    },
    Builtin(
      "npy", [.init("path")],
      summary:
        "The array in a NumPy file, as a tensor of its type; whole numbers become i32 or i64. "
        + "Compressed by gzip or not. There is no bf16 in such files; safetensors have it.",
      example: "npy(\"x.npy\")"
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.readArray(
          try arguments.string(0), isIDX: false, at: arguments.value(0).range))
    },
    Builtin(
      "idx", [.init("path")],
      summary: "The array in an idx file, as MNIST has them: images as f32, labels as i32.",
      example: "idx(\"train-labels.idx1-ubyte\")"
    ) { (arguments, machine) throws(Fault) in
      .tensor(
        try machine.readArray(try arguments.string(0), isIDX: true, at: arguments.value(0).range))
    },
    Builtin(
      "save", [.init("value"), .init("path")],
      summary:
        "Writes a layer's parameters and states, or other tensors, or a list or a dictionary of "
        + "such, to a safetensors file, whole or not at all.",
      example: "save(dense(2, 3), \"net.safetensors\")"
    ) { (arguments, machine) throws(Fault) in
      guard machine.trace == nil else { throw Fault(.insideBlock("save", at: arguments.range)) }
      try machine.checkFormat(of: try arguments.string(1), at: arguments.value(1).range)
      let tensors = try machine.savedTensors(arguments.value(0))
      try machine.save(tensors, to: try arguments.string(1), at: arguments.value(1).range)
      return .none
    },
    Builtin(
      "load", [], variadic: true,
      summary:
        "`load(net, path)` gives a layer the tensors of a safetensors file; `load(path)` reads a "
        + "safetensors, npy, npz, idx, csv, tsv or txt file, as its name says, compressed by gzip "
        + "or not, and where the name says nothing, as its first bytes do. Several tensors come "
        + "with their names: `load(\"x.npz\").weights`, `load(\"x.npz\")[\"a.b\"]`.",
      example: """
        let net = dense(2, 3)
        save(net, "net.safetensors")
        load(net, "net.safetensors")
        """
    ) { (arguments, machine) throws(Fault) in
      guard let last = arguments.rest.last, arguments.rest.count <= 2,
        case .string(let path) = last.value
      else {
        throw Fault(
          .argumentCount(
            "load", expected: ["layer", "path"], found: arguments.rest.count, at: arguments.range))
      }
      if arguments.rest.count == 1 { return try machine.load(path.string, at: last.range) }
      guard case .layer(let layer) = arguments.rest[0].value else {
        throw Fault(
          .expected(
            .layer, found: arguments.rest[0].value, as: .loadTarget,
            at: arguments.rest[0].range))
      }
      try machine.load(path.string, into: layer, at: last.range)
      return .none
    },
  ]

  // MARK: Writing

  /// The tensors that a value holds, with their names in a file.
  func savedTensors(
    _ argument: PassedArgument
  ) throws(Fault) -> [(name: String, tensor: Tensor)] {
    let named: [(name: String, tensor: TensorValue)]
    if case .tensor(let x) = argument.value {
      named = [("tensor", x)]
    } else {
      named = try namedTensors(
        in: argument.value, prefix: "", as: .parameter("value", of: "save"), at: argument.range)
    }
    var names: Set<String> = []
    for (name, _) in named where !names.insert(name).inserted {
      throw Fault(.value(.repeatedTensorName(name), at: argument.range))
    }
    var saved: [(name: String, tensor: Tensor)] = []
    for (name, x) in named {
      guard let tensor = x.shownNumbers else {
        throw missingNumbers(of: x, at: argument.range)
      }
      saved.append((name, tensor))
    }
    return saved
  }

  /// The tensors in a value with their names, each behind the names of what holds it: `0.w`.
  private func namedTensors(
    in value: Value, prefix: String, as role: Diagnostic.Role, at range: SourceRange
  ) throws(Fault) -> [(name: String, tensor: TensorValue)] {
    switch value {
    case .tensor(let x): return [(prefix, x)]
    case .layer(let layer):
      return (layer.parameters() + layer.states()).map {
        (Interpreter.joined(prefix, Interpreter.fileName(of: $0.name)), $0.tensor)
      }
    case .dataSet(let data):
      return try data.columns.map { (column) throws(Fault) in
        (Interpreter.joined(prefix, column.name), try whole(column, at: range))
      }
    case .gradients(let gradients):
      return gradients.entries.map {
        (Interpreter.joined(prefix, Interpreter.fileName(of: $0.name)), $0.gradient)
      }
    case .record(let record):
      var named: [(name: String, tensor: TensorValue)] = []
      for field in record.fields {
        named += try namedTensors(
          in: field.value, prefix: Interpreter.joined(prefix, field.name),
          as: .field(field.name), at: range)
      }
      return named
    case .dictionary(let dictionary):
      var named: [(name: String, tensor: TensorValue)] = []
      for (key, element) in dictionary.entries {
        let name = if case .string(let text) = key { text.string } else { InlineText.of(key.value) }
        named += try namedTensors(
          in: element, prefix: Interpreter.joined(prefix, name), as: .field(name), at: range)
      }
      return named
    case .list(let list):
      var named: [(name: String, tensor: TensorValue)] = []
      for (index, element) in list.elements.enumerated() {
        named += try namedTensors(
          in: element, prefix: Interpreter.joined(prefix, String(index)),
          as: .elementNumber(index), at: range)
      }
      return named
    default:
      throw Fault(.expected(.layerOrTensors, found: value, as: role, at: range))
    }
  }

  private static func joined(_ prefix: String, _ name: String) -> String {
    prefix.isEmpty ? name : "\(prefix).\(name)"
  }

  /// `layers[0].w` as `layers.0.w`.
  static func fileName(of path: String) -> String {
    path.replacing("[", with: ".").replacing("]", with: "")
  }

  /// Refuses a name that would promise another format.
  func checkFormat(of path: String, at range: SourceRange) throws(Fault) {
    let suffix = URL(fileURLWithPath: path).pathExtension.lowercased()
    guard ["npy", "npz", "csv", "idx", "gz", "json", "pt", "pth", "cairn"].contains(suffix) else {
      return
    }
    throw Fault(.file(path, .otherFormat(suffix), at: range))
  }

  /// Writes a file of tensors, whole or not at all, straight from their storage.
  func save(
    _ tensors: [(name: String, tensor: Tensor)], to path: String, at range: SourceRange
  ) throws(Fault) {
    try checkFiles(path, at: range)
    let header = Safetensors.header(
      of: tensors.map { ($0.name, $0.tensor.dtype, $0.tensor.shape) })
    let isStopped = { [interruption] in interruption.isRequested }
    do throws(FileFailure) {
      try WholeFile.write(to: resolve(path), isStopped: isStopped) { (file) throws(FileFailure) in
        try file.put(header)
        for (_, tensor) in tensors {
          for piece in tensor.pieces {
            if isStopped() { throw .stopped }
            try file.put(piece)
          }
        }
      }
    } catch {
      if error == .stopped { throw Fault(.interrupted(at: range)) }
      throw Fault(.file(path, .unwritable(error), at: range))
    }
  }
}

extension CSVTable.Column {
  /// The column that a string or an integer tells; `nil` for any other value.
  fileprivate init?(_ value: Value) {
    switch value {
    case .string(let name): self = .name(name.string)
    case .integer(let place): self = .place(place)
    default: return nil
    }
  }
}
