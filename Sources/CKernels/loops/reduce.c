// Reductions over any axes, and the index of an extreme.
#include "rowloops.h"

#pragma clang fp contract(off)

#define COLUMNS 128
#define ROWS 32

// For what is called in pieces, and does not ask itself.
static const int32_t never = 0;


#define BETTER(T, beats) \
  for (size_t r = 0; r < rows; r++) { \
    const T *row = x + r * columns; \
    LOOP for (size_t c = 0; c < columns; c++) { \
      T v = row[c], best = y[c]; \
      y[c] = (v beats best || v != v) ? v : best; \
    } \
  }

// y[c] op= x[0, c] op x[1, c] …: tiles of columns, sums of 32 rows added in double precision.
#define COLUMNS_OF(T) \
  static void ck_reduce_columns_##T(int op, const T *x, T *y, size_t rows, size_t columns) { \
    if (op == CK_MAX) { BETTER(T, >) return; } \
    if (op == CK_MIN) { BETTER(T, <) return; } \
    for (size_t c0 = 0; c0 < columns; c0 += COLUMNS) { \
      size_t width = columns - c0 < COLUMNS ? columns - c0 : COLUMNS; \
      double total[COLUMNS] = {0}; \
      for (size_t r0 = 0; r0 < rows; r0 += ROWS) { \
        size_t end = rows - r0 < ROWS ? rows : r0 + ROWS; \
        T part[COLUMNS] = {0}; \
        for (size_t r = r0; r < end; r++) { \
          const T *row = x + r * columns + c0; \
          for (size_t c = 0; c < width; c++) part[c] += row[c]; \
        } \
        for (size_t c = 0; c < width; c++) total[c] += (double)part[c]; \
      } \
      for (size_t c = 0; c < width; c++) y[c0 + c] = (T)((double)y[c0 + c] + total[c]); \
    } \
  } \
  static void ck_reduce_row_##T(int op, const T *x, T *y, size_t n) { \
    T v; \
    switch (op) { \
    case CK_SUM: *y = (T)((double)*y + sum_row_##T(x, n, &never)); return; \
    case CK_MAX: v = max_row_##T(x, n, *y, &never); *y = v; return; \
    default: v = min_row_##T(x, n, *y, &never); *y = v; return; \
    } \
  }

COLUMNS_OF(f32)
COLUMNS_OF(f64)

// Sums of integers are `ck_sum_i32`'s.
static void ck_reduce_columns_i32(int op, const i32 *x, i32 *y, size_t rows, size_t columns) {
  if (op == CK_MAX) {
    BETTER(i32, >)
  } else {
    BETTER(i32, <)
  }
}

static void ck_reduce_row_i32(int op, const i32 *x, i32 *y, size_t n) {
  *y = op == CK_MAX ? max_row_i32(x, n, *y, &never) : min_row_i32(x, n, *y, &never);
}

static void reduce_columns(int op, int type, const void *x, void *y, size_t rows, size_t columns) {
  BY_TYPE(
      type, ck_reduce_columns_f32(op, x, y, rows, columns),
      ck_reduce_columns_f64(op, x, y, rows, columns),
      ck_reduce_columns_i32(op, x, y, rows, columns), )
}

// Visits x in order; gives the place after the last element read.
static const char *reduce_walk(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sy, const char *x,
    char *y) {
  size_t width = width_of(type), n = (size_t)lengths[0];
  if (rank == 1) {
    if (sy[0])
      reduce_columns(op, type, x, y, 1, n);
    else
      BY_TYPE(
          type, ck_reduce_row_f32(op, (const f32 *)x, (f32 *)y, n),
          ck_reduce_row_f64(op, (const f64 *)x, (f64 *)y, n),
          ck_reduce_row_i32(op, (const i32 *)x, (i32 *)y, n), )
    return x + n * width;
  }
  if (rank == 2 && sy[0] == 0 && sy[1] != 0) {
    reduce_columns(op, type, x, y, n, (size_t)lengths[1]);
    return x + n * (size_t)lengths[1] * width;
  }
  for (size_t i = 0; i < n; i++) {
    x = reduce_walk(op, type, rank - 1, lengths + 1, sy + 1, x, y);
    y += sy[0] * (ptrdiff_t)width;
  }
  return x;
}

void IN_SET(ck_reduce_walk)(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sy, const void *x,
    void *y) {
  reduce_walk(op, type, rank, lengths, sy, x, y);
}

