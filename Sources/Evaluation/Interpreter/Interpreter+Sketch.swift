extension Interpreter {
  /// Evaluates in a sketch: what is made has shapes and no bytes.
  func sketching<Result>(_ body: () throws(Fault) -> Result) throws(Fault) -> Result {
    let (outer, trace) = (isSketching, trace)
    isSketching = true
    // In a block that is being traced, what it makes stands outside the graph.
    self.trace = nil
    blockAroundSketch = trace ?? blockAroundSketch
    defer {
      (isSketching, self.trace) = (outer, trace)
      if trace != nil { blockAroundSketch = nil }
    }
    return try body()
  }
}
