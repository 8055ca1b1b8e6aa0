import ArgumentParser
import Notebook

/// `cairn strategies`: the catalogue.
struct StrategiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strategies", abstract: "List the built-in checkpointing strategies.")

  @ParentCommand var root: Cairn
  @OptionGroup var given: CommonOptions

  func run() {
    let common = given.over(root.common)
    let printer = Printer(common)
    if common.json { printer.put(StrategyList.json) } else { printer.put(StrategyList.report) }
  }
}
