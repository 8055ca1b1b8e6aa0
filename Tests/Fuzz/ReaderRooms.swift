import DataFiles
import Tensors

/// Whatever bytes a file has: it is read or refused, the same from a file and from a pipe, and
/// nothing of it stays in the ledger.
enum ReaderRooms {
  /// Most bytes that may be live while a file is read.
  private static let budget = 64 << 20

  static func npy(_ bytes: [UInt8]) {
    array(bytes) { (stream) throws(DataFileFault) in try ArrayFile(npy: stream) }
  }

  static func idx(_ bytes: [UInt8]) {
    array(bytes) { (stream) throws(DataFileFault) in try ArrayFile(idx: stream) }
  }

  private static func array(
    _ bytes: [UInt8], _ open: (any ByteStream) throws(DataFileFault) -> ArrayFile
  ) {
    compare(bytes) { (stream, ledger) throws(DataFileFault) in
      let tensor = try open(stream).read(as: .data, ledger: ledger)
      return [Copy(name: "", tensor)]
    }
  }

  static func npz(_ bytes: [UInt8]) {
    let ledger = Ledger(budget: budget)
    do throws(DataFileFault) {
      try NPZFile(MemoryStream(bytes), ledger: ledger).forEachArray {
        (_, file) throws(DataFileFault) in
        let tensor = try file.read(as: .data, ledger: ledger)
        hold(tensor.byteCount <= 8 * 1032 * bytes.count, "more than the file can hold")
      }
    } catch {
      hold(!"\(error)".isEmpty, "a fault without words")
    }
    hold(ledger.liveTotal == 0, "\(ledger.liveTotal) bytes stay live")
  }

  /// A text is read exactly where Swift takes it for one, and comes out as it was.
  static func text(_ bytes: [UInt8]) {
    let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
    let wanted = bytes.starts(with: mark) ? Array(bytes.dropFirst(mark.count)) : bytes
    for unit in Alphabet.Unit.allCases {
      let ledger = Ledger(budget: budget)
      let isText = unit == .byte || String(validating: bytes, as: UTF8.self) != nil
      let known = unit == .byte ? bytes : wanted
      do {
        let file = try TextFile(MemoryStream(bytes), unit: unit)
        let symbols = try file.symbols(ledger: ledger).doubles().map { Int($0) }
        hold(isText && symbols.count == file.count, "what is no text was read")
        let found =
          unit == .byte
          ? symbols.map { UInt8($0) } : Array(file.alphabet.decode(symbols).utf8)
        hold(found == known, "a text came out as another")
      } catch {
        hold(!isText || known.isEmpty || 4 * known.count > budget, "a text was refused")
      }
      hold(ledger.liveTotal == 0, "\(ledger.liveTotal) bytes stay live")
    }
  }

  static func safetensors(_ bytes: [UInt8]) {
    compare(bytes) { (stream, ledger) throws(DataFileFault) in
      let file = try Safetensors(stream, ledger: ledger)
      var copies: [Copy] = []
      try file.read(as: { _ in .values }, ledger: ledger) { place, tensor in
        copies.append(Copy(name: file.entries[place].name, tensor))
      }
      return copies
    }
  }

  /// A tensor that was read, as it was.
  private struct Copy: Hashable {
    let name: String
    let dtype: DType
    let shape: Shape
    let bytes: [UInt8]

    init(name: String, _ tensor: Tensor) {
      (self.name, dtype, shape) = (name, tensor.dtype, tensor.shape)
      bytes = Array(
        UnsafeRawBufferPointer(start: tensor.storage.pointer, count: tensor.storage.byteCount))
    }
  }

  /// Reads a file twice, once of known size and once of unknown.
  private static func compare(
    _ bytes: [UInt8],
    _ read: (any ByteStream, Ledger) throws(DataFileFault) -> [Copy]
  ) {
    func attempt(_ stream: any ByteStream) -> [Copy]? {
      let ledger = Ledger(budget: budget)
      let copies = try? read(stream, ledger)
      hold(ledger.liveTotal == 0, "\(ledger.liveTotal) bytes stay live")
      return copies
    }
    let known = attempt(MemoryStream(bytes))
    let unknown = attempt(BlindStream(bytes))
    hold(known == unknown, "a file and a pipe are read differently")
  }

  /// A table, by three layouts, and examples of it that are counted and then filled.
  static func csv(_ bytes: [UInt8]) {
    let layouts = [
      CSVTable.Layout.usual, CSVTable.Layout(separator: ";", hasHeader: false),
      CSVTable.Layout(separator: " ", hasHeader: true),
    ]
    for case let layout? in layouts {
      let ledger = Ledger(budget: budget)
      do {
        let table = try CSVTable(MemoryStream(bytes), layout: layout, ledger: ledger)
        let last = table.header.last.map { CSVTable.Column.name($0) }
        for request in [
          CSVTable.Request(), CSVTable.Request(label: last),
          CSVTable.Request(label: last, dropsMissing: true),
        ] {
          look(table, request, ledger)
        }
      } catch {
        hold(!"\(error)".isEmpty, "a fault without words")
      }
      hold(ledger.liveTotal == 0, "\(ledger.liveTotal) bytes stay live")
    }
  }

  private static func look(_ table: CSVTable, _ request: CSVTable.Request, _ ledger: Ledger) {
    let counted = try? table.examples(request, ledger: nil)
    let filled = try? table.examples(request, ledger: ledger)
    guard let counted, let filled else {
      hold(filled == nil, "filled what cannot be counted")
      return
    }
    hold(
      counted.count == filled.count && counted.labelType == filled.labelType
        && counted.classNames == filled.classNames, "counted and filled differ")
  }

  /// Bytes that do not say how many they are, as a pipe does not.
  private final class BlindStream: ByteStream {
    private let stream: MemoryStream

    init(_ bytes: [UInt8]) { stream = MemoryStream(bytes) }

    var remaining: Int? { nil }

    func read(into buffer: UnsafeMutableRawBufferPointer) -> Int { stream.read(into: buffer) }
  }
}
