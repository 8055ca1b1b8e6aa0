import Foundation
import Syntax
import Tensors
import Testing

@testable import Evaluation

/// Commands that are taken back, and what it costs to be able to.
@Suite struct UndoTests {
  private static func configuration(
    limit: Int = 1 << 30, folders: [String]? = nil
  ) -> Interpreter.Configuration {
    var configuration = Interpreter.Configuration()
    configuration.keepsUndo = true
    configuration.undoLimit = limit
    if let folders { configuration.undoFolders = folders }
    return configuration
  }

  private static let setUp = """
    let data = spirals(count: 40, classes: 2)
    let net = chain(dense(2, 16), batch_norm(16), tanh, dense(16, 2))
    let opt = adam(lr: 0.01)
    fn step() {
      let g = gradient wrt net { cross_entropy(net(data.x), data.y) }
      update net along g using opt
      g
    }
    let g = step()
    """

  /// Commands that change names, parameters, states, moments, lists and draws.
  private static let commands = [
    "let a = randn(64, 64)", "let b = a", "a = none", "b = none",
    "train net for x, y in batches(data, size: 8) using opt { cross_entropy(net(x), y) }",
    "g = step()", "for i in 0..<3 { g = step() }", "let xs = [randn(8), randn(8)]",
    "xs[0] = zeros(3)", "net.layers[0].w = zeros(2, 16)", "randn(100)", "ans = none",
    "let old = net", "net = dense(2, 2)", "old = none", "opt = none", "g = none",
    "fn make() {\n  let k = randn(32)\n  fn(x) { x + k }\n}", "let f = make()",
    "seed 3", "budget 3 MiB", "f = none",
    "let r = reshape(randn(4, 4), [16])", "let s = reshape(r, [2, 8])", "r = none", "s = none",
  ]

  private func expectUndone(_ text: String, in machine: Interpreter) throws {
    let taken = try machine.undo()
    #expect(taken.text == text)
  }

  /// Why undo does nothing; an issue where it does something.
  private func refusal(_ machine: Interpreter) -> Diagnostic? {
    do {
      let taken = try machine.undo()
      Issue.record("undone: \(taken.text)")
      return nil
    } catch { return error }
  }

  @Test func `pieces of memory go to the file with few calls, and come back one by one`() throws {
    let file = SpillFile(limit: 1 << 20, folders: SpillFile.usualFolders)
    // More of them than one call takes; some are empty.
    let lengths = (0..<2500).map { $0 * $0 * 37 % 300 }
    let all = UnsafeMutableRawBufferPointer.allocate(
      byteCount: lengths.reduce(0, +), alignment: 1)
    defer { all.deallocate() }
    for place in all.indices { all[place] = UInt8(truncatingIfNeeded: place &* 2_654_435_761 >> 7) }
    var start = 0
    let pieces = lengths.map { length in
      start += length
      return UnsafeRawBufferPointer(rebasing: all[start - length..<start])
    }
    let one = try file.store(try #require(all.baseAddress), 5)
    let whole = try file.store(pieces)
    #expect(whole.range.count == all.count)
    #expect(file.byteCount == all.count + 5 && one.range == 0..<5)
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 300, alignment: 1)
    defer { room.deallocate() }
    start = 0
    for piece in pieces {
      let stretch = whole.part(from: start, piece.count)
      start += piece.count
      try stretch.load(into: try #require(room.baseAddress), mayStop: false)
      #expect(room[..<piece.count].elementsEqual(piece))
    }
    let full = UnsafeRawBufferPointer(start: all.baseAddress, count: all.count)
    #expect(throws: SpillFile.Problem.full(limit: 1 << 20)) {
      try file.store([full, full, full])
    }
    #expect(file.byteCount == all.count + 5)
  }

