import CKernels
import Foundation
import Graphs
import Tensors

/// Adafactor's update (Shazeer & Stern 2018): sums over rows and over columns, then steps, whose
/// sum of squares bounds them. Steps are computed twice, so that none is held.
struct AdafactorUpdate {
  /// How a parameter is cut up: matrices of rows, or a vector in parts.
  struct Rows {
    /// Matrices; 1 for a vector.
    let matrices: Int
    /// Rows of all matrices, or parts of the vector.
    let count: Int
    /// Elements of a row; the last part of a vector may have fewer.
    let size: Int
    /// True for matrices, whose moments are of rows and of columns.
    let areFactored: Bool
    /// Elements of all.
    let elements: Int

    /// Those of a parameter of this shape.
    init(_ shape: Shape) {
      elements = shape.count
      areFactored = shape.rank >= 2
      guard areFactored else {
        (matrices, count, size) = (1, UpdateSums.parts(of: elements), UpdateSums.part)
        return
      }
      size = shape[shape.rank - 1]
      count = size == 0 ? 0 : elements / size
      matrices = shape[shape.rank - 2] == 0 ? 0 : count / shape[shape.rank - 2]
    }

    /// Elements of one row.
    func width(of row: Int) -> Int { min(size, elements - row * size) }
  }

  private let update: Update
  /// Of rows or of each element, then of columns.
  private let moments: [UnsafeMutableRawPointer]
  private let rows: Rows
  private let sums: UnsafeMutablePointer<Double>
  private let rate: Double, power: Double, epsilon: Double, threshold: Double, decay: Double
  private let context: RunContext

  /// `sums` has room for a number a row, one a matrix and two beside.
  init(
    _ update: Update, moments: [UnsafeMutableRawPointer], shape: Shape,
    sums: UnsafeMutablePointer<Double>, rate: Double, power: Double, epsilon: Double,
    threshold: Double, decay: Double, context: RunContext
  ) {
    self.update = update
    self.moments = moments
    rows = Rows(shape)
    self.sums = sums
    (self.rate, self.power, self.epsilon) = (rate, power, epsilon)
    (self.threshold, self.decay, self.context) = (threshold, decay, context)
  }

  private var perMatrix: Int { rows.count / max(rows.matrices, 1) }
  private var means: UnsafeMutablePointer<Double> { sums + rows.count }
  /// The size of the parameter, then that of the steps.
  private var sizes: UnsafeMutablePointer<Double> { means + rows.matrices }
  private var currentRate: Double { context.updateRate ?? rate }
  /// How far the moments go to the new squares: 1 − β.
  private var weight: Double { pow(Double(context.updateNumber), -power) }

  /// All of the update.
  var instruction: Instruction {
    let rowMoments = eachRow(nanoseconds: 0.3) { row in squares(of: row) }
    let columns = rows.areFactored ? columnMoments : {}
    let steps = eachRow(nanoseconds: 0.6) { row in sums[row] = stepSquares(row) }
    let moves = eachRow(nanoseconds: 0.6) { row in move(row) }
    return {
      if context.skipsUpdates { return }
      rowMoments()
      sizes[0] = rootMeanSquare
      columns()
      for matrix in 0..<rows.matrices { means[matrix] = rowMean(matrix) }
      steps()
      sizes[1] = rootMeanSquare
      moves()
    }
  }

  private func eachRow(nanoseconds: Double, _ body: @escaping (Int) -> Void) -> Instruction {
    Crew.instruction(
      count: rows.count, nanoseconds: nanoseconds * Double(min(rows.size, rows.elements)),
      asking: nil
    ) { part in
      for row in part { body(row) }
    }
  }

  /// √(Σ sums / elements)
  private var rootMeanSquare: Double {
    ((0..<rows.count).reduce(0) { $0 + sums[$1] } / Double(rows.elements)).squareRoot()
  }

  private func start(_ row: Int) -> Int { row * rows.size * update.width }

  /// The moment of a row, or of each element of a part; and the squares of the parameter.
  private func squares(of row: Int) {
    let (start, n) = (start(row), rows.width(of: row))
    sums[row] = ck_squares(update.type, 1, .infinity, update.p + start, n)
    if rows.areFactored {
      ck_adafactor_row(
        update.type, update.scale, update.limit, weight, update.g + start,
        moments[0] + row * update.width, n)
    } else {
      ck_adafactor_moment(
        update.type, update.scale, update.limit, weight, update.g + start,
        moments[0] + start, n)
    }
  }

  private var columnMoments: Instruction {
    let (size, height, width) = (rows.size, perMatrix, update.width)
    let matrices = (0..<rows.matrices).map { matrix in
      Crew.instruction(
        count: size, nanoseconds: 0.4 * Double(height), asking: nil
      ) { part in
        ck_adafactor_columns(
          update.type, update.scale, update.limit, weight,
          update.g + matrix * height * size * width, moments[1] + matrix * size * width,
          height, size, part.lowerBound, part.count)
      }
    }
    return { for matrix in matrices { matrix() } }
  }

  /// The mean of a matrix's moments of rows; 1 for a vector.
  private func rowMean(_ matrix: Int) -> Double {
    guard rows.areFactored else { return 1 }
    return ck_adafactor_mean(
      update.type, moments[0] + matrix * perMatrix * update.width, perMatrix)
  }

  /// Where the moment of a row lies (`nil` for 1), and those of its elements.
  private func moments(
    of row: Int
  ) -> (row: UnsafeMutableRawPointer?, elements: UnsafeMutableRawPointer) {
    guard rows.areFactored else { return (nil, moments[0] + start(row)) }
    return (
      moments[0] + row * update.width,
      moments[1] + row / perMatrix * rows.size * update.width
    )
  }

  private func mean(ofRow row: Int) -> Double { rows.areFactored ? means[row / perMatrix] : 1 }

  private func stepSquares(_ row: Int) -> Double {
    let own = moments(of: row)
    return ck_adafactor_squares(
      update.type, update.scale, update.limit, mean(ofRow: row), update.g + start(row),
      own.row, own.elements, rows.width(of: row))
  }

  private func move(_ row: Int) {
    let own = moments(of: row)
    let t = Double(context.updateNumber)
    let length = max(epsilon, sizes[0]) * min(currentRate, 1 / t.squareRoot())
    ck_adafactor(
      update.type, update.scale, update.limit, length / max(1, sizes[1] / threshold),
      1 - currentRate * decay, mean(ofRow: row), update.p + start(row), update.g + start(row),
      own.row, own.elements, rows.width(of: row))
  }
}
