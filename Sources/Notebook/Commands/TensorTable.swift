package import Evaluation
import Syntax
import Writing

/// Every live tensor and its owner: `tensors`.
package struct TensorTable {
  private let tensors: [LiveTensor]

  package init(_ tensors: [LiveTensor]) { self.tensors = tensors }

  /// The table, without a newline at the end.
  package var text: String {
    if tensors.isEmpty { return "no live tensors" }
    var table = TextTable([.left, .left, .left, .right])
    table.add("owner", "tensor", "class", "bytes")
    for tensor in tensors {
      table.add(
        tensor.owner, "\(tensor.dtype)\(tensor.shape)", tensor.account.description,
        ByteFormat.exact(tensor.bytes))
    }
    table.add(
      CountFormat.counted(tensors.count, "tensor"), "", "",
      ByteFormat.exact(tensors.reduce(0) { $0 + $1.bytes }))
    return table.lines().joined(separator: "\n")
  }
}
