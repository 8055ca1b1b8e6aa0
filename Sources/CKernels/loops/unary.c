// Elementwise functions of one operand, and their adjoints.
#include "math32.h"
#include "short.h"

#pragma clang fp contract(off)

// sin or cos over a block; magnitudes whose quadrant is not exact go through libm, element by
// element.
INLINE void turn_block(const f32 *x, f32 *y, size_t n, int32_t quarters) {
  int far = 0;
  for (size_t i = 0; i < n; i++) far |= !(fabsf(x[i]) <= CK_TURN_LIMIT);
  if (!far) {
    LOOP for (size_t i = 0; i < n; i++) y[i] = sin32_shifted(x[i], quarters);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    float v = x[i];
    if (fabsf(v) <= CK_TURN_LIMIT)
      y[i] = sin32_shifted(v, quarters);
    else
      y[i] = quarters == 1 ? cosf(v) : quarters == 2 ? -sinf(v) : sinf(v);
  }
}

#define MAP(f) \
  LOOP for (size_t i = 0; i < n; i++) { float v = x[i]; y[i] = f; } \
  break
#define MAP_IN_GROUPS(f) \
  IN_GROUPS(i, 0, n, { float v = x[i]; y[i] = f; }); \
  break

void IN_SET(ck_unary_f32)(int op, const void *px, void *py, size_t n) {
  const f32 *x = px;
  f32 *y = py;
  switch (op) {
  case CK_NEGATE: MAP(-v);
  case CK_EXP: MAP_IN_GROUPS(exp32(v));
  case CK_LOG: MAP_IN_GROUPS(log32(v));
  case CK_SQRT: MAP(__builtin_elementwise_sqrt(v));
  case CK_SQUARE: MAP(v * v);
  case CK_TANH: MAP_IN_GROUPS(tanh32(v));
  case CK_SIGMOID: MAP_IN_GROUPS(sigmoid32(v));
  case CK_RELU: MAP(v < 0.0f ? 0.0f : v);
  case CK_GELU: MAP_IN_GROUPS(gelu32(v));
  case CK_SOFTPLUS: MAP_IN_GROUPS(softplus32(v));
  case CK_SILU: MAP_IN_GROUPS(silu32(v));
  case CK_SIN:
  case CK_COS:
    for (size_t i = 0; i < n; i += 256)
      turn_block(x + i, y + i, n - i < 256 ? n - i : 256, op == CK_COS);
    break;
  case CK_ABS: MAP(fabsf(v));
  }
}

#undef MAP
#undef MAP_IN_GROUPS
#define MAP(f) \
  LOOP for (size_t i = 0; i < n; i++) { float r = g[i], v = x[i]; y[i] = f; } \
  break
#define MAP_IN_GROUPS(f) \
  IN_GROUPS(i, 0, n, { float r = g[i], v = x[i]; y[i] = f; }); \
  break

void IN_SET(ck_unary_adjoint_f32)(int op, const void *pg, const void *px, void *py, size_t n) {
  const f32 *g = pg, *x = px;
  f32 *y = py;
  switch (op) {
  case CK_NEGATE: LOOP for (size_t i = 0; i < n; i++) y[i] = -g[i]; break;
  case CK_EXP: MAP(r * v);
  case CK_LOG: MAP(r / v);
  case CK_SQRT: MAP(r * 0.5f / v);
  case CK_SQUARE: MAP(r * (v + v));
  case CK_TANH: MAP(r * (1.0f - v * v));
  case CK_SIGMOID: MAP(r * (v * (1.0f - v)));
  case CK_RELU: MAP(v > 0.0f ? r : 0.0f);
  case CK_GELU: MAP_IN_GROUPS(r * gelu_slope32(v));
  case CK_SOFTPLUS: MAP_IN_GROUPS(r * sigmoid32(v));
  case CK_SILU: MAP_IN_GROUPS(r * silu_slope32(v));
  case CK_SIN:
  case CK_COS:
    for (size_t i = 0; i < n; i += 256) {
      f32 turn[256];
      size_t count = n - i < 256 ? n - i : 256;
      turn_block(x + i, turn, count, op == CK_SIN ? 1 : 2);  // cos, or −sin
      LOOP for (size_t j = 0; j < count; j++) y[i + j] = g[i + j] * turn[j];
    }
    break;
  case CK_ABS: MAP(v > 0.0f ? r : v < 0.0f ? -r : 0.0f * r);
  }
}

#undef MAP_IN_GROUPS

INLINE double sigmoid64(double x) {
  double e = exp(-fabs(x));
  return (x < 0 ? e : 1.0) / (1.0 + e);
}

INLINE double finite64(double x) {
  return x < -1.7e308 ? -1.7e308 : x > 1.7e308 ? 1.7e308 : x;
}

INLINE double normal_cdf64(double x) { return 0.5 * erfc(x * -0.70710678118654752440); }

