package import Tensors

/// Why an operation cannot be applied: facts for a message.
package struct ShapeError: Error, Hashable, Sendable {
  /// What does not fit, without the operation and its shapes.
  package enum Problem: Hashable, Sendable {
    /// Two operands disagree along an axis (of the first, from 0).
    case mismatch(axis: Int?, left: Int, right: Int)
    /// An axis that the operand does not have.
    case noSuchAxis(Int)
    /// An element type that the operation does not take.
    case type(expected: String, found: DType)
    /// Elements that do not fit a shape.
    case count(expected: Int, found: Int)
    /// Operands or attributes that break a rule of the operation.
    case rule(Rule)
  }

  /// What operations ask of operands and attributes beside fitting shapes and types.
  package enum Rule: Hashable, Sendable {
    /// As many operands as the operation takes.
    case operands(expected: Int, found: Int)
    /// One operand at least.
    case someOperands
    /// No axis shorter than nothing.
    case nonNegativeLengths
    /// No more axes than `Shape.rankLimit`.
    case rankLimit(found: Int)
    /// Fewer elements than `Shape.elementLimit`.
    case elementLimit
    /// So many axes in each operand.
    case leastRank(Int)
    /// Entries along an axis.
    case entries(axis: Int)
    /// Each axis once, ascending.
    case ascendingAxes([Int])
    /// An order of all axes.
    case order([Int], rank: Int)
    /// No slice shorter than nothing.
    case nonNegativeSlices
    /// A slice that moves.
    case movingSlices
    /// A slice within its axis.
    case sliceWithin(AxisSlice, axis: Int, length: Int)
    /// A number that an i32, or an i64, holds.
    case integer(Double, DType)
    /// A bool that is neither 0 nor 1.
    case truth(Double)
    /// A number that rounds to a finite one of a floating type.
    case finite(Double, DType)
    /// A lower bound that is not above the upper one.
    case bounds(low: Double, high: Double)
    /// The same, both finite.
    case finiteBounds(low: Double, high: Double)
    /// A finite start and finite steps, as many as there are elements.
    case finiteSteps
    /// What is added to a variance: 0 or more.
    case epsilon(Double)
    /// A rate from 0 to below 1.
    case rate(Double)
    /// Rows to average over.
    case rows
    /// One class at least.
    case classes(found: Int)
    /// One label a row of logits: labels of this shape.
    case labels(Shape)
    /// One shape for indices and what they point into, but along this axis.
    case indicesAlong(axis: Int)
    /// From one up to as many entries as the last axis has.
    case greatest(count: Int, length: Int)
    /// Logits with an axis of classes.
    case logits
    /// Parts of a normalisation, each once, in their order, one at least.
    case normalizationParts
    /// A number of groups that divides the channels.
    case channelGroups(Int, channels: Int)
    /// Parts of attention, each once, in their order, one at least.
    case attentionParts
    /// A scale that is a number.
    case finiteScale(Double)
    /// One key at least.
    case keys
    /// A mask that broadcasts to the scores, which have this shape.
    case maskShape(Shape)
    /// Parts of a product, each once, in their order, one at least.
    case productParts
    /// A smoothing from 0 to 1.
    case smoothing(Double)
    /// One piece at least.
    case pieces(Int)
    /// Images, weights and windows that fit.
    case window(WindowProblem)
    /// A state, where this input is none.
    case state(input: Int)
  }

  /// What does not fit; axes are counted in `shapes`.
  package let problem: Problem
  /// The operation as a learner names it: `matmul`, `concat`.
  package let operation: String
  /// The operands' shapes.
  package let shapes: [Shape]

  /// Says that an operation cannot be applied to operands of these shapes.
  package init(_ problem: Problem, operation: String, shapes: [Shape]) {
    self.problem = problem
    self.operation = operation
    self.shapes = shapes
  }
}
