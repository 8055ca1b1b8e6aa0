import DataFiles
import Testing

@Suite struct MalformedFilesTests {
  @Test func `malformed files are refused, whatever their bytes`() throws {
    let one = Safetensors.header(of: [("w", .f32, [2])]) + [0, 0, 128, 63, 0, 0, 0, 64]
    #expect(try SafetensorsTests.read(one).first?.tensor.shape == [2])
    var npy: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    let header = Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }\n".utf8)
    npy += [UInt8(header.count), 0] + header + [0, 0, 128, 63, 0, 0, 0, 64]
    #expect(try Read(npy: npy).values == [1, 2])
    let idx: [UInt8] = [0, 0, 8, 1, 0, 0, 0, 2, 7, 9]
    #expect(try Read(idx: idx).values == [7, 9])
    var generator = SplitMix(state: 5)
    for file in [one, npy, idx] {
      for length in 0..<file.count {
        let cut = Array(file.prefix(length))
        #expect(throws: DataFileFault.self) { try SafetensorsTests.read(cut) }
        #expect(throws: DataFileFault.self) { try Read(npy: cut) }
        #expect(throws: DataFileFault.self) { try Read(idx: cut) }
      }
      for _ in 0..<2000 {
        var bent = file
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
          let place = Int.random(in: 0..<bent.count, using: &generator)
          bent[place] = UInt8.random(in: 0...255, using: &generator)
        }
        for (name, tensor) in (try? SafetensorsTests.read(bent)) ?? [] {
          #expect(tensor.byteCount <= bent.count, "\(name)")
        }
        _ = try? Read(npy: bent)
        _ = try? Read(idx: bent)
      }
    }
  }
}
