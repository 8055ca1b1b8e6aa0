import Graphs
import Tensors

/// Where the tensors of an instruction begin: its *places*, in the order in which its call names
/// them.
typealias Places = UnsafeBufferPointer<UnsafeMutableRawPointer>

extension Places {
  /// As the loops read them.
  var list: UnsafePointer<UnsafeMutableRawPointer?>? {
    UnsafeRawPointer(baseAddress)?.assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }
}

/// Bytes of one of an instruction's tensors, from some byte on.
struct Spot: Hashable {
  /// Which of the instruction's places.
  let place: Int32
  /// Bytes from there.
  let start: Int

  /// So many bytes into a place.
  init(_ place: Int, start: Int = 0) { (self.place, self.start) = (Int32(place), start) }

  /// Where that is.
  func pointer(_ places: Places) -> UnsafeMutableRawPointer { places[Int(place)] + start }
}

/// A tensor as a kernel sees it, apart from where it lies.
struct PlacedView: Hashable {
  /// Where the first element lies.
  let spot: Spot
  /// The shape in which the elements are read.
  let shape: Shape
  /// The type of the elements.
  let dtype: DType
  /// Elements between neighbours along each axis.
  let strides: [Int]

  /// A view of `shape.count` elements; in row-major order where no strides are given.
  init(_ spot: Spot, shape: Shape, dtype: DType, strides: [Int]? = nil) {
    self.spot = spot
    self.shape = shape
    self.dtype = dtype
    self.strides = strides ?? shape.strides
  }

  /// A buffer's shape, type and strides, at this place.
  init(_ view: BufferView, place: Int) {
    self.init(Spot(place), shape: view.shape, dtype: view.dtype, strides: view.strides)
  }

  /// Elements in all.
  var count: Int { shape.count }
  /// Its type and its shape.
  var type: TensorType { TensorType(shape, dtype) }

  /// The view with its bytes.
  func view(_ places: Places) -> BufferView {
    BufferView(pointer: spot.pointer(places), shape: shape, dtype: dtype, strides: strides)
  }
}
