// Elementwise functions of two operands with broadcasting.
#include "common.h"
#include "short.h"
#include <math.h>

#pragma clang fp contract(off)

// One row: each operand either moves along it or stays. What is done for each element is a
// statement.
#define ROW_OF(LOOP, T, each) \
  if (sa && sb) { \
    LOOP for (size_t i = 0; i < n; i++) { T p = a[i], q = b[i]; each; } \
  } else if (sa) { \
    T q = *b; \
    LOOP for (size_t i = 0; i < n; i++) { T p = a[i]; each; } \
  } else { \
    T p = *a; \
    LOOP for (size_t i = 0; i < n; i++) { T q = b[i]; each; } \
  }
#define ROW(LOOP, T, f) \
  ROW_OF(LOOP, T, y[i] = f) \
  break
#define NO_PRAGMA

#define COMPARISONS(T) \
  { \
    u8 *y = py; \
    switch (op) { \
    case CK_EQUAL: ROW(LOOP, T, p == q); \
    case CK_NOT_EQUAL: ROW(LOOP, T, p != q); \
    case CK_LESS: ROW(LOOP, T, p < q); \
    case CK_LESS_OR_EQUAL: ROW(LOOP, T, p <= q); \
    case CK_GREATER: ROW(LOOP, T, p > q); \
    case CK_GREATER_OR_EQUAL: ROW(LOOP, T, p >= q); \
    } \
  }

#define EACH_ROW(T, f) \
  for (size_t r = 0; r < rows; r++, a += a_row, y += y_row) \
    LOOP for (size_t i = 0; i < n; i++) { T p = a[i], q = b[i]; y[i] = f; } \
  return 1

