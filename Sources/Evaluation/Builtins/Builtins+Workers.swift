import Experiments
import Graphs
import Reports
import Syntax
import Writing

extension Interpreter {
  /// How several workers train together: what stands behind `on` in `train`.
  static let workerBuiltins: [Builtin] = [
    Builtin(
      "workers",
      [
        .init("count"), .init("updates", default: "sync", words: ["sync", "async"]),
        .init("reduce", default: "ring", words: Exchange.Way.allCases.map(\.rawValue)),
        .init("bucket", default: "none"), .init("shard", default: "none", words: ["optimizer"]),
        .init("machine", default: "none"), .init("straggler", default: "1"),
        .init("checkpoint_file", default: "none"),
      ],
      summary: """
        So many workers that train together, behind `on` in `train`, or in a list in `compare`. \
        Each has a replica of all that is trained, a share of the data and an account of its own. \
        sync: each takes its rows of each batch; gradients, each by its share of the rows, are \
        added up by an all-reduce, a step of the schedule between a gradient and its update. \
        `reduce` says along which ways, and so in which order: ring, tree, or naive, all to the \
        first. `bucket: 1 MiB` lets gradients travel together. Drops of a worker's rows are those \
        of the whole batch; batch norm takes each worker's rows for itself, and running \
        statistics are averaged. async and local: `help async`, `help local`. `shard: optimizer` \
        gives each worker the moments of some parameters only, which it updates and sends to the \
        others (ZeRO 1, Rajbhandari et al. 2020). With `accumulate 4` each worker adds up the \
        gradients of four batches, and what it sends are the sums; `mixed bf16` goes with all of \
        this, `mixed f16` with sync alone. With a `machine`, steps get simulated times; the last \
        worker is `straggler` times slower. `checkpoint_file` is written after each step, for \
        `load`. `mpirun -n 4 cairn run FILE` lets four processes be the workers: each runs the \
        script, and the first one prints.
        """,
      example: """
        let net = chain(dense(2, 8), tanh, dense(8, 3))
        let data = spirals(count: 32, classes: 3)
        train net for x, y in batches(data, size: 8) using adam(lr: 0.01) on workers(4) {
          cross_entropy(net(x), y)
        }
        """
    ) { (arguments, _) throws(Fault) in .record(try workers(arguments)) },
    Builtin(
      "async", [.init("delay", default: "none")],
      summary: """
        For `workers(…, updates: async())`: a server updates the parameters from one worker's \
        gradients at a time, each of a batch of its own, and the worker then takes the parameters \
        anew (Dean et al. 2012). Meanwhile others have updated them: that many updates old, or \
        stale, its gradients are. `delay: 3` makes all so old; `delay: random(most: 5)` draws who \
        arrives next; without it workers arrive as fast as they are. States travel with the \
        parameters.
        """,
      example: "workers(4, updates: async(delay: 3))"
    ) { (arguments, _) throws(Fault) in
      var delay = Value.none
      if let given = arguments.optional(0) {
        if case .record(let record) = given.value, record.typeName == "random" {
          delay = given.value
        } else {
          delay = .integer(try arguments.integer(0))
        }
      }
      return .record(
        Record(
          typeName: "async", fields: [("delay", delay)],
          display: spelled(asyncText(delay))))
    },
    Builtin(
      "random", [.init("most")],
      summary: """
        For `async(delay: random(most: 5))`: which worker's gradients come next is drawn from the \
        seed, but nobody's get older than so many updates (bounded staleness, Ho et al. 2013).
        """,
      example: "workers(4, updates: async(delay: random(most: 5)))"
    ) { (arguments, _) throws(Fault) in
      let most = try arguments.integer(0)
      return .record(
        Record(
          typeName: "random", fields: [("most", .integer(most))],
          display: spelled("random(most: \(most))")))
    },
    Builtin(
      "local", [.init("every")],
      summary: """
        For `workers(…, updates: local(every: 8))`: each worker updates its replica from its rows \
        of each batch; every so many steps, and after the last, parameters and states are averaged \
        (local SGD, Stich 2019). Moments stay each worker's own.
        """,
      example: "workers(4, updates: local(every: 8))"
    ) { (arguments, _) throws(Fault) in
      let every = try arguments.integer(0)
      guard every >= 1 else {
        throw Fault(.workers(.every(every), at: arguments.value(0).range))
      }
      return .record(
        Record(
          typeName: "local", fields: [("every", .integer(every))],
          display: spelled("local(every: \(every))")))
    },
    Builtin(
      "machine", [.init("bandwidth"), .init("latency"), .init("flops")],
      summary: """
        A machine on paper, for the simulated times of `workers`: bytes that a message carries a \
        second, seconds that it takes besides, and floating-point operations that a worker does a \
        second. An exchange begins when all workers have come to it; in buckets gradients travel \
        while the backward pass goes on. A server takes no time, and hears any number of workers \
        at once.
        """,
      example: "workers(4, machine: machine(bandwidth: 10 GiB, latency: 50 µs, flops: 1 T))"
    ) { (arguments, _) throws(Fault) in
      var fields: [(name: String, value: Value)] = []
      for (index, parameter) in arguments.builtin.parameters.enumerated() {
        let number = try arguments.number(index)
        guard number.isFinite, number > 0 || parameter.name == "latency" && number == 0 else {
          throw Fault(.workers(.machine(parameter.name), at: arguments.value(index).range))
        }
        if case .bytes = arguments.value(index).value {
          fields.append((parameter.name, arguments.value(index).value))
        } else {
          fields.append((parameter.name, .float(number)))
        }
      }
      return .record(
        Record(typeName: "machine", fields: fields, display: spelled(machineText(fields))))
    },
  ]

