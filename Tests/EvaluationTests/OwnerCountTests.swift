import Syntax
import Tensors
import Testing

@testable import Evaluation

/// What is counted of owners is what a walk through everything finds.
@Suite struct OwnerCountTests {
  /// The owners of everything that names lead to, found by a walk.
  private struct Walk {
    var owners: [ObjectIdentifier: (object: Owned, count: Int)] = [:]
    /// How many elements of those that lists share were gone through.
    private var lengths: [ObjectIdentifier: Int] = [:]
    private var waiting: [Owned] = []

    init(_ machine: Interpreter) {
      for cell in Array(machine.session.values) + machine.predefined.values {
        if let object = cell.value.owned { waiting.append(object) }
      }
      while let object = waiting.popLast() { meet(object) }
    }

    private mutating func meet(_ object: Owned) {
      let key = ObjectIdentifier(object)
      owners[key, default: (object, 0)].count += 1
      guard owners[key]?.count == 1 else { return }
      guard let list = object as? List else { return object.forEachPart { waiting.append($0) } }
      let known = lengths[list.share, default: 0]
      guard list.count > known else { return }
      lengths[list.share] = list.count
      for place in known..<list.count {
        if let part = list[place].owned { waiting.append(part) }
      }
    }
  }

  /// Compares; `known` are the objects met so far.
  private func compare(_ machine: Interpreter, _ known: inout [Owned], _ command: String) {
    let walk = Walk(machine)
    known += walk.owners.values.map(\.object)
    var seen: Set<ObjectIdentifier> = []
    known.removeAll { !seen.insert(ObjectIdentifier($0)).inserted }
    var wrong = 0
    var tensors: [ObjectIdentifier: (storage: Storage, count: Int)] = [:]
    for object in known {
      let count = walk.owners[ObjectIdentifier(object)]?.count ?? 0
      if object.owners != count { wrong += 1 }
      if let storage = (object as? TensorValue)?.backing.storage {
        tensors[ObjectIdentifier(storage), default: (storage, 0)].count += count > 0 ? 1 : 0
      }
    }
    #expect(wrong == 0, "\(command)")
    #expect(tensors.values.allSatisfy { $0.storage.owners == $0.count }, "\(command)")
    #expect(
      machine.settledBytesOfAnsAlone() == machine.walkedBytesOfAnsAlone(), "\(command)")
  }

  private static let setUp = """
    fn keep(x) { fn() { x } }
    fn circle(x) {
      let inside = x
      fn go(n) { if n == 0 { inside } else { go(n - 1) } }
      inside = [x, go]
      go
    }
    fn counter(x) {
      let held = x
      fn(y) { let old = held
        held = y
        old }
    }
    layer plus(b) {
      param w = ones(2)
      forward(x) { x * w }
    }
    let opt = adam(lr: 0.1)
    let f = counter(none)
    let net = plus(3)
    """

  /// A command on names a to d; `draw` gives a number below its argument.
  private func command(_ draw: (Int) -> Int) -> String {
    func name() -> String { ["a", "b", "c", "d"][draw(4)] }
    let (x, y, z) = (name(), name(), name())
    switch draw(25) {
    case 0, 1: return "let \(x) = zeros(\(1 + draw(4)))"
    case 2: return "let \(x) = \(y)"
    case 3: return "let \(x) = [\(y), \(z)]"
    case 4: return "let \(x) = append([\(y)], \(z))"
    case 5, 6, 7: return "let \(x) = append(\(y), \(z))"
    case 8: return "let \(x) = [1: \(y), 2: \(z)]"
    case 9: return "let \(x) = keep(\(y))"
    case 10: return "let \(x) = circle(\(y))"
    case 11: return "\(x)[\(draw(3))] = \(y)"
    case 12: return "\(x)[0]"
    case 13: return "let \(x) = f(\(y))"
    case 14: return "f = counter(\(x))"
    case 15: return x
    case 16: return "let \(x) = ans"
    case 17: return "ans = none"
    case 18: return "let \(x) = reshape(\(y), [1, 2])"
    case 19: return "[\(x), zeros(3), reshape(zeros(2), [1, 2])]"
    case 20: return "net = plus(\(x))"
    case 21: return "update net along (gradient wrt net { sum(net(ones(2))) }) using opt"
    case 22: return "opt.lr = keep(\(x))"
    case 23: return "let \(x) = [plus(2), plus(2), plus(\(y))]"
    default: return "let \(x) = none"
    }
  }

  @Test func `what layers were given and do not use goes with them`() throws {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = false
    try Lab.session(Self.setUp + "\nans = none", configuration: configuration) { machine, _ in
      let before = machine.ledger.liveTotal
      _ = Lab.run("let a = [plus(2), plus(zeros(1000)), plus(2)]", in: machine)
      #expect(machine.ledger.liveTotal > before + 4000)
      _ = Lab.run("a = none", in: machine)
      _ = Lab.run("ans = none", in: machine)
      #expect(machine.ledger.liveTotal == before)
    }
  }

  @Test(arguments: 0..<12)
  func `owners are as a walk counts them, whatever is done, and undone`(seed: Int) throws {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = seed % 3 > 0
    try Lab.session(Self.setUp, configuration: configuration) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      var state = UInt64(seed + 1)
      func draw(_ count: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(count))
      }
      var known: [Owned] = []
      for _ in 0..<150 {
        if configuration.keepsUndo, draw(5) == 0 {
          _ = try? machine.undo()
          compare(machine, &known, "undo")
        } else {
          let text = command(draw)
          _ = Lab.run(text, in: machine)
          compare(machine, &known, text)
        }
      }
      machine.reset()
      compare(machine, &known, "reset")
    }
  }
}
