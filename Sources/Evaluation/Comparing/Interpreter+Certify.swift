import Execution
import Reports
import Syntax
import Tensors
import Writing

extension Interpreter {
  /// Runs a block plain and with a strategy, and compares all that a run gives, bit for bit.
  func certify(_ block: TracedBlock, _ frame: Frame) throws(Fault) -> Record {
    let strategy = try strategy(of: block, frame)
    let traced = try traceBlock(block, frame)
    let step = context.step
    let first = try run(traced, with: .keepAll, keepingStates: true, at: block.range)
    context.step = step
    let second = try run(traced, with: strategy, keepingStates: true, at: block.range)
    context.step = step
    let pairs = zip(first.gradients.entries, second.gradients.entries)
    let differing = pairs.compactMap { (plain, other) -> String? in
      guard let a = plain.gradient.tensor, let b = other.gradient.tensor else { return nil }
      return a.hasSameBits(as: b) ? nil : plain.name
    }
    let draws = traced.graph.nodes.filter {
      switch $0.operation {
      case .random, .dropout: true
      default: false
      }
    }.count
    let lossAgrees = first.record.loss.hasSameBits(as: second.record.loss)
    let statesAgree = zip(first.states, second.states).allSatisfy { $0.hasSameBits(as: $1) }
    // Each mask is a function of seed, site and step: where masks differed, what was computed from
    // them would.
    let masksAgree = lossAgrees && differing.isEmpty
    let isCertified = lossAgrees && statesAgree && differing.isEmpty
    var table = TextTable([.left, .right, .left])
    table.add("", "compared", "result")
    func verdict(_ agrees: Bool) -> String { agrees ? "same bits" : "DIFFERENT" }
    table.add("loss", "1", verdict(lossAgrees))
    table.add("gradients", "\(first.gradients.entries.count)", verdict(differing.isEmpty))
    table.add("states", "\(first.states.count)", verdict(statesAgree))
    table.add("random draws", "\(draws)", verdict(masksAgree))
    var lines = table.lines()
    if let name = differing.first { lines.append("the first gradient that differs: \(name)") }
    lines.append(
      isCertified
        ? "certified: \(strategy.spelling) gives what the plain run gives"
        : "NOT certified: \(strategy.spelling) changes the result")
    return Record(
      typeName: "certificate",
      fields: [
        ("certified", .boolean(isCertified)), ("strategy", .string(Text(strategy.spelling))),
        ("loss", .boolean(lossAgrees)), ("gradients", .boolean(differing.isEmpty)),
        ("states", .boolean(statesAgree)), ("masks", .boolean(masksAgree)),
      ], display: Report(.verbatim(lines.joined(separator: "\n"))))
  }
}
