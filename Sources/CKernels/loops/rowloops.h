// Sums and extremes of one contiguous row, with lanes in a fixed order. Where `stop` asks to, they
// end early, and give nothing of use.
#pragma once

#include "common.h"
#include <math.h>

#pragma clang fp contract(off)

#define CK_LANES 32
#define CK_BLOCK 1024

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
      for (size_t w = CK_LANES / 2; w; w /= 2) \
        for (size_t j = 0; j < w; j++) lane[j] += lane[j + w]; \
      T tail = 0; \
      for (; i < block; i++) tail += x[i]; \
      total += (double)(lane[0] + tail); \
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
    for (size_t w = CK_LANES / 2; w; w /= 2) \
      for (size_t j = 0; j < w; j++) lane[j] += lane[j + w]; \
    T tail = 0; \
    for (; i < n; i++) tail += x[i] * z[i]; \
    return (double)lane[0] + (double)tail; \
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
    for (size_t w = CK_LANES / 2; w; w /= 2) \
      for (size_t j = 0; j < w; j++) { \
        T v = lane[j + w]; \
        lane[j] = (v beats lane[j] || v != v) ? v : lane[j]; \
      } \
    T best = lane[0]; \
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
