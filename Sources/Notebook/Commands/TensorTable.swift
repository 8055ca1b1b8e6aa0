package import Evaluation
package import Reports
import Syntax
package import Tensors
import Writing

/// Every live tensor and its owner: `tensors`. Its sum is what `memory` says.
package struct TensorTable {
  private let tensors: [LiveTensor]
  private let live: Account

  /// The tensors that names lead to, and the whole account at that moment.
  package init(_ tensors: [LiveTensor], live: Account) {
    self.tensors = tensors
    self.live = live
  }

  /// The table, its sum below.
  package var report: Report {
    let others = working
    if tensors.isEmpty, others.isEmpty { return Report(.line("no live tensors")) }
    var table = ReportTable(.left("owner"), .left("tensor"), .left("class"), .right("bytes"))
    for tensor in tensors {
      table.add(
        "\(name: tensor.owner.shortened)", "\(tensor.dtype.description)\(tensor.shape.description)",
        "\(tensor.account.description)", .exactBytes(tensor.bytes))
    }
    for (account, bytes) in others {
      table.add("what the command works on", "", "\(account.description)", .exactBytes(bytes))
    }
    table.add(
      "\(count: tensors.count, "tensor")", "", "", .exactBytes(live.total), isTotal: true)
    return Report(.table(table))
  }

  /// What no name leads to, where a function asks in the midst of a command: the values that it is
  /// computing with.
  private var working: [(account: AccountClass, bytes: Int)] {
    AccountClass.allCases.compactMap { account in
      let owned = tensors.reduce(0) { $0 + ($1.account == account ? $1.bytes : 0) }
      return live[account] > owned ? (account, live[account] - owned) : nil
    }
  }
}
