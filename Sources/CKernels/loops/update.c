// Optimizer updates in place.
#include "common.h"
#include "short.h"

#pragma clang fp contract(off)

#define SGD(T) \
  { \
    T *p = pp, r = (T)rate; \
    const T *g = pg; \
    LOOP for (size_t i = 0; i < n; i++) p[i] -= r * g[i]; \
  }

void IN_SET(ck_sgd)(int type, double rate, void *pp, const void *pg, size_t n) {
  if (is_short(type)) {
    f32 p[SHORT_TILE], g[SHORT_TILE];
    SHORT_TILES({
      widen(type, (u16 *)pp + i, p, count);
      widen(type, (const u16 *)pg + i, g, count);
      IN_SET(ck_sgd)(CK_F32, rate, p, g, count);
      narrow(type, p, (u16 *)pp + i, count);
    })
    return;
  }
  BY_FLOAT(type, SGD(f32), SGD(f64))
}

#define MOMENTUM(T) \
  { \
    T *p = pp, *v = pv, r = (T)rate, mu = (T)momentum; \
    const T *g = pg; \
    LOOP for (size_t i = 0; i < n; i++) { \
      T next = mu * v[i] + g[i]; \
      v[i] = next; \
      p[i] -= r * next; \
    } \
  }

void IN_SET(ck_momentum)(
    int type, double rate, double momentum, void *pp, const void *pg, void *pv, size_t n) {
  if (is_short(type)) {
    f32 p[SHORT_TILE], g[SHORT_TILE], v[SHORT_TILE];
    SHORT_TILES({
      widen(type, (u16 *)pp + i, p, count);
      widen(type, (const u16 *)pg + i, g, count);
      widen(type, (u16 *)pv + i, v, count);
      IN_SET(ck_momentum)(CK_F32, rate, momentum, p, g, v, count);
      narrow(type, p, (u16 *)pp + i, count);
      narrow(type, v, (u16 *)pv + i, count);
    })
    return;
  }
  BY_FLOAT(type, MOMENTUM(f32), MOMENTUM(f64))
}

#define ADAM(T, root) \
  { \
    T *p = pp, *m = pm, *v = pv; \
    const T *g = pg; \
    T r = (T)rate, b1 = (T)beta1, b2 = (T)beta2, c1 = (T)(1 - beta1), c2 = (T)(1 - beta2); \
    T e = (T)epsilon, k = (T)keep, scale = (T)(1 / root2); \
    LOOP for (size_t i = 0; i < n; i++) { \
      T d = g[i], first = b1 * m[i] + c1 * d, second = b2 * v[i] + c2 * d * d; \
      m[i] = first; \
      v[i] = second; \
      p[i] = k * p[i] - r * first / (root(second) * scale + e); \
    } \
  }

void IN_SET(ck_adam)(
    int type, double rate, double beta1, double beta2, double epsilon, double root2, double keep,
    void *pp, const void *pg, void *pm, void *pv, size_t n) {
  if (is_short(type)) {
    f32 p[SHORT_TILE], g[SHORT_TILE], m[SHORT_TILE], v[SHORT_TILE];
    SHORT_TILES({
      widen(type, (u16 *)pp + i, p, count);
      widen(type, (const u16 *)pg + i, g, count);
      widen(type, (u16 *)pm + i, m, count);
      widen(type, (u16 *)pv + i, v, count);
      IN_SET(ck_adam)(
          CK_F32, rate, beta1, beta2, epsilon, root2, keep, p, g, m, v, count);
      narrow(type, p, (u16 *)pp + i, count);
      narrow(type, m, (u16 *)pm + i, count);
      narrow(type, v, (u16 *)pv + i, count);
    })
    return;
  }
  BY_FLOAT(type, ADAM(f32, __builtin_elementwise_sqrt), ADAM(f64, __builtin_elementwise_sqrt))
}
