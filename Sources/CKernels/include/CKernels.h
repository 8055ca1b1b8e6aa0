// The vectorised inner loops of the kernel table: loops over pointers and nothing else.
//
// Each function is compiled once for each set of kernels. Results do not depend on the set, on
// alignment, or on whether an output is exactly one of the inputs (where the caller may do that;
// each function says); where a double-precision function comes from libm, they are those of libm.
// Lengths may be 0. Where an integer does not fit 32 bits, a function says so, and what it wrote
// means nothing.
// Functions whose work may be long in one piece have a `stop`: they look at that word every few
// thousand elements, and where it is not 0 leave the rest undone.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Declares a function of the kernels: its result, name, parameters, and the same as arguments.
#ifndef CK_FUNCTION
#define CK_FUNCTION(result, name, parameters, arguments) result name parameters;
#endif

// The sets of kernels (kernels.c): for x86-64 processors with AVX-512, with AVX2 and FMA, and for
// all others. The fastest that the processor can run is used until another is chosen.
enum ck_set { CK_AVX512, CK_AVX2, CK_PLAIN };
// The set in use.
int ck_set(void);
// 1 if the processor can run the set, else 0.
int ck_can(int set);
// Uses a set that the processor can run; not while kernels run.
void ck_use(int set);

// Work in parts (crew.c). Calls `body` with every part from 0 to parts − 1 once, from up to
// `threads` threads of which the caller is one, and returns when all are done. Threads are made at
// the first need; where the system gives none, or others use them, the caller does what is left.
// All parts together take about `nanoseconds` on one thread: the caller does short work alone where
// sharing it did not pay.
void ck_crew_run(
    int threads, int parts, int64_t nanoseconds, void (*body)(void *context, int part),
    void *context);

// CK_BOOL is a byte that is 0 or 1. CK_F16 and CK_BF16 are floats of two bytes, which are computed
// with in f32 and rounded once, to the nearest, of two the even one. CK_I64 holds whole numbers up
// to 2⁵³ either way.
enum ck_type { CK_F32, CK_F64, CK_I32, CK_BOOL, CK_F16, CK_BF16, CK_I64 };

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

// Queries of a tile of attention.
enum { CK_ATTENTION_ROWS = 64 };

// What arithmetic on i32 and i64 may come to.
enum ck_fault { CK_NO_FAULT, CK_OVERFLOW, CK_DIVISION_BY_ZERO };

// Elementwise (unary.c). y may be x. i32 and i64 know negate and abs; i32 gives a `ck_fault`, i64
// has none to give.
CK_FUNCTION(void, ck_unary_f32, (int op, const void *x, void *y, size_t n), (op, x, y, n))
CK_FUNCTION(void, ck_unary_f64, (int op, const void *x, void *y, size_t n), (op, x, y, n))
CK_FUNCTION(int, ck_unary_i32, (int op, const void *x, void *y, size_t n), (op, x, y, n))
CK_FUNCTION(int, ck_unary_i64, (int op, const void *x, void *y, size_t n), (op, x, y, n))
CK_FUNCTION(
    void, ck_unary_short, (int op, int type, const void *x, void *y, size_t n),
    (op, type, x, y, n))
// g · f′ from the saved value v: the result for exp, sqrt, tanh, sigmoid, relu, else the operand. y
// may be g or v.
CK_FUNCTION(
    void, ck_unary_adjoint_f32,
    (int op, const void *g, const void *v, void *y, size_t n),
    (op, g, v, y, n))
CK_FUNCTION(
    void, ck_unary_adjoint_f64,
    (int op, const void *g, const void *v, void *y, size_t n),
    (op, g, v, y, n))
CK_FUNCTION(
    void, ck_unary_adjoint_short,
    (int op, int type, const void *g, const void *v, void *y, size_t n),
    (op, type, g, v, y, n))

// Elementwise with broadcasting (binary.c). Axes outermost first, strides in elements, 0 along
// broadcast axes and, on the last axis, 1 otherwise. y is contiguous; it may be an operand that is.
// Comparisons write bytes, 0 or 1.
// Floats: minimum and maximum pass NaN on; // and % are Python's (the remainder has the divisor's
// sign). i32 and i64 know neither / nor powers; the first `ck_fault` is given, and always none for
// floats.
CK_FUNCTION(
    int, ck_binary_walk,
    (int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sa,
     const ptrdiff_t *sb, const void *a, const void *b, void *y),
    (op, type, rank, lengths, sa, sb, a, b, y))

