// Optimizer updates in place. Gradients are held within ±limit first, and then multiplied by a
// scale; NaN stays NaN.
#include "rowloops.h"
#include "short.h"

#pragma clang fp contract(off)

// What an update makes of the gradient that it is given.
#define HELD(T, x) ((x) > (T)limit ? (T)limit : (x) < -(T)limit ? -(T)limit : (x))
#define GRADIENT(T, x) ((T)scale * HELD(T, x))

#define SGD(T) \
  { \
    T *p = pp, *v = pv, r = (T)rate, mu = (T)momentum, w = (T)decay; \
    const T *g = pg; \
    if (decay != 0) { \
      if (!v) { \
        LOOP for (size_t i = 0; i < n; i++) p[i] -= r * (GRADIENT(T, g[i]) + w * p[i]); \
      } else { \
        LOOP for (size_t i = 0; i < n; i++) { \
          T d = GRADIENT(T, g[i]) + w * p[i], next = mu * v[i] + d; \
          v[i] = next; \
          p[i] -= r * (nesterov ? d + mu * next : next); \
        } \
      } \
    } else if (!v) { \
      LOOP for (size_t i = 0; i < n; i++) p[i] -= r * GRADIENT(T, g[i]); \
    } else { \
      LOOP for (size_t i = 0; i < n; i++) { \
        T d = GRADIENT(T, g[i]), next = mu * v[i] + d; \
        v[i] = next; \
        p[i] -= r * (nesterov ? d + mu * next : next); \
      } \
    } \
  }

void IN_SET(ck_sgd)(
    int type, double scale, double limit, double rate, double momentum, int nesterov, double decay,
    void *pp, const void *pg, void *pv, size_t n) {
  BY_FLOAT(type, SGD(f32), SGD(f64))
}

#define ADAM(T) \
  { \
    T *p = pp, *m = pm, *v = pv; \
    const T *g = pg; \
    T r = (T)rate, b1 = (T)beta1, b2 = (T)beta2, c1 = (T)(1 - beta1), c2 = (T)(1 - beta2); \
    T e = (T)epsilon, k = (T)keep, w = (T)decay, root = (T)(1 / root2); \
    LOOP for (size_t i = 0; i < n; i++) { \
      T d = GRADIENT(T, g[i]); \
      d = decay != 0 ? d + w * p[i] : d; \
      T first = b1 * m[i] + c1 * d, second = b2 * v[i] + c2 * d * d; \
      m[i] = first; \
      v[i] = second; \
      p[i] = k * p[i] - r * first / (__builtin_elementwise_sqrt(second) * root + e); \
    } \
  }

void IN_SET(ck_adam)(
    int type, double scale, double limit, double rate, double beta1, double beta2, double epsilon,
    double root2, double keep, double decay, void *pp, const void *pg, void *pm, void *pv,
    size_t n) {
  BY_FLOAT(type, ADAM(f32), ADAM(f64))
}

#define RMSPROP(T) \
  { \
    T *p = pp, *v = pv, *b = pb; \
    const T *g = pg; \
    T r = (T)rate, a = (T)alpha, c = (T)(1 - alpha), e = (T)epsilon, w = (T)decay; \
    T mu = (T)momentum; \
    if (b) { \
      LOOP for (size_t i = 0; i < n; i++) { \
        T d = GRADIENT(T, g[i]); \
        d = decay != 0 ? d + w * p[i] : d; \
        T next = a * v[i] + c * d * d; \
        v[i] = next; \
        T step = mu * b[i] + d / (__builtin_elementwise_sqrt(next) + e); \
        b[i] = step; \
        p[i] -= r * step; \
      } \
    } else { \
      LOOP for (size_t i = 0; i < n; i++) { \
        T d = GRADIENT(T, g[i]); \
        d = decay != 0 ? d + w * p[i] : d; \
        T next = a * v[i] + c * d * d; \
        v[i] = next; \
        p[i] -= r * (d / (__builtin_elementwise_sqrt(next) + e)); \
      } \
    } \
  }

void IN_SET(ck_rmsprop)(
    int type, double scale, double limit, double rate, double alpha, double epsilon,
    double momentum, double decay, void *pp, const void *pg, void *pv, void *pb, size_t n) {
  BY_FLOAT(type, RMSPROP(f32), RMSPROP(f64))
}

#define ADAGRAD(T) \
  { \
    T *p = pp, *s = ps, r = (T)rate, e = (T)epsilon, w = (T)decay; \
    const T *g = pg; \
    LOOP for (size_t i = 0; i < n; i++) { \
      T d = GRADIENT(T, g[i]); \
      d = decay != 0 ? d + w * p[i] : d; \
      T next = s[i] + d * d; \
      s[i] = next; \
      p[i] -= r * (d / (__builtin_elementwise_sqrt(next) + e)); \
    } \
  }