  @Test func `what another thread copies is there once it is waited for`() throws {
    let file = SpillFile(limit: 8 << 20, folders: SpillFile.usualFolders)
    let all = UnsafeMutableRawBufferPointer.allocate(byteCount: 3 << 20, alignment: 1)
    defer { all.deallocate() }
    for place in all.indices { all[place] = UInt8(truncatingIfNeeded: place &* 2_654_435_761 >> 9) }
    let pieces = [all[..<1000], all[1000...]].map { UnsafeRawBufferPointer(rebasing: $0) }
    do {
      // One that nobody asks about: its room is free again.
      _ = try file.begin(pieces)
    }
    #expect(file.byteCount == 0)
    let copying = try file.begin(pieces)
    // Room that was taken meanwhile is another.
    let other = try file.store(try #require(all.baseAddress), 100)
    let stretch = try copying.finished()
    #expect(stretch.range.count == all.count && !stretch.range.overlaps(other.range))
    let room = UnsafeMutableRawBufferPointer.allocate(byteCount: all.count, alignment: 1)
    defer { room.deallocate() }
    try stretch.load(into: try #require(room.baseAddress), mayStop: false)
    let isSame = room.elementsEqual(all)
    #expect(isSame)
    #expect(throws: SpillFile.Problem.full(limit: 8 << 20)) {
      _ = try file.begin(pieces + pieces)
    }
    let stopped = SpillFile(limit: 8 << 20, folders: SpillFile.usualFolders) { true }
    #expect(throws: SpillFile.Problem.stopped) { try stopped.begin(pieces).finished() }
  }

  /// A network of more than a mebibyte, which is copied while a block is traced, one that blocks do
  /// not use, and a label that a network has no class for.
  private static let wide = """
    let data = spirals(count: 40, classes: 2)
    let wrong = dataset(data.x, full([40], 7, dtype: i32))
    let spare = dense(2, 2)
    let net = chain(dense(2, 2000), tanh, dense(2000, 200), tanh, dense(200, 2))
    let opt = adam(lr: 0.01)
    """

  @Test func `what is copied ahead of a training is taken back bit for bit`() throws {
    let loss = "{ cross_entropy(net(x), y) }"
    let commands = [
      "train net for x, y in batches(data, size: 8, steps: 1) using opt \(loss)",
      "train [net, spare] for x, y in batches(data, size: 8, steps: 1) using opt \(loss)",
      "train net for x, y in batches(data, size: 8) using sgd(lr: 0.1) \(loss)",
      "train net.layers[0] for x, y in batches(data, size: 8) using opt \(loss)",
    ]
    try Lab.session(Self.wide, configuration: Self.configuration()) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      var states = [Lab.fingerprint(machine)]
      for command in commands {
        let outcome = Lab.run(command, in: machine).last
        #expect(outcome?.fault == nil, "\(command): \(outcome?.fault?.message ?? "")")
        states.append(Lab.fingerprint(machine))
        // What is refused, before it is traced to its end and after, changes nothing.
        for refused in [
          "train net for x, y in batches(wrong, size: 8) using opt \(loss)",
          "train net for x, y in batches(data, size: 8) using opt { cross_entropy(net(y), y) }",
        ] {
          #expect(Lab.run(refused, in: machine).last?.fault != nil)
          #expect(Lab.fingerprint(machine) == states.last)
        }
      }
      for command in commands.reversed() {
        states.removeLast()
        try expectUndone(command, in: machine)
        #expect(Lab.fingerprint(machine) == states.last, "\(command)")
      }
    }
  }

  @Test func `a training whose bytes the file does not take cannot be taken back`() throws {
    let configuration = Self.configuration(limit: 1 << 20)
    try Lab.session(Self.wide, configuration: configuration) { machine, _ in
      let training = """
        train net for x, y in batches(data, size: 8, steps: 1) using sgd(lr: 0.1) {
          cross_entropy(net(x), y)
        }
        """
      #expect(Lab.run(training, in: machine).last?.fault == nil)
      #expect(refusal(machine)?.message.contains("1 MiB") == true)
    }
  }

  @Test func `the account is that of a session that keeps no undo, command by command`() throws {
    func accounts(_ configuration: Interpreter.Configuration) throws -> [String] {
      try Lab.session(Self.setUp, configuration: configuration) { machine, _ in
        Self.commands.map { command in
          guard let outcome = Lab.run(command, in: machine).last else { return "" }
          return "\(outcome.live) peak \(outcome.peak) \(outcome.fault?.message ?? "")"
        }
      }
    }
    let plain = try accounts(.init())
    let undoing = try accounts(Self.configuration())
    for (place, pair) in zip(plain, undoing).enumerated() {
      #expect(pair.0 == pair.1, "\(Self.commands[place])")
    }
  }

