import Tensors

extension Graph: CustomStringConvertible {
  /// One line an input, a region that saves, a node, a mark, a reversal and a result:
  ///
  /// ```
  /// @0 = parameter w : f32[2, 64]
  /// %3 = relu %2 : f32[64, 64]   # line 4
  /// ── dense
  /// ↺ %2 follows from %9
  /// result %9
  /// ```
  ///
  /// `↺` stands below the last node of a reversal and says which value it gives back.
  /// `@` numbers inputs and `%` nodes; `%2 as [64, 8, 8]` reads a value in another shape,
  /// `@0[2+1, 0+8]` a part of it where it lies, `%2 axes [1, 0]` its axes in another order. A node
  /// with several results lists their types, `: f32[64, 8], mean f32[64], scale f32[64]`, and
  /// `%3.mean` reads one.
  package var description: String {
    (inputLines + regionLines + nodeLines(nodes.indices) + resultLines).joined(separator: "\n")
  }

  /// One line an input.
  package var inputLines: [String] {
    inputs.enumerated().map { index, input in
      let name = input.name.isEmpty ? "" : " \(input.name)"
      return "@\(index) = \(input.kind)\(name) : \(input.dtype)\(input.shape)"
    }
  }

  /// One line a node of the range, one a mark, and one a reversal.
  package func nodeLines(_ range: Range<Int>) -> [String] {
    var lines: [String] = []
    var marks = self.marks.drop { $0.node < range.lowerBound }
    let inputs = Dictionary(
      reversals.map { ($0.output, $0.input) }, uniquingKeysWith: { first, _ in first })
    for index in range {
      lines.append(line(index))
      if let input = inputs[index] { lines.append("↺ \(reading(input)) follows from %\(index)") }
      if let mark = marks.first, mark.node == index {
        lines.append("── \(mark.label)")
        marks = marks.dropFirst()
      }
    }
    return lines
  }

  /// One line for each region that saves something: `region 0 saves matmul, hidden`.
  package var regionLines: [String] {
    regions.enumerated().filter { !$1.saved.isEmpty }.map { number, region in
      "region \(number) saves \(region.saved.joined(separator: ", "))"
    }
  }

  /// One line for the block's value, for each output and for each new state.
  package var resultLines: [String] {
    var lines = result.map { ["result \(reading($0))"] } ?? []
    lines += outputs.map { "output \(reading($0))" }
    lines += stateUpdates.map { "state @\($0.input) ← \(reading($0.value))" }
    return lines
  }

  /// A use as it prints: `%3`, `@0`, `%2 as [64, 8, 8]`, `@0[2+1, 0+8] as [8]`.
  package func reading(_ operand: Operand) -> String {
    var (text, shape) =
      switch operand.origin {
      case .input(let index): ("@\(index)", inputs[index].shape)
      case .node(let index, let result):
        ("%\(index)\(suffix(index, result))", nodes[index].results[result].shape)
      }
    if let view = operand.view {
      if shape != view.base { text += " as \(view.base)" }
      if !view.isWhole { text += "[\(view.slices.map(\.description).joined(separator: ", "))]" }
      if !view.isInOrder { text += " axes \(view.order)" }
      shape = view.shape
    }
    return shape == operand.shape ? text : "\(text) as \(operand.shape)"
  }

  /// What tells a result from the node's value: `.mean`.
  private func suffix(_ node: Int, _ result: Int) -> String {
    let name = nodes[node].operation.resultNames[result]
    return name.isEmpty ? "" : ".\(name)"
  }

  private func line(_ index: Int) -> String {
    let node = nodes[index]
    let operands = node.operands.map(reading).joined(separator: ", ")
    var line = "%\(index) = \(node.operation)"
    if !operands.isEmpty { line += " \(operands)" }
    let types = zip(node.operation.resultNames, node.results).map { name, type in
      "\(name.isEmpty ? "" : "\(name) ")\(type.dtype)\(type.shape)"
    }
    if !types.isEmpty { line += " : " + types.joined(separator: ", ") }
    if let name = node.name { line += " \"\(name)\"" }
    if let region = node.region { line += " in region \(region)" }
    if node.place.line > 0 { line += "   # line \(node.place.line)" }
    return line
  }
}