void IN_SET(ck_adagrad)(
    int type, double scale, double limit, double rate, double epsilon, double decay, void *pp,
    const void *pg, void *ps, size_t n) {
  BY_FLOAT(type, ADAGRAD(f32), ADAGRAD(f64))
}

#define LION(T) \
  { \
    T *p = pp, *m = pm, r = (T)rate, b1 = (T)beta1, c1 = (T)(1 - beta1); \
    T b2 = (T)beta2, c2 = (T)(1 - beta2), k = (T)keep; \
    const T *g = pg; \
    LOOP for (size_t i = 0; i < n; i++) { \
      T d = GRADIENT(T, g[i]), u = b1 * m[i] + c1 * d; \
      T sign = u > 0 ? 1 : u < 0 ? -1 : u; \
      m[i] = b2 * m[i] + c2 * d; \
      p[i] = k * p[i] - r * sign; \
    } \
  }

void IN_SET(ck_lion)(
    int type, double scale, double limit, double rate, double beta1, double beta2, double keep,
    void *pp, const void *pg, void *pm, size_t n) {
  BY_FLOAT(type, LION(f32), LION(f64))
}

#define ACCUMULATE(T) \
  { \
    const T *s = ps, *g = pg; \
    T *y = py, w = (T)share; \
    LOOP for (size_t i = 0; i < n; i++) y[i] = s[i] + w * g[i]; \
  }

void IN_SET(ck_accumulate)(
    int type, double share, const void *ps, const void *pg, void *py, size_t n) {
  if (is_short(type)) {
    f32 sums[SHORT_TILE], tile[SHORT_TILE];
    SHORT_TILES({
      widen(type, (const u16 *)ps + i, sums, count);
      widen(type, (const u16 *)pg + i, tile, count);
      IN_SET(ck_accumulate)(CK_F32, share, sums, tile, tile, count);
      narrow(type, tile, (u16 *)py + i, count);
    })
    return;
  }
  BY_FLOAT(type, ACCUMULATE(f32), ACCUMULATE(f64))
}

