import Schedules
import Testing

@Suite struct EmptyWorkloadTests {
  @Test func `every strategy has a plan without actions for a graph without steps`() throws {
    let workload = Workload(steps: [])
    for entry in Catalogue.entries {
      var options: [String: Catalogue.OptionValue] = [:]
      for option in entry.options where option.isRequired {
        options[option.name] = option.kind == .bytes ? .bytes(0) : .integer(1)
      }
      if ["save_only", "recompute_only"].contains(entry.name) { options["ops"] = .words(["relu"]) }
      let schedule = try entry.make(options).schedule(workload)
      #expect(schedule.actions.isEmpty, "\(entry.name)")
      #expect(try Rehearsal.of(schedule, workload).peak == 0)
    }
  }
}
