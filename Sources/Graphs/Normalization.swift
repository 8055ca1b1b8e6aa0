/// What a `normalize` operation takes its statistics over; `layerNorm` is an operation of its own.
package enum Normalization: Hashable, Sendable {
  /// Each channel (the last axis) over all other axes (Ioffe & Szegedy 2015): operands x
  /// [n…, channels], gain and offset [channels]; a mean and a scale a channel.
  case batch
  /// Of each entry of the first axis, each of so many equal groups of channels over the group and
  /// all axes between (Wu & He 2018): operands x [n, …, channels], gain and offset [channels]; a
  /// mean and a scale for each entry and group, [n, groups].
  case group(Int)
  /// Each row (along the last axis), by the root of the mean of its squares and without a mean
  /// (Zhang & Sennrich 2019): operands x [rows…, size] and gain [size]; a scale a row.
  case rms

  /// As the language spells it.
  var name: String {
    switch self {
    case .batch: "batch_norm"
    case .group: "group_norm"
    case .rms: "rms_norm"
    }
  }

  /// The operands that have an adjoint, in their order.
  package var parts: [NormalizationPart] {
    switch self {
    case .batch, .group: NormalizationPart.allCases
    case .rms: [.x, .gain]
    }
  }

  /// The results: the value, the mean where there is one, the scale 1 / √(variance + epsilon), and
  /// what running statistics need beside the mean.
  var resultNames: [String] {
    switch self {
    case .batch: ["", "mean", "scale", "variance"]
    case .group: ["", "mean", "scale"]
    case .rms: ["", "scale"]
    }
  }

  /// True where rows or channels are centred before they are scaled.
  package var isCentred: Bool { self != .rms }
}
