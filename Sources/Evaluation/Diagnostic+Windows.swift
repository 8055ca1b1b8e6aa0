import Graphs
import Syntax
import Writing

/// The wording of images, weights and windows that do not fit.
extension Diagnostic {
  /// What windows ask, and what was found.
  static func words(_ problem: WindowProblem) -> String {
    switch problem {
    case .images: "takes images [n, height, width, channels]"
    case .weights: "takes weights [height, width, inputs / groups, outputs]"
    case .channels(let found, let inputs, groups: 1):
      "the images have \(CountFormat.counted(found, "channel")), and the weights are for \(inputs)"
    case .channels(let found, let inputs, let groups):
      "the images have \(CountFormat.counted(found, "channel")), and the weights are for \(inputs) "
        + "in each of \(groups) groups"
    case .groups(let groups, let outputs):
      "\(CountFormat.counted(outputs, "output")) do not fall into \(groups) equal groups"
    case .steps:
      "strides, dilations and groups are at least 1, and paddings at least 0"
    case .padding: "places before and after an axis are at least 0"
    case .entries(let found, let axes):
      "takes an entry for each of \(CountFormat.counted(axes, "axis", "axes")), found \(found)"
    case .poolingSteps:
      "sizes, strides and numbers of windows are at least 1, and paddings at least 0 and below the "
        + "size"
    case .outputPadding(let found, let stride):
      "output_padding is at least 0 and below the stride, which is \(stride), found \(found)"
    case .pixels: "the padding leaves no pixels"
    case .room(let span, let length):
      "a window spans \(CountFormat.counted(span, "pixel")), and the image with its padding has "
        + "\(length)"
    case .windows(let found, let length):
      "an axis of \(CountFormat.counted(length, "pixel")) does not have "
        + "\(CountFormat.counted(found, "window"))"
    }
  }

  /// A line that helps where windows do not fit: the page of the function.
  static func hintForWindows(_ rule: ShapeError.Rule, operation: String) -> String? {
    guard case .window = rule, Operation.forwardNames.contains(operation) else { return nil }
    return "`help \(operation)` says what it takes"
  }
}
