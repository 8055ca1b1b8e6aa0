import ArgumentParser
import Execution
import Glibc
import Syntax
import Writing

/// Processes that `mpirun` has started together: all run the same script, and the first one talks.
enum Processes {
  /// Joins the others where there are some. All but the first print nothing and write no file: what
  /// they would say the first one says.
  static func join() {
    guard ProcessGroup.isStartedWithOthers else { return }
    let group: ProcessGroup
    do {
      group = try ProcessGroup.join(Signals.interruption)
    } catch {
      // Each process meets it; one says so.
      if getenv("OMPI_COMM_WORLD_RANK").map({ String(cString: $0) }) ?? "0" == "0" {
        let text = DiagnosticRenderer(isColoured: false).text(.processes(error))
        Output.put(text + "\n", to: STDERR_FILENO)
      }
      Output.finish(status: ExitCode.failure.rawValue)
    }
    // Why all end is told by whoever ends them.
    let descriptor = dup(STDERR_FILENO)
    let (rank, size) = (group.rank, group.size)
    group.tell = { Output.put(ProcessText.ending($0, rank, of: size), to: descriptor) }
    guard group.rank > 0 else {
      WholeFile.didWrite = { group.meet() }
      return
    }
    let nowhere = open("/dev/null", O_WRONLY)
    dup2(nowhere, STDOUT_FILENO)
    dup2(nowhere, STDERR_FILENO)
    close(nowhere)
    WholeFile.isMute = true
    WholeFile.didWrite = { group.meet() }
  }

  /// Leaves the others before the process ends.
  static func leave() { ProcessGroup.current?.leave() }
}
