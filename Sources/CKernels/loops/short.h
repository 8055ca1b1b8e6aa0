// Floats of two bytes, f16 (IEEE 754 binary16) and bf16 (the upper half of an f32). They are stored
// only: kernels take them to f32 a tile at a time, compute there, and round each result once, to
// the nearest, of two the even one. All in integers and exact steps, so that every set of kernels
// gives the same bits.
#pragma once

#include "math32.h"

#pragma clang fp contract(off)

// Elements of a tile, a multiple of 4: 1 KiB of f32.
#define SHORT_TILE 256

INLINE int is_short(int type) { return type == CK_F16 || type == CK_BF16; }

INLINE float from_f16(uint32_t h) {
  uint32_t body = h & 0x7FFFu, normal = (body << 13) + 0x38000000u;
  normal += body >= 0x7C00u ? 0x38000000u : 0u;  // infinity and NaN
  uint32_t small = f32_bits((float)(int32_t)body * 5.9604644775390625e-8f);
  return bits_f32((h & 0x8000u) << 16 | (body < 0x400u ? small : normal));
}

INLINE float from_bf16(uint32_t h) { return bits_f32(h << 16); }

// NaN stays NaN, and keeps of its bits what fits.
INLINE uint32_t to_f16(float v) {
  uint32_t b = f32_bits(v), a = b & 0x7FFFFFFFu;
  uint32_t normal = (a - 0x38000000u + 0xFFFu + (a >> 13 & 1u)) >> 13;
  normal = a >= 0x477FF000u ? 0x7C00u : normal;
  // Below the least normal number, 0.5 + |v| has a last bit of the right size.
  uint32_t small = f32_bits(bits_f32(a < 0x38800000u ? a : 0u) + 0.5f) - 0x3F000000u;
  uint32_t kept = a >> 13 & 0x3FFu, nan = 0x7C00u | (kept ? kept : 0x200u);
  uint32_t body = a > 0x7F800000u ? nan : a < 0x38800000u ? small : normal;
  return (b >> 16 & 0x8000u) | body;
}

INLINE uint32_t to_bf16(float v) {
  uint32_t b = f32_bits(v), rounded = (b + 0x7FFFu + (b >> 16 & 1u)) >> 16;
  uint32_t nan = b >> 16 | (b >> 16 & 0x7Fu ? 0u : 0x40u);
  return (b & 0x7FFFFFFFu) > 0x7F800000u ? nan : rounded;
}

// The f32 nearest to v that a short float is rounded from as v itself would be: "rounded to odd",
// the last bit set where something was lost (Boldo & Melquiond 2008).
INLINE float odd_f32(double v) {
  float r = (float)v;
  double back = (double)r;
  if (back == v || v != v) return r;
  uint32_t b = f32_bits(r);
  return bits_f32((__builtin_fabs(back) > __builtin_fabs(v) ? b - 1 : b) | 1u);
}

// Elements of a short type to f32, and back.
INLINE void widen(int type, const void *px, f32 *y, size_t n) {
  const u16 *x = px;
  if (type == CK_F16) {
    LOOP for (size_t i = 0; i < n; i++) y[i] = from_f16(x[i]);
  } else {
    LOOP for (size_t i = 0; i < n; i++) y[i] = from_bf16(x[i]);
  }
}

INLINE void narrow(int type, const f32 *x, void *py, size_t n) {
  u16 *y = py;
  if (type == CK_F16) {
    LOOP for (size_t i = 0; i < n; i++) y[i] = (uint16_t)to_f16(x[i]);
  } else {
    LOOP for (size_t i = 0; i < n; i++) y[i] = (uint16_t)to_bf16(x[i]);
  }
}

// Runs statements for each tile of n elements, which starts at `i` and has `count` of them.
#define SHORT_TILES(...) \
  for (size_t i = 0, count; i < n; i += count) { \
    count = n - i < SHORT_TILE ? n - i : SHORT_TILE; \
    __VA_ARGS__; \
  }