// The same of a short float and an f32 number, which is the first operand or the second.
CK_FUNCTION(
    void, ck_scalar_short,
    (int op, int type, const void *x, double number, int first, void *y, size_t n),
    (op, type, x, number, first, y, n))

// y = c ≠ 0 ? a : b for bytes c and elements of 1, 2, 4 or 8 bytes (select.c); strides as above.
CK_FUNCTION(
    void, ck_select_walk,
    (int width, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sc, const ptrdiff_t *sa,
     const ptrdiff_t *sb, const void *c, const void *a, const void *b, void *y),
    (width, rank, lengths, sc, sa, sb, c, a, b, y))

// Clamp to [low, high]; NaN stays. The adjoint: g where low ≤ x ≤ high, else 0. y may be x (g or
// x).
CK_FUNCTION(
    void, ck_clip,
    (int type, double low, double high, const void *x, void *y, size_t n),
    (type, low, high, x, y, n))
CK_FUNCTION(
    void, ck_clip_adjoint,
    (int type, double low, double high, const void *g, const void *x, void *y, size_t n),
    (type, low, high, g, x, y, n))
// The first place of x whose number, cut toward 0, is outside the type `to`, i32 or i64; −1 where
// there is none.
CK_FUNCTION(
    ptrdiff_t, ck_first_outside, (int from, int to, const void *x, size_t n), (from, to, x, n))
// Conversion; floats to i32 and i64 truncate, saturate, and give 0 for NaN; to bool, all but 0 is
// 1. y may be x where widths are equal.
CK_FUNCTION(
    void, ck_cast,
    (int from, int to, const void *x, void *y, size_t n),
    (from, to, x, y, n))
// y = value, converted as `ck_cast` does.
CK_FUNCTION(void, ck_fill, (int type, double value, void *y, size_t n), (type, value, y, n))

// Reductions (reduce.c). x is contiguous with the given lengths; so are the strides of y, 0 along
// reduced axes.
// Neighbouring axes of one kind are merged. Sums keep several accumulators in a fixed order; NaN is
// passed on. What is in y counts too: 0 for a sum that begins, −∞ (or the least integer) for a
// maximum. For short floats, y is f32.
CK_FUNCTION(
    void, ck_reduce_walk,
    (int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sy, const void *x,
     void *y),
    (op, type, rank, lengths, sy, x, y))
// Sums of i32 or i64 along the axes of `summed`, which y has not; lengths and strides (in elements)
// of x's kept and summed axes, outermost first. Gives a `ck_fault`. Sums of integers are not for
// `ck_reduce_walk`.
CK_FUNCTION(
    int, ck_sum_whole,
    (int type, int kept, const ptrdiff_t *lengths, const ptrdiff_t *sx, int rank,
     const ptrdiff_t *summed, const ptrdiff_t *ss, const void *x, void *y,
     const volatile int32_t *stop),
    (type, kept, lengths, sx, rank, summed, ss, x, y, stop))
// y /= count, for floats.
CK_FUNCTION(
    void, ck_divide_by_count,
    (int type, void *y, size_t n, double count),
    (type, y, n, count))
// The first index of the greatest (least) along the middle of [outer, length, inner]; the first NaN
// where there is one.
CK_FUNCTION(
    void, ck_arg_reduce,
    (int type, int least, const void *x, int32_t *y, size_t outer, size_t length, size_t inner,
     const volatile int32_t *stop),
    (type, least, x, y, outer, length, inner, stop))

// Along the middle of [outer, length, inner] (rows.c). y may be x, or g, or s.
CK_FUNCTION(
    void, ck_softmax,
    (int type, const void *x, void *y, size_t outer, size_t length, size_t inner,
     const volatile int32_t *stop),
    (type, x, y, outer, length, inner, stop))
CK_FUNCTION(
    void, ck_softmax_adjoint,
    (int type, const void *g, const void *s, void *y, size_t outer, size_t length, size_t inner,
     const volatile int32_t *stop),
    (type, g, s, y, outer, length, inner, stop))
CK_FUNCTION(
    void, ck_log_softmax,
    (int type, const void *x, void *y, size_t outer, size_t length, size_t inner,
     const volatile int32_t *stop),
    (type, x, y, outer, length, inner, stop))
CK_FUNCTION(
    void, ck_log_softmax_adjoint,
    (int type, const void *g, const void *l, void *y, size_t outer, size_t length, size_t inner,
     const volatile int32_t *stop),
    (type, g, l, y, outer, length, inner, stop))
// y is [outer, inner].
CK_FUNCTION(
    void, ck_log_sum_exp,
    (int type, const void *x, void *y, size_t outer, size_t length, size_t inner,
     const volatile int32_t *stop),
    (type, x, y, outer, length, inner, stop))