  @Test func `undo goes back through all commands, bit for bit`() throws {
    try Lab.session(Self.setUp, configuration: Self.configuration()) { machine, _ in
      var states = [Lab.fingerprint(machine)]
      var texts: [String] = []
      for command in Self.commands {
        let outcome = Lab.run(command, in: machine).last
        #expect(outcome?.fault == nil, "\(command): \(outcome?.fault?.message ?? "")")
        let state = Lab.fingerprint(machine)
        states.append(state)
        texts.append(command)
      }
      while let text = texts.popLast() {
        states.removeLast()
        try expectUndone(text, in: machine)
        #expect(Lab.fingerprint(machine) == states.last, "\(text)")
      }
    }
  }

  @Test(arguments: [
    "sgd(momentum: 0.9, nesterov: true)", "rmsprop(momentum: 0.5)", "adagrad()", "lion()",
    "adafactor()", "adam(clip_norm: 1.0)",
  ])
  func `training with any optimizer is taken back with what it keeps`(optimizer: String) throws {
    let setUp = Self.setUp.replacingOccurrences(of: "adam(lr: 0.01)", with: optimizer)
    let training = """
      train net for x, y in batches(data, size: 8) using opt accumulate 2 updates at_end {
        cross_entropy(net(x), y)
      }
      """
    try Lab.session(setUp, configuration: Self.configuration()) { machine, _ in
      let before = Lab.fingerprint(machine)
      #expect(Lab.run(training, in: machine).last?.fault == nil)
      let after = Lab.fingerprint(machine)
      #expect(after != before)
      try expectUndone(training, in: machine)
      #expect(Lab.fingerprint(machine) == before)
      // The moments are what they were, too: the same training gives the same again.
      _ = Lab.run(training, in: machine)
      #expect(Lab.fingerprint(machine) == after)
    }
  }

  @Test func `gradients and moments know their parameters after undo`() throws {
    try Lab.session(Self.setUp, configuration: Self.configuration()) { machine, _ in
      let before = Lab.run("sum(g[net.layers[0].w])", in: machine).last?.value.map(machine.display)
      _ = Lab.run("net = none\nopt = none\ng = none", in: machine)
      #expect(machine.ledger.live[.parameters] == 0)
      #expect(machine.ledger.live[.optimizer] == 0)
      for _ in 0..<3 { try machine.undo() }
      let outcomes = Lab.run("update net along g using opt\nsum(g[net.layers[0].w])", in: machine)
      #expect(outcomes.allSatisfy { $0.fault == nil })
      #expect(outcomes.last?.value.map(machine.display) == before)
    }
  }

  @Test func `commands that changed nothing do not count`() throws {
    try Lab.session("let a = 1", configuration: Self.configuration()) { machine, _ in
      _ = Lab.run("print(a)\na = a\nlet b = nonsense", in: machine)
      try expectUndone("let a = 1", in: machine)
      #expect(refusal(machine)?.code == "nothing-to-undo")
    }
  }