#undef MAP
#define MAP(f) \
  for (size_t i = 0; i < n; i++) { double v = x[i]; y[i] = f; } \
  break

void IN_SET(ck_unary_f64)(int op, const void *px, void *py, size_t n) {
  const f64 *x = px;
  f64 *y = py;
  switch (op) {
  case CK_NEGATE: MAP(-v);
  case CK_EXP: MAP(exp(v));
  case CK_LOG: MAP(log(v));
  case CK_SQRT: MAP(__builtin_elementwise_sqrt(v));
  case CK_SQUARE: MAP(v * v);
  case CK_TANH: MAP(tanh(v));
  case CK_SIGMOID: MAP(sigmoid64(v));
  case CK_RELU: MAP(v < 0.0 ? 0.0 : v);
  case CK_GELU: MAP((v == -INFINITY ? -0.0 : v * normal_cdf64(v)));
  case CK_SOFTPLUS: MAP((v < 0.0 ? 0.0 : v) + log1p(exp(-fabs(v))));
  case CK_SILU: MAP((v == -INFINITY ? -0.0 : v * sigmoid64(v)));
  case CK_SIN: MAP(sin(v));
  case CK_COS: MAP(cos(v));
  case CK_ABS: MAP(fabs(v));
  }
}

#undef MAP
#define MAP(f) \
  for (size_t i = 0; i < n; i++) { double r = g[i], v = x[i]; y[i] = f; } \
  break

void IN_SET(ck_unary_adjoint_f64)(int op, const void *pg, const void *px, void *py, size_t n) {
  const f64 *g = pg, *x = px;
  f64 *y = py;
  switch (op) {
  case CK_NEGATE: for (size_t i = 0; i < n; i++) y[i] = -g[i]; break;
  case CK_EXP: MAP(r * v);
  case CK_LOG: MAP(r / v);
  case CK_SQRT: MAP(r * 0.5 / v);
  case CK_SQUARE: MAP(r * (v + v));
  case CK_TANH: MAP(r * (1.0 - v * v));
  case CK_SIGMOID: MAP(r * (v * (1.0 - v)));
  case CK_RELU: MAP(v > 0.0 ? r : 0.0);
  case CK_GELU:
    MAP(r * (normal_cdf64(v) + finite64(v) * (exp(-0.5 * v * v) * 0.39894228040143267794)));
  case CK_SOFTPLUS: MAP(r * sigmoid64(v));
  case CK_SILU: MAP(r * (sigmoid64(v) + finite64(v) * sigmoid64(v) * sigmoid64(-v)));
  case CK_SIN: MAP(r * cos(v));
  case CK_COS: MAP(-(r * sin(v)));
  case CK_ABS: MAP(v > 0.0 ? r : v < 0.0 ? -r : 0.0 * r);
  }
}

int IN_SET(ck_unary_i32)(int op, const void *px, void *py, size_t n) {
  const i32 *x = px;
  i32 *y = py;
  int lost = 0;
  switch (op) {
  case CK_NEGATE:
    LOOP for (size_t i = 0; i < n; i++) {
      int32_t v = x[i];
      lost |= v == INT32_MIN;
      y[i] = (int32_t)(0u - (uint32_t)v);
    }
    break;
  case CK_ABS:
    LOOP for (size_t i = 0; i < n; i++) {
      int32_t v = x[i];
      lost |= v == INT32_MIN;
      y[i] = v < 0 ? (int32_t)(0u - (uint32_t)v) : v;
    }
    break;
  }
  return lost ? CK_OVERFLOW : CK_NO_FAULT;
}

int IN_SET(ck_unary_i64)(int op, const void *px, void *py, size_t n) {
  const i64 *x = px;
  i64 *y = py;
  int negates = op == CK_NEGATE;
  for (size_t i = 0; i < n; i++) y[i] = negates || x[i] < 0 ? -x[i] : x[i];
  return CK_NO_FAULT;
}

void IN_SET(ck_unary_short)(int op, int type, const void *px, void *py, size_t n) {
  const u16 *x = px;
  u16 *y = py;
  f32 tile[SHORT_TILE];
  SHORT_TILES({
    widen(type, x + i, tile, count);
    IN_SET(ck_unary_f32)(op, tile, tile, count);
    narrow(type, tile, y + i, count);
  })
}

void IN_SET(ck_unary_adjoint_short)(
    int op, int type, const void *pg, const void *px, void *py, size_t n) {
  const u16 *g = pg, *x = px;
  u16 *y = py;
  f32 slopes[SHORT_TILE], tile[SHORT_TILE];
  SHORT_TILES({
    widen(type, g + i, slopes, count);
    widen(type, x + i, tile, count);
    IN_SET(ck_unary_adjoint_f32)(op, slopes, tile, tile, count);
    narrow(type, tile, y + i, count);
  })
}

#undef MAP
