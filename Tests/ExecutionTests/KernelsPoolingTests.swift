import Graphs
import Tensors
import Testing

@testable import Execution

/// Poolings of images of 6 by 7 pixels: windows that overlap, leave the image, lie apart, are as
/// large as the image, and of unequal lengths.
private let poolings: [Pooling] = {
  let axes: [PoolingAxis] = [
    .sliding(size: 2, stride: 2, before: 0, after: 0),
    .sliding(size: 3, stride: 2, before: 1, after: 1),
    .sliding(size: 4, stride: 1, before: 3, after: 2),
    .sliding(size: 1, stride: 3, before: 0, after: 0),
    .sliding(size: 6, stride: 1, before: 0, after: 0),
    .adaptive(count: 1), .adaptive(count: 4), .adaptive(count: 9),
  ]
  return zip(axes, axes.dropFirst() + axes.prefix(1)).map { Pooling(height: $0, width: $1) }
}()

/// The places of images [n, height, width, channels] that the window of a place has.
private func window(_ pooling: Pooling, _ place: [Int], of x: Shape) -> [Int] {
  pooling.height.entries(of: place[1], in: x[1]).flatMap { row in
    pooling.width.entries(of: place[2], in: x[2]).map { column in
      ((place[0] * x[1] + row) * x[2] + column) * x[3] + place[3]
    }
  }
}

@Test(arguments: poolings.indices)
func `pooling and its adjoints are what the definition says`(index: Int) {
  let pooling = poolings[index]
  var dice = Dice(state: UInt64(30 + index))
  for (dtype, channels) in [(DType.f32, 1), (.f32, 70), (.f64, 9)] {
    let x: Shape = [2, 6, 7, channels]
    let y: Shape = [
      2, pooling.height.windows(in: 6) ?? 0, pooling.width.windows(in: 7) ?? 0, channels,
    ]
    let image = Sample(random: x, dtype, &dice)
    let slopes = Sample(random: y, dtype, &dice)
    var (greatest, averages) = ([Double](), [Double]())
    var (most, shares) = (image.values.map { _ in 0.0 }, image.values.map { _ in 0.0 })
    for (flat, place) in places(y).enumerated() {
      let entries = window(pooling, place, of: x)
      let size =
        pooling.height.size(of: place[1], in: 6) * pooling.width.size(of: place[2], in: 7)
      let best = entries.max { image.values[$0] < image.values[$1] } ?? 0
      greatest.append(image.values[best])
      averages.append(entries.reduce(0) { $0 + image.values[$1] } / Double(size))
      most[best] += slopes.values[flat]
      for entry in entries { shares[entry] += slopes.values[flat] / Double(size) }
    }
    expectClose(run(.maxPool(pooling), [image], into: y, dtype), greatest, dtype)
    expectClose(run(.averagePool(pooling), [image], into: y, dtype), averages, dtype, times: 8)
    expectClose(
      run(.maxPoolAdjoint(pooling), [slopes, image], into: x, dtype), most, dtype, times: 8)
    expectClose(
      run(.averagePoolAdjoint(pooling, height: 6, width: 7), [slopes], into: x, dtype), shares,
      dtype, times: 8)
  }
}

@Test func `the first of equals is the greatest, and NaN is passed on and takes the adjoint`() {
  let pairs = PoolingAxis.sliding(size: 2, stride: 2, before: 0, after: 0)
  let pooling = Pooling(height: pairs, width: pairs)
  let x = Sample([1, 2, 4, 1], .f32, [3, 3, 1, .nan, 3, 2, 5, 1])
  let found = run(.maxPool(pooling), [x], into: [1, 1, 2, 1], .f32)
  #expect(found[0] == 3 && found[1].isNaN)
  let adjoint = run(
    .maxPoolAdjoint(pooling), [Sample([1, 1, 2, 1], .f32, [7, 9]), x], into: x.shape, .f32)
  #expect(adjoint == [7, 0, 0, 9, 0, 0, 0, 0])
}

extension OwnProcessTests {
  @Test func `pooling gives the same bits whatever the number of threads`() async {
    await #expect(processExitsWith: .success) {
      var dice = Dice(state: 77)
      let three = PoolingAxis.sliding(size: 3, stride: 2, before: 1, after: 1)
      let pooling = Pooling(height: three, width: three)
      let (x, y): (Shape, Shape) = ([5, 24, 26, 130], [5, 12, 13, 130])
      let (image, slopes) = (Sample(random: x, .f32, &dice), Sample(random: y, .f32, &dice))
      var seen: [[UInt64]] = []
      for threads in [1, 2, 7] {
        Crew.threads.store(threads, ordering: .relaxed)
        let found =
          run(.maxPool(pooling), [image], into: y, .f32)
          + run(.averagePool(pooling), [image], into: y, .f32)
          + run(.maxPoolAdjoint(pooling), [slopes, image], into: x, .f32)
          + run(.averagePoolAdjoint(pooling, height: 24, width: 26), [slopes], into: x, .f32)
        seen.append(bits(found))
      }
      #expect(seen.allSatisfy { $0 == seen[0] })
    }
  }
}

@Test func `padding puts the number around what there is`() {
  let padding = [AxisPadding(before: 1, after: 0), AxisPadding(before: 0, after: 2)]
  for dtype in DType.allCases {
    let found = run(.pad(padding, 1), [Sample([1, 2], dtype, [0, 0])], into: [2, 4], dtype)
    #expect(found == [1, 1, 1, 1, 0, 0, 1, 1])
  }
  #expect(
    run(.pad([AxisPadding(before: 2, after: 0)], 1), [Sample([0], .f32, [])], into: [2], .f32) == [
      1, 1,
    ])
}
