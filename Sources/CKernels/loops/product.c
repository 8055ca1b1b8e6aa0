// Matrix products: tiles of the result that fill the vector registers, of which each element is one
// chain of fused multiply-adds over the terms in order. How wide a vector is, how many rows a tile
// has, where blocks of terms end and which part of a product is asked for changes no bit.
//
// The way is that of Goto & van de Geijn 2008: a panel of the right operand, CK_TERMS by two
// vectors, is copied to where the cache of first level keeps it, and meets all rows of the left
// one, which is copied only where it is large.
#include "CKernels.h"
#include "CMemory.h"
#include "common.h"
#include <stdlib.h>
#include <string.h>

#pragma clang fp contract(off)

// Terms of a panel; vectors of the widest tile; bytes of the left operand that stay in the cache of
// second level.
#define CK_TERMS 256
#define CK_TILE_VECTORS 8
#define CK_LEFT_BYTES (1 << 19)

#define EACH _Pragma("clang loop unroll(full)")

#if defined(__FP_FAST_FMA) || defined(__FMA__) || CK_HAS_FMA
#define FMA_f32 __builtin_elementwise_fma
#define FMA_f64 __builtin_elementwise_fma
#else
typedef f32 lanes32 __attribute__((vector_size(CK_VECTOR)));
typedef f64 lanes64 __attribute__((vector_size(CK_VECTOR)));

// a · b + c rounded once, on processors that have no such instruction. The product is exact in
// double precision; the sum's last bit is set where it lost something ("round to odd", Boldo &
// Melquiond 2008), so that rounding it to single precision gives what rounding the exact sum does.
INLINE lanes32 FMA_f32(lanes32 a, lanes32 b, lanes32 c) {
  typedef double wide __attribute__((vector_size(2 * CK_VECTOR)));
  typedef int64_t words __attribute__((vector_size(2 * CK_VECTOR)));
  wide p = __builtin_convertvector(a, wide) * __builtin_convertvector(b, wide);
  wide z = __builtin_convertvector(c, wide), s = p + z, t = s - p;
  wide lost = (p - (s - t)) + (z - t);  // exactly p + z − s (Møller, Knuth)
  words bits = (words)s, inexact = (lost > 0) | (lost < 0), away = (lost > 0) == (s > 0);
  bits += inexact & ((bits & 1) - 1) & ((away & 2) - 1);
  return __builtin_convertvector((wide)bits, lanes32);
}

INLINE lanes64 FMA_f64(lanes64 a, lanes64 b, lanes64 c) {
  for (size_t i = 0; i < CK_VECTOR / sizeof(f64); i++) c[i] = __builtin_fma(a[i], b[i], c[i]);
  return c;
}
#endif

#define T f32
#define NAME(name) name##_f32
#define FMA FMA_f32
#define TURN_BY_FOUR 1
#include "product_template.h"
#undef T
#undef NAME
#undef FMA
#undef TURN_BY_FOUR

#define T f64
#define NAME(name) name##_f64
#define FMA FMA_f64
#define TURN_BY_FOUR 0
#include "product_template.h"
#undef T
#undef NAME
#undef FMA
#undef TURN_BY_FOUR

static void multiply_i32(
    size_t m, size_t n, size_t k, const i32 *a, ptrdiff_t a_row, ptrdiff_t a_term, const i32 *b,
    ptrdiff_t b_term, ptrdiff_t b_column, i32 *y, ptrdiff_t y_row) {
  for (size_t i = 0; i < m; i++, a += a_row, y += y_row) {
    memset(y, 0, n * sizeof(i32));
    for (size_t p = 0; p < k; p++) {
      uint32_t v = (uint32_t)a[(ptrdiff_t)p * a_term];
      const i32 *row = b + (ptrdiff_t)p * b_term;
      for (size_t j = 0; j < n; j++)
        y[j] = (int32_t)((uint32_t)y[j] + v * (uint32_t)row[(ptrdiff_t)j * b_column]);
    }
  }
}

void IN_SET(ck_product)(
    int type, size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_term,
    const void *b, ptrdiff_t b_term, ptrdiff_t b_column, void *y, ptrdiff_t y_row) {
  struct places_f32 singles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 0};
  struct places_f64 doubles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 0};
  BY_TYPE(
      type, multiply_f32(&singles, m, n, k), multiply_f64(&doubles, m, n, k),
      multiply_i32(m, n, k, a, a_row, a_term, b, b_term, b_column, y, y_row), )
}

void IN_SET(ck_product_add)(
    int type, size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_term,
    const void *b, ptrdiff_t b_term, ptrdiff_t b_column, void *y, ptrdiff_t y_row) {
  struct places_f32 singles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 1};
  struct places_f64 doubles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 1};
  BY_FLOAT(type, multiply_f32(&singles, m, n, k), multiply_f64(&doubles, m, n, k))
}
