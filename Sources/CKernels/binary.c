// Elementwise functions of two operands with broadcasting.
#include "CKernels.h"
#include "clones.h"
#include <math.h>

#pragma clang fp contract(off)

// One row: each operand either moves along it or stays.
#define ROW(LOOP, T, f) \
  if (sa && sb) { \
    LOOP for (size_t i = 0; i < n; i++) { T p = a[i], q = b[i]; y[i] = f; } \
  } else if (sa) { \
    T q = *b; \
    LOOP for (size_t i = 0; i < n; i++) { T p = a[i]; y[i] = f; } \
  } else { \
    T p = *a; \
    LOOP for (size_t i = 0; i < n; i++) { T q = b[i]; y[i] = f; } \
  } \
  break
#define NO_PRAGMA

#define COMPARISONS(T) \
  { \
    i32 *y = py; \
    switch (op) { \
    case CK_EQUAL: ROW(LOOP, T, p == q); \
    case CK_NOT_EQUAL: ROW(LOOP, T, p != q); \
    case CK_LESS: ROW(LOOP, T, p < q); \
    case CK_LESS_OR_EQUAL: ROW(LOOP, T, p <= q); \
    case CK_GREATER: ROW(LOOP, T, p > q); \
    case CK_GREATER_OR_EQUAL: ROW(LOOP, T, p >= q); \
    } \
  }

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
  CLONES void ck_binary_row_##T( \
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
  }

FLOATING(f32, powf, fmodf, floorf, copysignf)
FLOATING(f64, pow, fmod, floor, copysign)

INLINE int32_t wrapped(uint32_t v) { return (int32_t)v; }

INLINE int32_t floor_divide_i32(int32_t p, int32_t q) {
  if (q == 0) return 0;
  if (q == -1) return wrapped(0u - (uint32_t)p);
  int32_t d = p / q, r = p % q;
  return r != 0 && (r < 0) != (q < 0) ? d - 1 : d;
}

INLINE int32_t remainder_i32(int32_t p, int32_t q) {
  if (q == 0 || q == -1) return 0;
  int32_t r = p % q;
  return r != 0 && (r < 0) != (q < 0) ? r + q : r;
}

INLINE int32_t power_i32(int32_t p, int32_t q) {
  if (q < 0) return p == 1 ? 1 : p == -1 ? (q & 1 ? -1 : 1) : 0;
  uint32_t base = (uint32_t)p, result = 1;
  for (uint32_t e = (uint32_t)q; e; e >>= 1) {
    if (e & 1) result *= base;
    base *= base;
  }
  return wrapped(result);
}

CLONES void ck_binary_row_i32(
    int op, const void *pa, ptrdiff_t sa, const void *pb, ptrdiff_t sb, void *py, size_t n) {
  const i32 *a = pa, *b = pb;
  i32 *y = py;
  switch (op) {
  case CK_ADD: ROW(LOOP, i32, wrapped((uint32_t)p + (uint32_t)q));
  case CK_SUBTRACT: ROW(LOOP, i32, wrapped((uint32_t)p - (uint32_t)q));
  case CK_MULTIPLY: ROW(LOOP, i32, wrapped((uint32_t)p * (uint32_t)q));
  case CK_DIVIDE:
  case CK_FLOOR_DIVIDE: ROW(NO_PRAGMA, i32, floor_divide_i32(p, q));
  case CK_POWER: ROW(NO_PRAGMA, i32, power_i32(p, q));
  case CK_MINIMUM: ROW(LOOP, i32, p < q ? p : q);
  case CK_MAXIMUM: ROW(LOOP, i32, p > q ? p : q);
  case CK_REMAINDER: ROW(NO_PRAGMA, i32, remainder_i32(p, q));
  default: COMPARISONS(i32)
  }
}

// Visits the rows in order; gives the place after the last element written.
static char *walk(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sa, const ptrdiff_t *sb,
    const char *a, const char *b, char *y) {
  size_t width = width_of(type);
  if (rank == 1) {
    size_t n = (size_t)lengths[0];
    BY_TYPE(
        type, ck_binary_row_f32(op, a, sa[0], b, sb[0], y, n),
        ck_binary_row_f64(op, a, sa[0], b, sb[0], y, n),
        ck_binary_row_i32(op, a, sa[0], b, sb[0], y, n))
    return y + n * (op >= CK_EQUAL ? sizeof(i32) : width);
  }
  for (ptrdiff_t i = 0; i < lengths[0]; i++) {
    y = walk(op, type, rank - 1, lengths + 1, sa + 1, sb + 1, a, b, y);
    a += sa[0] * (ptrdiff_t)width;
    b += sb[0] * (ptrdiff_t)width;
  }
  return y;
}

void ck_binary_walk(
    int op, int type, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sa, const ptrdiff_t *sb,
    const void *a, const void *b, void *y) {
  walk(op, type, rank, lengths, sa, sb, a, b, y);
}