// −log softmax(x)[label] of each row; 0 where the label is outside [0, classes).
CK_FUNCTION(
    void, ck_cross_entropy,
    (int type, const void *x, const int32_t *labels, double *losses, size_t rows, size_t classes,
     const volatile int32_t *stop),
    (type, x, labels, losses, rows, classes, stop))
// g[0] · (softmax(x) − one-hot) / all, of some of that many rows. y may be x. Rows with labels
// outside are 0.
CK_FUNCTION(
    void, ck_cross_entropy_adjoint,
    (int type, const void *g, size_t all, const void *x, const int32_t *labels, void *y,
     size_t rows, size_t classes, const volatile int32_t *stop),
    (type, g, all, x, labels, y, rows, classes, stop))

// Losses (losses.c). What is known of a row of scores after some of its classes: the greatest, the
// sum of exp(x − top), the score of its label (0 before that comes), and the sum of all.
#ifndef CK_LABEL_ROW
#define CK_LABEL_ROW
struct ck_label_row { double top, sum, hit, total; };
#endif
// Adds `width` classes from `first` on to each row's state; those from 0 on begin it.
CK_FUNCTION(
    void, ck_label_rows,
    (int type, const void *x, size_t width, size_t first, const int32_t *labels,
     struct ck_label_row *state, size_t rows, const volatile int32_t *stop),
    (type, x, width, first, labels, state, rows, stop))
// The average over rows whose label is not `ignored` (null for none) of (1 − smoothing) · −log
// softmax(x)[label] and smoothing times the mean of it over all classes, into *y; the logarithms of
// the sums of exponentials into `sums`, if that is not null. Gives the first row of these whose
// label is outside [0, classes), or −1.
CK_FUNCTION(
    ptrdiff_t, ck_label_loss,
    (int type, const struct ck_label_row *state, const int32_t *labels, const int32_t *ignored,
     double smoothing, void *y, void *sums, size_t rows, size_t classes),
    (type, state, labels, ignored, smoothing, y, sums, rows, classes))
// Rows whose label is not `ignored`.
CK_FUNCTION(
    size_t, ck_label_count, (const int32_t *labels, const int32_t *ignored, size_t rows),
    (labels, ignored, rows))
// share · (exp(x − sum) − target) of the same classes, where the target is 1 − smoothing at the
// label and smoothing / classes everywhere besides; 0 in rows that do not count. y may be x.
CK_FUNCTION(
    void, ck_label_slopes,
    (int type, double share, const void *x, size_t width, size_t first, size_t classes,
     const int32_t *labels, const int32_t *ignored, double smoothing, const void *sums, void *y,
     size_t rows, const volatile int32_t *stop),
    (type, share, x, width, first, classes, labels, ignored, smoothing, sums, y, rows, stop))
enum ck_pair_loss { CK_BINARY_CROSS_ENTROPY, CK_ABSOLUTE_ERROR, CK_HUBER };
// A loss of pairs, of a logit a and a probability b, or of the difference a − b: the sum of each
// CK_LOSS_PART of them, of the rest too.
#define CK_LOSS_PART 256
CK_FUNCTION(
    void, ck_pair_loss,
    (int loss, int type, double delta, const void *a, const void *b, double *sums, size_t n,
     const volatile int32_t *stop),
    (loss, type, delta, a, b, sums, n, stop))
// share times its slope in a. y may be a or b.
CK_FUNCTION(
    void, ck_pair_loss_adjoint,
    (int loss, int type, double share, double delta, const void *a, const void *b, void *y,
     size_t n),
    (loss, type, share, delta, a, b, y, n))

// Rows of `size` elements, at least 1 (norm.c). y = (x − mean) · scale · gain + offset, with the
// mean and the reciprocal standard deviation 1 / √(variance + epsilon) of each row of x. Where
// `mean` is null it is taken for 0, in all three functions; `offset` may be null too. y may be x.
CK_FUNCTION(
    void, ck_layer_norm,
    (int type, double epsilon, const void *x, const void *gain, const void *offset, void *y,
     void *mean, void *scale, size_t rows, size_t size, const volatile int32_t *stop),
    (type, epsilon, x, gain, offset, y, mean, scale, rows, size, stop))
// The adjoint of x. y may be g or x.
CK_FUNCTION(
    void, ck_layer_norm_adjoint,
    (int type, const void *g, const void *x, const void *gain, const void *mean, const void *scale,
     void *y, size_t rows, size_t size, const volatile int32_t *stop),
    (type, g, x, gain, mean, scale, y, rows, size, stop))
