import Foundation
import Testing

/// What starts processes together, where it is installed.
private enum OpenMPI {
  static let isThere = FileManager.default.isExecutableFile(atPath: "/usr/bin/mpirun")
}

/// Several processes that `mpirun` starts: they need Open MPI, which `make prepare` installs.
@Suite(.serialized, .enabled(if: OpenMPI.isThere)) struct ProcessTests {
  /// What lets `mpirun` run here, as root and with more processes than cores.
  private static let environment = [
    "OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
    "OMPI_MCA_rmaps_base_oversubscribe": "1", "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
  ]

  private static func script(_ workers: String, steps: Int = 12, after: String = "") -> String {
    """
    seed 3
    let net = chain(dense(2, 8), batch_norm(8), dropout_layer(0.2), tanh, dense(8, 3))
    let data = spirals(count: 62, classes: 3)
    let opt = adam(lr: 0.01)
    let t = train net for x, y in batches(data, size: 18, steps: \(steps)) using opt on \(workers) {
      cross_entropy(net(x), y)
    }
    t
    print(t.losses)
    print(net.layers[0].w, net.layers[1].mean, net.layers[4].b)
    update net along gradient wrt net { cross_entropy(net(data.x), data.y) } using opt
    print(net.layers[4].w)
    \(after)
    """
  }

  /// Runs a script in one process, or in several.
  private func run(
    _ script: String, processes: Int?, in scratch: Scratch
  ) throws -> Program.Result {
    try script.write(toFile: scratch.path + "/script.cairn", atomically: true, encoding: .utf8)
    let command = "cairn run --no-color --threads 1 script.cairn"
    return try Program.shell(
      processes.map { "mpirun -n \($0) \(command)" } ?? command, environment: Self.environment,
      directory: scratch.path)
  }

  static let modes = [
    "", ", reduce: tree", ", reduce: naive, bucket: 128 B", ", bucket: 1 MiB",
    ", shard: optimizer", ", shard: optimizer, reduce: tree", ", updates: async(delay: 1)",
    ", updates: async(delay: random(most: 5))", ", updates: async",
    ", updates: local(every: 5)", ", updates: local(every: 2), reduce: naive",
  ]

  @Test(arguments: modes, [2, 4])
  func `processes print what workers in one process print`(mode: String, count: Int) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let script = Self.script("workers(\(count)\(mode))")
    let alone = try run(script, processes: nil, in: scratch)
    let together = try run(script, processes: count, in: scratch)
    #expect(alone.status == 0, "\(alone.errors)")
    #expect(together.status == 0, "\(together.errors)")
    #expect(alone.output == together.output)
    #expect(alone.output.contains("trained 12 steps on \(count) workers"))
  }

  /// Ways of training in which each worker adds up gradients, or the loss is scaled.
  static let groups = [
    ") accumulate 2", ", bucket: 1 MiB) accumulate 5", ", shard: optimizer) accumulate 2",
    ", updates: async(delay: 1)) accumulate 3", ", updates: local(every: 2)) accumulate 2",
    ") mixed f16", ", shard: optimizer, reduce: naive) accumulate 2 mixed f16",
  ]

  @Test(arguments: groups, [2, 4])
  func `processes print what workers in one process print of groups and of scaled losses`(
    clauses: String, count: Int
  ) throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let script = Self.script("workers(\(count)\(clauses)")
    let alone = try run(script, processes: nil, in: scratch)
    let together = try run(script, processes: count, in: scratch)
    #expect(alone.status == 0, "\(alone.errors)")
    #expect(together.status == 0, "\(together.errors)")
    #expect(alone.output == together.output)
    #expect(alone.output.contains("steps on \(count) workers"))
  }

  @Test func `one process writes files, and the others wait for them`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let result = try run(
      Self.script(
        "workers(2, checkpoint_file: \"steps.safetensors\")",
        after: """
          save(net, "net.safetensors")
          let other = chain(dense(2, 8), batch_norm(8), dropout_layer(0.2), tanh, dense(8, 3))
          load(other, "net.safetensors")
          print(max(abs(other.layers[0].w - net.layers[0].w)))
          """), processes: 2, in: scratch)
    #expect(result.status == 0, "\(result.errors)")
    #expect(result.output.contains("\n0.0\n") || result.output.contains("\n0\n"))
    let files = try FileManager.default.contentsOfDirectory(atPath: scratch.path)
    #expect(files.sorted() == ["net.safetensors", "script.cairn", "steps.safetensors"])
  }

  @Test func `another number of processes than of workers is refused`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let result = try run(Self.script("workers(4)"), processes: 2, in: scratch)
    #expect(result.status != 0)
    #expect(result.errors.contains("expected as many workers as processes, found 4 and 2"))
  }

  @Test func `what all workers meet is told once`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    // The last batch of an epoch leaves each worker one row.
    let result = try run(
      Self.script("workers(4)").replacing("count: 62", with: "count: 58"), processes: 4,
      in: scratch)
    #expect(result.status != 0)
    #expect(result.errors.components(separatedBy: "error[failed]").count == 2)
    #expect(!result.errors.contains("cannot go on"), "\(result.errors)")
  }

  @Test func `a worker that cannot go on ends all, and is named`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    let result = try run(
      """
      seed 3
      let net = dense(2, 3)
      let data = dataset(randn(8, 2), tensor([0, 1, 2, 0, 1, 2, 7, 0], dtype: i32))
      train net for x, y in batches(data, size: 8, shuffle: false) using sgd() on workers(4) {
        cross_entropy(net(x), y)
      }
      print("went on")
      """, processes: 4, in: scratch)
    #expect(result.status != 0)
    #expect(result.errors.contains("worker 3 of 4 cannot go on: cross_entropy"))
    #expect(!result.output.contains("went on"))
  }

  @Test func `a worker that is killed ends all, is named, and the last step is kept`() throws {
    let scratch = try Scratch()
    defer { scratch.remove() }
    try Self.script(
      "workers(4, checkpoint_file: \"steps.safetensors\")", steps: 1_000_000
    ).write(toFile: scratch.path + "/script.cairn", atomically: true, encoding: .utf8)
    // The process of worker 2 is killed once a step has been written.
    let result = try Program.shell(
      """
      mpirun -n 4 sh -c 'echo $$ > pid.$OMPI_COMM_WORLD_RANK; \
      exec cairn run --no-color --threads 1 script.cairn' &
      until test -s steps.safetensors; do sleep 0.1; done
      kill -9 $(cat pid.2)
      wait $!
      """, environment: Self.environment, directory: scratch.path)
    #expect(result.status != 0)
    #expect(result.errors.contains("process rank 2"), "\(result.errors)")
    #expect(result.errors.contains("signal 9"))
    let loaded = try Program.shell(
      """
      cairn -e 'load(chain(dense(2, 8), batch_norm(8), dropout_layer(0.2), tanh, dense(8, 3)), \
      "steps.safetensors")'
      """, directory: scratch.path)
    #expect(loaded.status == 0, "\(loaded.errors)")
  }
}

/// What is said where `mpirun` has started processes that cannot reach each other.
@Suite struct MissingLibraryTests {
  @Test func `a process without the library of Open MPI says what is missing`() throws {
    try Scratch.with { scratch in
      for name in ["libmpi.so.40", "libmpi.so"] { _ = try scratch.file(name, "") }
      let script = try scratch.file(
        "script.cairn",
        """
        let net = dense(2, 3)
        let data = spirals(count: 8, classes: 3)
        train net for x, y in batches(data, size: 4) using sgd() on workers(2) {
          cross_entropy(net(x), y)
        }
        """)
      let result = try Program.shell(
        "cairn run --no-color \(script)",
        environment: [
          "LD_LIBRARY_PATH": scratch.path, "OMPI_COMM_WORLD_SIZE": "2",
          "OMPI_COMM_WORLD_RANK": "0",
        ], directory: scratch.path)
      #expect(result.status == 1)
      #expect(result.output.isEmpty)
      #expect(result.errors.contains("the library of Open MPI is not there"))
      #expect(result.errors.contains("hint: 'apt-get install openmpi-bin' brings it"))
    }
  }
}
