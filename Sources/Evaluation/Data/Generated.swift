import Foundation
import Tensors

/// The generated data sets: points of a plane with labels, from Philox, the same on every machine
/// for a seed.
struct GeneratedPoints {
  private let points: UnsafeMutablePointer<Float>
  private let labels: UnsafeMutablePointer<Int32>
  /// Points that are drawn.
  private var count = 0
  private var generator: PhiloxGenerator
  private var spare: Double?

  /// The same seed draws the same points. They go into tensors f32 [n, 2] and i32 [n], which must
  /// have room for as many as are drawn.
  init(seed: UInt64, into points: Tensor, _ labels: Tensor) {
    generator = PhiloxGenerator(seed: seed, stream: 0)
    self.points = points.storage.pointer.assumingMemoryBound(to: Float.self)
    self.labels = labels.storage.pointer.assumingMemoryBound(to: Int32.self)
  }

  /// Evenly from [0, 1).
  private mutating func even() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

  /// From the normal distribution (Box & Muller 1958).
  private mutating func normal() -> Double {
    if let number = spare {
      spare = nil
      return number
    }
    let radius = (-2 * log(1 - even())).squareRoot()
    let angle = 2 * Double.pi * even()
    spare = radius * sin(angle)
    return radius * cos(angle)
  }

  private mutating func add(_ a: Double, _ b: Double, _ label: Int, noise: Double) {
    points[2 * count] = Float(a + noise * normal())
    points[2 * count + 1] = Float(b + noise * normal())
    labels[count] = Int32(label)
    count += 1
  }

  /// Arms that wind out from the centre, one a class.
  mutating func spirals(_ count: Int, classes: Int, noise: Double) {
    for index in 0..<count {
      let label = index % classes
      let members = (count - label + classes - 1) / classes
      let t = members > 1 ? Double(index / classes) / Double(members - 1) : 0
      let angle = 4 * t + 2 * Double.pi * Double(label) / Double(classes)
      add(t * cos(angle), t * sin(angle), label, noise: noise)
    }
  }

  /// Two half circles that reach into each other.
  mutating func moons(_ count: Int, noise: Double) {
    for index in 0..<count {
      let label = index % 2
      let angle = Double.pi * even()
      if label == 0 {
        add(cos(angle), sin(angle), 0, noise: noise)
      } else {
        add(1 - cos(angle), 0.5 - sin(angle), 1, noise: noise)
      }
    }
  }

  /// A circle within a circle.
  mutating func circles(_ count: Int, noise: Double) {
    for index in 0..<count {
      let label = index % 2
      let angle = 2 * Double.pi * even()
      let radius = label == 0 ? 1.0 : 0.5
      add(radius * cos(angle), radius * sin(angle), label, noise: noise)
    }
  }

  /// Points of a square; the class is 1 where exactly one coordinate is above 0.
  mutating func xor(_ count: Int, noise: Double) {
    for _ in 0..<count {
      let a = 2 * even() - 1
      let b = 2 * even() - 1
      add(a, b, (a > 0) != (b > 0) ? 1 : 0, noise: noise)
    }
  }

  /// Clouds around centres on a circle, one a class.
  mutating func gaussians(_ count: Int, classes: Int, noise: Double) {
    for index in 0..<count {
      let label = index % classes
      let angle = 2 * Double.pi * Double(label) / Double(classes)
      add(2 * cos(angle), 2 * sin(angle), label, noise: noise)
    }
  }
}
