import Experiments
import Reports

extension Sharing {
  /// Workers of the rows of a page.
  static let rows = (0...10).map { 1 << $0 }

  /// What is shared, and what a worker holds each way, as tables.
  var report: Report {
    var made = ReportTable(.left(), .sizes("bytes"), .sizes("tensor parallelism divides"))
    for (name, part) in [
      ("parameters", parameters), ("gradients", gradients), ("optimizer", optimizer),
      ("activations kept", activations),
    ] {
      made.add([.text(RichText(name)), .bytes(part.bytes), .bytes(part.divided)])
    }
    var table = ReportTable(
      [.right("workers")] + Way.allCases.map { .sizes($0.title) })
    for workers in Self.rows {
      table.add(
        [.integer(workers)]
          + Way.allCases.map { way in bytes(way, workers: workers).map { .bytes($0) } ?? "–" })
    }
    return Report(
      [
        .table(made), .table(table),
        .note("what the fullest worker holds, by the papers' formulas: nothing ran"),
      ]
        + (heads.map {
          [.note("tensor parallelism has a worker for each of \($0) heads at most")]
        } ?? [])
        + (parameters.divided + activations.divided == 0
          ? [.note("no product with a parameter here that tensor parallelism could divide")] : [])
        + (isMixed
          ? [
            .note(
              "mixed: parameters and gradients of two bytes; those that are updated count with the "
                + "optimizer")
          ] : [])
        + [.note("each way for itself; adjoints, scratch and messages come besides: `help share`")])
  }
}

extension Sharing.Way {
  /// As a column is headed.
  fileprivate var title: String {
    switch self {
    case .data: "data"
    case .zero1: "ZeRO 1"
    case .zero2: "ZeRO 2"
    case .zero3: "ZeRO 3"
    case .tensor: "tensor"
    case .sequence: "+ sequence"
    case .pipeline: "pipeline"
    }
  }
}
