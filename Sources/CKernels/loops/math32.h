// Single-precision functions as polynomials, a few units in the last place from the true values.
// No fused products (see the pragma), so that every processor gives the same bits.
// Polynomials: Moshier's Cephes library, except erfc (a weighted least-squares fit of ours).
#pragma once

#include "common.h"
#include <math.h>

#pragma clang fp contract(off)

INLINE float bits_f32(uint32_t b) {
  float f;
  __builtin_memcpy(&f, &b, 4);
  return f;
}

INLINE uint32_t f32_bits(float f) {
  uint32_t b;
  __builtin_memcpy(&b, &f, 4);
  return b;
}

// exp(x + low), |low| small; right from denormals to infinity.
CK_WIDE_ATTRIBUTE INLINE float exp32_sum(float x, float low) {
  x = x < -106.0f ? -106.0f : x;
  x = x > 90.0f ? 90.0f : x;
  float shifted = x * 1.44269504088896341f + 12582912.0f;  // rounds to an integer in the low bits
  int32_t n = (int32_t)f32_bits(shifted) - 0x4B400000;
  float k = shifted - 12582912.0f;
  float r = (x - k * 0.693359375f) - k * -2.12194440e-4f + low;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * (r * r) + r + 1.0f;
  int32_t half = n >> 1, rest = n - half;  // two factors, so that neither leaves the normal range
  return p * bits_f32((uint32_t)(half + 127) << 23) * bits_f32((uint32_t)(rest + 127) << 23);
}

INLINE float exp32(float x) { return exp32_sum(x, 0.0f); }

CK_WIDE_ATTRIBUTE INLINE float log32(float x) {
  float v = x < 1.17549435e-38f ? x * 8388608.0f : x;
  float e = x < 1.17549435e-38f ? -149.0f : -126.0f;
  uint32_t b = f32_bits(v);
  e += (float)((int32_t)(b >> 23) & 0xff);
  float m = bits_f32((b & 0x007fffffu) | 0x3f000000u);  // [1/2, 1)
  int below = m < 0.707106781186547524f;
  e = below ? e - 1.0f : e;
  m = below ? m + m - 1.0f : m - 1.0f;
  float z = m * m;
  float p = 7.0376836292e-2f;
  p = p * m - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  float y = m * z * p;
  y += e * -2.12194440e-4f;
  y -= 0.5f * z;
  float r = m + y;
  r += e * 0.693359375f;
  r = x == 0.0f ? -INFINITY : r;
  r = x == INFINITY ? x : r;
  return x >= 0.0f ? r : NAN;
}

// log(1 + u) for u in [0, 1]: the logarithm of the rounded sum, and what rounding lost.
INLINE float log1p32(float u) {
  float w = 1.0f + u;
  return log32(w) + (u - (w - 1.0f)) / w;
}

CK_WIDE_ATTRIBUTE INLINE float tanh32(float x) {
  float a = fabsf(x), z = x * x;
  float p = -5.70498872745e-3f;
  p = p * z + 2.06390887954e-2f;
  p = p * z - 5.37397155531e-2f;
  p = p * z + 1.33314422036e-1f;
  p = p * z - 3.33332819422e-1f;
  float small = p * z * x + x;
  float big = 1.0f - 2.0f / (exp32(a + a) + 1.0f);
  return a < 0.625f ? small : (x < 0.0f ? -big : x != x ? x : big);
}

INLINE float sigmoid32(float x) {
  float e = exp32(-fabsf(x));
  return (x < 0.0f ? e : 1.0f) / (1.0f + e);
}

INLINE float softplus32(float x) {
  float high = x < 0.0f ? 0.0f : x;
  return high + log1p32(exp32(-fabsf(x)));
}

// The least finite number instead of −∞, so that the limit of x · f(x) is 0 there and not NaN.
INLINE float finite_below32(float x) { return x < -3.40282347e38f ? -3.40282347e38f : x; }

INLINE float silu32(float x) { return finite_below32(x) * sigmoid32(x); }

INLINE float silu_slope32(float x) {
  float s = sigmoid32(x), away = sigmoid32(-x);
  float xs = x > 3.0e38f ? 3.0e38f : x < -3.0e38f ? -3.0e38f : x;
  return s + xs * s * away;
}

// exp(−x²/2), the square taken in two parts so that the exponent keeps its last digits.
INLINE float bell32(float x) {
  float a = fabsf(x);
  a = a > 30.0f ? 30.0f : a;
  float high = bits_f32(f32_bits(a) & 0xfffff000u), low = a - high;
  return exp32_sum(-0.5f * (high * high), -0.5f * (low * (a + high)));
}

// The standard normal distribution function Φ(x), given exp(−x²/2):
// erfc(z) = exp(−z²) · t · P(t) with t = 1 / (1 + z/2), relative error of P 5e-8.
CK_WIDE_ATTRIBUTE INLINE float normal_cdf32(float x, float bell) {
  float t = 1.0f / (1.0f + fabsf(x) * 0.353553390593273762f);
  float u = t - 0.5f;
  float p = -5.928302015e-02f;
  p = p * u + 4.848699820e-02f;
  p = p * u + 9.532474912e-02f;
  p = p * u - 1.030259007e-01f;
  p = p * u - 1.718646500e-01f;
  p = p * u + 1.457419988e-01f;
  p = p * u + 5.589390981e-01f;
  p = p * u + 6.871609601e-01f;
  p = p * u + 5.107913722e-01f;
  float tail = 0.5f * bell * (t * p);
  return x < 0.0f ? tail : x != x ? x : 1.0f - tail;
}

// x Φ(x), the exact form of Hendrycks & Gimpel 2016.
INLINE float gelu32(float x) { return finite_below32(x) * normal_cdf32(x, bell32(x)); }

INLINE float gelu_slope32(float x) {
  float bell = bell32(x);
  float near = x > 30.0f ? 30.0f : x < -30.0f ? -30.0f : x;
  return normal_cdf32(x, bell) + near * (bell * 0.398942280401432678f);
}

// sin and cos of r in [−π/4, π/4].
INLINE float sin32_poly(float r) {
  float z = r * r;
  float p = -1.9515295891e-4f;
  p = p * z + 8.3321608736e-3f;
  p = p * z - 1.6666654611e-1f;
  return p * z * r + r;
}

INLINE float cos32_poly(float r) {
  float z = r * r;
  float p = 2.443315711809948e-5f;
  p = p * z - 1.388731625493765e-3f;
  p = p * z + 4.166664568298827e-2f;
  return p * z * z - 0.5f * z + 1.0f;
}

// Largest magnitude whose quadrant is found exactly below.
#define CK_TURN_LIMIT 1.0e6f

// sin(x + quarters · π/2) for |x| ≤ CK_TURN_LIMIT.
INLINE float sin32_shifted(float x, int32_t quarters) {
  double shifted = (double)x * 0.63661977236758134308 + 6755399441055744.0;
  double k = shifted - 6755399441055744.0;
  uint64_t b;
  __builtin_memcpy(&b, &shifted, 8);
  int32_t q = (int32_t)(uint32_t)b + quarters;
  double d = ((double)x - k * 1.57079632673412561417) - k * 6.07710050650619224932e-11;
  float r = (float)d;
  float s = q & 1 ? cos32_poly(r) : sin32_poly(r);
  return q & 2 ? -s : s;
}