// The adjoints of gain and offset, for `count` columns from `start`; either may be null. Each
// column is summed in the order of the rows, however the columns are shared out. For short floats
// mean and scale are f32.
CK_FUNCTION(
    void, ck_layer_norm_sums,
    (int type, const void *g, const void *x, const void *mean, const void *scale, void *gain,
     void *offset, size_t rows, size_t size, size_t start, size_t count,
     const volatile int32_t *stop),
    (type, g, x, mean, scale, gain, offset, rows, size, start, count, stop))

// Units of x [n, positions, channels]: unit u is channels of group u % groups at all positions of
// entry u / groups, for `count` units from `start`; all is contiguous (groups.c). y = (x − mean) ·
// scale · gain + offset with the mean and the scale of the unit, both [n, groups]; y may be x.
CK_FUNCTION(
    void, ck_group_norm,
    (int type, double epsilon, const void *x, const void *gain, const void *offset, void *y,
     void *mean, void *scale, size_t positions, size_t channels, size_t groups, size_t start,
     size_t count, const volatile int32_t *stop),
    (type, epsilon, x, gain, offset, y, mean, scale, positions, channels, groups, start, count,
     stop))
// The adjoint of x. y may be g or x.
CK_FUNCTION(
    void, ck_group_norm_adjoint,
    (int type, const void *g, const void *x, const void *gain, const void *mean,
     const void *scale, void *y, size_t positions, size_t channels, size_t groups, size_t start,
     size_t count, const volatile int32_t *stop),
    (type, g, x, gain, mean, scale, y, positions, channels, groups, start, count, stop))
// The adjoints of gain and offset for `count` channels from `start`; either may be null. Each is
// summed in the order of entries and positions.
CK_FUNCTION(
    void, ck_group_norm_sums,
    (int type, const void *g, const void *x, const void *mean, const void *scale, void *gain,
     void *offset, size_t n, size_t positions, size_t channels, size_t groups, size_t start,
     size_t count, const volatile int32_t *stop),
    (type, g, x, mean, scale, gain, offset, n, positions, channels, groups, start, count, stop))

// Channels of contiguous rows of `size` (channels.c), of which blocks are summed apart. Sums of a
// block: Σ x where `mean` is null, else Σ (x − mean)².
CK_FUNCTION(
    void, ck_channel_sums,
    (int type, const void *x, const void *mean, double *sums, size_t rows, size_t size,
     const volatile int32_t *stop),
    (type, x, mean, sums, rows, size, stop))
// Of a block: Σ g, and Σ g · (x − mean) · scale.
CK_FUNCTION(
    void, ck_channel_dots,
    (int type, const void *g, const void *x, const void *mean, const void *scale, double *sums,
     double *dots, size_t rows, size_t size, const volatile int32_t *stop),
    (type, g, x, mean, scale, sums, dots, rows, size, stop))
// From the sums of all blocks, one after the other, the mean of `count` rows; and from the second
// sums the variance (null where it is not asked for) and 1 / √(variance + epsilon).
CK_FUNCTION(
    void, ck_channel_mean,
    (int type, const double *sums, size_t blocks, size_t size, double count, void *mean),
    (type, sums, blocks, size, count, mean))
CK_FUNCTION(
    void, ck_channel_scale,
    (int type, const double *sums, size_t blocks, size_t size, double count, double epsilon,
     void *scale, void *variance),
    (type, sums, blocks, size, count, epsilon, scale, variance))
// From `ck_channel_dots` of all blocks: the adjoints of gain and offset, of which either may be
// null, and what the adjoint of x takes off each row, a = gain · Σ g / count and b = gain · Σ g x̂
// / count.
CK_FUNCTION(
    void, ck_channel_slopes,
    (int type, const double *sums, const double *dots, size_t blocks, size_t size, double count,
     const void *gain, void *gains, void *offsets, void *a, void *b),
    (type, sums, dots, blocks, size, count, gain, gains, offsets, a, b))
// y = (x − mean) · scale · gain + offset. y may be x.
CK_FUNCTION(
    void, ck_channel_norm,
    (int type, const void *x, const void *mean, const void *scale, const void *gain,
     const void *offset, void *y, size_t rows, size_t size),
    (type, x, mean, scale, gain, offset, y, rows, size))
// y = scale · (g · gain − a − (x − mean) · scale · b). y may be g or x.
CK_FUNCTION(
    void, ck_channel_norm_adjoint,
    (int type, const void *g, const void *x, const void *gain, const void *mean,
     const void *scale, const void *a, const void *b, void *y, size_t rows, size_t size),
    (type, g, x, gain, mean, scale, a, b, y, rows, size))

