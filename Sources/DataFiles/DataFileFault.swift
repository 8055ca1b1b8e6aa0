package import Tensors
package import Writing

/// Why the numbers in a file cannot be had.
package indirect enum DataFileFault: Error, Hashable {
  /// It cannot be opened or read, or was changed between two looks at it; `.stopped` where the
  /// reading was asked to stop.
  case file(FileFailure)
  /// What a pipe gives found no room in a temporary file.
  case spool(FileFailure)
  /// It is compressed, and cannot be inflated.
  case gzip(GzipStream.Problem)
  /// It is no npy or idx file, or one that is not read.
  case array(ArrayFile.Problem)
  /// It is no safetensors file, or one that is not read.
  case safetensors(Safetensors.Problem)
  /// It is no archive of arrays, or one that is not read.
  case archive(ZipArchive.Problem)
  /// An array with this name in an archive is none, or one that is not read.
  case member(String, DataFileFault)
  /// It is no table, or not the one that is asked for.
  case csv(CSVTable.Problem)
  /// It is no text.
  case text(TextFile.Problem)
  /// Its numbers find no room.
  case memory(MemoryError)
}

/// Runs what reads a file.
func reading<Result>(
  _ body: () throws(FileFailure) -> Result
) throws(DataFileFault) -> Result {
  do { return try body() } catch { throw .file(error) }
}

/// Bytes to work in. Throws `.memory` where the machine has no room for so many.
func workRoom(_ byteCount: Int) throws(DataFileFault) -> Room {
  do { return try Room(byteCount: byteCount) } catch {
    throw .memory(.exhausted(needed: byteCount))
  }
}

/// Runs what asks a ledger for room.
func room<Result>(
  _ body: () throws(MemoryError) -> Result
) throws(DataFileFault) -> Result {
  do { return try body() } catch { throw .memory(error) }
}
