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
#include "short.h"
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#pragma clang fp contract(off)

// Terms of a panel; vectors of the widest tile; bytes of the left operand that stay in the cache of
// second level.
#define CK_TERMS 256
#define CK_TILE_VECTORS 8
#define CK_LEFT_BYTES (1 << 19)

// Room for rows of the left operand. A few such blocks stay for the products that come next: one
// that is asked for anew costs a fault for each of its pages.
static _Atomic(void *) left_blocks[4];

static void *take_left_block(void) {
  for (size_t i = 0; i < sizeof left_blocks / sizeof *left_blocks; i++) {
    void *block = atomic_exchange(&left_blocks[i], (void *)0);
    if (block) return block;
  }
  return cm_ask(CK_LEFT_BYTES);
}

static void leave_left_block(void *block) {
  for (size_t i = 0; block && i < sizeof left_blocks / sizeof *left_blocks; i++) {
    void *none = 0;
    if (atomic_compare_exchange_strong(&left_blocks[i], &none, block)) return;
  }
  free(block);
}

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

// Rows, columns and terms of the blocks that short floats are multiplied in: 80 KiB of f32.
#define SHORT_ROWS 64
#define SHORT_COLUMNS 64
#define SHORT_TERMS 128

// Copies a block to f32, line by line: `count` lines of `length` numbers, the lines along the axis
// whose numbers are neighbours. Gives the strides along the first and the second axis of the copy.
INLINE void copy_block(
    int type, const u16 *x, ptrdiff_t first, ptrdiff_t second, size_t firsts, size_t seconds,
    f32 *y, ptrdiff_t *y_first, ptrdiff_t *y_second) {
  if (second == 1) {
    for (size_t i = 0; i < firsts; i++)
      widen(type, x + (ptrdiff_t)i * first, y + i * seconds, seconds);
    *y_first = (ptrdiff_t)seconds;
    *y_second = 1;
  } else {
    for (size_t j = 0; j < seconds; j++)
      for (size_t i = 0; i < firsts; i += SHORT_TILE)
        if (first == 1)
          widen(
              type, x + (ptrdiff_t)j * second + (ptrdiff_t)i, y + j * firsts + i,
              firsts - i < SHORT_TILE ? firsts - i : SHORT_TILE);
        else
          for (size_t l = i; l < firsts && l < i + SHORT_TILE; l++)
            widen(
                type, x + (ptrdiff_t)j * second + (ptrdiff_t)l * first, y + j * firsts + l, 1);
    *y_first = 1;
    *y_second = (ptrdiff_t)firsts;
  }
}

// A block of the result is added up in f32, in the order of its terms, and rounded once.
static void multiply_short(
    int type, size_t m, size_t n, size_t k, const u16 *a, ptrdiff_t a_row, ptrdiff_t a_term,
    const u16 *b, ptrdiff_t b_term, ptrdiff_t b_column, u16 *y, ptrdiff_t y_row) {
  _Alignas(64) f32 left[SHORT_ROWS * SHORT_TERMS];
  _Alignas(64) f32 right[SHORT_TERMS * SHORT_COLUMNS];
  _Alignas(64) f32 sums[SHORT_ROWS * SHORT_COLUMNS];
  for (size_t i = 0; i < m; i += SHORT_ROWS) {
    size_t rows = m - i < SHORT_ROWS ? m - i : SHORT_ROWS;
    for (size_t j = 0; j < n; j += SHORT_COLUMNS) {
      size_t columns = n - j < SHORT_COLUMNS ? n - j : SHORT_COLUMNS;
      for (size_t p = 0; p < k; p += SHORT_TERMS) {
        size_t terms = k - p < SHORT_TERMS ? k - p : SHORT_TERMS;
        struct places_f32 at = {left, 0, 0, right, 0, 0, sums, SHORT_COLUMNS, 1, p > 0};
        copy_block(
            type, a + (ptrdiff_t)i * a_row + (ptrdiff_t)p * a_term, a_row, a_term, rows, terms,
            left, &at.left_row, &at.left_term);
        copy_block(
            type, b + (ptrdiff_t)p * b_term + (ptrdiff_t)j * b_column, b_term, b_column, terms,
            columns, right, &at.right_term, &at.right_column);
        multiply_f32(&at, rows, columns, terms);
      }
      for (size_t r = 0; r < rows; r++)
        narrow(
            type, sums + r * SHORT_COLUMNS, y + (ptrdiff_t)(i + r) * y_row + (ptrdiff_t)j, columns);
    }
  }
}

void IN_SET(ck_product)(
    int type, size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_term,
    const void *b, ptrdiff_t b_term, ptrdiff_t b_column, void *y, ptrdiff_t y_row) {
  if (is_short(type)) {
    multiply_short(type, m, n, k, a, a_row, a_term, b, b_term, b_column, y, y_row);
    return;
  }
  struct places_f32 singles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 0};
  struct places_f64 doubles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 0};
  BY_TYPE(
      type, multiply_f32(&singles, m, n, k), multiply_f64(&doubles, m, n, k),
      multiply_i32(m, n, k, a, a_row, a_term, b, b_term, b_column, y, y_row), , )
}

void IN_SET(ck_product_add)(
    int type, size_t m, size_t n, size_t k, const void *a, ptrdiff_t a_row, ptrdiff_t a_term,
    const void *b, ptrdiff_t b_term, ptrdiff_t b_column, void *y, ptrdiff_t y_row) {
  struct places_f32 singles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 1};
  struct places_f64 doubles = {a, a_row, a_term, b, b_term, b_column, y, y_row, 1, 1};
  BY_FLOAT(type, multiply_f32(&singles, m, n, k), multiply_f64(&doubles, m, n, k))
}
