// The vectorised inner loops of the kernel table: loops over pointers and nothing else.
//
// Results do not depend on alignment, on whether an output is exactly one of the inputs (where the
// caller may do that; each function says), or on the processor, except where a double-precision
// function comes from libm.
// Lengths may be 0. Where an integer does not fit 32 bits, a function says so, and what it wrote
// means nothing.
#pragma once

#include <stddef.h>
#include <stdint.h>

// CK_BOOL is a byte that is 0 or 1.
enum ck_type { CK_F32, CK_F64, CK_I32, CK_BOOL };

enum ck_unary {
  CK_NEGATE, CK_EXP, CK_LOG, CK_SQRT, CK_SQUARE, CK_TANH, CK_SIGMOID, CK_RELU, CK_GELU,
  CK_SOFTPLUS, CK_SILU, CK_SIN, CK_COS, CK_ABS
};

enum ck_binary {
  CK_ADD, CK_SUBTRACT, CK_MULTIPLY, CK_DIVIDE, CK_POWER, CK_MINIMUM, CK_MAXIMUM,
  CK_FLOOR_DIVIDE, CK_REMAINDER,
  CK_EQUAL, CK_NOT_EQUAL, CK_LESS, CK_LESS_OR_EQUAL, CK_GREATER, CK_GREATER_OR_EQUAL
};

enum ck_reduction { CK_SUM, CK_MAX, CK_MIN };

// What arithmetic on i32 may come to.
enum ck_fault { CK_NO_FAULT, CK_OVERFLOW, CK_DIVISION_BY_ZERO };

// Elementwise (unary.c). y may be x. i32 knows negate and abs, and gives a `ck_fault`.
void ck_unary_f32(int op, const void *x, void *y, size_t n);
void ck_unary_f64(int op, const void *x, void *y, size_t n);
int ck_unary_i32(int op, const void *x, void *y, size_t n);
// g · f′ from the saved value v: the result for exp, sqrt, tanh, sigmoid, relu, else the operand. y
// may be g or v.
void ck_unary_adjoint_f32(int op, const void *g, const void *v, void *y, size_t n);
void ck_unary_adjoint_f64(int op, const void *g, const void *v, void *y, size_t n);

// Elementwise with broadcasting (binary.c). Axes outermost first, strides in elements, 0 along
// broadcast axes and, on the last axis, 1 otherwise. y is contiguous; it may be an operand that is.
// Comparisons write bytes, 0 or 1.
// Floats: minimum and maximum pass NaN on; // and % are Python's (the remainder has the divisor's
// sign). i32 knows neither / nor powers; the first `ck_fault` is given, and always none for floats.
int ck_binary_walk(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sa, const ptrdiff_t *sb,
    const void *a, const void *b, void *y);

// y = c ≠ 0 ? a : b for bytes c and elements of 1, 4 or 8 bytes (select.c); strides as above.
void ck_select_walk(
    int width, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sc, const ptrdiff_t *sa,
    const ptrdiff_t *sb, const void *c, const void *a, const void *b, void *y);

// Clamp to [low, high]; NaN stays. The adjoint: g where low ≤ x ≤ high, else 0. y may be x (g or
// x).
void ck_clip(int type, double low, double high, const void *x, void *y, size_t n);
void ck_clip_adjoint(
    int type, double low, double high, const void *g, const void *x, void *y, size_t n);
// The first place of x, of floats, whose number, cut toward 0, is outside i32; −1 where there is
// none.
ptrdiff_t ck_first_outside_i32(int type, const void *x, size_t n);
// Conversion; floats to i32 truncate, saturate, and give 0 for NaN; to bool, all but 0 is 1. y may
// be x where widths are equal.
void ck_cast(int from, int to, const void *x, void *y, size_t n);
// y = value, converted as `ck_cast` does.
void ck_fill(int type, double value, void *y, size_t n);

// Reductions (reduce.c). x is contiguous with the given lengths; so are the strides of y, 0 along
// reduced axes.
// Neighbouring axes of one kind are merged. Sums keep several accumulators in a fixed order; NaN is
// passed on. What is in y counts too: 0 for a sum that begins, −∞ (or the least integer) for a
// maximum.
void ck_reduce_walk(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sy, const void *x,
    void *y);
// Sums of i32 along the axes of `summed`, which y has not; lengths and strides (in elements) of x's
// kept and summed axes, outermost first. Gives a `ck_fault`. Sums of integers are not for
// `ck_reduce_walk`.
int ck_sum_i32(
    int kept, const ptrdiff_t *lengths, const ptrdiff_t *sx, int rank, const ptrdiff_t *summed,
    const ptrdiff_t *ss, const void *x, void *y);
