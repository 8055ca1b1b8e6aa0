package import Evaluation
package import Reports
import Syntax
import Tensors
import Writing

/// Every live tensor and its owner: `tensors`.
package struct TensorTable {
  private let tensors: [LiveTensor]

  package init(_ tensors: [LiveTensor]) { self.tensors = tensors }

  /// The table, its sum below.
  package var report: Report {
    if tensors.isEmpty { return Report(.line("no live tensors")) }
    var table = ReportTable(.left("owner"), .left("tensor"), .left("class"), .right("bytes"))
    for tensor in tensors {
      table.add(
        "\(name: tensor.owner)", "\(tensor.dtype.description)\(tensor.shape.description)",
        "\(tensor.account.description)", .exactBytes(tensor.bytes))
    }
    table.add(
      "\(count: tensors.count, "tensor")", "", "",
      .exactBytes(tensors.reduce(0) { $0 + $1.bytes }), isTotal: true)
    return Report(.table(table))
  }
}