#define FLOATING(T, pow, fmod, floor, copysign) \
  INLINE T remainder_##T(T p, T q) { \
    T r = fmod(p, q); \
    if (r != 0) return (q < 0) != (r < 0) ? r + q : r; \
    return copysign(r, q); \
  } \
  INLINE T floor_divide_##T(T p, T q) { \
    if (q == 0) return p / q; \
    T r = fmod(p, q), d = (p - r) / q; \
    if (r != 0 && (q < 0) != (r < 0)) d -= 1; \
    if (d == 0) return copysign((T)0, p / q); \
    T whole = floor(d); \
    return d - whole > (T)0.5 ? whole + 1 : whole; \
  } \
  static void ck_binary_row_##T( \
      int op, const void *pa, ptrdiff_t sa, const void *pb, ptrdiff_t sb, void *py, size_t n) { \
    const T *a = pa, *b = pb; \
    T *y = py; \
    switch (op) { \
    case CK_ADD: ROW(LOOP, T, p + q); \
    case CK_SUBTRACT: ROW(LOOP, T, p - q); \
    case CK_MULTIPLY: ROW(LOOP, T, p *q); \
    case CK_DIVIDE: ROW(LOOP, T, p / q); \
    case CK_POWER: ROW(NO_PRAGMA, T, pow(p, q)); \
    case CK_MINIMUM: ROW(LOOP, T, (p < q || p != p) ? p : q); \
    case CK_MAXIMUM: ROW(LOOP, T, (p > q || p != p) ? p : q); \
    case CK_FLOOR_DIVIDE: ROW(NO_PRAGMA, T, floor_divide_##T(p, q)); \
    case CK_REMAINDER: ROW(NO_PRAGMA, T, remainder_##T(p, q)); \
    default: COMPARISONS(T) \
    } \
  } \
  static int binary_rows_##T( \
      int op, const void *pa, ptrdiff_t a_row, const void *pb, int first, void *py, \
      ptrdiff_t y_row, size_t rows, size_t n) { \
    const T *a = pa, *b = pb; \
    T *y = py; \
    switch (op) { \
    case CK_ADD: EACH_ROW(T, p + q); \
    case CK_SUBTRACT: \
      if (first) { EACH_ROW(T, p - q); } \
      EACH_ROW(T, q - p); \
    case CK_MULTIPLY: EACH_ROW(T, p *q); \
    } \
    return 0; \
  }

FLOATING(f32, powf, fmodf, floorf, copysignf)
FLOATING(f64, pow, fmod, floor, copysign)

// Rows of `n` elements, in both tensors so many apart, of which each meets the row `b`; it comes
// second where `first` is true. False, and nothing done, where no loop is written for the
// operation: row by row is then as fast.
static int binary_rows(
    int op, int type, const void *a, ptrdiff_t a_row, const void *b, int first, void *y,
    ptrdiff_t y_row, size_t rows, size_t n) {
  return type == CK_F64 ? binary_rows_f64(op, a, a_row, b, first, y, y_row, rows, n)
                        : binary_rows_f32(op, a, a_row, b, first, y, y_row, rows, n);
}

// A row of integers, computed in 64 bits: what does not fit 32 of them is told.
#define WIDE(LOOP, f) \
  { \
    uint64_t lost = 0; \
    ROW_OF(LOOP, int64_t, int64_t v = f; y[i] = (int32_t)v; lost |= (uint64_t)(v - (int32_t)v)) \
    return lost ? CK_OVERFLOW : CK_NO_FAULT; \
  }

// A row of quotients or remainders; 0 where one would divide by zero, which is told.
#define DIVIDED(f) \
  { \
    int zero = 0; \
    uint64_t lost = 0; \
    ROW_OF( \
        NO_PRAGMA, int64_t, zero |= q == 0; int64_t v = q == 0 ? 0 : (f); y[i] = (int32_t)v; \
        lost |= (uint64_t)(v - (int32_t)v)) \
    return zero ? CK_DIVISION_BY_ZERO : lost ? CK_OVERFLOW : CK_NO_FAULT; \
  }

INLINE int64_t floor_divide_i32(int64_t p, int64_t q) {
  int64_t d = p / q, r = p % q;
  return r != 0 && (r < 0) != (q < 0) ? d - 1 : d;
}

INLINE int64_t remainder_i32(int64_t p, int64_t q) {
  int64_t r = p % q;
  return r != 0 && (r < 0) != (q < 0) ? r + q : r;
}

static int ck_binary_row_i32(
    int op, const void *pa, ptrdiff_t sa, const void *pb, ptrdiff_t sb, void *py, size_t n) {
  const i32 *a = pa, *b = pb;
  i32 *y = py;
  switch (op) {
  case CK_ADD: WIDE(LOOP, p + q)
  case CK_SUBTRACT: WIDE(LOOP, p - q)
  case CK_MULTIPLY: WIDE(LOOP, p * q)
  case CK_FLOOR_DIVIDE: DIVIDED(floor_divide_i32(p, q))
  case CK_REMAINDER: DIVIDED(remainder_i32(p, q))
  case CK_MINIMUM: ROW(LOOP, i32, p < q ? p : q);
  case CK_MAXIMUM: ROW(LOOP, i32, p > q ? p : q);
  default: COMPARISONS(i32)
  }
  return CK_NO_FAULT;
}

// What an i64 does not hold is told, as for i32.
#define LONG(f) \
  { \
    int lost = 0; \
    ROW_OF( \
        NO_PRAGMA, int64_t, int64_t v = 0; lost |= f(p, q, &v) || v > LONG_LIMIT || \
        v < -LONG_LIMIT; y[i] = v) \
    return lost ? CK_OVERFLOW : CK_NO_FAULT; \
  }
#define LONG_LIMIT ((int64_t)1 << 53)

#define LONG_DIVIDED(f) \
  { \
    int zero = 0; \
    ROW_OF(NO_PRAGMA, int64_t, zero |= q == 0; y[i] = q == 0 ? 0 : (f)) \
    return zero ? CK_DIVISION_BY_ZERO : CK_NO_FAULT; \
  }

static int ck_binary_row_i64(
    int op, const void *pa, ptrdiff_t sa, const void *pb, ptrdiff_t sb, void *py, size_t n) {
  const i64 *a = pa, *b = pb;
  i64 *y = py;
  switch (op) {
  case CK_ADD: LONG(__builtin_add_overflow)
  case CK_SUBTRACT: LONG(__builtin_sub_overflow)
  case CK_MULTIPLY: LONG(__builtin_mul_overflow)
  case CK_FLOOR_DIVIDE: LONG_DIVIDED(floor_divide_i32(p, q))
  case CK_REMAINDER: LONG_DIVIDED(remainder_i32(p, q))
  case CK_MINIMUM: ROW(LOOP, i64, p < q ? p : q);
  case CK_MAXIMUM: ROW(LOOP, i64, p > q ? p : q);
  default: COMPARISONS(i64)
  }
  return CK_NO_FAULT;
}

// A row of short floats, a tile at a time; an operand that does not move is f32 in its tile.
static void binary_row_short(
    int op, int type, const u16 *a, ptrdiff_t sa, const u16 *b, ptrdiff_t sb, void *py, size_t n) {
  f32 left[SHORT_TILE], right[SHORT_TILE], tile[SHORT_TILE];
  if (!sa) widen(type, a, left, 1);
  if (!sb) widen(type, b, right, 1);
  SHORT_TILES({
    if (sa) widen(type, a + i, left, count);
    if (sb) widen(type, b + i, right, count);
    if (op >= CK_EQUAL) {
      ck_binary_row_f32(op, left, sa, right, sb, (u8 *)py + i, count);
    } else {
      ck_binary_row_f32(op, left, sa, right, sb, tile, count);
      narrow(type, tile, (u16 *)py + i, count);
    }
  })
}

void IN_SET(ck_scalar_short)(
    int op, int type, const void *px, double number, int first, void *py, size_t n) {
  const u16 *x = px;
  f32 constant = (float)number, tile[SHORT_TILE];
  SHORT_TILES({
    f32 *y = tile;
    widen(type, x + i, tile, count);
    u8 *truths = (u8 *)py + i;
    void *to = op >= CK_EQUAL ? (void *)truths : y;
    if (first)
      ck_binary_row_f32(op, &constant, 0, tile, 1, to, count);
    else
      ck_binary_row_f32(op, tile, 1, &constant, 0, to, count);
    if (op < CK_EQUAL) narrow(type, tile, (u16 *)py + i, count);
  })
}

// Visits the rows in order; gives the place after the last element written, and the first fault.
static char *binary_walk(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sa, const ptrdiff_t *sb,
    const char *a, const char *b, char *y, int *fault) {
  size_t width = width_of(type);
  if (rank == 1) {
    size_t n = (size_t)lengths[0];
    int found = CK_NO_FAULT;
    BY_TYPE(
        type, ck_binary_row_f32(op, a, sa[0], b, sb[0], y, n),
        ck_binary_row_f64(op, a, sa[0], b, sb[0], y, n),
        found = ck_binary_row_i32(op, a, sa[0], b, sb[0], y, n),
        found = ck_binary_row_i64(op, a, sa[0], b, sb[0], y, n), )
    if (is_short(type))
      binary_row_short(op, type, (const u16 *)a, sa[0], (const u16 *)b, sb[0], y, n);
    if (*fault == CK_NO_FAULT) *fault = found;
    return y + n * (op >= CK_EQUAL ? sizeof(u8) : width);
  }
  for (ptrdiff_t i = 0; i < lengths[0]; i++) {
    y = binary_walk(op, type, rank - 1, lengths + 1, sa + 1, sb + 1, a, b, y, fault);
    a += sa[0] * (ptrdiff_t)width;
    b += sb[0] * (ptrdiff_t)width;
  }
  return y;
}

int IN_SET(ck_binary_walk)(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sa, const ptrdiff_t *sb,
    const void *a, const void *b, void *y) {
  int fault = CK_NO_FAULT;
  binary_walk(op, type, rank, lengths, sa, sb, a, b, y, &fault);
  return fault;
}
