import Foundation
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
    let document = try XMLText.check(page)
    #expect(document)
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
    #expect(try Browser.overflow(HTMLRenderer.page(Gallery.all, title: "all"), width: width) == [])
  }
}

/// A check that elements are closed in the order in which they are opened.
enum XMLText {
  private static let void: Set<String> = ["meta", "br", "path", "circle", "polygon", "polyline"]

  /// True where every element of an HTML text is closed.
  static func check(_ text: String) throws -> Bool {
    var open: [Substring] = []
    for tag in text.matches(of: /<(\/?)([a-z][a-z0-9]*)[^>]*>/) {
      let name = tag.2
      if void.contains(String(name)) { continue }
      if tag.1.isEmpty { open.append(name) } else if open.popLast() != name { return false }
    }
    return open.isEmpty
  }
}

/// A headless Chromium, where one is installed.
enum Browser {
  private static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  static var isInstalled: Bool { path != nil }

  /// Puts the names of elements that reach beyond the window, and a mark that it ran, into the
  /// page. A frame of the width wanted is measured: a window is never narrower than 500.
  private static let measuring = """
    <script>
    addEventListener("load", () => {
      const out = [];
      const root = document.documentElement;
      if (root.scrollWidth > root.clientWidth) out.push("page " + root.scrollWidth);
      for (const each of document.querySelectorAll("main *")) {
        if (each.closest(".scroll, pre, svg, .chart-scroll") && !each.matches(".scroll, pre, svg"))
          continue;
        if (each.getBoundingClientRect().right > root.clientWidth + 0.5)
          out.push(each.tagName + " " + each.className);
      }
      parent.postMessage("measured:" + root.clientWidth + ":" + out.join(";"), "*");
    });
    </script>
    """

  /// The elements that overflow a page at a width.
  static func overflow(_ page: String, width: Int) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cairn-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let inner = page.replacingOccurrences(of: "</body>", with: measuring + "</body>")
    try inner.write(
      to: folder.appendingPathComponent("inner.html"), atomically: true, encoding: .utf8)
    let outer = """
      <!DOCTYPE html><body><iframe src="inner.html" style="width:\(width)px;height:9000px;border:0">
      </iframe><p id="found">nothing</p><script>
      addEventListener("message", e => { document.getElementById("found").textContent = e.data; });
      </script></body>
      """
    let file = folder.appendingPathComponent("outer.html")
    try outer.write(to: file, atomically: true, encoding: .utf8)
    let dom = try dump(file, profile: folder)
    let found = try #require(dom.firstMatch(of: /measured:(\d+):([^<]*)</))
    #expect(Int(found.1) == width)
    return found.2.split(separator: ";").map(String.init)
  }

  private static func dump(_ file: URL, profile: URL) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: path ?? "")
    process.arguments = [
      "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000",
      "--window-size=1400,1000", "--user-data-dir=\(profile.path)/profile", "--dump-dom", file.path,
    ]
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
