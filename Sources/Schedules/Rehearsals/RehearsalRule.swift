/// The rules that a schedule keeps, each as the fact of its breaking; steps and values by their
/// labels.
package enum RehearsalRule: Hashable, Sendable {
  /// An action names a step or a value of the workload.
  case noSuchStep
  /// Only what is in memory can be freed or moved.
  case notLive(String)
  /// Inputs are in memory when a step runs.
  case inputNotLive(String)
  /// What is in memory is not made again.
  case alreadyLive(String)
  /// An update runs once.
  case updatedTwice
  /// What reads a parameter or a state keeps its side of the update.
  case outOfOrder(update: String)
  /// Only a permitted input of equal bytes is overwritten.
  case mayNotReuse(String)
  /// A value is offloaded once.
  case alreadyOnTier(String)
  /// Only what was offloaded is fetched.
  case notOnTier(String)
  /// Every update has run at the end.
  case updateMissing(String)
  /// Every result is in memory at the end.
  case resultMissing(String)
  /// Nothing but results is in memory at the end.
  case leftBehind(String)
}