// One head of attention (attention.c): rows of q, k and v lie `q_row`, … elements apart. The mask,
// null where there is none, has bytes that are 0 where a query does not see a key, or numbers of
// the type that are added, where `adds`; the loops end soon where *stop is not 0.
struct ck_head {
  const void *q, *k, *v, *mask;
  ptrdiff_t q_row, k_row, v_row, mask_row, mask_column;
  size_t queries, keys, width, columns;
  double scale;
  int causal, adds;
  const volatile int32_t *stop;
};
// Rows of the value from query `first` on, `count` of them, which lie `y_row` elements apart, and
// the logarithms of their sums, contiguous: both are those of the whole head. `first` is a multiple
// of CK_ATTENTION_ROWS.
CK_FUNCTION(
    void, ck_attention,
    (int type, const struct ck_head *head, void *y, size_t y_row, void *log_sums, size_t first,
     size_t count),
    (type, head, y, y_row, log_sums, first, count))
// The adjoints of a head, contiguous, of which some may be null; g's rows lie `g_row` elements
// apart; delta, Σ g · y of each query, `delta_row`.
CK_FUNCTION(
    void, ck_attention_adjoint,
    (int type, const struct ck_head *head, const void *g, ptrdiff_t g_row, const void *log_sums,
     const void *delta, size_t delta_row, void *dq, void *dk, void *dv),
    (type, head, g, g_row, log_sums, delta, delta_row, dq, dk, dv))

// Steps of recurrent networks beside their products (cells.c); `RecurrentCell` says what they
// compute. y may be h, or c.
CK_FUNCTION(
    void, ck_gru_cell,
    (int type, const void *a, const void *b, const void *h, void *y, void *gates, size_t rows,
     size_t size),
    (type, a, b, h, y, gates, rows, size))
CK_FUNCTION(
    void, ck_gru_cell_adjoint,
    (int type, const void *g, const void *gates, const void *h, void *da, void *db, void *dh,
     size_t rows, size_t size),
    (type, g, gates, h, da, db, dh, rows, size))
CK_FUNCTION(
    void, ck_lstm_cell,
    (int type, const void *a, const void *c, void *y, void *cell, size_t rows, size_t size),
    (type, a, c, y, cell, rows, size))
// da may be a.
CK_FUNCTION(
    void, ck_lstm_cell_adjoint,
    (int type, const void *gy, const void *gc, const void *a, const void *c, void *da, void *dc,
     size_t rows, size_t size),
    (type, gy, gc, a, c, da, dc, rows, size))

// Moving elements of 1, 2, 4 or 8 bytes (move.c). y must not overlap x.
CK_FUNCTION(
    void, ck_copy_walk,
    (int width, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sx, const ptrdiff_t *sy,
     const void *x, void *y),
    (width, rank, lengths, sx, sy, x, y))
// y[o, i, …] = x[o, indices[i], …]. Gives the first position with an index outside [0, length), or
// −1; its entries are zeros.
CK_FUNCTION(
    ptrdiff_t, ck_take,
    (int width, const void *x, const int32_t *indices, void *y, size_t outer, size_t length,
     size_t inner, size_t count, const volatile int32_t *stop),
    (width, x, indices, y, outer, length, inner, count, stop))
// y = 0; y[o, indices[i], …] += g[o, i, …], in order of i. For short floats, y is f32.
CK_FUNCTION(
    ptrdiff_t, ck_take_adjoint,
    (int type, const void *g, const int32_t *indices, void *y, size_t outer, size_t length,
     size_t inner, size_t count, const volatile int32_t *stop),
    (type, g, indices, y, outer, length, inner, count, stop))
CK_FUNCTION(
    ptrdiff_t, ck_one_hot,
    (int type, const int32_t *indices, void *y, size_t count, size_t classes,
     const volatile int32_t *stop),
    (type, indices, y, count, classes, stop))

// Choosing by place (gather.c). y[o, i, j] = x[o, indices[o, i, j], j]. Gives the first position
// with an index outside [0, length), or −1; its entry is 0.
CK_FUNCTION(
    ptrdiff_t, ck_gather,
    (int width, const void *x, const int32_t *indices, void *y, size_t outer, size_t length,
     size_t inner, size_t count),
    (width, x, indices, y, outer, length, inner, count))
// y = 0; y[o, indices[o, i, j], j] += g[o, i, j], in order of i.
CK_FUNCTION(
    ptrdiff_t, ck_gather_adjoint,
    (int type, const void *g, const int32_t *indices, void *y, size_t outer, size_t length,
     size_t inner, size_t count),
    (type, g, indices, y, outer, length, inner, count))
