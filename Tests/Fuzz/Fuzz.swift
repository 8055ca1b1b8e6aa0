import Glibc

/// What libFuzzer calls with each input: one room of the house, chosen by `CAIRN_FUZZ_ROOM`.
///
/// A room traps where what must hold does not; the input is then kept by libFuzzer.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  room(Array(UnsafeBufferPointer(start: bytes, count: count)))
  return 0
}

private let room: @Sendable ([UInt8]) -> Void = {
  let name = getenv("CAIRN_FUZZ_ROOM").map { String(cString: $0) } ?? ""
  switch name {
  case "parser": return ParserRoom.enter
  case "npy": return ReaderRooms.npy
  case "idx": return ReaderRooms.idx
  case "npz": return ReaderRooms.npz
  case "text": return ReaderRooms.text
  case "safetensors": return ReaderRooms.safetensors
  case "csv": return ReaderRooms.csv
  case "program": return ProgramRoom.enter
  default: fatalError("CAIRN_FUZZ_ROOM names no room: '\(name)'")
  }
}()

/// Traps with a message where something does not hold, in release builds too.
func hold(_ condition: Bool, _ message: @autoclosure () -> String) {
  if !condition { fatalError(message()) }
}
