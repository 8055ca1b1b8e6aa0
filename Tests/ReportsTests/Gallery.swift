import Reports

/// One of everything that a report can say.
enum Gallery {
  static let text: RichText = """
    A \(strong: "strong") word, a \(name: "name"), \(good: "good"), \(bad: "bad"), \
    \(faint: "faint"), \(bytes: 12_345), <b>&"escaped"</b> and a_very_long_name_\
    that_has_no_place_to_break_\(String(repeating: "x", count: 90))
    """

  static var table: ReportTable {
    var table = ReportTable(
      .left("strategy"), .right("peak"), .right("exact"), .right("change"), .right("replayed"),
      .right("FLOPs"), .right("share"), .left("same bits"), .left())
    for number in 1...4 {
      table.add(
        "\(name: "revolve(slots: \(number))")", .bytes(number * 70_000),
        .exactBytes(number * 70_000), .byteChange(-64 * number), .count(1234 * number),
        .flops(987_654 * number), .percent(number, of: 5),
        .flag(number % 2 == 0, yes: "yes", no: "NO"),
        .bar(number, of: 4, width: 12))
    }
    table.add("total", .bytes(700_000), isTotal: true)
    return table
  }

  static func timeline(actions: Int) -> TimelinePlot.Subject {
    TimelinePlot.Subject(
      title: "\(strong: "p")  revolve(slots: 3)   peak \(bytes: actions * 60)",
      moments: (0..<actions).map { action in
        let rest = min(action, actions - action)
        return TimelinePlot.Moment(
          kept: rest * 40, replayed: action % 9 * 50, adjoints: action > actions / 2 ? 300 : 0,
          forward: 200)
      }, peakAction: actions / 2, turn: actions / 2 + 1)
  }

  static let curve = CurvePlot(
    [
      .init("loss", (0..<300).map { 4 / (1 + Double($0) / 20) }),
      .init("validation", (0..<150).map { 4.2 / (1 + Double($0) / 25) }),
    ], xTitle: "step", yTitle: "loss")

  static let pareto = ParetoPlot([
    .init("keep_all", peak: 4_000_000, replay: 0, isOnFront: true),
    .init("sqrt_n", peak: 1_800_000, replay: 0.8, isOnFront: true),
    .init("every(2)", peak: 3_000_000, replay: 0.9, isOnFront: false),
    .init("keep_none", peak: 900_000, replay: 6.5, isOnFront: true),
  ])

  static let tree = Outline([
    .init(depth: 0, "chain"), .init(depth: 1, "[0] dense(2, 64)  w f32[2, 64]", bytes: 768),
    .init(depth: 1, "[1] 12 × residual(chain)"), .init(depth: 2, "inner: chain"),
    .init(depth: 3, "[0] dense(64, 64)  w f32[64, 64]  b f32[64]", bytes: 16_640),
    .init(depth: 3, "[1] tanh"), .init(depth: 1, "[2] dense(64, 3)", bytes: 780),
  ])

  /// The reports by name: one of each kind of chart, and one of all else.
  static let reports: [(name: String, report: Report)] = [
    (
      "parts",
      Report(
        .section(
          .init(
            "revolve  (a strategy)", rank: .page,
            [
              .paragraph(text), .gap, .line(text), .note(text),
              .verbatim(
                "f32[2, 2]\n[[1.0, 2.0],\n [3.0, 4.0]]" + String(repeating: " 1", count: 90)),
              .names((0..<60).map { "name_\($0)" }), .items([text, "short"]),
              .facts(
                .init([
                  .init("peak", text), .init("kept", "a", "b"), .init("all", parts: [.note("x")]),
                ])),
              .section(.init("Example:", [.code("  let x = 1\n    x < 2 & 3")])),
            ])))
    ), ("table", Report(.table(table))),
    (
      "timeline",
      Report(.chart(.timeline(TimelinePlot([timeline(actions: 900), timeline(actions: 60)]))))
    ),
    (
      "no bytes",
      Report(
        .chart(.timeline(TimelinePlot([.init(title: "p", moments: [], peakAction: 0, turn: nil)]))))
    ),
    ("curve", Report(.chart(.curve(curve)))),
    (
      "one number",
      Report(.chart(.curve(CurvePlot([.init("a", [1])], xTitle: "step", yTitle: "a"))))
    ),
    ("no number", Report(.chart(.curve(CurvePlot([.init("a", [])], xTitle: "step", yTitle: "a"))))),
    (
      "bars",
      Report(
        .chart(
          .bars(
            BarPlot([
              .init("kept", .bytes(70_000)), .init("adjoints", .bytes(9000)),
              .init("steps", .count(12)),
            ]))))
    ), ("pareto", Report(.chart(.pareto(pareto)))), ("tree", Report(.chart(.tree(tree)))),
  ]

  /// All of them as one.
  static var all: Report {
    Report(reports.map { .section(.init(RichText($0.name), $0.report.parts)) })
  }
}
