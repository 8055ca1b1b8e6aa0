import Foundation
import Testing

/// Many submissions at once, against the real program.
@Suite struct GradeBatchTests {
  private static let checks = """
    test "doubles" (points: 3) { expect submission.double(4) == 8 }
    test "is polite" { expect submission.greet() == "hello" }
    test "halves" (points: 2, hidden: true) { expect submission.half(4.0) == 2.0 }
    """
  private static let right = """
    fn double(x) { 2 * x }
    fn greet() { "hello" }
    fn half(x) { x / 2 }
    """

  /// A folder of checks in which a shell runs; nothing of the user's own state is touched.
  private struct Class {
    let scratch: Scratch

    func file(_ path: String, _ text: String = GradeBatchTests.right) throws {
      let folder = (path as NSString).deletingLastPathComponent
      try FileManager.default.createDirectory(
        atPath: scratch.path + "/" + folder, withIntermediateDirectories: true)
      _ = try scratch.file(path, text)
    }

    func grade(_ words: String) throws -> Program.Result {
      try Program.shell(
        "cairn grade checks.cairn \(words)",
        environment: ["XDG_STATE_HOME": scratch.path + "/state"], directory: scratch.path)
    }

    /// The JSON of a run: of each submission its points.
    func points(_ words: String) throws -> [String: Double] {
      let result = try grade(words + " --format json")
      var points: [String: Double] = [:]
      for each in try submissions(result.output) {
        points[each["student"] as? String ?? "?"] = each["points"] as? Double
      }
      return points
    }

    func submissions(_ text: String) throws -> [[String: Any]] {
      let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
      return try #require((object as? [String: Any])?["submissions"] as? [[String: Any]])
    }

    /// Zips a folder with Python, as the learning systems do.
    func zip(_ folder: String, as name: String) throws {
      let result = try Program.shell(
        "python3 -c 'import shutil; shutil.make_archive(\"\(name)\", \"zip\", \"\(folder)\")'",
        directory: scratch.path)
      try #require(result.status == 0, "\(result.errors)")
    }
  }

  private func with<Result>(_ body: (Class) throws -> Result) throws -> Result {
    try Scratch.with { scratch in
      let course = Class(scratch: scratch)
      try course.file("checks.cairn", Self.checks)
      return try body(course)
    }
  }

  // MARK: What is handed in

