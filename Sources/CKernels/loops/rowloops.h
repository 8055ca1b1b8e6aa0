// Sums and extremes of one contiguous row, with lanes in a fixed order.
#pragma once

#include "common.h"
#include <math.h>

#pragma clang fp contract(off)

#define CK_LANES 32
#define CK_BLOCK 1024

// Lanes within blocks of 1024 elements; the blocks' sums are added in double precision.
#define SUM_ROW(T) \
  INLINE double sum_row_##T(const T *x, size_t n) { \
    double total = 0; \
    while (n) { \
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
  INLINE double dot_row_##T(const T *x, const T *z, size_t n) { \
    size_t i = 0; \
    T lane[CK_LANES] = {0}; \
    for (; i + CK_LANES <= n; i += CK_LANES) \
      for (size_t j = 0; j < CK_LANES; j++) lane[j] += x[i + j] * z[i + j]; \
    for (size_t w = CK_LANES / 2; w; w /= 2) \
      for (size_t j = 0; j < w; j++) lane[j] += lane[j + w]; \
    T tail = 0; \
    for (; i < n; i++) tail += x[i] * z[i]; \
    return (double)lane[0] + (double)tail; \
  }

// `beats` is > or <; a NaN replaces anything and is replaced by nothing.
#define EXTREME_ROW(name, T, beats) \
  INLINE T name##_row_##T(const T *x, size_t n, T identity) { \
    T lane[CK_LANES]; \
    size_t i = 0; \
    for (size_t j = 0; j < CK_LANES; j++) lane[j] = identity; \
    for (; i + CK_LANES <= n; i += CK_LANES) \
      for (size_t j = 0; j < CK_LANES; j++) { \
        T v = x[i + j]; \
        lane[j] = (v beats lane[j] || v != v) ? v : lane[j]; \
      } \
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
EXTREME_ROW(max, i64, >)
EXTREME_ROW(min, i64, <)