  private static func spelled(_ text: String) -> Report { Report(.line(RichText(text))) }

  private static func asyncText(_ delay: Value) -> String {
    switch delay {
    case .integer(let delay): "async(delay: \(delay))"
    case .record(let drawn):
      if case .integer(let most)? = drawn["most"] {
        "async(delay: random(most: \(most)))"
      } else {
        "async()"
      }
    default: "async()"
    }
  }

  private static func machineText(_ fields: [(name: String, value: Value)]) -> String {
    let parts = fields.map { name, value in
      switch value {
      case .bytes(let bytes): "\(name): \(ByteFormat.text(bytes))"
      case .float(let number): "\(name): \(NumberFormat.number(number))"
      default: name
      }
    }
    return "machine(\(parts.joined(separator: ", ")))"
  }

  private static func workers(_ arguments: Arguments) throws(Fault) -> Record {
    let setting = try WorkerReader(arguments).setting()
    func given(_ index: Int) -> Value { arguments.optional(index)?.value ?? .none }
    return Record(
      typeName: "workers",
      fields: [
        ("count", .integer(setting.count)), ("updates", .string(.of(setting.modeText))),
        ("reduce", .string(.of(setting.way.rawValue))),
        ("bucket", setting.bucket.map { .bytes($0) } ?? .none), ("shard", given(4)),
        ("machine", given(5)), ("straggler", .float(setting.straggler)),
        ("checkpoint_file", given(7)), ("mode", given(1)),
      ], display: spelled(setting.spelling))
  }
}

extension WorkerSetting {
  /// `sync`, `async(delay: 3)`, `local(every: 8)`
  var modeText: String {
    switch mode {
    case .sync: "sync"
    case .async(.free): "async()"
    case .async(.fixed(let delay)): "async(delay: \(delay))"
    case .async(.drawn(let most)): "async(delay: random(most: \(most)))"
    case .local(let every): "local(every: \(every))"
    }
  }
}

/// Reads and checks the arguments of `workers`.
private struct WorkerReader {
  private let arguments: Arguments

  init(_ arguments: Arguments) { self.arguments = arguments }

  private func problem(_ problem: Diagnostic.WorkerProblem, _ index: Int) -> Fault {
    Fault(.workers(problem, at: arguments.value(index).range))
  }

