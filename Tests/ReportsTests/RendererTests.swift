import Foundation
import PageLab
import Reports
import Testing

/// Every report in every renderer, and pages in a browser.
@Suite struct RendererTests {
  @Test(arguments: Gallery.reports.map(\.name))
  func `every report renders in all three renderers`(name: String) throws {
    let report = try #require(Gallery.reports.first { $0.name == name }).report
    for width in [40, 80, 200] { #expect(!TerminalRenderer(width: width).text(report).isEmpty) }
    let json = try JSONSerialization.jsonObject(
      with: Data(JSONRenderer.value(report).text.utf8), options: .fragmentsAllowed)
    #expect((json as? [[String: Any]])?.allSatisfy { $0["type"] is String } == true)
    let page = HTMLRenderer.page(report, title: name)
    #expect(PageText.isClosed(page))
  }

  @Test func `numbers are numbers in JSON, beside their units`() {
    var table = ReportTable(.left("name"), .right("peak"))
    table.add("a", .bytes(1536))
    #expect(
      JSONRenderer.value(Report(.line("peak \(bytes: 1536)"), .gap, .table(table))).text
        == #"[{"type":"line","text":["peak ",{"text":"1.5 KiB","bytes":1536}]},"#
        + #"{"type":"table","columns":[{"title":"name","align":"left","unit":null},"#
        + #"{"title":"peak","align":"right","unit":null}],"#
        + #""rows":[{"cells":["a",{"bytes":1536}],"total":false}]}]"#)
  }

  @Test func `the README names the type of every part`() throws {
    let root = URL(fileURLWithPath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    let readme = try String(
      contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
    let types = JSONRenderer.value(Gallery.all).text.matches(of: /"type":"([a-z]+)"/)
      .map { String($0.1) }
    #expect(Set(types).count == 15)
    for type in Set(types) { #expect(readme.contains("`\(type)`"), "\(type)") }
  }

  @Test func `text is escaped in pages`() {
    let page = HTMLRenderer.page(Report(.line("<script>&\"'")), title: "</title>")
    #expect(page.contains("<p>&lt;script&gt;&amp;&quot;&#39;</p>"))
    #expect(page.contains("<title>&lt;/title&gt;</title>"))
  }

  @Test(.enabled(if: Browser.isInstalled, "Chromium is not installed"), arguments: [360, 1200])
  func `nothing overflows a page, narrow or wide`(width: Int) throws {
    #expect(
      try Browser.overflow(of: HTMLRenderer.page(Gallery.all, title: "all"), width: width) == [])
  }
}