// Sums of VALUE(j)², with lanes in a fixed order within blocks, which are added in double
// precision.
#define SUM_OF_SQUARES(T, total, n, VALUE) \
  for (size_t start = 0; start < (n); start += CK_BLOCK) { \
    size_t end = (n) - start < CK_BLOCK ? (n) : start + CK_BLOCK, i = start; \
    T lane[CK_LANES] = {0}, tail = 0; \
    for (; i + CK_LANES <= end; i += CK_LANES) \
      for (size_t j = 0; j < CK_LANES; j++) { \
        T value = VALUE(T, i + j); \
        lane[j] += value * value; \
      } \
    for (; i < end; i++) { \
      T value = VALUE(T, i); \
      tail += value * value; \
    } \
    total += (double)(fold_sum_##T(lane) + tail); \
  }

#define SCALED_GRADIENT(T, i) GRADIENT(T, x[i])
#define GRADIENT_SQUARES(T) \
  { \
    const T *x = px; \
    SUM_OF_SQUARES(T, total, n, SCALED_GRADIENT) \
  }

double IN_SET(ck_squares)(int type, double scale, double limit, const void *px, size_t n) {
  double total = 0;
  if (is_short(type)) {
    f32 block[CK_BLOCK];
    for (size_t i = 0; i < n; i += CK_BLOCK) {
      size_t count = n - i < CK_BLOCK ? n - i : CK_BLOCK;
      widen(type, (const u16 *)px + i, block, count);
      total += IN_SET(ck_squares)(CK_F32, scale, limit, block, count);
    }
    return total;
  }
  BY_FLOAT(type, GRADIENT_SQUARES(f32), GRADIENT_SQUARES(f64))
  return total;
}

// a + w · (b − a), from the nearer end: b itself for w = 1.
#define BETWEEN(T, a, b, w) ((w) < (T)0.5 ? (a) + (w) * ((b) - (a)) : (b) - ((b) - (a)) * (1 - (w)))

#define WHOLE_MOMENT(T) \
  { \
    const T *g = pg; \
    T *v = pv, w = (T)weight; \
    LOOP for (size_t i = 0; i < n; i++) { \
      T d = GRADIENT(T, g[i]), square = d * d; \
      v[i] = BETWEEN(T, v[i], square, w); \
    } \
  }

void IN_SET(ck_adafactor_moment)(
    int type, double scale, double limit, double weight, const void *pg, void *pv, size_t n) {
  BY_FLOAT(type, WHOLE_MOMENT(f32), WHOLE_MOMENT(f64))
}

#define ROW_MOMENT(T) \
  { \
    const T *x = pg; \
    T *row = prow, w = (T)weight; \
    SUM_OF_SQUARES(T, total, n, SCALED_GRADIENT) \
    T mean = (T)(total / (double)n), before = *row; \
    *row = BETWEEN(T, before, mean, w); \
  }

void IN_SET(ck_adafactor_row)(
    int type, double scale, double limit, double weight, const void *pg, void *prow, size_t n) {
  double total = 0;
  BY_FLOAT(type, ROW_MOMENT(f32), ROW_MOMENT(f64))
}

#define UPDATE_TILE 64
#define UPDATE_ROWS 64

#define COLUMN_MOMENTS(T) \
  { \
    const T *g = pg; \
    T *v = pv, w = (T)weight; \
    for (size_t c0 = start; c0 < start + count; c0 += UPDATE_TILE) { \
      size_t width = start + count - c0 < UPDATE_TILE ? start + count - c0 : UPDATE_TILE; \
      double totals[UPDATE_TILE] = {0}; \
      for (size_t r0 = 0; r0 < rows; r0 += UPDATE_ROWS) { \
        size_t end = rows - r0 < UPDATE_ROWS ? rows : r0 + UPDATE_ROWS; \
        T part[UPDATE_TILE] = {0}; \
        for (size_t r = r0; r < end; r++) \
          for (size_t c = 0; c < width; c++) { \
            T x = g[r * size + c0 + c], d = GRADIENT(T, x); \
            part[c] += d * d; \
          } \
        for (size_t c = 0; c < width; c++) totals[c] += (double)part[c]; \
      } \
      for (size_t c = 0; c < width; c++) { \
        T mean = (T)(totals[c] / (double)rows), before = v[c0 + c]; \
        v[c0 + c] = BETWEEN(T, before, mean, w); \
      } \
    } \
  }

void IN_SET(ck_adafactor_columns)(
    int type, double scale, double limit, double weight, const void *pg, void *pv, size_t rows,
    size_t size, size_t start, size_t count) {
  BY_FLOAT(type, COLUMN_MOMENTS(f32), COLUMN_MOMENTS(f64))
}

#define ROW_MEAN(T) \
  { \
    double mean = sum_row_##T(prows, n, &never) / (double)n; \
    return mean < epsilon_##T ? epsilon_##T : mean; \
  }

double IN_SET(ck_adafactor_mean)(int type, const void *prows, size_t n) {
  const double epsilon_f32 = 0x1p-23, epsilon_f64 = 0x1p-52;
  // An update that has begun is finished.
  const int32_t never = 0;
  BY_FLOAT(type, ROW_MEAN(f32), ROW_MEAN(f64))
  return 0;
}

// g / √v, where v is row · column / mean, or at least the square of the type's precision.
#define FLOORED(T, v) ((v) < floor_##T ? floor_##T : (v))
#define ADAFACTOR_STEP(T, i) \
  (GRADIENT(T, g[i]) / __builtin_elementwise_sqrt(FLOORED(T, r * v[i] / m)))
#define STEP_OF(T) \
  const T *g = pg, *v = pv; \
  const T floor_##T = sizeof(T) == 4 ? (T)0x1p-46 : (T)0x1p-104; \
  T r = prow ? *(const T *)prow : 1, m = (T)mean;

#define STEP_SQUARES(T) \
  { \
    STEP_OF(T) \
    SUM_OF_SQUARES(T, total, n, ADAFACTOR_STEP) \
  }

double IN_SET(ck_adafactor_squares)(
    int type, double scale, double limit, double mean, const void *pg, const void *prow,
    const void *pv, size_t n) {
  double total = 0;
  BY_FLOAT(type, STEP_SQUARES(f32), STEP_SQUARES(f64))
  return total;
}

#define ADAFACTOR(T) \
  { \
    STEP_OF(T) \
    T *p = pp, k = (T)keep, a = (T)rate; \
    LOOP for (size_t i = 0; i < n; i++) p[i] = k * p[i] - a * ADAFACTOR_STEP(T, i); \
  }

void IN_SET(ck_adafactor)(
    int type, double scale, double limit, double rate, double keep, double mean, void *pp,
    const void *pg, const void *prow, const void *pv, size_t n) {
  BY_FLOAT(type, ADAFACTOR(f32), ADAFACTOR(f64))
}
