import Evaluation
package import Reports
import Syntax
package import Tensors
import Writing

/// The full account as a page: `memory`.
package struct MemoryPage {
  private let live: Account
  private let ans: Int
  private let budget: Int?

  /// - Parameter ans: Bytes of what is live that only `ans` holds.
  package init(live: Account, ans: Int, budget: Int?) {
    self.live = live
    self.ans = ans
    self.budget = budget
  }

  /// The page.
  package var report: Report {
    var title: RichText = "live  "
    title += RichText([.init(ByteFormat.full(live.total), .plain, .bytes(live.total))])
    if ans > 0 { title += ", of it \(name: Interpreter.ans) \(bytes: ans)" }
    if let budget {
      title += ", \(CountFormat.percent(live.total, of: budget)) of a budget of \(bytes: budget)"
    }
    var table = ReportTable(.left(), .right(), .right(), .right(), .left())
    for part in AccountReport.parts(of: live) {
      table.add(
        "\(part.account.description)", .bytes(part.bytes),
        part.bytes < 1024 ? "" : .exactBytes(part.bytes), .percent(part.bytes, of: live.total),
        .bar(part.bytes, of: live.total, width: 24))
    }
    return Report(.section(.init(title, [.table(table)])))
  }
}
