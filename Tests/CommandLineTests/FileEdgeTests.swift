import Foundation
import Testing

/// Files that the program reads and writes: what they are, and what they stay.
@Suite struct FileEdgeTests {
  private let scratch: Scratch

  init() throws { scratch = try Scratch() }

  private func shell(
    _ script: String, environment: [String: String] = [:]
  ) throws -> Program.Result {
    try Program.shell(script, environment: environment, directory: scratch.path)
  }

  // MARK: Reading

  /// How each thing that is no script is made, what it is called, and what is said of it.
  private static let noScripts = [
    (":", "/dev/zero", "not-a-file", "/dev/zero is a device, and a file or a pipe was expected"),
    ("ln -s /dev/zero z", "z", "not-a-file", "z is a device, and a file or a pipe was expected"),
    (":", "/dev/null", "not-a-file", "/dev/null is a device, and a file or a pipe was expected"),
    (
      "python3 -c 'import socket; socket.socket(socket.AF_UNIX).bind(\"sock\")'", "sock",
      "not-a-file", "sock is a socket, and a file or a pipe was expected"
    ),
    ("mkdir d", "d", "is-directory", "d is a directory, and a file of Cairn text was expected"),
    ("ln -s l l", "l", "unreadable", "l cannot be read: its symbolic links lead in a circle"),
    (
      "touch f", "f/x", "unreadable",
      "f/x cannot be read: its path leads through a file that is no directory"
    ),
    (":", "none.cairn", "no-file", "there is no file none.cairn"),
    (":", "\"\"", "no-file", "there is no file \"\""),
    (
      ":", "$(printf 'n%.0s' {1..256})", "unreadable",
      String(repeating: "n", count: 60) + "…" + String(repeating: "n", count: 50)
        + " cannot be read: its name is too long: the system takes 255 bytes, and 4095 for a "
        + "whole path"
    ),
    (
      "head -c 16777217 /dev/zero > large", "large", "too-large",
      "large has more than 16 MiB, the most that a script may have"
    ),
    (
      "mkfifo p; yes 1 > p &", "p", "too-large",
      "p has more than 16 MiB, the most that a script may have"
    ),
    ("printf '\\377' > latin", "latin", "not-utf8", "latin is not a text in UTF-8"),
  ]

  @Test(arguments: noScripts)
  func `what is no script says what it is`(
    made: String, name: String, code: String, message: String
  ) throws {
    defer { scratch.remove() }
    let result = try shell("\(made)\ncairn run \(name)")
    #expect(result.status == 1)
    #expect(result.output.isEmpty)
    let lines = result.errors.components(separatedBy: "\n")
    #expect(lines.first == "error[\(code)]: \(message)")
    // Where a file is in the way of a path, or a name too long, there is nothing to do but that.
    #expect(result.errors.contains("hint: ") || code == "unreadable")
    if made.hasPrefix("mkfifo") { return }
    let object = try #require(try shell("cairn --json run \(name)").objects.first)
    let error = try #require(object["error"] as? [String: Any])
    #expect(error["kind"] as? String == "io")
    #expect(error["code"] as? String == code)
    #expect(try shell("cairn format \(name)").errors == result.errors)
    #expect(try shell("cairn run --check \(name)").errors == result.errors)
    let load = try shell("echo \":load \(name)\" | cairn")
    #expect(load.status == 1)
    #expect(name == "\"\"" || load.errors.hasPrefix("error[\(code)]: "))
    let imported = try shell("cairn -e \"import \\\"\(name)\\\"\"")
    #expect(imported.errors.contains("--> <expression>:1:") || name == "\"\"")
  }

  @Test func `endless input ends at once`() throws {
    defer { scratch.remove() }
    for command in ["cairn run -", "cairn", "cairn format -", "cairn --json"] {
      let result = try shell("\(command) < /dev/zero")
      #expect(result.status == 1)
      #expect((result.errors + result.output).contains("standard input gave more than 16 MiB"))
    }
  }