// y /= count, for floats.
void ck_divide_by_count(int type, void *y, size_t n, double count);
// The first index of the greatest (least) along the middle of [outer, length, inner]; the first NaN
// where there is one.
void ck_arg_reduce(
    int type, int least, const void *x, int32_t *y, size_t outer, size_t length, size_t inner);

// Along the middle of [outer, length, inner] (rows.c). y may be x, or g, or s.
void ck_softmax(int type, const void *x, void *y, size_t outer, size_t length, size_t inner);
void ck_softmax_adjoint(
    int type, const void *g, const void *s, void *y, size_t outer, size_t length, size_t inner);
void ck_log_softmax(int type, const void *x, void *y, size_t outer, size_t length, size_t inner);
void ck_log_softmax_adjoint(
    int type, const void *g, const void *l, void *y, size_t outer, size_t length, size_t inner);
// y is [outer, inner].
void ck_log_sum_exp(int type, const void *x, void *y, size_t outer, size_t length, size_t inner);
// Average over rows of −log softmax(x)[label] into *y. Gives the first row whose label is outside
// [0, classes), or
// −1; such rows count 0.
ptrdiff_t ck_cross_entropy(
    int type, const void *x, const int32_t *labels, void *y, size_t rows, size_t classes);
// g[0] · (softmax(x) − one-hot) / rows. y may be x. Rows with labels outside are 0.
ptrdiff_t ck_cross_entropy_adjoint(
    int type, const void *g, const void *x, const int32_t *labels, void *y, size_t rows,
    size_t classes);

// Rows of `size` elements, at least 1 (norm.c). y = (x − mean) · scale · gain + offset, with the
// mean and the reciprocal standard deviation 1 / √(variance + epsilon) of each row of x. y may be
// x.
void ck_layer_norm(
    int type, double epsilon, const void *x, const void *gain, const void *offset, void *y,
    void *mean, void *scale, size_t rows, size_t size);
// The adjoint of x. y may be g or x.
void ck_layer_norm_adjoint(
    int type, const void *g, const void *x, const void *gain, const void *mean, const void *scale,
    void *y, size_t rows, size_t size);
// The adjoints of gain and offset, for `count` columns from `start`; either may be null. Each
// column is summed in the order of the rows, however the columns are shared out.
void ck_layer_norm_sums(
    int type, const void *g, const void *x, const void *mean, const void *scale, void *gain,
    void *offset, size_t rows, size_t size, size_t start, size_t count);

// Moving elements of 1, 4 or 8 bytes (move.c). y must not overlap x.
void ck_copy_walk(
    int width, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sx, const ptrdiff_t *sy,
    const void *x, void *y);
// y[o, i, …] = x[o, indices[i], …]. Gives the first position with an index outside [0, length), or
// −1; its entries are zeros.
ptrdiff_t ck_take(
    int width, const void *x, const int32_t *indices, void *y, size_t outer, size_t length,
    size_t inner, size_t count);
// y = 0; y[o, indices[i], …] += g[o, i, …], in order of i.
ptrdiff_t ck_take_adjoint(
    int type, const void *g, const int32_t *indices, void *y, size_t outer, size_t length,
    size_t inner, size_t count);
ptrdiff_t ck_one_hot(int type, const int32_t *indices, void *y, size_t count, size_t classes);
// [m, k] × [k, n] in simple loops; ta and tb read the operands as transposed.
void ck_matmul_plain(
    int type, int ta, int tb, size_t m, size_t n, size_t k, const void *a, const void *b, void *y);

// Random numbers (random.c): Philox4x32-10 (Salmon et al. 2011), key = seed, counter = (block,
// site, step low, step high). A block of four words gives four f32 elements, or two f64 elements;
// dropout takes one word an element. `first` is the place of the first element among those that
// are drawn together, a multiple of 4.
void ck_philox(uint32_t counter[4], uint64_t seed);
void ck_uniform(
    int type, double low, double high, uint64_t seed, uint32_t site, uint64_t step, void *y,
    size_t first, size_t n);
void ck_normal(
    int type, uint64_t seed, uint32_t site, uint64_t step, void *y, size_t first, size_t n);
// y = x / (1 − rate) where the word is ≥ rate · 2³², else 0. y may be x.
void ck_dropout(
    int type, double rate, uint64_t seed, uint32_t site, uint64_t step, const void *x, void *y,
    size_t first, size_t n);

// Updates in place (update.c); the rules are those of `UpdateRule`.
void ck_sgd(int type, double rate, void *p, const void *g, size_t n);
void ck_momentum(int type, double rate, double momentum, void *p, const void *g, void *v, size_t n);
// `rate` and `root2` hold the bias corrections: rate / (1 − β₁ᵗ), √(1 − β₂ᵗ); `keep` is 1 − lr ·
// decay.
void ck_adam(
    int type, double rate, double beta1, double beta2, double epsilon, double root2, double keep,
    void *p, const void *g, void *m, void *v, size_t n);