// The places of the `count` greatest of each row, at least 1 of them: the greatest first, of equals
// the first; NaN before all.
CK_FUNCTION(
    void, ck_top_indices,
    (int type, const void *x, int32_t *y, size_t rows, size_t length, size_t count),
    (type, x, y, rows, length, count))
// y[o, i, j] = x[o, 0, j] + … + x[o, i, j], from the other end where `back`; for `count` entries
// from the `start`th, after those before have been done. y may be x.
CK_FUNCTION(
    void, ck_cumulative_sum,
    (int type, int back, const void *x, void *y, size_t outer, size_t length, size_t inner,
     size_t start, size_t count),
    (type, back, x, y, outer, length, inner, start, count))

// [m, k] × [k, n] (product.c); each operand's strides in elements, one of them 1, and y's from row
// to row. Each element of y is one chain of fused multiply-adds, from 0 over the terms in order
// (for integers, a sum that wraps), so that any part of the product that holds it gives its bits.
// Short floats are multiplied and added up in f32; each element of y is rounded once.
CK_FUNCTION(
    void, ck_product,
    (int type, size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_term,
     const void *b, ptrdiff_t b_term, ptrdiff_t b_column, void *y, ptrdiff_t y_row),
    (type, m, n, k, a, a_row, a_term, b, b_term, b_column, y, y_row))

// The same for floats, where each chain goes on from what y holds.
CK_FUNCTION(
    void, ck_product_add,
    (int type, size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_term,
     const void *b, ptrdiff_t b_term, ptrdiff_t b_column, void *y, ptrdiff_t y_row),
    (type, m, n, k, a, a_row, a_term, b, b_term, b_column, y, y_row))

// Convolutions of channels-last images (conv.c). A block of a convolution: for each group of
// channels, each image, row and column of pixels of the result and each output, the sum over the
// taps of the window and their terms, in order, of x · w, as one chain of fused multiply-adds from
// 0. Places are in elements; x, w and y start where the first of each does. Terms of x, and outputs
// of y, lie one after the other, those of the groups too.
struct ck_conv_block {
  size_t images, rows, columns, groups, taps, terms, outputs;
  ptrdiff_t x_image, x_row, x_column, y_image, y_row, y_column;
  // From a term, an output and a group to the next.
  ptrdiff_t w_term, w_output, w_group;
  // Of each tap.
  const ptrdiff_t *x_tap, *w_tap;
};
// Where groups have fewer than 8 outputs each, w_output is 1 and w_group is `outputs`.
CK_FUNCTION(
    void, ck_conv,
    (int type, const struct ck_conv_block *at, const void *x, const void *w, void *y),
    (type, at, x, w, y))
// The adjoint for w on the same block, from g in y's place: each weight is a chain over the pixels
// in order, from 0 where `fresh`, else from what is there. w_output is 1.
CK_FUNCTION(
    void, ck_conv_weights,
    (int type, const struct ck_conv_block *at, const void *x, const void *g, void *w, int fresh),
    (type, at, x, g, w, fresh))
// Weights [taps, inputs, groups · outputs] as [taps, outputs, groups · inputs].
CK_FUNCTION(
    void, ck_conv_turn,
    (int type, size_t taps, size_t groups, size_t inputs, size_t outputs, const void *w, void *y),
    (type, taps, groups, inputs, outputs, w, y))
// A window of each image with zeros where it leaves the image: `rows` by `columns` pixels of
// `pixel` bytes, `pitch` apart, from (first_row, first_column) on, of images of `height` by `width`
// pixels that are `stride` bytes apart.
CK_FUNCTION(
    void, ck_conv_frame,
    (size_t images, ptrdiff_t rows, ptrdiff_t columns, size_t pixel, size_t pitch,
     ptrdiff_t first_row, ptrdiff_t first_column, ptrdiff_t height, ptrdiff_t width, size_t stride,
     const void *x, void *y),
    (images, rows, columns, pixel, pitch, first_row, first_column, height, width, stride, x, y))
// y = the sum, in order, of `count` parts of n elements each that start `stride` elements apart.
CK_FUNCTION(
    void, ck_add_parts,
    (int type, const void *parts, void *y, size_t count, size_t stride, size_t n),
    (type, parts, y, count, stride, n))

