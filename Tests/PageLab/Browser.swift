import Foundation

/// A headless Chromium, where one is installed.
package enum Browser {
  private static let path = ["/usr/bin/chromium", "/usr/bin/chromium-browser"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  package static var isInstalled: Bool { path != nil }

  /// The browser did not measure the page at the width that was asked for; `found` is what it gave.
  struct NotMeasured: Error { let found: String }

  /// Puts the names of elements that reach beyond the window, of words that reach beyond their
  /// chart, and a mark that it ran, into the page. A frame of the width wanted is measured: a
  /// window is never narrower than 500.
  private static let measuring = """
    <script>
    addEventListener("load", () => {
      const out = [];
      const root = document.documentElement;
      const say = (each, where) =>
        out.push(each.tagName + " " + where + ": " + each.textContent.slice(0, 40));
      if (root.scrollWidth > root.clientWidth) out.push("page " + root.scrollWidth);
      for (const each of document.querySelectorAll("main *")) {
        if (each.closest(".scroll, pre, svg, .chart-scroll") && !each.matches(".scroll, pre, svg"))
          continue;
        const box = each.getBoundingClientRect();
        if (box.right > root.clientWidth + 0.5 || box.left < -0.5) say(each, "beyond the window");
      }
      for (const each of document.querySelectorAll("svg text")) {
        const box = each.getBoundingClientRect();
        const sheet = each.closest("svg").getBoundingClientRect();
        if (box.left < sheet.left - 1 || box.right > sheet.right + 1 ||
            box.top < sheet.top - 1 || box.bottom > sheet.bottom + 1)
          say(each, "beyond its chart");
      }
      parent.postMessage("measured:" + root.clientWidth + ":" + out.join(";"), "*");
    });
    </script>
    """

  /// The elements that overflow a page at a width.
  package static func overflow(of page: String, width: Int) throws -> [String] {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("cairn-page-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let inner = page.replacingOccurrences(of: "</body>", with: measuring + "</body>")
    try inner.write(
      to: folder.appendingPathComponent("inner.html"), atomically: true, encoding: .utf8)
    let outer = """
      <!DOCTYPE html><body><iframe src="inner.html" scrolling="no"
        style="width:\(width)px;height:9000px;border:0">
      </iframe><p id="found">nothing</p><script>
      addEventListener("message", e => { document.getElementById("found").textContent = e.data; });
      </script></body>
      """
    let file = folder.appendingPathComponent("outer.html")
    try outer.write(to: file, atomically: true, encoding: .utf8)
    let dom = try dump(file, profile: folder)
    guard let found = dom.firstMatch(of: /measured:(\d+):([^<]*)</), Int(found.1) == width else {
      throw NotMeasured(found: String(dom.suffix(400)))
    }
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
