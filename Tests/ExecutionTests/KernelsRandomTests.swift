import Foundation
import Graphs
import Tensors
import Testing

@testable import Execution

private func draw(
  _ distribution: Distribution, _ dtype: DType, _ count: Int, site: Int = 5,
  context: RunContext = RunContext(seed: 7, step: 2)
) -> [Double] {
  run(
    .random(distribution, dtype, [count], site: site), [], into: [count], dtype, context: context)
}

@Test func `uniform draws are Philox words, element by element`() {
  let philox = Philox(seed: 7)
  let single = draw(.uniform(low: 0, high: 1), .f32, 1001)
  let double = draw(.uniform(low: -1, high: 1), .f64, 1001)
  for index in 0..<1001 {
    let words = philox.words(block: UInt32(index / 4), site: 5, step: 2)
    #expect(single[index] == Double(words[index % 4] >> 8) / 0x1p24)
    let pair = philox.words(block: UInt32(index / 2), site: 5, step: 2)
    let high = UInt64(pair[index % 2 * 2])
    let low = UInt64(pair[index % 2 * 2 + 1])
    #expect(double[index] == -1 + Double((high << 32 | low) >> 11) / 0x1p53 * 2)
  }
}

@Test func `normal draws are Box and Muller's of Philox words`() {
  let philox = Philox(seed: 7)
  for (dtype, per) in [(DType.f32, 4), (.f64, 2)] {
    for (index, value) in draw(.normal, dtype, 1001).enumerated() {
      let words = philox.words(block: UInt32(index / per), site: 5, step: 2)
      let (u, v): (Double, Double)
      if dtype == .f32 {
        let first = index % 4 / 2 * 2
        (u, v) = ((Double(words[first]) + 0.5) / 0x1p32, Double(words[first + 1]) / 0x1p32)
      } else {
        u = Double((UInt64(words[0]) << 32 | UInt64(words[1])) >> 11 + 1) / 0x1p53
        v = Double(UInt64(words[2]) << 32 | UInt64(words[3])) / 0x1p64
      }
      let angle = 2 * Double.pi * v
      let expected = sqrt(-2 * log(u)) * (index % 2 == 0 ? cos(angle) : sin(angle))
      #expect(abs(value - expected) < (dtype == .f32 ? 3e-6 : 1e-14))
    }
  }
}

@Test func `draws have the moments they should and differ by seed, site and step`() {
  let count = 40_000
  for dtype in [DType.f32, .f64] {
    let normal = draw(.normal, dtype, count)
    let mean = normal.reduce(0, +) / Double(count)
    let variance = normal.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(count)
    let fourth = normal.map { pow($0, 4) }.reduce(0, +) / Double(count)
    #expect(abs(mean) < 0.02 && abs(variance - 1) < 0.03 && abs(fourth - 3) < 0.15)
    let uniform = draw(.uniform(low: 2, high: 6), dtype, count)
    #expect(uniform.allSatisfy { $0 >= 2 && $0 < 6 })
    #expect(abs(uniform.reduce(0, +) / Double(count) - 4) < 0.03)
    #expect(draw(.normal, dtype, 9) == Array(normal[..<9]))
    #expect(draw(.normal, dtype, 9, site: 6) != Array(normal[..<9]))
    for context in [
      RunContext(seed: 8, step: 2), RunContext(seed: 7, step: 3),
      RunContext(seed: 7, step: 2 + 1 << 32),
    ] {
      #expect(draw(.normal, dtype, 9, context: context) != Array(normal[..<9]))
    }
  }
}

@Test func `dropout draws one mask for all types, keeps its share, and scales it`() {
  let count = 20_000
  let ones = [Double](repeating: 1, count: count)
  let single = run(
    .dropout(rate: 0.25, site: 3), [Sample([count], .f32, ones)], into: [count], .f32)
  let double = run(
    .dropout(rate: 0.25, site: 3), [Sample([count], .f64, ones)], into: [count], .f64)
  #expect(single.map { $0 == 0 } == double.map { $0 == 0 })
  #expect(double.allSatisfy { $0 == 0 || $0 == 1 / 0.75 })
  #expect(abs(Double(double.filter { $0 == 0 }.count) / Double(count) - 0.25) < 0.01)
  let philox = Philox(seed: 11)
  for index in 0..<100 {
    let word = philox.words(block: UInt32(index / 4), site: 3, step: 3)[index % 4]
    #expect((single[index] == 0) == (word < 1 << 30))
  }
  let x = Sample([5], .f32, [1, 2, 3, 4, 5])
  #expect(run(.dropout(rate: 0, site: 3), [x], into: [5], .f32) == x.values)
  #expect(run(.dropout(rate: 1, site: 3), [x], into: [5], .f32) == [0, 0, 0, 0, 0])
}
