/// The formats of files of data, and how they are told apart.
package enum DataFormat: Hashable, Sendable, CaseIterable {
  case npy, npz, idx, csv, tsv, text, safetensors

  /// The format that the end of a name says, before `.gz` where that is there; `nil` for others.
  package init?(name: String) {
    let name = name.hasSuffix(".gz") ? String(name.dropLast(3)) : name
    let suffix = name.split(separator: ".", omittingEmptySubsequences: false).last ?? ""
    switch suffix {
    case "npy": self = .npy
    case "npz": self = .npz
    case "csv": self = .csv
    case "tsv": self = .tsv
    case "txt": self = .text
    case "safetensors": self = .safetensors
    case _ where name.hasSuffix("-ubyte") || suffix.hasPrefix("idx"): self = .idx
    default: return nil
    }
  }

  /// The format that the first bytes of a file say, or of what it holds compressed; `nil` where
  /// they may be anything. The file is then as it was before.
  package static func found(
    in stream: any RereadableStream
  ) throws(DataFileFault) -> DataFormat? {
    let start = try stream.inflated().next(9)
    try stream.rewind()
    if start.starts(with: [0x93] + Array("NUMPY".utf8)) { return .npy }
    if start.starts(with: Array("PK".utf8) + [3, 4]) { return .npz }
    if start.count == 9, start[8] == UInt8(ascii: "{"), start[5..<8].allSatisfy({ $0 == 0 }) {
      return .safetensors
    }
    if start.count >= 4, start[0] == 0, start[1] == 0, (8...14).contains(start[2]) { return .idx }
    return nil
  }
}
