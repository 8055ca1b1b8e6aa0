import Testing

@testable import Grading

/// The limit on FLOPs of a command, which is met on every machine at the same place.
@Suite struct FlopsLimitTests {
  private static let net = """
    let x = ones(64, 128)
    let net = dense(128, 128)
    let data = dataset(randn(256, 16), zeros(256, 16))
    let small = dense(16, 16)

    """

  /// Commands that each take more than a million FLOPs.
  private static let commands = [
    "let y = x @ ones(128, 128)",
    "for i in 0..<100 { let y = sum(x) + sum(x * 2) }",
    "let g = gradient { average(net(x)) }",
    "for i in 0..<9 { let g = gradient { average(small(ones(300, 16))) } }",
    "train small for x, y in batches(data, size: 64, epochs: 20) using sgd(lr: 0.1) {\n"
      + "  mse(small(x), y)\n}",
    "train small for x, y in batches(data, size: 64, epochs: 20) using sgd(lr: 0.1) "
      + "on workers(2) {\n  mse(small(x), y)\n}",
    "train small for x, y in batches(data, size: 64, epochs: 20) using sgd(lr: 0.1) "
      + "on workers(2, updates: async(delay: 1)) {\n  mse(small(x), y)\n}",
    "train small for x, y in batches(data, size: 64, epochs: 20) using sgd(lr: 0.1) "
      + "on workers(2, updates: local(every: 4)) {\n  mse(small(x), y)\n}",
    "compare wrt net across [keep_all, sqrt_n] { average(net(x)) }",
  ]

  private func fault(_ command: String, flops: Int) throws -> SubmissionGrade.Fault? {
    try GradingLab.grade(
      Self.net + command, by: "test \"a\" { expect submission.net == submission.net }",
      flops: flops
    ).fault
  }

  @Test(arguments: commands)
  func `A command that would take more FLOPs than it may is stopped, and told why`(
    command: String
  ) throws {
    let fault = try #require(try fault(command, flops: 1_000_000))
    #expect(fault.outcome == .limitHit)
    #expect(fault.message.hasPrefix("the command would take more than 1 M FLOPs"))
    #expect(fault.place?.file == "mine.cairn")
  }

  @Test(arguments: commands)
  func `With room it runs to its end`(command: String) throws {
    #expect(try fault(command, flops: 1_000_000_000) == nil)
  }

  @Test func `Each command has all of it, and a product takes two for each of its terms`() throws {
    let products = "let y = x @ net.w\nlet z = x @ net.w"
    let exact = 2 * 64 * 128 * 128
    #expect(try fault(products, flops: exact) == nil)
    #expect(try fault(products, flops: exact - 1)?.outcome == .limitHit)
  }
}