// Pooling of channels-last images (pool.c): along each axis, where every window starts and ends,
// and what its sums are divided by.
struct ck_windows {
  ptrdiff_t rows, columns, channels;
  size_t result_rows, result_columns;
  const ptrdiff_t *row_start, *row_end, *row_size, *column_start, *column_end, *column_size;
};
// A row of the result from an image: the greatest of each window, NaN where there is one; or its
// average.
CK_FUNCTION(
    void, ck_max_pool,
    (int type, const struct ck_windows *at, const void *x, void *y, size_t row),
    (type, at, x, y, row))
CK_FUNCTION(
    void, ck_average_pool,
    (int type, const struct ck_windows *at, const void *x, void *y, size_t row),
    (type, at, x, y, row))
// The adjoints for `count` channels of an image from the channel `first` on. That of the greatest
// goes to the first entry of the window that is it.
CK_FUNCTION(
    void, ck_max_pool_adjoint,
    (int type, const struct ck_windows *at, const void *g, const void *x, void *y, size_t first,
     size_t count),
    (type, at, g, x, y, first, count))
CK_FUNCTION(
    void, ck_average_pool_adjoint,
    (int type, const struct ck_windows *at, const void *g, void *y, size_t first, size_t count),
    (type, at, g, y, first, count))

// Random numbers (random.c): Philox4x32-10 (Salmon et al. 2011), key = seed, counter = (block,
// site, step low, step high). A block of four words gives four f32 elements, or two f64 elements;
// dropout takes one word an element. `first` is the place of the first element among those that
// are drawn together, a multiple of 4.
CK_FUNCTION(void, ck_philox, (uint32_t counter[4], uint64_t seed), (counter, seed))
CK_FUNCTION(
    void, ck_uniform,
    (int type, double low, double high, uint64_t seed, uint32_t site, uint64_t step, void *y,
     size_t first, size_t n),
    (type, low, high, seed, site, step, y, first, n))
CK_FUNCTION(
    void, ck_normal,
    (int type, uint64_t seed, uint32_t site, uint64_t step, void *y, size_t first, size_t n),
    (type, seed, site, step, y, first, n))
// y = x / (1 − rate) where the word is ≥ rate · 2³², else 0. y may be x.
CK_FUNCTION(
    void, ck_dropout,
    (int type, double rate, uint64_t seed, uint32_t site, uint64_t step, const void *x, void *y,
     size_t first, size_t n),
    (type, rate, seed, site, step, x, y, first, n))

// Updates in place (update.c); the rules are those of `UpdateRule`. An element of a gradient is
// held within ±limit first, and then multiplied by `scale`. `decay` is added to it, times the
// parameter; `keep` is what the parameter is multiplied by instead, 1 − lr · decay.
// v may be null where the momentum is 0.
CK_FUNCTION(
    void, ck_sgd,
    (int type, double scale, double limit, double rate, double momentum, int nesterov,
     double decay, void *p, const void *g, void *v, size_t n),
    (type, scale, limit, rate, momentum, nesterov, decay, p, g, v, n))
// `rate` and `root2` hold the bias corrections: rate / (1 − β₁ᵗ), √(1 − β₂ᵗ).
CK_FUNCTION(
    void, ck_adam,
    (int type, double scale, double limit, double rate, double beta1, double beta2,
     double epsilon, double root2, double keep, double decay, void *p, const void *g, void *m,
     void *v, size_t n),
    (type, scale, limit, rate, beta1, beta2, epsilon, root2, keep, decay, p, g, m, v, n))
// b may be null where the momentum is 0.
CK_FUNCTION(
    void, ck_rmsprop,
    (int type, double scale, double limit, double rate, double alpha, double epsilon,
     double momentum, double decay, void *p, const void *g, void *v, void *b, size_t n),
    (type, scale, limit, rate, alpha, epsilon, momentum, decay, p, g, v, b, n))
CK_FUNCTION(
    void, ck_adagrad,
    (int type, double scale, double limit, double rate, double epsilon, double decay, void *p,
     const void *g, void *s, size_t n),
    (type, scale, limit, rate, epsilon, decay, p, g, s, n))
CK_FUNCTION(
    void, ck_lion,
    (int type, double scale, double limit, double rate, double beta1, double beta2, double keep,
     void *p, const void *g, void *m, size_t n),
    (type, scale, limit, rate, beta1, beta2, keep, p, g, m, n))
// One of these rules: what they read beside the gradient, and the parameter with its moments, of
// which those are null that a rule does not have.
enum ck_rule { CK_SGD, CK_ADAM, CK_RMSPROP, CK_ADAGRAD, CK_LION };
struct ck_update {
  int rule, nesterov;
  double scale, limit, rate;
  // Momentum; β₁ and β₂; α and the momentum.
  double first, second;
  double epsilon, root, keep, decay;
  void *p, *m, *v;
};
// The update of n elements from the `start`th on; g starts with theirs.
CK_FUNCTION(
    void, ck_update,
    (int type, const struct ck_update *update, const void *g, size_t start, size_t n),
    (type, update, g, start, n))