  @Test func `pipes are scripts, and wait for who writes them`() throws {
    defer { scratch.remove() }
    #expect(try shell("cairn run <(echo '6 * 7')").output == "42\n")
    #expect(
      try shell("mkfifo p; (sleep 0.2; echo '6 * 7') > p & cairn run p").output == "42\n")
    #expect(try shell("cairn run --check <(printf '6 * 7\\n#> 42\\n')").status == 0)
    for command in ["run --record", "format"] {
      let result = try shell("cairn \(command) <(echo '6  * 7')")
      #expect(result.status == 1)
      #expect(result.errors.contains("is a pipe, and a file was expected"))
    }
  }

  @Test func `a name with a NUL is refused, and no other file is touched`() throws {
    defer { scratch.remove() }
    let result = try shell(
      """
      echo kept > a
      cairn -e 'save(zeros(2), "a\\u{0}b")'
      cairn -e 'import "a\\u{0}b"'
      printf ':load a\\0b\\n:save a\\0b\\n' | cairn
      cat a; ls -A
      """)
    #expect(result.output == "kept\na\n")
    let nul = "its name has a NUL character, which no file's name has"
    #expect(result.errors.components(separatedBy: nul).count == 5)
  }

  @Test func `a name that is not there may be told by one that is like it`() throws {
    defer { scratch.remove() }
    for (name, hint) in [
      ("scritp.cairn", "did you mean 'script.cairn'?"), ("script", "did you mean 'script.cairn'?"),
      ("d/scripd.cairn", "did you mean 'd/script.cairn'?"),
      ("other.cairn", "relative paths start beside the script, or where cairn was started"),
    ] {
      let result = try shell("mkdir -p d; touch script.cairn d/script.cairn; cairn run \(name)")
      #expect(result.errors == "error[no-file]: there is no file \(name)\nhint: \(hint)\n")
    }
  }

  /// Runs the program without the rights of root, where the tests have them.
  private static let asNobody =
    geteuid() == 0 ? "setpriv --reuid 65534 --regid 65534 --clear-groups " : ""

  @Test func `rights that lack are told, for reading and for writing`() throws {
    defer { scratch.remove() }
    let result = try shell(
      """
      cp "$(command -v cairn)" program; chmod 755 . program
      echo 'let   a=1' > secret.cairn; chmod 0 secret.cairn
      mkdir shut; echo 'let   a=1' > shut/f.cairn; chmod 666 shut/f.cairn; chmod 555 shut
      cp shut/f.cairn ro.cairn; chmod 444 ro.cairn
      for command in 'run secret.cairn' 'format shut/f.cairn' 'format ro.cairn' \
        'run --record secret.cairn'; do
        \(FileEdgeTests.asNobody) ./program $command
        echo $?
      done
      cat shut/f.cairn ro.cairn
      chmod 755 shut
      """)
    #expect(result.output == "1\n1\n1\n1\nlet   a=1\nlet   a=1\n")
    let secret = """
      error[unreadable]: secret.cairn cannot be read: Permission denied
      hint: 'ls -ld secret.cairn' shows who may do what

      """
    #expect(
      result.errors == secret + """
        error[unwritable]: shut/f.cairn cannot be written: the directory that it stands in takes \
        no new file: Permission denied
        hint: write it elsewhere, and copy it
        error[unwritable]: ro.cairn cannot be written: it is read-only
        hint: 'chmod u+w ro.cairn' lets it be written

        """ + secret)
  }

  @Test func `a name that is no UTF-8 is told as that`() throws {
    defer { scratch.remove() }
    let result = try shell("touch $'caf\\xe9.cairn'; cairn run $'caf\\xe9.cairn'")
    #expect(result.status == 1)
    #expect(result.errors.contains("hint: names that are not UTF-8 are not understood: rename"))
  }

  // MARK: Writing

  /// Every way in which the program writes a file `f` that a person names.
  private static let writing = [
    "cairn -e 'save(zeros(100), \"f\")'", "echo ':save f' | cairn", "cairn format f",
    "cairn run --record f",
  ]

  @Test(arguments: writing)
  func `a written file keeps its names, rights and links, and nothing stays beside it`(
    command: String
  ) throws {
    defer { scratch.remove() }
    let result = try shell(
      """
      mkdir d; printf 'print(  1)\\n' > d/one; ln d/one d/two; chmod 751 d/one; ln -s d/one f
      touch d/.one.cairn-01234567.part d/.two.cairn-01234567.part
      \(command) >/dev/null
      readlink f; cmp d/one d/two; stat -c '%a %h' d/one; ls -A d
      rm d/two; \(command) >/dev/null; stat -c '%a %h' d/one; ls -A d
      """)
    #expect(
      result.output
        == "d/one\n751 2\n.two.cairn-01234567.part\none\ntwo\n751 1\n.two.cairn-01234567.part\n"
        + "one\n")
    #expect(result.errors.isEmpty)
    #expect(try scratch.text("d/one") != "print(  1)\n")
  }

  @Test(arguments: writing)
  func `a read-only file is refused, by root too`(command: String) throws {
    defer { scratch.remove() }
    let result = try shell("printf 'print(  1)\\n' > f; chmod 444 f; \(command); echo $?; ls -A")
    #expect(result.output.hasSuffix("1\nf\n"))
    #expect(result.errors.contains("cannot be written: it is read-only"))
    #expect(try scratch.text("f") == "print(  1)\n")
  }

  @Test func `where there is no room, the file is as it was, under each of its names`() throws {
    defer { scratch.remove() }
    let result = try shell(
      """
      echo kept > f; ln f g; echo kept > h
      ulimit -f 1
      cairn -e 'save(zeros(1000), "f")'; cairn -e 'save(zeros(1000), "h")'
      cat f g h; ls -A
      """)
    #expect(result.output == "kept\nkept\nkept\nf\ng\nh\n")
    #expect(result.errors.components(separatedBy: "File too large").count == 3)
  }

  @Test(.enabled(if: geteuid() == 0))
  func `a file of another stays theirs, also where only they may give it away`() throws {
    defer { scratch.remove() }
    let result = try shell(
      """
      cp "$(command -v cairn)" program; chmod 755 program; chmod 777 .
      echo old > f; chown 1234:1235 f; chmod 666 f
      cairn -e 'save(zeros(2), "f")'; stat -c '%u %g %a %s' f
      \(FileEdgeTests.asNobody) ./program -e 'save(zeros(3), "f")'; stat -c '%u %g %a %s' f
      ls -A
      """)
    #expect(result.output == "1234 1235 666 80\n1234 1235 666 84\nf\nprogram\n")
    #expect(result.errors.isEmpty)
  }

  @Test func `what is open is written where it stands`() throws {
    defer { scratch.remove() }
    let result = try shell(
      """
      for name in /dev/fd/3 /proc/self/fd/3; do
        printf 'kept ' > f; cairn -e "save(zeros(2), \\"$name\\")" 3>>f; wc -c < f; head -c 4 f
      done
      printf 'kept ' > f; cairn -e 'save(zeros(2), "/dev/stdout"); print("said")' >> f
      wc -c < f; head -c 4 f; tail -c 5 f
      printf 'kept ' > f; cairn -e 'save(zeros(2), "f"); print("said")' >> f
      wc -c < f; head -c 4 f; tail -c 5 f
      """)
    #expect(result.output == "85\nkept85\nkept90\nkeptsaid\n90\nkeptsaid\n")
  }

  @Test(arguments: ["echo 'print(2)' > f", "rm f", "echo '6 * 7' >> f", ": > f"])
  func `a script that another program changes while it is recorded is left as it is`(
    change: String
  ) throws {
    defer { scratch.remove() }
    let result = try shell(
      """
      mkfifo gate; printf 'import "gate"\\nprint(1)\\n#> 0\\n' > f
      cairn run --record f &
      exec 3> gate; \(change); cp f expected 2>/dev/null; exec 3>&-
      wait $!; echo $?
      cmp f expected 2>/dev/null || ls f 2>/dev/null; ls -A | grep -c cairn-
      """)
    #expect(result.output == "1\n0\n")
    #expect(
      result.errors == """
        error[changed]: f was changed by another program meanwhile, and is left as it is
        hint: look at it, and give the command once more

        """)
  }

  @Test func `a script is not recorded into where standard output goes`() throws {
    defer { scratch.remove() }
    let result = try shell("printf 'print(1)\\n' > f; cairn run --record f >> f; cat f")
    #expect(result.output == "print(1)\n")
    #expect(result.errors.contains("standard output or standard error goes to"))
  }

  @Test func `a slower tier without room for its file says why`() throws {
    defer { scratch.remove() }
    _ = try scratch.file(
      "s.cairn",
      """
      let net = chain(dense(64, 64), tanh, dense(64, 64), tanh, dense(64, 1))
      let x = randn(256, 64)
      let g = gradient wrt net with offload(budget: 300 KiB) { average(net(x)) }
      """)
    for (start, reason) in [
      ("TMPDIR=/nonexistent", "create its file: No such file or directory"),
      ("ulimit -f 1;", "reserve its file: File too large"),
    ] {
      let result = try shell("\(start) cairn run s.cairn 2>&1 >/dev/null | cat")
      #expect(
        result.output.hasPrefix("error[slower-tier]: the slower tier failed to \(reason)\n --> "))
      #expect(result.output.contains("hint: 'TMPDIR' in the environment names"))
    }
  }

  // MARK: History

  /// Types a line at a terminal, and leaves.
  private func session(_ environment: [String: String], _ line: String = "6 * 7") throws -> String {
    let terminal = try PseudoTerminal(environment: environment)
    let greeting = try terminal.await("cairn> ")
    terminal.type(line + "\r")
    try terminal.await("42\r\n")
    let rest = try terminal.await("cairn> ")
    terminal.type("\u{4}")
    _ = try terminal.finish()
    return greeting + rest
  }

  @Test func `the history follows links, keeps its rights, and begins a line of its own`() throws {
    defer { scratch.remove() }
    _ = try shell("printf '#1700000000\\ntorn' > h; chmod 640 h; ln h other; ln -s h link")
    _ = try session(["CAIRN_HISTORY": scratch.path + "/link"])
    let text = try scratch.text("h")
    #expect(text.hasPrefix("#1700000000\ntorn\n#") && text.hasSuffix("\n6 * 7\n"))
    #expect(try scratch.text("other") == text)
    #expect(try shell("stat -c %a h; readlink link").output == "640\nh\n")
    let old = (0..<1500).map { "#1700000000\n\($0) + 0\n" }.joined()
    _ = try shell("cat > h <<< '\(old)'")
    _ = try session(["CAIRN_HISTORY": scratch.path + "/link"])
    #expect(try scratch.text("other").components(separatedBy: "\n#").count == 1000)
    #expect(try shell("stat -c '%a %h' h; ls -A").output == "640 2\nh\nlink\nother\n")
  }

  @Test(arguments: [
    ("/dev/zero", "it is a device"), ("/dev/full", "it is a device"), (".", "it is a directory"),
    ("none/h", "the directory that it should stand in does not exist"), ("pipe", "it is a pipe"),
    ("loop", "its symbolic links lead in a circle"),
  ])
  func `where no history can be kept, the session says so once and goes on`(
    name: String, reason: String
  ) throws {
    defer { scratch.remove() }
    _ = try shell("mkfifo pipe; ln -s loop loop")
    let path = name.hasPrefix("/") ? name : scratch.path + "/" + name
    let said = try session(["CAIRN_HISTORY": path])
    let parts = said.components(separatedBy: "cannot be written: \(reason)")
    #expect(parts.count == 2)
    #expect(parts.first?.contains("note: the history is not kept: ") == true)
  }
}
