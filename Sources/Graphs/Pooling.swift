/// The windows of pooling along one axis of an image.
package enum PoolingAxis: Hashable, Sendable {
  /// Windows of `size` entries, each `stride` behind the one before; `before` and `after` places
  /// beside the image belong to windows too, and hold nothing.
  case sliding(size: Int, stride: Int, before: Int, after: Int)
  /// So many windows that together cover the axis, of about equal lengths: window i goes from
  /// ⌊i · length / count⌋ to ⌈(i + 1) · length / count⌉.
  case adaptive(count: Int)

  /// True where the numbers mean something, and every window has an entry of any image.
  var isLegal: Bool {
    switch self {
    case .sliding(let size, let stride, let before, let after):
      (1...Sliding.limit).contains(size) && (1...Sliding.limit).contains(stride)
        && (0..<size).contains(before) && (0..<size).contains(after)
    case .adaptive(let count):
      (1...Sliding.limit).contains(count)
    }
  }

  /// Windows along an axis of `length` entries, which is 1 or more; `nil` where none fits. The
  /// numbers are legal.
  package func windows(in length: Int) -> Int? {
    switch self {
    case .sliding(let size, let stride, let before, let after):
      Sliding(stride: stride, dilation: 1, before: before, after: after)
        .windows(of: size, in: length)
    case .adaptive(let count):
      count
    }
  }

  /// The entries of an axis of `length` that a window has.
  package func entries(of window: Int, in length: Int) -> Range<Int> {
    switch self {
    case .sliding(let size, let stride, let before, after: _):
      let start = window * stride - before
      return max(start, 0)..<min(start + size, length)
    case .adaptive(let count):
      let end = ((window + 1) * length - 1) / count + 1
      return window * length / count..<end
    }
  }

  /// What sums of a window's entries are divided by for an average: its size, places beside the
  /// image counted (as zeros).
  package func size(of window: Int, in length: Int) -> Int {
    switch self {
    case .sliding(let size, stride: _, before: _, after: _): size
    case .adaptive: entries(of: window, in: length).count
    }
  }

  /// As it prints.
  fileprivate var attributes: [String] {
    switch self {
    case .sliding(let size, let stride, let before, let after):
      ["size: \(size)", "stride: \(stride)"]
        + (before == 0 && after == 0 ? [] : ["padding: \(before) \(after)"])
    case .adaptive(let count):
      ["windows: \(count)"]
    }
  }
}

/// The windows of pooling, along height and width.
package struct Pooling: Hashable, Sendable {
  package let height: PoolingAxis, width: PoolingAxis

  package init(height: PoolingAxis, width: PoolingAxis) {
    self.height = height
    self.width = width
  }

  /// As they print: `size: 2, stride: 2` where both axes are alike.
  var attributes: [String] {
    height == width
      ? height.attributes
      : height.attributes.map { "height \($0)" } + width.attributes.map { "width \($0)" }
  }
}

/// Places that are added before and after the entries of an axis.
package struct AxisPadding: Hashable, Sendable {
  package let before: Int, after: Int

  package init(before: Int, after: Int) {
    self.before = before
    self.after = after
  }
}
