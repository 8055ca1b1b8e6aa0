import DataFiles
import Execution
import Graphs
import Syntax
import Tensors

/// What `load`, `npy` and `idx` read.
extension Interpreter {
  /// The array in an npy or idx file.
  func readArray(
    _ path: String, isIDX: Bool, at range: SourceRange, from stream: FileStream? = nil
  ) throws(Fault) -> TensorValue {
    guard trace == nil else { throw Fault(.dataInBlock(at: range)) }
    let array = try reading(path, at: range, from: stream) { (stream) throws(DataFileFault) in
      try numbers(isIDX ? try ArrayFile(idx: stream) : try ArrayFile(npy: stream), at: range)
    }
    if array.isColumnMajor { remark(Remark.columnsFirst(path)) }
    return array.tensor
  }

  /// An array's numbers as data; in a sketch, its shape and type.
  private func numbers(
    _ file: ArrayFile, at range: SourceRange
  ) throws(DataFileFault) -> (tensor: TensorValue, isColumnMajor: Bool) {
    let tensor =
      isSketching
      ? TensorValue(
        sketch: TensorType(file.shape, file.dtype), role: .data, origin: range)
      : TensorValue(try file.read(as: .data, ledger: ledger), role: .data, origin: range)
    return (tensor, file.contents.isColumnMajor)
  }

  /// What a file holds, by the end of its name, or else by its first bytes.
  func load(_ path: String, at range: SourceRange) throws(Fault) -> Value {
    guard trace == nil else { throw Fault(.dataInBlock(at: range)) }
    var stream: FileStream?
    var format = DataFormat(name: path)
    if format == nil {
      let file = try reading(path, at: range) { (stream) throws(DataFileFault) in
        try stream.rereadable()
      }
      format = try reading(path, at: range, from: file) { (file) throws(DataFileFault) in
        try DataFormat.found(in: file)
      }
      stream = file
    }
    switch format {
    case .npy: return .tensor(try readArray(path, isIDX: false, at: range, from: stream))
    case .idx: return .tensor(try readArray(path, isIDX: true, at: range, from: stream))
    case .npz: return .record(try arrays(path, at: range, from: stream))
    case .csv: return .dataSet(try table(path, isLoaded: true, at: range))
    case .tsv: return .dataSet(try table(path, layout: .tabs, isLoaded: true, at: range))
    case .text: return .dataSet(try text(path, .character, at: range))
    case .safetensors: return .record(try tensors(path, at: range, from: stream))
    case nil: throw Fault(.file(path, .unknownFormat, at: range))
    }
  }

  /// The arrays of an npz file, by their names.
  private func arrays(
    _ path: String, at range: SourceRange, from stream: FileStream?
  ) throws(Fault) -> Record {
    var fields: [(name: String, value: Value)] = []
    var isColumnMajor = false
    try reading(path, at: range, from: stream) { (stream) throws(DataFileFault) in
      let archive = try NPZFile(try stream.rereadable(), ledger: ledger)
      try archive.forEachArray { (name, file) throws(DataFileFault) in
        let array = try numbers(file, at: range)
        fields.append((name, .tensor(array.tensor)))
        if array.isColumnMajor { isColumnMajor = true }
      }
    }
    if isColumnMajor { remark(Remark.columnsFirst(path)) }
    return Record(typeName: "tensors", fields: fields)
  }

  /// The tensors of a safetensors file, by their names; in a sketch, their shapes and types.
  private func tensors(
    _ path: String, at range: SourceRange, from stream: FileStream?
  ) throws(Fault) -> Record {
    let fields = try reading(path, at: range, from: stream) { (stream) throws(DataFileFault) in
      let file = try Safetensors(stream, ledger: ledger)
      var fields: [(name: String, value: Value)] = []
      fields.reserveCapacity(file.entries.count)
      if isSketching {
        for entry in file.entries {
          let type = TensorType(entry.shape, entry.dtype)
          fields.append((entry.name, .tensor(TensorValue(sketch: type, origin: range))))
        }
        return fields
      }
      try file.read(
        as: { _ in .values }, ledger: ledger,
        visit: { place, tensor in
          fields.append((file.entries[place].name, .tensor(TensorValue(tensor, origin: range))))
        })
      return fields
    }
    return Record(typeName: "tensors", fields: fields)
  }

  /// Gives a layer the tensors of a file. Everything is checked, and read, before anything changes;
  /// a command that fails later puts back what the layer had.
  func load(_ path: String, into layer: Layer, at range: SourceRange) throws(Fault) {
    guard trace == nil else { throw Fault(.insideBlock("load", at: range)) }
    guard !isSketching else { throw Fault(.insideSketch(at: range)) }
    let stream = try opened(path, at: range)
    let file = try reading(path, at: range, from: stream) { (stream) throws(DataFileFault) in
      try Safetensors(stream, ledger: ledger)
    }
    let targets = try targets(for: file.entries, in: layer, path, at: range)
    var tensors: [Tensor] = []
    try reading(path, at: range, from: stream) { (_) throws(DataFileFault) in
      try file.read(
        as: { targets[$0].role == .state ? .state : .parameters }, ledger: ledger,
        visit: { tensors.append($1) })
    }
    for (target, tensor) in zip(targets, tensors) {
      replaceBytes(of: target, by: .concrete(tensor))
    }
  }

  /// The layer's tensor for each entry of a file. Throws where one lacks its other, or is of
  /// another shape or type.
  private func targets(
    for entries: [SafetensorsHeader.Entry], in layer: Layer, _ path: String,
    at range: SourceRange
  ) throws(Fault) -> [TensorValue] {
    var places: [String: Int] = [:]
    for (place, entry) in entries.enumerated() { places[entry.name] = place }
    var targets = [TensorValue?](repeating: nil, count: entries.count)
    for (name:member, tensor:target) in layer.parameters() + layer.states() {
      guard !target.isSketch else { throw Fault(.sketched(at: range)) }
      let name = Interpreter.fileName(of: member)
      guard let place = places[name] else {
        throw Fault(.file(path, .noTensor(name, known: entries.map(\.name)), at: range))
      }
      let entry = entries[place]
      guard entry.shape == target.shape, entry.dtype == target.dtype else {
        throw Fault(
          .file(
            path, .otherTensor(name, found: "\(entry.dtype)\(entry.shape)", expected: target),
            at: range))
      }
      targets[place] = target
    }
    for (entry, target) in zip(entries, targets) where target == nil {
      throw Fault(.file(path, .extraTensor(entry.name), at: range))
    }
    return targets.compactMap { $0 }
  }
}
