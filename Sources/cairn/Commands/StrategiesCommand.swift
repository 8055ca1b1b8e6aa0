import ArgumentParser
import Notebook

/// `cairn strategies`: the catalogue.
struct StrategiesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "strategies", abstract: "List the built-in checkpointing strategies.")

  @ParentCommand var root: Cairn
  @OptionGroup var given: CommonOptions

  @Flag(help: "Print a table: what each works on, its guarantee, its cost to plan, its paper.")
  var table = false

  func run() {
    let common = given.over(root.common)
    let printer = Printer(common)
    if common.json {
      printer.put(StrategyList.json)
    } else {
      printer.put(table ? StrategyList.table : StrategyList.report)
    }
  }
}