// What follows in a group (tail.c): each part computes from what the part before it made, and from
// another operand, whose elements lie `row` and `column` apart in rows and columns of the whole.
// Of a function of two operands the piece is the first where `first`; of an adjoint, it is g then.
// The other operand lies `start` bytes into the `place`th of the places that a piece names; below 0
// it is the number.
enum ck_part_kind {
  CK_PART_UNARY, CK_PART_ADJOINT, CK_PART_BINARY, CK_PART_ACCUMULATE,
  CK_PART_ACCUMULATE_IN_PLACE, CK_PART_UPDATE
};
struct ck_part {
  int16_t kind, op, first, column;
  int32_t place;
  ptrdiff_t start, row;
  double number;
};
// A piece of a matrix: rows and columns from a row and a column of the whole on; where it lies, and
// elements from row to row; whether it may be written over; the whole that is written last, null
// where the last part writes in place, and elements from row to row of that; the places that parts
// read in.
struct ck_piece {
  const void *from;
  ptrdiff_t pitch;
  int is_tile;
  void *result;
  ptrdiff_t result_pitch;
  size_t row, column, rows, columns;
  void *const *places;
};
// All parts in turn; f32 and f64. `update` may be null where no part updates.
CK_FUNCTION(
    void, ck_tail,
    (int type, const struct ck_part *parts, size_t count, const struct ck_update *update,
     double share, const struct ck_piece *at),
    (type, parts, count, update, share, at))
// The same for a piece of a product, which goes to a tile of at most so many bytes on the thread's
// stack: operands as those of `ck_product`, where the rows and columns of the piece begin. `from`,
// `pitch` and `is_tile` of the piece are not read.
#define CK_TILE_BYTES (192 << 10)
struct ck_factors {
  size_t terms;
  const void *a;
  ptrdiff_t a_row, a_term;
  const void *b;
  ptrdiff_t b_term, b_column;
};
CK_FUNCTION(
    void, ck_product_tail,
    (int type, const struct ck_factors *factors, const struct ck_part *parts, size_t count,
     const struct ck_update *update, double share, const struct ck_piece *at),
    (type, factors, parts, count, update, share, at))
// y = s + share · g. y may be s or g.
CK_FUNCTION(
    void, ck_accumulate,
    (int type, double share, const void *s, const void *g, void *y, size_t n),
    (type, share, s, g, y, n))
// The sum of the squares of such elements.
CK_FUNCTION(
    double, ck_squares,
    (int type, double scale, double limit, const void *x, size_t n), (type, scale, limit, x, n))
// Adafactor's second moments, which go the part `weight` of the way to the squares of g: of each
// element, of a row of n elements, and of `count` columns from `start` of `rows` rows. Each column
// is summed in the order of the rows, however the columns are shared out.
CK_FUNCTION(
    void, ck_adafactor_moment,
    (int type, double scale, double limit, double weight, const void *g, void *v, size_t n),
    (type, scale, limit, weight, g, v, n))
CK_FUNCTION(
    void, ck_adafactor_row,
    (int type, double scale, double limit, double weight, const void *g, void *row, size_t n),
    (type, scale, limit, weight, g, row, n))
CK_FUNCTION(
    void, ck_adafactor_columns,
    (int type, double scale, double limit, double weight, const void *g, void *v, size_t rows,
     size_t size, size_t start, size_t count),
    (type, scale, limit, weight, g, v, rows, size, start, count))
// The mean of the moments of rows; at least the type's precision.
CK_FUNCTION(double, ck_adafactor_mean, (int type, const void *rows, size_t n), (type, rows, n))
// Of a row of steps u = g / √(row · v / mean), of which the root's square is at least that of the
// type's precision: the sum of their squares, and p = keep · p − rate · u. Without a row (null) its
// moment is 1.
CK_FUNCTION(
    double, ck_adafactor_squares,
    (int type, double scale, double limit, double mean, const void *g, const void *row,
     const void *v, size_t n),
    (type, scale, limit, mean, g, row, v, n))
CK_FUNCTION(
    void, ck_adafactor,
    (int type, double scale, double limit, double rate, double keep, double mean, void *p,
     const void *g, const void *row, const void *v, size_t n),
    (type, scale, limit, rate, keep, mean, p, g, row, v, n))
