// Sums and extremes of one contiguous row, with lanes in a fixed order. Where `stop` asks to, they
// end early, and give nothing of use.
#pragma once

#include "common.h"
#include <math.h>

#pragma clang fp contract(off)

#define CK_LANES 32
#define CK_BLOCK 1024

// What CK_LANES lanes come to when the upper half is joined to the lower one, again and again:
// their sum, and the greatest or least. A NaN replaces anything and is replaced by nothing.
#define FOLDS(T, BASE) \
  typedef BASE T##_lanes __attribute__((ext_vector_type(CK_LANES))); \
  INLINE T fold_sum_##T(const T *lanes) { \
    T##_lanes all; \
    __builtin_memcpy(&all, lanes, sizeof(all)); \
    __auto_type sixteen = all.lo + all.hi; \
    __auto_type eight = sixteen.lo + sixteen.hi; \
    __auto_type four = eight.lo + eight.hi; \
    __auto_type two = four.lo + four.hi; \
    return two.lo + two.hi; \
  }
#define JOINED(v, beats) \
  ((((v).hi beats (v).lo) | ((v).hi != (v).hi)) ? (v).hi : (v).lo)
#define FOLDED_EXTREME(name, T, beats) \
  INLINE T fold_##name##_##T(const T *lanes) { \
    T##_lanes all; \
    __builtin_memcpy(&all, lanes, sizeof(all)); \
    __auto_type sixteen = JOINED(all, beats); \
    __auto_type eight = JOINED(sixteen, beats); \
    __auto_type four = JOINED(eight, beats); \
    __auto_type two = JOINED(four, beats); \
    return JOINED(two, beats); \
  }

FOLDS(f32, float)
FOLDS(f64, double)
FOLDS(i32, int32_t)
FOLDS(i64, int64_t)
FOLDED_EXTREME(max, f32, >)
FOLDED_EXTREME(min, f32, <)
FOLDED_EXTREME(max, f64, >)
FOLDED_EXTREME(min, f64, <)
FOLDED_EXTREME(max, i32, >)
FOLDED_EXTREME(min, i32, <)
FOLDED_EXTREME(max, i64, >)
FOLDED_EXTREME(min, i64, <)

// The whole groups of CK_LANES elements of 0..<n, from i on; ends early where asked to stop.
#define BY_LANES(i, n) \
  for (size_t to; i + CK_LANES <= n && !*stop;) \
    for (to = n - i < CK_STRETCH ? n : i + CK_STRETCH; i + CK_LANES <= to; i += CK_LANES)
// True where `BY_LANES` ended early.
#define LANES_LEFT(i, n) (i + CK_LANES <= n)

// Lanes within blocks of 1024 elements; the blocks' sums are added in double precision.
#define SUM_ROW(T) \
  INLINE double sum_row_##T(const T *x, size_t n, stop_word stop) { \
    double total = 0; \
    while (n && !*stop) { \
      size_t block = n < CK_BLOCK ? n : CK_BLOCK, i = 0; \
      T lane[CK_LANES] = {0}; \
      for (; i + CK_LANES <= block; i += CK_LANES) \
        for (size_t j = 0; j < CK_LANES; j++) lane[j] += x[i + j]; \
      T tail = 0; \
      for (; i < block; i++) tail += x[i]; \
      total += (double)(fold_sum_##T(lane) + tail); \
      x += block; \
      n -= block; \
    } \
    return total; \
  }

#define DOT_ROW(T) \
  INLINE double dot_row_##T(const T *x, const T *z, size_t n, stop_word stop) { \
    size_t i = 0; \
    T lane[CK_LANES] = {0}; \
    BY_LANES(i, n) \
      for (size_t j = 0; j < CK_LANES; j++) lane[j] += x[i + j] * z[i + j]; \
    if (LANES_LEFT(i, n)) return 0; \
    T tail = 0; \
    for (; i < n; i++) tail += x[i] * z[i]; \
    return (double)fold_sum_##T(lane) + (double)tail; \
  }

// `beats` is > or <; a NaN replaces anything and is replaced by nothing.
#define EXTREME_ROW(name, T, beats) \
  INLINE T name##_row_##T(const T *x, size_t n, T identity, stop_word stop) { \
    T lane[CK_LANES]; \
    size_t i = 0; \
    for (size_t j = 0; j < CK_LANES; j++) lane[j] = identity; \
    BY_LANES(i, n) \
      for (size_t j = 0; j < CK_LANES; j++) { \
        T v = x[i + j]; \
        lane[j] = (v beats lane[j] || v != v) ? v : lane[j]; \
      } \
    if (LANES_LEFT(i, n)) return identity; \
    T best = fold_##name##_##T(lane); \
    for (; i < n; i++) { \
      T v = x[i]; \
      best = (v beats best || v != v) ? v : best; \
    } \
    return best; \
  }

SUM_ROW(f32)
SUM_ROW(f64)
DOT_ROW(f32)
DOT_ROW(f64)
EXTREME_ROW(max, f32, >)
EXTREME_ROW(min, f32, <)
EXTREME_ROW(max, f64, >)
EXTREME_ROW(min, f64, <)
EXTREME_ROW(max, i32, >)
EXTREME_ROW(min, i32, <)
EXTREME_ROW(max, i64, >)
EXTREME_ROW(min, i64, <)
