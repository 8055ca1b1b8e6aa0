// Choosing, clamping, converting and filling.
#include "common.h"
#include "short.h"
#include <math.h>

#define SELECT_ROW(T) \
  static void ck_select_row_##T( \
      const u8 *c, ptrdiff_t sc, const T *a, ptrdiff_t sa, const T *b, ptrdiff_t sb, T *y, \
      size_t n) { \
    if (sc && sa && sb) { \
      LOOP for (size_t i = 0; i < n; i++) { T p = a[i], q = b[i]; y[i] = c[i] ? p : q; } \
    } else if (sc && sa) { \
      T q = *b; \
      LOOP for (size_t i = 0; i < n; i++) { T p = a[i]; y[i] = c[i] ? p : q; } \
    } else if (sc && sb) { \
      T p = *a; \
      LOOP for (size_t i = 0; i < n; i++) { T q = b[i]; y[i] = c[i] ? p : q; } \
    } else if (sc) { \
      T p = *a, q = *b; \
      LOOP for (size_t i = 0; i < n; i++) y[i] = c[i] ? p : q; \
    } else { \
      const T *chosen = *c ? a : b; \
      if (*c ? sa : sb) { \
        LOOP for (size_t i = 0; i < n; i++) y[i] = chosen[i]; \
      } else { \
        T p = *chosen; \
        LOOP for (size_t i = 0; i < n; i++) y[i] = p; \
      } \
    } \
  }

SELECT_ROW(u8)
SELECT_ROW(u16)
SELECT_ROW(u32)
SELECT_ROW(u64)

static char *select_walk(
    int width, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sc, const ptrdiff_t *sa,
    const ptrdiff_t *sb, const u8 *c, const char *a, const char *b, char *y) {
  if (rank == 1) {
    size_t n = (size_t)lengths[0];
    if (width == 1)
      ck_select_row_u8(c, *sc, (const u8 *)a, *sa, (const u8 *)b, *sb, (u8 *)y, n);
    else if (width == 2)
      ck_select_row_u16(c, *sc, (const u16 *)a, *sa, (const u16 *)b, *sb, (u16 *)y, n);
    else if (width == 4)
      ck_select_row_u32(c, *sc, (const u32 *)a, *sa, (const u32 *)b, *sb, (u32 *)y, n);
    else
      ck_select_row_u64(c, *sc, (const u64 *)a, *sa, (const u64 *)b, *sb, (u64 *)y, n);
    return y + n * (size_t)width;
  }
  for (ptrdiff_t i = 0; i < lengths[0]; i++) {
    y = select_walk(width, rank - 1, lengths + 1, sc + 1, sa + 1, sb + 1, c, a, b, y);
    c += sc[0];
    a += sa[0] * width;
    b += sb[0] * width;
  }
  return y;
}

void IN_SET(ck_select_walk)(
    int width, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sc, const ptrdiff_t *sa,
    const ptrdiff_t *sb, const void *c, const void *a, const void *b, void *y) {
  select_walk(width, rank, lengths, sc, sa, sb, c, a, b, y);
}

INLINE int32_t saturated(double v) {
  return v >= 2147483647.0 ? INT32_MAX : v <= -2147483648.0 ? INT32_MIN : v == v ? (int32_t)v : 0;
}

// Within what an i64 may hold.
INLINE int64_t saturated_long(double v) {
  return v >= 9007199254740992.0    ? (int64_t)1 << 53
         : v <= -9007199254740992.0 ? -((int64_t)1 << 53)
         : v == v                   ? (int64_t)v
                                    : 0;
}

#define CLIP(T, least, most) \
  { \
    T lo = least, hi = most; \
    const T *x = px; \
    T *y = py; \
    LOOP for (size_t i = 0; i < n; i++) { \
      T v = x[i]; \
      v = v < lo ? lo : v; \
      y[i] = v > hi ? hi : v; \
    } \
  }
#define CLIP_ADJOINT(T) \
  { \
    T lo = (T)low, hi = (T)high; \
    const T *g = pg, *x = px; \
    T *y = py; \
    LOOP for (size_t i = 0; i < n; i++) y[i] = x[i] >= lo && x[i] <= hi ? g[i] : 0; \
  }

void IN_SET(ck_clip)(int type, double low, double high, const void *px, void *py, size_t n) {
  if (is_short(type)) {
    f32 tile[SHORT_TILE];
    SHORT_TILES({
      widen(type, (const u16 *)px + i, tile, count);
      IN_SET(ck_clip)(CK_F32, low, high, tile, tile, count);
      narrow(type, tile, (u16 *)py + i, count);
    })
    return;
  }
  BY_TYPE(
      type, CLIP(f32, (float)low, (float)high), CLIP(f64, low, high),
      CLIP(i32, saturated(ceil(low)), saturated(floor(high))),
      CLIP(i64, saturated_long(ceil(low)), saturated_long(floor(high))), )
}

