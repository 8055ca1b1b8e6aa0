/// The common shape of schedules that reverse a segment by advancing to a split, reversing what
/// lies after it, and coming back for what lies before it.
enum SegmentReversal {
  /// The actions for stages 0 to `length` − 1, with the input in the first slot.
  ///
  /// `split(n, s)` says how far to advance in a segment of n ≥ 2 stages with s slots, the one that
  /// holds the segment's input counted: from 1 to n − 1. A boundary before a single stage is
  /// recorded at once and takes no slot. Frames are kept on a list, so that ten thousand levels
  /// need no stack.
  static func actions(
    length: Int, slots: Int, split: (_ length: Int, _ slots: Int) -> Int
  ) -> [ChainAction] {
    struct Frame {
      var start: Int
      var end: Int
      var slots: Int
      var isInHand: Bool
    }
    var actions: [ChainAction] = []
    var frames = [Frame(start: 0, end: length, slots: slots, isInHand: true)]
    if length > 1 { actions.append(.keep(0)) }
    while let frame = frames.popLast() {
      let count = frame.end - frame.start
      let start = frame.start
      if !frame.isInHand { actions.append(.restore(start)) }
      if count == 1 {
        if !frame.isInHand { actions.append(.drop(start)) }
        actions += [.record(start), .reverse(start)]
        continue
      }
      let middle = start + (frame.slots == 1 ? count - 1 : split(count, frame.slots))
      actions.append(.advance(start, middle))
      frames.append(Frame(start: start, end: middle, slots: frame.slots, isInHand: false))
      if frame.end - middle > 1 { actions.append(.keep(middle)) }
      frames.append(
        Frame(start: middle, end: frame.end, slots: frame.slots - 1, isInHand: true))
    }
    return actions
  }
}
