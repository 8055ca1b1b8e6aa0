extension Graph {
  /// The graph itself. Where assertions are compiled in, stops where it does not hold to what every
  /// graph holds to: a fault of the code that made it, which `maker` names.
  package func asserted(_ maker: StaticString) -> Graph {
    assert(fault == nil, "\(maker) made a graph that breaks a rule: \(fault.debugDescription)")
    return self
  }

  /// What `verify` finds wrong.
  private var fault: GraphFault? {
    do throws(GraphFault) {
      try verify()
      return nil
    } catch {
      return error
    }
  }
}
