import Tensors
import Testing

@testable import Experiments
@testable import Notebook

@Suite struct AccountReportTests {
  private func account(_ bytes: [AccountClass: Int]) -> Account {
    var account = Account()
    for (name, count) in bytes { account[name] = count }
    return account
  }

  private func report(
    live: [AccountClass: Int], before: [AccountClass: Int], ans: Int = 0,
    peak: [AccountClass: Int]? = nil,
    label: String = "", run: RunSummary? = nil, budget: Int? = nil
  ) -> AccountReport {
    AccountReport(
      live: account(live), liveBefore: account(before), ans: ans, peak: account(peak ?? live),
      peakLabel: label, run: run, budget: budget)
  }

  private func summary(predicted: Int, measured: Int, runs: Int = 1) -> RunSummary {
    RunSummary(
      strategy: "sqrt_n", predictedPeak: predicted, measuredPeak: measured, forwardSteps: 7520,
      replayedSteps: 12, backwardSteps: 80, forwardCost: 1_230_000, replayedCost: 300_000,
      backwardCost: 2_400_000, runs: runs)
  }

  @Test func `a command that changed nothing and ran nothing says nothing`() {
    let quiet = report(live: [.parameters: 64], before: [.parameters: 64])
    #expect(quiet.text(.brief) == "")
    #expect(quiet.text(.full) == "")
  }

  @Test func `bytes that stay are one line`() {
    let report = report(live: [.values: 3072], before: [.values: 1024])
    #expect(report.text(.brief) == "memory  live 3 KiB (+2 KiB)")
    #expect(report.text(.off) == "")
  }

  @Test func `what only the last value holds is named`() {
    let report = report(live: [.values: 3072], before: [.values: 1024], ans: 2048)
    #expect(report.text(.brief) == "memory  live 3 KiB (+2 KiB), of it ans 2 KiB")
    #expect(report.text(.full).contains("\nans     2,048 B of what is live\n"))
  }

  @Test func `a passing peak is told with its make-up, largest first`() {
    let report = report(
      live: [.parameters: 1024], before: [.parameters: 1024],
      peak: [.parameters: 1024, .values: 4096])
    #expect(
      report.text(.brief)
        == "memory  live 1 KiB (unchanged)   peak 5 KiB: values 4 KiB, parameters 1 KiB")
  }

  @Test func `small classes are folded into one`() {
    let report = report(
      live: [.parameters: 1024], before: [.parameters: 1024],
      peak: [.kept: 900_000, .parameters: 130_000, .adjoints: 128_000, .data: 90, .state: 60],
      label: "relu#12")
    #expect(
      report.text(.brief)
        == "memory  live 1 KiB (unchanged)\npeak    1.1 MiB in relu#12: "
        + "kept 878.9 KiB, parameters 127 KiB, adjoints 125 KiB, other 150 B")
  }

  @Test func `a run tells its steps, its FLOPs, and that the peak was as predicted`() {
    let report = report(
      live: [.values: 4], before: [:], peak: [.kept: 4096], label: "relu#12",
      run: summary(predicted: 4096, measured: 4096))
    #expect(
      report.text(.brief).split(separator: "\n").last.map(String.init)
        == "steps   forward 7,520 + 12 replayed, backward 80   FLOPs 1.23 M + 300 k, 2.4 M   "
        + "predicted = measured")
  }

  @Test func `several runs are counted`() {
    let report = report(
      live: [:], before: [:], run: summary(predicted: 1, measured: 1, runs: 188))
    #expect(report.text(.brief).contains("steps   in 188 runs: forward"))
  }

  @Test func `a broken prediction cannot be overlooked`() {
    let report = report(live: [:], before: [:], run: summary(predicted: 4096, measured: 4100))
    for detail in [AccountReport.Detail.brief, .full] {
      #expect(report.text(detail).contains("PREDICTED 4,096 B, MEASURED 4,100 B"))
      #expect(!report.text(detail).contains("predicted = measured"))
    }
  }

  @Test func `the full account has exact bytes, the budget and its columns aligned`() {
    let report = report(
      live: [.parameters: 2048], before: [:], peak: [.parameters: 2048, .kept: 6144],
      label: "relu#12", run: summary(predicted: 8192, measured: 8192), budget: 16_384)
    let lines = report.text(.full).split(separator: "\n")
    #expect(lines[0].hasPrefix("memory"))
    #expect(report.text(.full).contains("parameters  2,048 B  +2,048 B"))
    #expect(report.text(.full).contains("8 KiB (8,192 B) in relu#12, 50 % of a budget of 16 KiB"))
    #expect(report.text(.full).contains("predicted 8,192 B = measured"))
    #expect(lines.allSatisfy { !$0.hasSuffix(" ") })
  }

  @Test func `bytes that only change their class are told`() {
    let report = report(live: [.parameters: 64], before: [.values: 64])
    #expect(report.text(.brief) == "memory  live 64 B (moved between classes)")
  }
}
