import Syntax
package import Tensors
import Writing

/// The full account as a page: `memory`.
package struct MemoryPage {
  private let live: Account
  private let budget: Int?

  package init(live: Account, budget: Int?) {
    self.live = live
    self.budget = budget
  }

  /// The page, without a newline at the end.
  package var text: String {
    var title = "live  \(ByteFormat.full(live.total))"
    if let budget {
      title += ", \(CountFormat.percent(live.total, of: budget)) of a budget of "
      title += ByteFormat.text(budget)
    }
    var table = TextTable([.left, .right, .right, .right, .left])
    for part in AccountReport.parts(of: live) {
      table.add(
        part.account.description, ByteFormat.text(part.bytes),
        part.bytes < 1024 ? "" : ByteFormat.exact(part.bytes),
        CountFormat.percent(part.bytes, of: live.total),
        Bar.text(part.bytes, of: live.total, width: 24))
    }
    return ([title] + table.lines(indent: "  ")).joined(separator: "\n")
  }
}
