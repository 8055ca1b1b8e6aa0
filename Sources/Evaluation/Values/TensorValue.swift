import Execution
package import Graphs
import Syntax
package import Tensors

/// A tensor as the language holds it: numbers, or the name of a value in a block that is being
/// traced.
///
/// Identity matters: `wrt`, `g[…]` and the tracer know a tensor by the object it is.
package final class TensorValue: Owned {
  /// Where a tensor's numbers are.
  package enum Backing {
    /// Numbers.
    case concrete(Tensor)
    /// A value of the graph that `trace` grows; meaningless once that trace is over.
    case traced(Operand, Trace)
    /// Numbers that only undo needs: they are in its file.
    case spilled(SpilledStorage)
    /// No numbers and no bytes: a sketch has only a shape and a type.
    case sketched

    /// Where its numbers are in memory; `nil` where they are not.
    var storage: Storage? { if case .concrete(let tensor) = self { tensor.storage } else { nil } }
  }

  // A network has several for each layer: their order leaves no gaps.
  /// As it was made: other numbers have the same type.
  package let dtype: DType
  /// What it is to the account and to `wrt`.
  package internal(set) var role: Input.Kind
  /// True for what `train` binds its names to while it traces: each batch's numbers come later.
  let isAwaited: Bool
  /// As it was made: other numbers have the same shape.
  package let shape: Shape
  /// Changed through `Interpreter.replaceBytes`, which remembers what was there, and by undo.
  package internal(set) var backing: Backing {
    didSet {
      guard owners > 0 else { return }
      backing.storage?.owners += 1
      oldValue.storage?.owners -= 1
    }
  }
  /// Where it was made, for messages about shapes.
  let origin: SourceRange?
  /// Where it stands in the block that was traced last; `Trace` alone asks and says.
  var standing = Standing()

  /// Numbers in the trace `trace`, and in no other: below 0 for none.
  struct Standing {
    /// The trace's number; 0 for no trace.
    var trace: Int32 = 0
    /// Among the graph's inputs.
    var input: Int32 = -1
    /// Among what the block is differentiated by.
    var target: Int32 = -1
  }

  private var saver: Int32 = -1
  /// The command whose undo record has its bytes already.
  var savedBy: Int {
    get { Int(saver) }
    set { saver = Int32(truncatingIfNeeded: newValue) }
  }
  /// What leads to it and does not keep it: made for the first who asks.
  var link: TensorLink {
    if let knownLink { return knownLink }
    let link = TensorLink(self)
    knownLink = link
    return link
  }
  private var knownLink: TensorLink?

  /// A tensor with numbers. `origin` is the expression that made it.
  init(
    _ tensor: Tensor, role: Input.Kind = .constant, origin: SourceRange? = nil,
    isAwaited: Bool = false
  ) {
    self.isAwaited = isAwaited
    self.shape = tensor.shape
    self.dtype = tensor.dtype
    self.backing = .concrete(tensor)
    self.role = role
    self.origin = origin
  }

  /// A value of the graph that `trace` grows. `origin` is the expression that made it.
  init(_ operand: Operand, in trace: Trace, origin: SourceRange?) {
    isAwaited = false
    self.shape = operand.shape
    self.dtype = operand.dtype
    self.backing = .traced(operand, trace)
    self.role = .constant
    self.origin = origin
  }

  /// A sketch.
  init(sketch type: TensorType, role: Input.Kind = .constant, origin: SourceRange?) {
    isAwaited = false
    self.shape = type.shape
    self.dtype = type.dtype
    self.backing = .sketched
    self.role = role
    self.origin = origin
  }

  deinit { knownLink?.tensor = nil }

  /// The numbers; `nil` while the tensor is only traced, and of a sketch.
  package var tensor: Tensor? {
    switch backing {
    case .concrete(let tensor): return tensor
    case .traced, .sketched: return nil
    case .spilled(let bytes):
      // Names lead to it no more, but somebody still computes with it.
      if let storage = bytes.restoredBesideBudget() { hold(storage) }
      if case .concrete(let tensor) = backing { return tensor }
      return nil
    }
  }

  /// Has its numbers in `storage` from here on.
  func hold(_ storage: Storage) {
    backing = .concrete(Tensor(shape: shape, dtype: dtype, storage: storage))
  }

  /// Names lead to it from here on. Numbers that undo had alone come back.
  func countStorage() {
    if case .spilled = backing { _ = tensor } else { backing.storage?.owners += 1 }
  }

  /// Names lead to it no more.
  func uncountStorage() { backing.storage?.owners -= 1 }

  /// Bytes of the elements, wherever they are.
  package var byteCount: Int { shape.count &* dtype.byteWidth }

  /// True while its numbers are in memory.
  package var isConcrete: Bool {
    if case .concrete = backing { true } else { false }
  }

  /// True for what has a shape and no bytes.
  package var isSketch: Bool {
    if case .sketched = backing { true } else { false }
  }

  /// The elements in row-major order, as doubles; empty while the tensor is only traced.
  package func doubles() -> [Double] { tensor?.doubles() ?? [] }

  /// The numbers where they can be shown.
  package var shownNumbers: Tensor? { isAwaited ? nil : tensor }

  /// How it prints where its numbers cannot be shown.
  package var placeholder: String {
    isSketch ? "sketch \(typeDescription)" : "\(typeDescription) (traced)"
  }

  /// `f32[64, 3]`
  package var typeDescription: String { "\(dtype)\(shape)" }
}

/// Leads to a tensor as long as it is there. A weak reference does so too, and makes each count of
/// references to the tensor slow from then on.
final class TensorLink {
  /// `nil` once it is gone.
  fileprivate(set) unowned(unsafe) var tensor: TensorValue?

  fileprivate init(_ tensor: TensorValue) { self.tensor = tensor }
}
