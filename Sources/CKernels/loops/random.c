// Random numbers: Philox4x32-10, a function of a counter, so that any draw can be drawn again.
#include "math32.h"
#include "short.h"
#include <string.h>

#pragma clang fp contract(off)

// Blocks drawn together, so that the rounds run in vector lanes.
#define BLOCKS 64

INLINE void philox(uint32_t c[4], uint32_t k0, uint32_t k1) {
#pragma clang loop unroll(full)
  for (int round = 0; round < 10; round++) {
    uint64_t p0 = (uint64_t)0xD2511F53u * c[0], p1 = (uint64_t)0xCD9E8D57u * c[2];
    uint32_t n0 = (uint32_t)(p1 >> 32) ^ c[1] ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c[3] ^ k1;
    c[1] = (uint32_t)p1;
    c[3] = (uint32_t)p0;
    c[0] = n0;
    c[2] = n2;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
}

void IN_SET(ck_philox)(uint32_t counter[4], uint64_t seed) {
  philox(counter, (uint32_t)seed, (uint32_t)(seed >> 32));
}

// The words of BLOCKS blocks from `block` on: w[i][b] is word i of block b.
INLINE void draw(
    uint32_t w[4][BLOCKS], uint32_t block, uint64_t seed, uint32_t site, uint64_t step) {
  LOOP for (uint32_t b = 0; b < BLOCKS; b++) {
    uint32_t c[4] = {block + b, site, (uint32_t)step, (uint32_t)(step >> 32)};
    philox(c, (uint32_t)seed, (uint32_t)(seed >> 32));
    w[0][b] = c[0];
    w[1][b] = c[1];
    w[2][b] = c[2];
    w[3][b] = c[3];
  }
}

// sin and cos of v · 2π / 2³², the quadrant found in integers.
INLINE float turn32(uint32_t v, uint32_t quarters) {
  uint32_t q = (v + 0x20000000u) >> 30;
  float r = (float)(int32_t)(v - (q << 30)) * 1.46291807926715968e-9f;
  q += quarters;
  float s = q & 1 ? cos32_poly(r) : sin32_poly(r);
  return q & 2 ? -s : s;
}

// log of v in (0, 1], v normal (fdlibm's e_log.c).
INLINE double log64(double v) {
  uint64_t b;
  memcpy(&b, &v, 8);
  int64_t e = (int64_t)(b >> 52) - 1023;
  b = (b & 0xfffffffffffffULL) | 0x3ff0000000000000ULL;
  double m;
  memcpy(&m, &b, 8);
  int high = m > 1.4142135623730951;
  m = high ? 0.5 * m : m;
  double k = (double)(int32_t)(e + high);
  double f = m - 1.0, s = f / (2.0 + f), z = s * s;
  double p = 1.479819860511658591e-01;
  p = p * z + 1.531383769920937332e-01;
  p = p * z + 1.818357216161805012e-01;
  p = p * z + 2.222219843214978396e-01;
  p = p * z + 2.857142874366239149e-01;
  p = p * z + 3.999999999940941908e-01;
  p = p * z + 6.666666666666735130e-01;
  double half = 0.5 * f * f;
  return k * 6.93147180369123816490e-01 -
         ((half - (s * (half + p * z) + k * 1.90821492927058770002e-10)) - f);
}

// sin(v · 2π / 2⁶⁴ + quarters · π/2); polynomials from Cephes.
INLINE double turn64(uint64_t v, uint64_t quarters) {
  uint64_t q = (v + 0x2000000000000000ULL) >> 62;
  double r = (double)(int64_t)(v - (q << 62)) * 3.40612158008655446e-19;
  double z = r * r;
  double s = 1.58962301576546568060e-10;
  s = s * z - 2.50507477628578072866e-8;
  s = s * z + 2.75573136213857245213e-6;
  s = s * z - 1.98412698295895385996e-4;
  s = s * z + 8.33333333332211858878e-3;
  s = s * z - 1.66666666666666307295e-1;
  s = s * z * r + r;
  double c = -1.13585365213876817300e-11;
  c = c * z + 2.08757008419747316778e-9;
  c = c * z - 2.75573141792967388112e-7;
  c = c * z + 2.48015872888517045348e-5;
  c = c * z - 1.38888888888730564116e-3;
  c = c * z + 4.16666666666665929218e-2;
  c = c * z * z - 0.5 * z + 1.0;
  q += quarters;
  double t = q & 1 ? c : s;
  return q & 2 ? -t : t;
}

INLINE uint64_t pair(uint32_t high, uint32_t low) { return (uint64_t)high << 32 | low; }

static void ck_uniform_f32(
    double low, double high, uint64_t seed, uint32_t site, uint64_t step, void *py, size_t first,
    size_t n) {
  f32 *y = py;
  float from = (float)low, span = (float)(high - low), to = (float)high;
  float last = to > from ? nextafterf(to, from) : from;
  for (size_t i = 0; i < n; i += 4 * BLOCKS) {
    uint32_t w[4][BLOCKS];
    f32 part[4 * BLOCKS];
    draw(w, (uint32_t)((first + i) / 4), seed, site, step);
    for (size_t b = 0; b < BLOCKS; b++)
      for (size_t j = 0; j < 4; j++) {
        float v = from + (float)(int32_t)(w[j][b] >> 8) * 5.9604644775390625e-8f * span;
        part[4 * b + j] = v < to ? v : last;
      }
    memcpy(y + i, part, (n - i < 4 * BLOCKS ? n - i : 4 * BLOCKS) * sizeof(f32));
  }
}

static void ck_uniform_f64(
    double low, double high, uint64_t seed, uint32_t site, uint64_t step, void *py, size_t first,
    size_t n) {
  f64 *y = py;
  double span = high - low, last = high > low ? nextafter(high, low) : low;
  for (size_t i = 0; i < n; i += 2 * BLOCKS) {
    uint32_t w[4][BLOCKS];
    f64 part[2 * BLOCKS];
    draw(w, (uint32_t)((first + i) / 2), seed, site, step);
    for (size_t b = 0; b < BLOCKS; b++)
      for (size_t j = 0; j < 2; j++) {
        uint64_t bits = pair(w[2 * j][b], w[2 * j + 1][b]) >> 11;
        double v = low + (double)(int64_t)bits * 1.1102230246251565e-16 * span;
        part[2 * b + j] = v < high ? v : last;
      }
    memcpy(y + i, part, (n - i < 2 * BLOCKS ? n - i : 2 * BLOCKS) * sizeof(f64));
  }
}

void IN_SET(ck_uniform)(
    int type, double low, double high, uint64_t seed, uint32_t site, uint64_t step, void *y,
    size_t first, size_t n) {
  if (is_short(type)) {
    f32 tile[SHORT_TILE], greatest;
    uint32_t last = type == CK_F16 ? to_f16((float)high) : to_bf16((float)high);
    u16 *to = y, end;
    // The greatest number below `high`: what is rounded up to that, or above, becomes it.
    float top = type == CK_F16 ? from_f16(last) : from_bf16(last);
    if (high > low && (double)top >= high)
      last = top > 0 ? last - 1 : top < 0 ? last + 1 : 0x8001u;
    end = (uint16_t)last;
    widen(type, &end, &greatest, 1);
    SHORT_TILES({
      ck_uniform_f32(low, high, seed, site, step, tile, first + i, count);
      LOOP for (size_t j = 0; j < count; j++) {
        uint32_t h = type == CK_F16 ? to_f16(tile[j]) : to_bf16(tile[j]);
        float v = type == CK_F16 ? from_f16(h) : from_bf16(h);
        to[i + j] = v > greatest ? end : (uint16_t)h;
      }
    })
    return;
  }
  BY_FLOAT(
      type, ck_uniform_f32(low, high, seed, site, step, y, first, n),
      ck_uniform_f64(low, high, seed, site, step, y, first, n))
}

// Box & Muller 1958: (√(−2 ln u) cos 2πv, √(−2 ln u) sin 2πv), u from one word, v from the next.
static void ck_normal_f32(
    uint64_t seed, uint32_t site, uint64_t step, void *py, size_t first, size_t n) {
  f32 *y = py;
  for (size_t i = 0; i < n; i += 4 * BLOCKS) {
    uint32_t w[4][BLOCKS];
    f32 part[4 * BLOCKS];
    draw(w, (uint32_t)((first + i) / 4), seed, site, step);
    for (size_t j = 0; j < 4; j += 2)
      LOOP for (size_t b = 0; b < BLOCKS; b++) {
        float u = ((float)w[j][b] + 0.5f) * 2.3283064365386963e-10f;
        float radius = __builtin_elementwise_sqrt(-2.0f * log32(u));
        part[4 * b + j] = radius * turn32(w[j + 1][b], 1);
        part[4 * b + j + 1] = radius * turn32(w[j + 1][b], 0);
      }
    memcpy(y + i, part, (n - i < 4 * BLOCKS ? n - i : 4 * BLOCKS) * sizeof(f32));
  }
}

static void ck_normal_f64(
    uint64_t seed, uint32_t site, uint64_t step, void *py, size_t first, size_t n) {
  f64 *y = py;
  for (size_t i = 0; i < n; i += 2 * BLOCKS) {
    uint32_t w[4][BLOCKS];
    f64 part[2 * BLOCKS];
    draw(w, (uint32_t)((first + i) / 2), seed, site, step);
    for (size_t b = 0; b < BLOCKS; b++) {
      double u = (double)(int64_t)((pair(w[0][b], w[1][b]) >> 11) + 1) * 1.1102230246251565e-16;
      uint64_t v = pair(w[2][b], w[3][b]);
      double radius = __builtin_elementwise_sqrt(-2.0 * log64(u));
      part[2 * b] = radius * turn64(v, 1);
      part[2 * b + 1] = radius * turn64(v, 0);
    }
    memcpy(y + i, part, (n - i < 2 * BLOCKS ? n - i : 2 * BLOCKS) * sizeof(f64));
  }
}

void IN_SET(ck_normal)(
    int type, uint64_t seed, uint32_t site, uint64_t step, void *y, size_t first, size_t n) {
  if (is_short(type)) {
    f32 tile[SHORT_TILE];
    SHORT_TILES({
      ck_normal_f32(seed, site, step, tile, first + i, count);
      narrow(type, tile, (u16 *)y + i, count);
    })
    return;
  }
  BY_FLOAT(
      type, ck_normal_f32(seed, site, step, y, first, n),
      ck_normal_f64(seed, site, step, y, first, n))
}

#define DROPOUT(T) \
  static void ck_dropout_##T( \
      double rate, uint64_t seed, uint32_t site, uint64_t step, const void *px, void *py, \
      size_t first, size_t n) { \
    const T *x = px; \
    T *y = py; \
    double kept = rate < 1 ? 1 / (1 - rate) : 0, words = rate * 4294967296.0; \
    T scale = (T)kept; \
    uint64_t bound = words <= 0 ? 0 : words >= 4294967296.0 ? 4294967296u : (uint64_t)words; \
    for (size_t i = 0; i < n; i += 4 * BLOCKS) { \
      uint32_t w[4][BLOCKS], flat[4 * BLOCKS]; \
      draw(w, (uint32_t)((first + i) / 4), seed, site, step); \
      for (size_t b = 0; b < BLOCKS; b++) \
        for (size_t j = 0; j < 4; j++) flat[4 * b + j] = w[j][b]; \
      size_t count = n - i < 4 * BLOCKS ? n - i : 4 * BLOCKS; \
      LOOP for (size_t j = 0; j < count; j++) { \
        T v = x[i + j] * scale; \
        y[i + j] = (uint64_t)flat[j] >= bound ? v : 0; \
      } \
    } \
  }

DROPOUT(f32)
DROPOUT(f64)

void IN_SET(ck_dropout)(
    int type, double rate, uint64_t seed, uint32_t site, uint64_t step, const void *x, void *y,
    size_t first, size_t n) {
  if (is_short(type)) {
    f32 tile[SHORT_TILE];
    SHORT_TILES({
      widen(type, (const u16 *)x + i, tile, count);
      ck_dropout_f32(rate, seed, site, step, tile, tile, first + i, count);
      narrow(type, tile, (u16 *)y + i, count);
    })
    return;
  }
  BY_FLOAT(
      type, ck_dropout_f32(rate, seed, site, step, x, y, first, n),
      ck_dropout_f64(rate, seed, site, step, x, y, first, n))
}
