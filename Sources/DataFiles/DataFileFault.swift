package import Tensors

/// Why the numbers in a file cannot be had.
package enum DataFileFault: Error, Hashable {
  /// There is no such file.
  case missing
  /// It is a folder.
  case directory
  /// It is a device or a socket; files and pipes are read.
  case device
  /// The operating system's number for why it cannot be read.
  case system(Int32)
  /// The operating system's number for why what a pipe gives found no room in a temporary file.
  case spool(Int32)
  /// Between two looks at it, somebody changed it.
  case changed
  /// The reading was asked to stop.
  case interrupted
  /// It is compressed, and cannot be inflated.
  case gzip(GzipStream.Problem)
  /// It is no npy or idx file, or one that is not read.
  case array(ArrayFile.Problem)
  /// It is no safetensors file, or one that is not read.
  case safetensors(Safetensors.Problem)
  /// It is no table, or not the one that is asked for.
  case csv(CSVTable.Problem)
  /// Its numbers find no room.
  case memory(MemoryError)
}

/// Runs what asks a ledger for room.
func room<Result>(
  _ body: () throws(MemoryError) -> Result
) throws(DataFileFault) -> Result {
  do { return try body() } catch { throw .memory(error) }
}