  @Test func `undoing within a budget that has no room says so and changes nothing`() throws {
    // The update finishes a step in the midst of the command: the old numbers are free from there
    // on.
    let setUp = """
      let net = dense(2, 2)
      let opt = sgd(lr: 0.1)
      let g = gradient wrt net { sum(net(ones(1, 2))) }
      let a = zeros(1024)
      budget 5 KiB
      fn f() {
        a = none
        update net along g using opt
        zeros(1024)
      }
      a = f()
      """
    try Lab.session(setUp, configuration: Self.configuration()) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      let before = Lab.fingerprint(machine)
      #expect(refusal(machine)?.code == "over-budget")
      #expect(Lab.fingerprint(machine) == before)
      _ = Lab.run("let a = 3", in: machine)
      machine.ledger.allocationsBeforeFault = 0
      #expect(refusal(machine)?.code == "out-of-memory")
      machine.ledger.allocationsBeforeFault = nil
      try expectUndone("let a = 3", in: machine)
      #expect(Lab.fingerprint(machine) == before)
    }
  }

  @Test func `a command whose bytes the file does not take cannot be undone, and undo says so`()
    throws
  {
    for (configuration, reason) in [
      (Self.configuration(limit: 1000), "its copies take 2 KiB, and undo keeps at most 1000 B"),
      (
        Self.configuration(folders: ["/nonexistent"]),
        "its copies take 2 KiB, and the file for them cannot be used: No such file or directory"
      ),
    ] {
      try Lab.session("let a = zeros(512)\na = none", configuration: configuration) { machine, _ in
        #expect(machine.ledger.liveTotal == 0)
        let fault = refusal(machine)
        #expect(fault?.code == "undo-out-of-reach")
        #expect(fault?.message == "undo does not reach back to before `a = none`: \(reason)")
        _ = Lab.run("let b = 3", in: machine)
        try expectUndone("let b = 3", in: machine)
      }
    }
  }

  /// Commands whose copies take more than 10,000 bytes, and how many they take in all: what is
  /// dropped in several steps, what is changed in place, both; what stays live does not count.
  @Test(arguments: [
    ("let a = zeros(2048)\nlet b = a", "for i in 0..<2 { a = none\nb = i }", 8192),
    ("let a = zeros(2048)\nlet b = zeros(1024)", "for i in 0..<9 { a = i\nb = zeros(5) }", 12288),
    (
      "let a = zeros(1024)\nlet b = zeros(1024)\nlet c = zeros(1024)",
      "for i in 0..<3 { a = none\nb = none\nc = zeros(1024) }", 12288
    ),
    (
      "let net = dense(32, 64)\nlet kept = zeros(2048)\nlet a = kept\nlet old = zeros(1024)\n"
        + "let g = gradient wrt net { sum(net(ones(1, 32))) }",
      "for i in 0..<3 {\n  a = none\n  old = none\n  update net along g using sgd(lr: 0.1)\n}",
      8448 + 4096
    ),
  ])
  func `undo says how many bytes a command needed that it does not reach`(
    setUp: String, command: String, needed: Int
  ) throws {
    let configuration = Self.configuration(limit: 8000)
    try Lab.session(setUp, configuration: configuration) { machine, outcomes in
      #expect(outcomes.allSatisfy { $0.fault == nil })
      let outcome = Lab.run(command, in: machine).last
      #expect(outcome?.fault == nil, "\(outcome?.fault?.message ?? "")")
      guard case .lost(_, _, let counted, _)? = machine.history?.end else {
        Issue.record("undo reaches the command")
        return
      }
      #expect(counted == needed)
    }
  }

  @Test func `old commands make room for new ones`() throws {
    try Lab.session("", configuration: Self.configuration(limit: 10_000)) { machine, _ in
      for _ in 0..<5 { _ = Lab.run("let a = zeros(1024)\na = none", in: machine) }
      for _ in 0..<4 { try machine.undo() }
      let fault = refusal(machine)
      #expect(fault?.code == "undo-out-of-reach")
    }
  }

  @Test func `of commands that changed much, the last four can be taken back`() throws {
    try Lab.session("", configuration: Self.configuration()) { machine, _ in
      // Each second command gives up 40 MB.
      for _ in 0..<4 { _ = Lab.run("let a = zeros(10_000_000)\na = none", in: machine) }
      for _ in 0..<4 { try machine.undo() }
      #expect(refusal(machine)?.code == "undo-out-of-reach")
    }
  }

  @Test func `a command that is only looked at leaves no trace`() throws {
    try Lab.session(Self.setUp, configuration: Self.configuration()) { machine, _ in
      let before = Lab.fingerprint(machine)
      let outcome = machine.peek(try #require(Lab.statements("step()").first))
      #expect(outcome.fault == nil)
      #expect(Lab.fingerprint(machine) == before)
      try expectUndone("let g = step()", in: machine)
    }
  }
}
