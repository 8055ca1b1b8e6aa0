import Testing

@testable import Experiments

@Test func `a loss scale is halved with each update that is skipped, and doubled after 2000`() {
  var scaling = LossScaling()
  #expect(scaling.scale == 65536)
  var changes = scaling.count(skipped: true)
  #expect(changes && scaling.scale == 32768)
  for _ in 0..<1999 { changes = scaling.count(skipped: false) }
  #expect(!changes && scaling.scale == 32768)
  changes = scaling.count(skipped: false)
  #expect(changes && scaling.scale == 65536)
  for _ in 0..<1500 { _ = scaling.count(skipped: false) }
  changes = scaling.count(skipped: true)
  #expect(changes && scaling.scale == 32768)
  for _ in 0..<1999 { changes = scaling.count(skipped: false) }
  #expect(!changes && scaling.scale == 32768 && scaling.skips == 2)
}

@Test func `a loss scale does not fall below 1`() {
  var scaling = LossScaling()
  for _ in 0..<40 { _ = scaling.count(skipped: true) }
  #expect(scaling.scale == 1 && scaling.skips == 40)
}