// The sum of what lies at these strides from x on.
static int64_t sum_at(
    int rank, const ptrdiff_t *lengths, const ptrdiff_t *sx, const i32 *x, stop_word stop) {
  int64_t sum = 0;
  if (rank == 0) return *x;
  if (rank == 1)
    IN_STRETCHES(from, to, (size_t)lengths[0])
      for (size_t i = from; i < to; i++) sum += x[(ptrdiff_t)i * sx[0]];
  else
    for (ptrdiff_t i = 0; i < lengths[0] && !*stop; i++)
      sum += sum_at(rank - 1, lengths + 1, sx + 1, x + i * sx[0], stop);
  return sum;
}

// Visits the places of y in order; gives the place after the last written, and the first fault.
static i32 *sum_walk(
    int kept, const ptrdiff_t *lengths, const ptrdiff_t *sx, int rank,
    const ptrdiff_t *summed, const ptrdiff_t *ss, const i32 *x, i32 *y, int *fault,
    stop_word stop) {
  if (kept == 0) {
    int64_t sum = sum_at(rank, summed, ss, x, stop);
    if (sum != (int32_t)sum) *fault = CK_OVERFLOW;
    *y = (int32_t)sum;
    return y + 1;
  }
  for (ptrdiff_t i = 0; i < lengths[0] && !*stop; i++)
    y = sum_walk(kept - 1, lengths + 1, sx + 1, rank, summed, ss, x + i * sx[0], y, fault, stop);
  return y;
}

int IN_SET(ck_sum_i32)(
    int kept, const ptrdiff_t *lengths, const ptrdiff_t *sx, int rank, const ptrdiff_t *summed,
    const ptrdiff_t *ss, const void *x, void *y, stop_word stop) {
  int fault = CK_NO_FAULT;
  sum_walk(kept, lengths, sx, rank, summed, ss, x, y, &fault, stop);
  // Half a sum may be too large where the whole is not.
  return *stop ? CK_NO_FAULT : fault;
}

#define DIVIDE(T) \
  { \
    T *y = py, by = (T)count; \
    LOOP for (size_t i = 0; i < n; i++) y[i] = y[i] / by; \
  }

void IN_SET(ck_divide_by_count)(int type, void *py, size_t n, double count) {
  BY_FLOAT(type, DIVIDE(f32), DIVIDE(f64))
}

// For one row: the extreme, then the first place that holds it.
#define ARG(T, max_identity, min_identity) \
  static void ck_arg_row_##T(int least, const T *x, i32 *y, size_t n, stop_word stop) { \
    T best = \
        least ? min_row_##T(x, n, min_identity, stop) : max_row_##T(x, n, max_identity, stop); \
    *y = 0; \
    IN_STRETCHES(from, to, n) { \
      size_t i = from; \
      if (best != best) \
        while (i < to && x[i] == x[i]) i++; \
      else \
        while (i < to && x[i] != best) i++; \
      if (i == to) continue; \
      *y = (int32_t)i; \
      return; \
    } \
  } \
  static void ck_arg_columns_##T( \
      int least, const T *x, i32 *y, size_t length, size_t inner, stop_word stop) { \
    for (size_t c0 = 0; c0 < inner && !*stop; c0 += COLUMNS) { \
      size_t width = inner - c0 < COLUMNS ? inner - c0 : COLUMNS; \
      T best[COLUMNS]; \
      for (size_t c = 0; c < width; c++) { \
        y[c0 + c] = 0; \
        if (length) best[c] = x[c0 + c]; \
      } \
      for (size_t r = 1; r < length && !*stop; r++) \
        for (size_t c = 0; c < width; c++) { \
          T v = x[r * inner + c0 + c]; \
          int wins = ((least ? v < best[c] : v > best[c]) || v != v) && best[c] == best[c]; \
          best[c] = wins ? v : best[c]; \
          y[c0 + c] = wins ? (int32_t)r : y[c0 + c]; \
        } \
    } \
  }

ARG(f32, -INFINITY, INFINITY)
ARG(f64, -INFINITY, INFINITY)
ARG(i32, INT32_MIN, INT32_MAX)

#define ARG_ALL(T) \
  { \
    const T *x = px; \
    for (size_t o = 0; o < outer && !*stop; o++) { \
      if (inner == 1) \
        ck_arg_row_##T(least, x, y, length, stop); \
      else \
        ck_arg_columns_##T(least, x, y, length, inner, stop); \
      x += length * inner; \
      y += inner; \
    } \
  }

void IN_SET(ck_arg_reduce)(
    int type, int least, const void *px, int32_t *y, size_t outer, size_t length, size_t inner,
    stop_word stop) {
  BY_TYPE(type, ARG_ALL(f32), ARG_ALL(f64), ARG_ALL(i32), )
}
