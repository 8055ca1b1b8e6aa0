import Testing

/// What chooses a set of kernels or a number of threads, each test in a process of its own.
///
/// `make test` runs them after all others: while such a process waits for its turn among many
/// tests, the thread that watches over it takes half a core.
@Suite struct OwnProcessTests {}
