import Evaluation
import Notebook
import Syntax

/// Where an answer of several commands is written: what is typed runs at once, behind the setup and
/// the stub, so that it can be tried; what ran without a fault belongs to the answer.
final class ItemDesk {
  private let item: Item
  private let make: (String) -> Session
  private var session: Session?
  private(set) var draft: Draft

  /// - Parameter make: A session whose paths start in a folder.
  init(_ item: Item, make: @escaping (String) -> Session) {
    (self.item, self.make) = (item, make)
    draft = Draft(item.stub?.text ?? "")
  }

  /// Begins again with the stub.
  func reset() {
    session = nil
    draft = Draft(item.stub?.text ?? "")
  }

  /// Runs an entry, and takes it into the answer where it succeeds. `prepare` is called before
  /// anything is shown.
  func add(
    _ source: SourceText, prepare: (Session) -> Void, each: (CommandReport) -> Void
  ) {
    let session = self.session ?? begin()
    self.session = session
    prepare(session)
    for statement in session.parse(source).script.statements {
      let report = session.run(statement)
      each(report)
      guard report.isOK else { return }
      draft.add(statement.range.text)
    }
  }

  private func begin() -> Session {
    let session = make(item.directory)
    if let setup = item.setup { session.run(setup) { _ in } }
    if !draft.isEmpty { session.run(SourceText(name: "<stub>", text: draft.text)) { _ in } }
    return session
  }
}
