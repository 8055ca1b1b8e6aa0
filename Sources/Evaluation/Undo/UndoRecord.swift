/// What a finished command changed, as far as it takes to go back to before it.
///
/// It holds the old values of names, whose tensors lie in the file where nothing else holds them.
/// What it only puts back into, such as cells, parameters and optimizers, it does not keep alive.
struct UndoRecord {
  /// The content of a cell before the command.
  struct CellContent {
    weak var cell: Cell?
    /// What it held; `none` where it was not defined.
    let value: Value
    /// False where the command defined it.
    let isDefined: Bool
  }

  /// The bytes of a tensor before the command changed them in place.
  struct SavedBytes {
    private let link: TensorLink
    var tensor: TensorValue? { link.tensor }
    /// Where they lie, among others that the command changed with them, and from which byte of that
    /// on: there are thousands, which are not an object each.
    let group: SpillFile.Stretch
    let start: Int

    /// Those of a tensor, `start` bytes from where `group` begins.
    init(_ tensor: TensorValue, in group: SpillFile.Stretch, at start: Int) {
      link = tensor.link
      self.group = group
      self.start = start
    }

    /// The place of so many bytes.
    func stretch(ofBytes count: Int) -> SpillFile.Stretch { group.part(from: start, count) }
  }

  /// An optimizer before the command.
  struct OptimizerContent {
    weak var optimizer: Optimizer?
    /// Updates it had made.
    let updateCount: Int
    /// Its rule, rate and options.
    let setting: Optimizer.Setting
  }

  /// A parameter that the command gave an optimizer's moments.
  struct MadeMoments {
    weak var optimizer: Optimizer?
    let link: TensorLink
    var parameter: TensorValue? { link.tensor }
  }

  /// What the command could change of the session beside its values.
  struct Setting: Equatable {
    /// What random draws begin with.
    var seed: UInt64
    /// Where they are: `RunContext.step`.
    var step: UInt64
    /// Bytes; `nil` for no budget.
    var budget: Int?
    /// Whether several operations are computed as one step.
    var fuses: Bool
  }

  /// Its number, and its text.
  let command: Int
  /// Its source.
  let text: String
  /// As it was when the command began.
  let setting: Setting
  /// Cells that it wrote, each once.
  var cells: [CellContent] = []
  /// Tensors that it changed in place, each once.
  private(set) var saved: [SavedBytes] = []
  /// Bytes of these in the file.
  private(set) var savedBytes = 0
  /// Optimizers that it updated with or gave another rate, each once.
  var optimizers: [OptimizerContent] = []
  /// Moments that it made, which going back drops.
  var moments: [MadeMoments] = []

  /// A command that has changed nothing yet.
  init(command: Int, text: String, setting: Setting) {
    self.command = command
    self.text = text
    self.setting = setting
  }

  /// Tensors are about to be changed in place: their bytes lie one behind the other in `group`.
  mutating func add(_ values: [TensorValue], in group: SpillFile.Stretch) {
    saved.reserveCapacity(saved.count + values.count)
    var start = 0
    for value in values {
      saved.append(SavedBytes(value, in: group, at: start))
      start += value.byteCount
    }
    savedBytes += start
  }

  /// Takes over an entry of the log, unless it has one for the same thing from earlier in the
  /// command.
  mutating func add(_ entry: UndoLog.Entry) {
    switch entry {
    case .cell(let cell, let value, let isDefined):
      guard cell.recordedBy != command else { return }
      cell.recordedBy = command
      cells.append(CellContent(cell: cell, value: value, isDefined: isDefined))
    case .backing: break  // Its bytes were saved before they changed.
    case .moments(let optimizer, let parameter):
      moments.append(MadeMoments(optimizer: optimizer, link: parameter.link))
    case .optimizer(let optimizer, let count, let setting):
      guard optimizer.recordedBy != command else { return }
      optimizer.recordedBy = command
      optimizers.append(
        OptimizerContent(optimizer: optimizer, updateCount: count, setting: setting))
    }
  }

  /// Forgets what has gone, or is as it was. True where nothing is left to take back, and the
  /// setting is `now` as before.
  mutating func settle(_ now: Setting) -> Bool {
    cells.removeAll { content in
      guard let cell = content.cell else { return true }
      return cell.isDefined == content.isDefined && cell.value.isSame(as: content.value)
    }
    saved.removeAll { $0.tensor == nil }
    optimizers.removeAll { $0.optimizer == nil }
    moments.removeAll { $0.optimizer == nil || $0.parameter == nil }
    return cells.isEmpty && saved.isEmpty && optimizers.isEmpty && moments.isEmpty
      && setting == now
  }

  /// The tensors that its old values lead to.
  var tensors: [TensorValue] { tensors(in: ValueWalk()) }

  /// Those of them that no name leads to.
  var unownedTensors: [TensorValue] { tensors(in: ValueWalk(skipsOwned: true)) }

  private func tensors(in walk: consuming ValueWalk) -> [TensorValue] {
    for content in cells where content.cell != nil { walk.visit(content.value) }
    return walk.tensors
  }
}

extension Value {
  /// True where both are one object, or plain values that are equal.
  fileprivate func isSame(as other: Value) -> Bool {
    switch (self, other) {
    case (.none, .none): true
    case (.integer(let a), .integer(let b)), (.bytes(let a), .bytes(let b)): a == b
    case (.float(let a), .float(let b)): a.bitPattern == b.bitPattern
    case (.boolean(let a), .boolean(let b)): a == b
    case (.string(let a), .string(let b)): a.string == b.string
    default: object.map { mine in other.object.map { $0 === mine } ?? false } ?? false
    }
  }

  /// The object behind a value; `nil` for plain values.
  private var object: AnyObject? {
    switch self {
    case .none, .integer, .float, .boolean, .bytes, .string: nil
    case .list(let object as AnyObject), .dictionary(let object as AnyObject),
      .range(let object as AnyObject), .function(let object as AnyObject),
      .layer(let object as AnyObject), .tensor(let object as AnyObject),
      .dataSet(let object as AnyObject), .batches(let object as AnyObject),
      .optimizer(let object as AnyObject), .strategy(let object as AnyObject),
      .gradients(let object as AnyObject), .plan(let object as AnyObject),
      .record(let object as AnyObject):
      object
    }
  }
}
