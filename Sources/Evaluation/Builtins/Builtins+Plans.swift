import Experiments
import Syntax

extension Interpreter {
  /// What is made of plans.
  static let planBuiltins: [Builtin] = [
    Builtin(
      "share", [.init("plan"), .init("optimizer", default: "none")],
      summary: """
        The bytes that a worker holds where the step of a plan is shared among 1 to 1,024: rows of \
        its own and all else whole (data); the optimizer, the gradients and the parameters divided \
        one after the other (ZeRO 1 to 3, Rajbhandari et al. 2020); products divided by columns \
        and rows in turn (tensor), among as many as there are heads at most, and what lies between \
        along the sequence (Korthikanti et al. 2022); stages divided (pipeline), whose first \
        worker keeps as many micro-batches as there are workers. In mixed precision the short \
        copies and their gradients count as parameters and gradients, and what is updated with the \
        optimizer, as ZeRO has it: 16 bytes a parameter with adam.
        """,
      example: """
        let w = ones(4, 4)
        share(plan wrt w { sum(ones(2, 4) @ w) }, adam())
        """
    ) { (arguments, machine) throws(Fault) in
      guard case .plan(let plan) = arguments.value(0).value else {
        throw arguments.mismatch(.plan, 0)
      }
      var rule: Optimizer?
      if let given = arguments.optional(1) {
        guard case .optimizer(let optimizer) = given.value else {
          throw arguments.mismatch(.optimizer, 1)
        }
        rule = optimizer
      }
      guard let sharing = Sharing(plan, updatedBy: rule?.rule) else {
        throw arguments.mismatch(.plan, 0)
      }
      let rows = Sharing.rows.map { workers in
        Value.record(
          Record(
            typeName: "share",
            fields: [("workers", .integer(workers))]
              + Sharing.Way.allCases.map { way in
                (way.rawValue, sharing.bytes(way, workers: workers).map { .bytes($0) } ?? .none)
              }))
      }
      func part(_ part: Sharing.Part) -> Value {
        .record(
          Record(
            typeName: "part",
            fields: [("bytes", .bytes(part.bytes)), ("divided", .bytes(part.divided))]))
      }
      return .record(
        Record(
          typeName: "sharing",
          fields: [
            ("parameters", part(sharing.parameters)), ("gradients", part(sharing.gradients)),
            ("optimizer", part(sharing.optimizer)), ("activations", part(sharing.activations)),
            ("rows", .list(List(rows))),
          ], display: sharing.report))
    }
  ]
}