  @Test func `files and folders are submissions, and what is none is told`() throws {
    try with { course in
      try course.file("all/ada.cairn")
      try course.file("all/bob/submission.cairn")
      try course.file("all/bob/other.cairn", "let a = 1")
      try course.file("all/cy/his own.cairn")
      try course.file("all/dan/one.cairn")
      try course.file("all/dan/two.cairn")
      try course.file("all/eve/notes.txt", "mine")
      try course.file("all/readme.md", "all")
      _ = try Program.shell(
        "mkfifo all/fay.cairn; ln -s ../checks.cairn all/gus.cairn; ln -s . all/hal",
        directory: course.scratch.path)
      let result = try course.grade("all --format json")
      #expect(result.status == 2)
      let all = try course.submissions(result.output)
      #expect(
        all.map { $0["student"] as? String } == ["ada", "bob", "cy", "dan", "eve", "fay", "gus"])
      #expect(all.map { $0["points"] as? Double } == [6, 6, 6, 0, 0, 0, 0])
      let why = all.suffix(4).map { ($0["fault"] as? [String: Any])?["message"] as? String ?? "" }
      #expect(why[0].contains("2 files"))
      #expect(why[1].contains("no file whose name ends in '.cairn'"))
      #expect(why[2].contains("no regular file"))
      #expect(why[3].contains("symbolic link"))
      let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8))
      #expect(
        (object as? [String: Any])?["left_out"] as? [String] == [
          "bob/other.cairn", "dan/one.cairn", "dan/two.cairn", "eve/notes.txt", "hal", "readme.md",
        ])
      let text = try course.grade("all")
      #expect(text.output.contains("left out: no submissions\n  bob/other.cairn\n"))
      #expect(text.output.contains("shut in by\n  seccomp filter"))
    }
  }

  @Test func `an archive is graded as the folder that it was made of`() throws {
    try with { course in
      try course.file("all/ada.cairn")
      try course.file("all/bob/submission.cairn", "fn double(x) { 8 }")
      try course.file("all/ümit 12_assign/mine.cairn")
      try course.file("all/__MACOSX/ada.cairn", "junk")
      try course.zip("all", as: "plain")
      let folder = try course.points("all")
      #expect(folder == ["ada": 6, "bob": 3, "ümit 12_assign": 6])
      #expect(try course.points("plain.zip") == folder)
      try course.file("outer/all/ada.cairn")
      try course.file("outer/all/bob/submission.cairn", "fn double(x) { 8 }")
      try course.file("outer/all/ümit 12_assign/mine.cairn")
      try course.zip("outer", as: "wrapped")
      #expect(try course.points("wrapped.zip") == folder)
    }
  }

  @Test func `in an archive a bad file stops none of the others`() throws {
    try with { course in
      try course.file(
        "write.py",
        """
        import zipfile
        z = zipfile.ZipFile("out.zip", "w")
        z.writestr("../eve.cairn", "let a = 1")
        z.writestr("ada.cairn", open("right.cairn").read())
        z.writestr("bob/submission.cairn", open("right.cairn").read())
        z.writestr("bob/submission.cairn", "let a = 1")
        link = zipfile.ZipInfo("fay.cairn"); link.create_system = 3
        link.external_attr = 0o120777 << 16
        z.writestr(link, "/etc/passwd")
        z.writestr("latin.cairn", b"let a = \\xff")
        z.close()
        open("none.zip", "w").write("no archive")
        """)
      try course.file("right.cairn")
      _ = try Program.shell("python3 write.py", directory: course.scratch.path)
      let points = try course.points("out.zip")
      #expect(points.filter { $0.value > 0 } == ["ada": 6, "bob": 6])
      #expect(Set(points.keys) == ["../eve", "ada", "bob", "bob/submission", "fay", "latin"])
      let none = try course.grade("none.zip")
      #expect(none.status == 1)
      #expect(none.errors.contains("is no zip archive"), "\(none.errors)")
    }
  }

  @Test func `a submission imports what is listed, and nothing else`() throws {
    try with { course in
      try course.file("given/tools.cairn", "fn twice(x) { x + x }")
      try course.file("given/secret.cairn", "fn twice(x) { x + x }")
      try course.file(
        "ada.cairn", "import \"tools.cairn\"\nfn double(x) { twice(x) }\nfn greet() { \"hello\" }")
      #expect(try course.points("ada.cairn --import given/tools.cairn") == ["ada": 4])
      #expect(try course.points("ada.cairn") == ["ada": 0])
      #expect(try course.points("ada.cairn --import given/secret.cairn") == ["ada": 0])
      let explained = try course.grade(
        "--explain ada.cairn doubles --import given/tools.cairn")
      #expect(explained.status == 0, "\(explained.output)\(explained.errors)")
      try course.file("other/tools.cairn", "")
      let twice = try course.grade(
        "ada.cairn --import given/tools.cairn --import other/tools.cairn")
      #expect(twice.status == 1)
      #expect(twice.errors.contains("are called 'tools.cairn'"))
    }
  }

  // MARK: Status

  @Test(arguments: [
    ("fn double(x) { 2 * x }\nfn greet() { \"hello\" }\nfn half(x) { x / 2 }", 0),
    ("fn double(x) { 2 * x }\nfn greet() { \"bye\" }\nfn half(x) { x / 2 }", 1),
    ("fn double(x) { 2 * x }\nfn greet() { \"hello\" }\nfn half(x) { 0 }", 1), ("let = ", 2),
  ])
  func `the status says whether every test passed, also those without points`(
    text: String, status: Int32
  ) throws {
    try with { course in
      try course.file(
        "checks.cairn", Self.checks.replacing("\"is polite\"", with: "\"is polite\" (points: 0)"))
      try course.file("ada.cairn", text)
      #expect(try course.grade("ada.cairn").status == status)
    }
  }

  // MARK: Going on

  @Test func `grades of a folder are kept by all that they depend on`() throws {
    try with { course in
      try course.file("all/ada.cairn", "print(\"first\")\n" + Self.right)
      _ = try course.grade("all")
      let kept = course.scratch.path + "/state/cairn/grades"
      func count() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: kept).count }
      #expect(try count() == 1)
      let attributes = try FileManager.default.attributesOfItem(atPath: kept)
      #expect(attributes[.posixPermissions] as? Int == 0o700)
      // What is kept is taken as it is, and `--fresh` finds it anew.
      let name = try FileManager.default.contentsOfDirectory(atPath: kept)[0]
      let known = try String(contentsOfFile: kept + "/" + name, encoding: .utf8)
      try known.replacing("first", with: "known").write(
        toFile: kept + "/" + name, atomically: true, encoding: .utf8)
      #expect(try course.grade("all --format json").output.contains("known"))
      #expect(try course.grade("all --format json --fresh").output.contains("first"))
      #expect(try course.grade("all --format json").output.contains("first"))
      // Another way to run it is another grade.
      _ = try course.grade("all --trusted")
      #expect(try count() == 2)
      try course.file("tools.cairn", "let a = 1")
      _ = try course.grade("all --import tools.cairn")
      #expect(try count() == 3)
      try course.file("checks.cairn", Self.checks + "\n# another\n")
      _ = try course.grade("all")
      #expect(try count() == 4)
    }
  }

  @Test func `a run that is killed goes on where it was, to the same bytes`() throws {
    try with { course in
      for number in 0..<6 {
        try course.file(
          "all/s\(number).cairn", "for i in 0..<100000 { let a = i }\n" + Self.right)
      }
      let cut = try Program.shell(
        """
        cairn grade checks.cairn all --jobs 1 > /dev/null & grader=$!
        for _ in $(seq 600); do
          [ "$(ls state/cairn/grades 2> /dev/null | wc -l)" -ge 2 ] && break
          sleep 0.02
        done
        kill -KILL $grader
        ls state/cairn/grades | wc -l
        """, environment: ["XDG_STATE_HOME": course.scratch.path + "/state"],
        directory: course.scratch.path)
      let known = try #require(Int(cut.output.filter(\.isNumber)))
      #expect((2...6).contains(known))
      let resumed = try course.grade("all --format json --jobs 2")
      let fresh = try course.grade("all --format json --jobs 1 --fresh")
      #expect(resumed.output == fresh.output)
      #expect(resumed.status == 0)
    }
  }

  // MARK: Where grades are written

  @Test func `grades are written to a file, or to a folder`() throws {
    try with { course in
      try course.file("all/ada.cairn")
      try course.file("all/bob.cairn")
      #expect(try course.grade("all/ada.cairn --format json -o results.json").status == 0)
      #expect(try course.scratch.text("results.json").contains("\"ada\""))
      #expect(
        try course.grade("all/ada.cairn --format gradescope -o deep/results.json").status == 0)
      #expect(try course.scratch.text("deep/results.json").contains("\"score\":6"))
      #expect(try course.grade("all --format csv --format gradescope -o out").status == 0)
      #expect(try course.scratch.text("out/checks.csv").contains("bob"))
      #expect(try course.scratch.text("out/bob.gradescope.json").contains("\"score\":6"))
      #expect(try course.grade("all --format text -o words/").status == 0)
      #expect(try course.scratch.text("words/checks.txt").contains("ada: 4 of 4"))
      #expect(try course.scratch.text("words/summary.txt").contains("2 submissions"))
    }
  }

  @Test func `what cannot be written is told before anything is graded, with status 74`() throws {
    try with { course in
      try course.file("ada.cairn")
      try course.file("file", "")
      for place in ["file/results.json", "/proc/results.json"] {
        let result = try course.grade("ada.cairn --format json -o \(place)")
        #expect(result.status == 74, "\(place): \(result.errors)")
        #expect(result.errors.contains("cannot be written"))
        #expect(result.output.isEmpty)
      }
    }
  }

  @Test func `a grader that is killed leaves Gradescope what was known`() throws {
    try with { course in
      try course.file(
        "checks.cairn",
        """
        test "doubles" (points: 3) { expect submission.double(4) == 8 }
        test "ends" (points: 3) { expect submission.spin() == 1 }
        """)
      try course.file("ada.cairn", "fn double(x) { 2 * x }\nfn spin() { while true { let a = 1 } }")
      let result = try Program.shell(
        """
        cairn grade checks.cairn ada.cairn --format gradescope -o results.json & grader=$!
        for _ in $(seq 600); do
          grep -q '"status":"passed"' results.json 2> /dev/null && break
          sleep 0.02
        done
        kill -KILL $grader
        """, directory: course.scratch.path)
      #expect(result.errors.isEmpty || result.errors.contains("Killed"))
      let text = try course.scratch.text("results.json")
      let object =
        try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any] ?? [:]
      #expect(object["score"] as? Double == 3)
      #expect((object["output"] as? String)?.contains("cut off") == true)
      #expect((object["tests"] as? [[String: Any]])?.count == 2)
    }
  }

  // MARK: The instructor's view

  @Test func `submissions that are nearly the same are told, as a hint`() throws {
    try with { course in
      let long = (0..<12).map { "fn helper\($0)(x, y) { (x + \($0)) * y - x / (y + 1) }\n" }
        .joined()
      try course.file("all/ada.cairn", Self.right + "\n" + long)
      try course.file(
        "all/bob.cairn",
        Self.right + "\n" + long.replacing("x", with: "first").replacing("y", with: "second"))
      try course.file("all/cy.cairn")
      let result = try course.grade("all")
      #expect(
        result.output.contains(
          "alike, names and layout aside: hints to look, not verdicts\n  ada and bob: "))
    }
  }

  @Test func `progress is shown on a terminal, and not elsewhere`() throws {
    try with { course in
      for name in ["ada", "bob", "cy"] {
        try course.file("all/\(name).cairn", "for i in 0..<1000000 { let a = i }\n" + Self.right)
      }
      #expect(try course.grade("all --fresh").errors.isEmpty)
      let shown = try Program.shell(
        "script -qec 'cairn grade checks.cairn all --fresh --jobs 1' /dev/null",
        environment: ["XDG_STATE_HOME": course.scratch.path + "/state"],
        directory: course.scratch.path)
      #expect(shown.output.contains("of 3"))
    }
  }
}
