/// How a window slides along one axis of an image.
package struct Sliding: Hashable, Sendable {
  /// Entries from one window to the next, 1 or more.
  package var stride: Int
  /// Entries from one tap of a window to the next, 1 or more.
  package var dilation: Int
  /// Zeros that stand before the first entry and after the last.
  package var before: Int, after: Int

  /// A window at each entry, of neighbouring taps, without zeros around the image, unless given.
  package init(stride: Int = 1, dilation: Int = 1, before: Int = 0, after: Int = 0) {
    self.stride = stride
    self.dilation = dilation
    self.before = before
    self.after = after
  }

  /// Zeros of which `padding` stand on each side.
  package init(stride: Int, dilation: Int, padding: Int) {
    self.init(stride: stride, dilation: dilation, before: padding, after: padding)
  }

  /// Zeros so that an axis of `length` has ⌈length / stride⌉ windows of `size` taps; where they are
  /// odd in number, the one more stands after the last entry.
  package init(sameFor length: Int, size: Int, stride: Int, dilation: Int) {
    self.init(stride: stride, dilation: dilation)
    guard isLegal, size >= 1, length >= 1, let span = span(size) else { return }
    let windows = (length - 1) / stride + 1
    let zeros = max(0, (windows - 1) * stride + span - length)
    before = zeros / 2
    after = zeros - before
  }

  /// The most that a stride, a dilation or a padding may be.
  static let limit = 1 << 31

  /// True where the numbers mean something.
  var isLegal: Bool {
    (1...Sliding.limit).contains(stride) && (1...Sliding.limit).contains(dilation)
      && (0...Sliding.limit).contains(before) && (0...Sliding.limit).contains(after)
  }

  /// Entries from the first tap of a window of `size` taps to its last, both counted; `nil` where
  /// they are more than any image has.
  package func span(_ size: Int) -> Int? {
    let (reach, overflow) = dilation.multipliedReportingOverflow(by: size - 1)
    return overflow || reach >= 1 << 60 ? nil : reach + 1
  }

  /// Windows of `size` taps along an axis of `length` entries and the zeros around it; `nil` where
  /// none fits. The numbers are legal.
  package func windows(of size: Int, in length: Int) -> Int? {
    guard let span = span(size), span <= length + before + after else { return nil }
    return (length + before + after - span) / stride + 1
  }

  /// The entries of an axis whose windows of `size` taps number `windows`, `more` beside those that
  /// they cover: what a transposed convolution makes. `nil` where there would be none.
  package func length(windows: Int, of size: Int, more: Int) -> Int? {
    guard isLegal, let span = span(size), windows >= 1 else { return nil }
    let (reach, overflow) = stride.multipliedReportingOverflow(by: windows - 1)
    guard !overflow, reach < 1 << 60, (0...Sliding.limit).contains(more) else { return nil }
    let length = reach + span + more - before - after
    return length >= 1 ? length : nil
  }

  /// As attributes print, without those that are as a rule: `height stride: 2`.
  func attributes(_ axis: String) -> [String] {
    (stride == 1 ? [] : ["\(axis) stride: \(stride)"])
      + (dilation == 1 ? [] : ["\(axis) dilation: \(dilation)"])
      + (before == 0 && after == 0 ? [] : ["\(axis) padding: \(before) \(after)"])
  }
}

/// What a convolution of images is, beside its operands: how the window slides along height and
/// width, and into how many groups the channels fall, each with weights of its own.
package struct Convolution: Hashable, Sendable {
  package var height: Sliding, width: Sliding
  package var groups: Int

  /// A window at each pixel, of neighbouring taps, without zeros around the image, one group,
  /// unless given.
  package init(height: Sliding = Sliding(), width: Sliding = Sliding(), groups: Int = 1) {
    self.height = height
    self.width = width
    self.groups = groups
  }

  /// As they print: `stride: 2, padding: 1` where both axes are alike.
  var attributes: [String] {
    let groups = groups == 1 ? [] : ["groups: \(groups)"]
    if height == width {
      return height.attributes("").map { String($0.drop { $0 == " " }) } + groups
    }
    return height.attributes("height") + width.attributes("width") + groups
  }
}