  /// Throws where options do not go together, or one changes nothing.
  func setting() throws(Fault) -> WorkerSetting {
    let count = try arguments.integer(0)
    guard (1...1024).contains(count) else { throw problem(.count(count), 0) }
    var setting = WorkerSetting(count: count, mode: try mode(count))
    if let word = try arguments.word(2, among: Exchange.Way.allCases.map(\.rawValue)),
      let way = Exchange.Way(rawValue: word)
    {
      if case .async = setting.mode { throw problem(.notAsync(option: "reduce"), 2) }
      setting.way = way
    }
    if arguments.optional(3) != nil {
      if case .local = setting.mode { throw problem(.bucketAlone, 3) }
      setting.bucket = try arguments.integer(3)
    }
    if try arguments.word(4, among: ["optimizer"]) != nil {
      guard setting.mode == .sync else { throw problem(.notSync(option: "shard"), 4) }
      setting.sharesOptimizer = count > 1
    }
    setting.machine = try machine()
    if arguments.optional(6) != nil {
      let factor = try arguments.number(6)
      guard factor.isFinite, factor >= 1 else { throw problem(.straggler(factor), 6) }
      guard setting.machine != nil else { throw problem(.stragglerAlone, 6) }
      setting.straggler = factor
    }
    if arguments.optional(7) != nil { setting.checkpointFile = try arguments.string(7) }
    setting.spelling = spelling(setting)
    return setting
  }

  private func mode(_ count: Int) throws(Fault) -> WorkerSetting.Mode {
    guard let given = arguments.optional(1) else { return .sync }
    switch given.value {
    case .string(let word) where word.string == "sync": return .sync
    case .string(let word) where word.string == "async": return .async(.free)
    case .record(let record) where record.typeName == "local":
      if case .integer(let every)? = record["every"] { return .local(every: every) }
    case .record(let record) where record.typeName == "async":
      return .async(try delay(record, count))
    default: break
    }
    throw arguments.mismatch(.words(["sync", "async()", "async(delay: 1)", "local(every: 8)"]), 1)
  }

  private func delay(_ record: Record, _ count: Int) throws(Fault) -> WorkerSetting.Delay {
    switch record["delay"] {
    case .integer(let delay)?:
      guard (0..<count).contains(delay) else { throw problem(.delay(delay, workers: count), 1) }
      return .fixed(delay)
    case .record(let drawn)?:
      guard case .integer(let most)? = drawn["most"] else { return .free }
      guard most >= count - 1 else { throw problem(.most(most, workers: count), 1) }
      return .drawn(most: most)
    default: return .free
    }
  }

  private func machine() throws(Fault) -> Machine? {
    guard let given = arguments.optional(5) else { return nil }
    guard case .record(let record) = given.value, record.typeName == "machine" else {
      throw arguments.mismatch(.words(["machine(bandwidth: 10 GiB, latency: 0, flops: 1e9)"]), 5)
    }
    func number(_ name: String) -> Double {
      switch record[name] {
      case .bytes(let bytes)?: Double(bytes)
      case .float(let number)?: number
      default: 1
      }
    }
    return Machine(
      bandwidth: number("bandwidth"), latency: number("latency"), flops: number("flops"))
  }

  private func spelling(_ setting: WorkerSetting) -> String {
    var parts = ["\(setting.count)", "updates: \(setting.modeText)"]
    if arguments.optional(2) != nil { parts.append("reduce: \(setting.way.rawValue)") }
    if let bucket = setting.bucket { parts.append("bucket: \(ByteFormat.text(bucket))") }
    if setting.sharesOptimizer { parts.append("shard: optimizer") }
    if setting.straggler != 1 {
      parts.append("straggler: \(NumberFormat.number(setting.straggler))")
    }
    return "workers(\(parts.joined(separator: ", ")))"
  }
}

extension Interpreter {
  /// The workers that a value stands for: what `workers` gave.
  func workers(_ value: Value, at range: SourceRange) throws(Fault) -> WorkerSetting {
    guard case .record(let record) = value, record.typeName == "workers",
      let builtin = Interpreter.workerBuiltins.first
    else {
      throw Fault(.expected(.workers, found: value, as: .workers, at: range))
    }
    func argument(_ name: String, _ field: String? = nil) -> PassedArgument? {
      guard let value = record[field ?? name], !isNone(value) else { return nil }
      return PassedArgument(label: Identifier(name, range), value: value, range: range)
    }
    var passed = ["count", "bucket", "shard", "machine", "checkpoint_file"].compactMap {
      argument($0)
    }
    if let mode = argument("updates", "mode") { passed.append(mode) }
    if case .string(let way)? = record["reduce"], way.string != "ring" {
      passed += [argument("reduce")].compactMap(\.self)
    }
    if case .float(let factor)? = record["straggler"], factor != 1 {
      passed += [argument("straggler")].compactMap(\.self)
    }
    return try WorkerReader(Arguments(passed, to: builtin, at: range, machine: self)).setting()
  }
}
