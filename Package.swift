// swift-tools-version: 6.2
// Cairn: a notebook-style language for learning gradient checkpointing.
// Copyright (C) 2026 the Cairn authors. GPL-3.0-or-later; see LICENSE.

import Foundation
import PackageDescription

/// What every Swift target holds to: one language mode, explicit existentials, no hidden imports,
/// no warnings.
let house: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .enableUpcomingFeature("ExistentialAny"),
  .enableUpcomingFeature("InternalImportsByDefault"),
  .treatAllWarnings(as: .error),
]

/// For the floors with hot loops: accesses to class properties are not checked for exclusivity in
/// release builds (debug builds and tests check them); a loop of a million additions takes half the
/// time.
let hot = house + [.unsafeFlags(["-enforce-exclusivity=unchecked"], .when(configuration: .release))]

/// For the floors that plan and that read files, and for tests that compare millions of numbers:
/// optimized in debug builds too, since planners try thousands of orders, and tables have millions
/// of cells.
let quick = house + [.unsafeFlags(["-O"], .when(configuration: .debug))]

/// A floor of the house: a library target and the floors beneath it that it may see.
func floor(
  _ name: String, sees dependencies: [Target.Dependency] = [], embeds resources: [Resource] = [],
  settings: [SwiftSetting] = house
) -> Target {
  .target(
    name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

/// The tests of one floor.
func tests(
  _ name: String, see dependencies: [Target.Dependency], settings: [SwiftSetting] = house
) -> Target {
  .testTarget(name: name + "Tests", dependencies: dependencies, swiftSettings: settings)
}

/// Where Debian has the headers of Open MPI; without them Cairn trains in one process only.
let openMPI = ["x86_64", "aarch64"]
  .map { "/usr/lib/\($0)-linux-gnu/openmpi/include" }
  .filter { FileManager.default.fileExists(atPath: $0 + "/mpi.h") }

/// libFuzzer's target, which has no `main` of its own: only the fuzz job asks for it.
let fuzz: [Target] =
  Context.environment["CAIRN_FUZZ"] == nil
  ? []
  : [
    .executableTarget(
      name: "Fuzz",
      dependencies: [
        "DataFiles", "Evaluation", "Execution", "Notebook", "Reports", "Syntax", "Tensors",
      ],
      path: "Tests/Fuzz", exclude: ["Corpus", "cairn.dict"], swiftSettings: house)
  ]

let package = Package(
  name: "cairn",
  products: [.executable(name: "cairn", targets: ["cairn"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-algorithms", from: "1.2.1"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
  ],
  targets: [
    // 8: the command line and the REPL
    .executableTarget(
      name: "cairn",
      dependencies: [
        "Grading", "Lessons", "Notebook", "Evaluation", "Execution", "Tensors", "Reports", "Syntax",
        "Writing",
        "CMemory", "CReadline",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: house),
    // 7: checks, submissions, grades, their formats
    floor(
      "Grading",
      sees: [
        "Notebook", "Evaluation", "DataFiles", "Reports", "Syntax", "Writing", "CNettle",
        "CSandbox",
      ]),
    // 7: courses, items, progress
    floor("Lessons", sees: ["Notebook", "Evaluation", "Reports", "Syntax", "Writing"]),
    // 6: session, account, transcripts, pages
    floor(
      "Notebook",
      sees: ["Evaluation", "Experiments", "Reports", "Syntax", "Schedules", "Tensors", "Writing"]),
    // 5: tree to values, language to block, builtins
    floor(
      "Evaluation",
      sees: [
        "Syntax", "Experiments", "DataFiles", "Reports", "Execution", "Gradients", "Graphs",
        "Schedules", "Tensors", "Writing", "Samples", "CFiles", "CMemory",
        .product(name: "OrderedCollections", package: "swift-collections"),
      ],
      embeds: [.embedInCode("Resources/prelude.cairn")], settings: hot),
    // 4: what can be done with a block
    floor(
      "Experiments",
      sees: ["Execution", "Gradients", "Graphs", "Schedules", "Tensors", "Writing"],
      settings: hot),
    // 3: joint graph and schedule to a run
    floor(
      "Execution",
      sees: [
        "Gradients", "Graphs", "Schedules", "Tensors", "Writing", "CKernels", "CMPI",
        .product(name: "Algorithms", package: "swift-algorithms"),
      ], settings: hot),
    // 2: graph to joint graph
    floor("Gradients", sees: ["Graphs", "Tensors"]),
    // 1: operations, shapes, builder; file formats; what a command has to say
    floor("Graphs", sees: ["Tensors", "Writing"]),
    floor("DataFiles", sees: ["Tensors", "Writing", "CMemory", "CZlib"], settings: quick),
    floor("Reports", sees: ["Writing"]),
    // 0: these import none of each other, Writing aside
    floor("Writing", sees: ["CMemory", "CFiles"]),
    floor("Syntax", sees: ["Writing"]),
    floor(
      "Schedules",
      sees: [
        "Writing", .product(name: "HeapModule", package: "swift-collections"),
        .product(name: "Algorithms", package: "swift-algorithms"),
      ], settings: quick),
    floor("Tensors", sees: ["Writing", "CMemory"], settings: hot),
    floor(
      "Samples",
      embeds: [
        .embedInCode("Resources/penguins.csv"), .embedInCode("Resources/digits.csv.gz"),
        .embedInCode("Resources/sonnets.txt"),
      ]),
    // Its loops are included once for each set of kernels.
    .target(
      name: "CKernels", dependencies: ["CMemory"], exclude: ["loops"],
      cSettings: [.unsafeFlags(["-O3", "-Wall", "-Wextra", "-Werror"])]),
    // Asks the next library for `malloc`; a compiler that knows what that does would be misled.
    .target(
      name: "CMemory",
      cSettings: [.unsafeFlags(["-O3", "-fno-builtin", "-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("dl")]),
    // Its library is loaded where `mpirun` has started the process.
    .target(
      name: "CMPI",
      cSettings: [
        .unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"] + openMPI.map { "-isystem" + $0 })
      ], linkerSettings: [.linkedLibrary("dl")]),
    .systemLibrary(name: "CNettle", providers: [.apt(["nettle-dev"])]),
    // Its library is loaded where a submission is shut in.
    .target(
      name: "CSandbox",
      cSettings: [.unsafeFlags(["-O2", "-Wall", "-Wextra", "-Werror"])],
      linkerSettings: [.linkedLibrary("dl")]),
    .systemLibrary(name: "CReadline", providers: [.apt(["libreadline-dev"])]),
    .systemLibrary(name: "CFiles"),
    .systemLibrary(name: "CZlib", providers: [.apt(["zlib1g-dev"])]),

    tests("Writing", see: ["Writing"]),
    tests("DataFiles", see: ["DataFiles", "Tensors", "Writing"]),
    tests("Reports", see: ["PageLab", "Reports", "Writing"]),
    tests("Syntax", see: ["Syntax"]),
    tests(
      "Schedules",
      see: ["Schedules", "Writing", .product(name: "HeapModule", package: "swift-collections")]),
    tests("Tensors", see: ["Tensors"]),
    // Graphs that several floors are tested on.
    .target(
      name: "GraphLab", dependencies: ["Gradients", "Graphs", "Tensors"], path: "Tests/GraphLab",
      swiftSettings: house),
    // A browser that looks at pages of several floors.
    .target(name: "PageLab", path: "Tests/PageLab", swiftSettings: house),
    // Plans that several floors are tested on.
    .target(
      name: "PlanLab", dependencies: ["Experiments", "Schedules", "Tensors"],
      path: "Tests/PlanLab", swiftSettings: house),
    tests("Graphs", see: ["GraphLab", "Graphs", "Tensors"]),
    tests("Gradients", see: ["GraphLab", "Gradients", "Graphs", "Tensors"]),
    tests(
      "Execution", see: ["GraphLab", "Execution", "Gradients", "Graphs", "Schedules", "Tensors"],
      settings: quick),
    tests(
      "Experiments",
      see: [
        "PlanLab", "Experiments", "Execution", "Graphs", "Schedules", "Tensors",
      ]),
    tests(
      "Evaluation",
      see: [
        "GraphLab", "Evaluation", "DataFiles", "Experiments", "Reports", "Samples", "Syntax",
        "Tensors", "Schedules", "Writing",
      ]),
    tests(
      "Notebook",
      see: [
        "PageLab", "PlanLab", "Notebook", "Evaluation", "Experiments", "Reports", "Syntax",
        "Tensors",
        "Schedules",
        "Execution", "Writing",
      ]),
    tests(
      "Lessons", see: ["Lessons", "Notebook", "Evaluation", "Reports", "Syntax", "Writing"]),
    tests(
      "Grading", see: ["Grading", "Notebook", "Evaluation", "Reports", "Syntax", "Writing"]),
    // These run the program as a person does: they need it built, and import nothing of it.
    tests("CommandLine", see: ["cairn"]),
  ] + fuzz
)
