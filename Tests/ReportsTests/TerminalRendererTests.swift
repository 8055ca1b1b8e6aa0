import Reports
import Testing

/// Reports as characters.
@Suite struct TerminalRendererTests {
  private let renderer = TerminalRenderer()

  @Test func `sentences break, lines stand as they are`() {
    let long = String(repeating: "word ", count: 20)
    #expect(
      renderer.text(Report(.paragraph(RichText(long)), .line(RichText(long + "."))))
        == """
        \(String(repeating: "word ", count: 15))word
        word word word word
        \(long).
        """)
  }

  @Test func `a group stands indented below its title, a page apart`() {
    let report = Report(
      .section(.init("page", rank: .page, [.section(.init("group", [.code("x\ny")])), .gap])))
    #expect(renderer.text(report) == "page\n\ngroup\n  x\n  y\n")
  }

  @Test func `facts hang behind their labels`() {
    let report = Report(
      .facts(
        .init(
          [.init("peak", "1 KiB"), .init("kept", "a", "b"), .init("all", parts: [.line("below")])],
          labelWidth: 6)))
    #expect(renderer.text(report) == "peak    1 KiB\nkept    a\n        b\nall\n  below")
  }

  @Test func `cells are written by what they hold`() {
    var table = ReportTable(.left("name"), .right("bytes"), .right(""), .left())
    table.add("a", .bytes(1536), .percent(1, of: 8), .bar(4, of: 8, width: 4))
    table.add("b", .exactBytes(1536), .decrease(1, of: 8), .flag(false, yes: "yes", no: "NO"))
    table.add("c", .byteChange(7), .flops(1_200_000), .number(0.5, decimals: 2), isTotal: true)
    #expect(
      renderer.text(Report(.table(table))) == """
        name    bytes
        a     1.5 KiB   12.5 %  ██
        b     1,536 B  -12.5 %  NO
        c        +7 B    1.2 M  0.50
        """)
  }

  @Test func `printed text grows as one part`() {
    var report = Report()
    report.print("a")
    report.print("b")
    #expect(report == Report(.verbatim("a\nb")))
    report.append(.line("c"))
    report.print("d")
    #expect(renderer.text(report) == "a\nb\nc\nd")
  }

  @Test func `colour is only where it is asked for`() {
    let report = Report(.line("all \(good: "well")"))
    #expect(renderer.text(report) == "all well")
    #expect(TerminalRenderer(isColoured: true).text(report) == "all \u{1B}[32mwell\u{1B}[0m")
  }

  @Test func `a broken paragraph keeps its styles`() {
    let report = Report(.paragraph("\(String(repeating: "word ", count: 15))\(strong: "two bold")"))
    let text = TerminalRenderer(isColoured: true).text(report)
    #expect(text.hasSuffix("word \u{1B}[1mtwo\u{1B}[0m\n\u{1B}[1mbold\u{1B}[0m"))
  }

  @Test func `a curve shows its numbers and its steps`() {
    let plot = CurvePlot([.init("loss", [4, 3, 2, 1])], xTitle: "step", yTitle: "loss")
    let lines = renderer.text(Report(.chart(.curve(plot)))).split(separator: "\n")
    #expect(lines.first == "loss")
    #expect(lines[1].hasSuffix("4.00 │●"))
    #expect(lines[12].hasSuffix("1.00 │   ●"))
    #expect(lines.last == "        1  4 step")
  }

  @Test func `a curve of no finite number says so`() {
    let plot = CurvePlot([.init("loss", [.nan])], xTitle: "step", yTitle: "loss")
    #expect(renderer.text(Report(.chart(.curve(plot)))) == "loss  (no numbers)")
  }

  @Test func `bars share a scale, and a tree is indented`() {
    let bars = BarPlot([.init("a", .bytes(1024)), .init("bb", .bytes(512))])
    let lines = TerminalRenderer(width: 40).text(Report(.chart(.bars(bars)))).split(separator: "\n")
    #expect(lines[0] == "a   1 KiB  " + String(repeating: "█", count: 29))
    #expect(lines[1].hasPrefix("bb  512 B  ████"))
    let tree = Outline([.init(depth: 0, "net"), .init(depth: 1, "dense", bytes: 64)])
    #expect(renderer.text(Report(.chart(.tree(tree)))) == "net\n  dense  64 B")
  }
}
