import Evaluation
import Experiments
import Foundation
import Reports
import Schedules
import Syntax
import Testing

@testable import Notebook

/// Reports of the product, made by running commands: one or more of every word of the language.
enum ReportSamples {
  /// What a script's commands said, gave, and did to the account.
  struct Sample {
    let topic: String
    let script: String
    let reports: [CommandReport]

    /// True where a command printed something or had a value.
    var speaks: Bool { reports.contains { !$0.said.isEmpty || $0.answer != nil } }

    /// The script, and all that a session shows below it.
    var report: Report {
      Report(
        .section(
          .init(
            "sample: \(name: topic)", rank: .page,
            [.code(script)] + reports.flatMap { $0.report.parts })))
    }
  }

  /// A net, data, and two plans that samples are about.
  private static let setUp = """
    let hidden = repeat 6 { residual(chain(dense(16, 16), tanh)) }
    let net = chain(dense(2, 16), tanh, hidden, dense(16, 3))
    let normed = chain(dense(2, 8), batch_norm(8), tanh, dense(8, 3))
    let data = spirals(count: 60, classes: 3)
    let x, y = data
    fn noisy(x) { dropout(net(x), 0.5) }
    let p = plan wrt net with revolve(slots: 3) { cross_entropy(net(x), y) }
    let q = plan wrt net { cross_entropy(net(x), y) }
    """

  /// Scripts, behind the set-up, that show more of a word than the example of its help.
  private static let scripts: [String: String] = [
    "account": """
    account full
    let g = gradient wrt net with sqrt_n { cross_entropy(net(x), y) }
    g
    """,
    "certify": "certify { cross_entropy(noisy(x), y) } with sqrt_n",
    "compare": """
    compare wrt net across [keep_all, sqrt_n, revolve(slots: 3), optimal(budget: 1 KiB)] {
      cross_entropy(net(x), y)
    }
    """,
    "explain": "explain p\nexplain p, q",
    "gradient": "gradient wrt net with sqrt_n { cross_entropy(net(x), y) }",
    "help": "help\nhelp strategies",
    "layer": "layer twice(f) { forward(x) { f(f(x)) } }\ntwice(tanh)\nnet\nsource residual\nnormed",
    "memory": "let g = gradient wrt net { cross_entropy(net(x), y) }\nmemory",
    "pareto": "pareto wrt net { cross_entropy(net(x), y) }",
    "plan": """
    plan wrt net with sqrt_n { cross_entropy(net(x), y) }
    p
    p.graph
    p.joint
    p.workload
    p.timeline
    p.chain
    p.actions
    """,
    "plot": "plot [3.0, 2.0, 1.5, 1.2], [2.0, 2.5, 1.0]",
    "predict": """
    predict peak = 20 KiB wrt net with sqrt_n { cross_entropy(net(x), y) }
    predict replayed = 9 wrt net with sqrt_n { cross_entropy(net(x), y) }
    """,
    "sketch": """
    let big = sketch { chain(dense(1000, 4000), relu, dense(4000, 1000), relu) }
    let input = sketch { zeros(512, 1000) }
    big
    plan wrt big { sum(big(input)) }
    compare wrt big across [keep_all, sqrt_n] { sum(big(input)) }
    """,
    "step": "step p",
    "tensors": "let g = gradient wrt net { cross_entropy(net(x), y) }\ntensors",
    "timeline": "timeline p, q",
    "train": """
    train net for a, b in batches(data, size: 20) using adam(lr: 0.01) with sqrt_n {
      cross_entropy(net(a), b)
    }
    """,
    "trap": Trap.allCases.map { trap in
      let net = trap == .statistics ? "normed" : "noisy"
      return "trap \(trap.rawValue) { cross_entropy(\(net)(x), y) }"
    }.joined(separator: "\n"),
    "why": "why p, net.layers[0].w\nwhy p, \"tanh#13\"\nwhy q, \"matmul#33\"",
  ]

  /// The words of which a script shows more than help does.
  static var topics: Set<String> { Set(scripts.keys) }

  /// The sample of a word or an operator; `nil` for what is none.
  static func sample(of topic: String) throws -> Sample? {
    guard let keyword = Keywords.entry(topic) else { return nil }
    let folder = try HelpTests.folder()
    defer { try? FileManager.default.removeItem(at: folder) }
    var configuration = Interpreter.Configuration()
    configuration.directory = folder.path
    let session = Session(configuration: configuration)
    func run(_ text: String) -> [CommandReport] {
      var reports: [CommandReport] = []
      session.run(SourceText(name: topic, text: text), goesOn: .always) { reports.append($0) }
      for report in reports where report.fault?.code != "not-available-yet" {
        #expect(report.fault == nil, "\(topic): \(report.fault?.message ?? "")")
      }
      return reports
    }
    guard let script = scripts[topic] else {
      return Sample(topic: topic, script: keyword.example, reports: run(keyword.example))
    }
    _ = run(setUp)
    return Sample(topic: topic, script: script, reports: run(script))
  }
}
