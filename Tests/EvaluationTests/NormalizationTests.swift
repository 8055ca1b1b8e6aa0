import Testing

/// `layer_norm`, which is one operation of several results, beside its formula.
@Suite struct `Normalized rows` {
  private static let setUp = """
    seed 3
    let a = layer_norm(5)
    let b = layer_norm_formula(5)
    a.scale = randn(5)
    a.shift = randn(5)
    b.scale = a.scale
    b.shift = a.shift
    let x = 3 * randn(2, 7, 5) + 1
    let w = randn(2, 7, 5)

    """

  @Test func `have the values of their formula, to rounding`() throws {
    #expect(try Lab.last(Self.setUp + "a(x) ~= b(x) within 1e-5") == "true")
    #expect(
      try Lab.last(Self.setUp + "cast(a(cast(x, f64)), f32) ~= b(x) within 1e-5") == "true")
  }

  @Test func `have the gradients of their formula, to rounding`() throws {
    let gradients =
      Self.setUp + """
        let ga = gradient wrt x, a { sum(sin(a(x)) * w) }
        let gb = gradient wrt x, b { sum(sin(b(x)) * w) }

        """
    for target in ["x", "scale", "shift"] {
      let (mine, theirs) = target == "x" ? ("x", "x") : ("a.\(target)", "b.\(target)")
      #expect(
        try Lab.last(gradients + "ga[\(mine)] ~= gb[\(theirs)] within 1e-4") == "true", "\(target)")
    }
  }

  @Test func `keep their input and two numbers a row`() throws {
    let kept = Self.setUp + "fn kept(n) { plan wrt n { average(sin(n(x))) }.kept }\n"
    // The value, which the sine needs (280 B), and the mean and the scale of 14 rows.
    #expect(try Lab.last(kept + "kept(a)") == Lab.last("280 B + 2 * 14 * 4 B"))
  }

  @Test func `take integers as f32, and gains in their own type`() throws {
    #expect(
      try Lab.last("normalize_rows(tensor([[1, 3]], dtype: i32), ones(2), zeros(2), 0)")
        == Lab.last("tensor([[-1.0, 1.0]])"))
    let wide = "normalize_rows(ones(1, 2), cast(ones(2), f64), zeros(2))"
    #expect(try Lab.last(wide).hasPrefix("f64[1, 2]"))
  }

  @Test func `are refused where a gain does not fit`() throws {
    let fault = try Lab.fault("normalize_rows(ones(2, 3), ones(2), zeros(2))")
    #expect(fault.code == "shape-mismatch")
    #expect(
      fault.message == "layer_norm does not fit [2, 3] and [2] and [2]: 2 against 3 along axis 0")
    #expect(
      try Lab.fault("normalize_rows(tensor(1.0), ones(2), zeros(2))").code == "shape-mismatch")
  }
}
