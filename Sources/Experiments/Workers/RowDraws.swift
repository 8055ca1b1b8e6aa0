import Graphs
import Tensors

extension Graph {
  /// The elements of a row that each random draw makes, by its site, in a block that was traced on
  /// so many rows of data: of drops whose operand depends on data and has these rows, or several
  /// lines for each of them, along its first axis; and of fresh numbers with as many rows.
  ///
  /// A worker that has some of a batch's rows draws with it what the whole batch would.
  func elementsOfRow(rows: Int) -> [Int: Int] {
    guard rows > 0 else { return [:] }
    var varies = [Bool](repeating: false, count: nodes.count)
    var elements: [Int: Int] = [:]
    for (index, node) in nodes.enumerated() {
      varies[index] = node.operands.contains { operand in
        switch operand.origin {
        case .input(let input): inputs[input].kind == .data
        case .node(let source, result: _): varies[source]
        }
      }
      let lines = node.shape.axes.first ?? 0
      switch node.operation {
      case .dropout(rate: _, let site) where varies[index] && lines > 0 && lines % rows == 0:
        elements[site] = node.shape.count / rows
      case .random(_, _, let shape, let site) where lines == rows:
        elements[site] = shape.count / rows
        varies[index] = true
      default: break
      }
    }
    return elements
  }
}