void IN_SET(ck_clip_adjoint)(
    int type, double low, double high, const void *pg, const void *px, void *py, size_t n) {
  if (is_short(type)) {
    f32 slopes[SHORT_TILE], tile[SHORT_TILE];
    SHORT_TILES({
      widen(type, (const u16 *)pg + i, slopes, count);
      widen(type, (const u16 *)px + i, tile, count);
      IN_SET(ck_clip_adjoint)(CK_F32, low, high, slopes, tile, tile, count);
      narrow(type, tile, (u16 *)py + i, count);
    })
    return;
  }
  BY_FLOAT(type, CLIP_ADJOINT(f32), CLIP_ADJOINT(f64))
}

#define CAST(T, U, f) \
  { \
    const T *x = px; \
    U *y = py; \
    LOOP for (size_t i = 0; i < n; i++) { T v = x[i]; y[i] = f; } \
  }

#define FIRST_OUTSIDE(T) \
  { \
    const T *x = px; \
    for (size_t i = 0; i < n; i++) { \
      double v = (double)x[i]; \
      if (!(to == CK_I32 ? v > -2147483649.0 && v < 2147483648.0 \
                         : v >= -9007199254740992.0 && v <= 9007199254740992.0)) \
        return (ptrdiff_t)i; \
    } \
  }

ptrdiff_t IN_SET(ck_first_outside)(int from, int to, const void *px, size_t n) {
  if (is_short(from)) {
    f32 tile[SHORT_TILE];
    SHORT_TILES({
      widen(from, (const u16 *)px + i, tile, count);
      ptrdiff_t place = IN_SET(ck_first_outside)(CK_F32, to, tile, count);
      if (place >= 0) return (ptrdiff_t)i + place;
    })
    return -1;
  }
  BY_TYPE(from, FIRST_OUTSIDE(f32), FIRST_OUTSIDE(f64), , FIRST_OUTSIDE(i64), )
  return -1;
}

// Short floats to another type, through f32.
static void cast_from_short(int from, int to, const void *px, void *py, size_t n) {
  size_t width = width_of(to);
  f32 tile[SHORT_TILE];
  SHORT_TILES({
    widen(from, (const u16 *)px + i, tile, count);
    IN_SET(ck_cast)(CK_F32, to, tile, (char *)py + i * width, count);
  })
}

// Other types to short floats, rounded once.
static void cast_to_short(int from, int to, const void *px, void *py, size_t n) {
  if (from == CK_F32) {
    narrow(to, px, py, n);
    return;
  }
  f32 tile[SHORT_TILE];
#define ODD(T) \
  { \
    const T *x = (const T *)px + i; \
    for (size_t j = 0; j < count; j++) tile[j] = odd_f32((double)x[j]); \
  }
  SHORT_TILES({
    BY_TYPE(from, , ODD(f64), ODD(i32), ODD(i64), ODD(u8))
    narrow(to, tile, (u16 *)py + i, count);
  })
#undef ODD
}

void IN_SET(ck_cast)(int from, int to, const void *px, void *py, size_t n) {
  if (from == to) {
    if (px != py) __builtin_memcpy(py, px, n * width_of(from));
    return;
  }
  if (is_short(from)) {
    cast_from_short(from, to, px, py, n);
    return;
  }
  if (is_short(to)) {
    cast_to_short(from, to, px, py, n);
    return;
  }
  BY_TYPE(
      from,
      BY_TYPE(
          to, , CAST(f32, f64, (double)v), CAST(f32, i32, saturated((double)v)),
          CAST(f32, i64, saturated_long((double)v)), CAST(f32, u8, v != 0)),
      BY_TYPE(
          to, CAST(f64, f32, (float)v), , CAST(f64, i32, saturated(v)),
          CAST(f64, i64, saturated_long(v)), CAST(f64, u8, v != 0)),
      BY_TYPE(
          to, CAST(i32, f32, (float)v), CAST(i32, f64, (double)v), , CAST(i32, i64, v),
          CAST(i32, u8, v != 0)),
      BY_TYPE(
          to, CAST(i64, f32, (float)v), CAST(i64, f64, (double)v),
          CAST(i64, i32, saturated((double)v)), , CAST(i64, u8, v != 0)),
      BY_TYPE(
          to, CAST(u8, f32, (float)v), CAST(u8, f64, (double)v), CAST(u8, i32, v),
          CAST(u8, i64, v), ))
}

#define FILL(T, element) \
  { \
    T *y = py, v = element; \
    LOOP for (size_t i = 0; i < n; i++) y[i] = v; \
  }

void IN_SET(ck_fill)(int type, double value, void *py, size_t n) {
  if (is_short(type)) {
    float number = odd_f32(value);
    FILL(u16, (uint16_t)(type == CK_F16 ? to_f16(number) : to_bf16(number)))
    return;
  }
  BY_TYPE(
      type, FILL(f32, (float)value), FILL(f64, value), FILL(i32, saturated(value)),
      FILL(i64, saturated_long(value)), FILL(u8, value != 0))
}
