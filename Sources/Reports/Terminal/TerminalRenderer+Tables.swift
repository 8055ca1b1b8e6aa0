import Writing

extension TerminalRenderer {
  /// Columns two spaces apart, titles above them where there are any.
  func lines(_ table: ReportTable) -> [String] {
    var text = TextTable(table.columns.map { $0.alignment == .left ? .left : .right })
    if table.hasTitles {
      text.add(table.columns.map { draw(RichText($0.title), within: .strong) })
    }
    for row in table.toldApart.rows { text.add(row.cells.map { draw($0, isTotal: row.isTotal) }) }
    return text.lines()
  }

  private func draw(_ cell: TableCell, isTotal: Bool) -> String {
    switch cell {
    case .text(let text): draw(text, within: isTotal ? .strong : .plain)
    case .flag(let flag, _, _):
      draw(RichText(cell.reading, flag ? .good : .bad))
    case .bar where isInWords: ""
    case .bytes, .exactBytes, .byteChange, .count, .integer, .flops, .number, .percent, .decrease,
      .bar:
      draw(RichText(cell.reading), within: isTotal ? .strong : .plain)
    }
  }

  /// A row a line, indented by its depth; bytes in a column behind the labels.
  func lines(_ outline: Outline) -> [String] {
    func indented(_ row: Outline.Row) -> RichText {
      RichText(String(repeating: "  ", count: row.depth)) + row.label
    }
    let width = outline.rows.map { indented($0).plain.columns }.max() ?? 0
    return outline.rows.map { row in
      let text = indented(row)
      guard let bytes = row.bytes else { return draw(text) }
      return draw(text).padded(to: width) + "  " + ByteFormat.text(bytes)
    }
  }

  /// A bar a line: its label, the bar, its number.
  func lines(_ plot: BarPlot) -> [String] {
    let labels = plot.items.map(\.label.columns).max() ?? 0
    let numbers = plot.items.map(\.quantity.reading.columns).max() ?? 0
    let room = max(8, width - labels - numbers - 4)
    var table = TextTable([.left, .right, .left])
    for item in plot.items {
      table.add(
        item.label, item.quantity.reading,
        Bar.text(item.quantity.amount, of: plot.most, width: room))
    }
    return table.lines()
  }
}
