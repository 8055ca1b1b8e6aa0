// Choosing by place: gathering, scattering, the greatest, and sums along an axis.
#include "common.h"
#include <string.h>

#pragma clang fp contract(off)

#define GATHER(T) \
  static ptrdiff_t gather_##T( \
      const T *x, const int32_t *indices, T *y, size_t outer, size_t length, size_t inner, \
      size_t count) { \
    ptrdiff_t fault = -1, place = 0; \
    for (size_t o = 0; o < outer; o++, x += length * inner) \
      for (size_t i = 0; i < count; i++) \
        for (size_t j = 0; j < inner; j++, place++) { \
          int32_t at = indices[place]; \
          if (at < 0 || (size_t)at >= length) { \
            if (fault < 0) fault = place; \
            y[place] = 0; \
          } else { \
            y[place] = x[(size_t)at * inner + j]; \
          } \
        } \
    return fault; \
  }

GATHER(u8)
GATHER(u16)
GATHER(u32)
GATHER(u64)

#undef GATHER

ptrdiff_t IN_SET(ck_gather)(
    int width, const void *x, const int32_t *indices, void *y, size_t outer, size_t length,
    size_t inner, size_t count) {
  return width == 1   ? gather_u8(x, indices, y, outer, length, inner, count)
         : width == 2 ? gather_u16(x, indices, y, outer, length, inner, count)
         : width == 4 ? gather_u32(x, indices, y, outer, length, inner, count)
                      : gather_u64(x, indices, y, outer, length, inner, count);
}

#define GATHER_ADJOINT(T) \
  { \
    const T *g = pg; \
    T *y = py; \
    for (size_t o = 0; o < outer; o++, y += length * inner) \
      for (size_t i = 0; i < count; i++) \
        for (size_t j = 0; j < inner; j++, place++) { \
          int32_t at = indices[place]; \
          if (at < 0 || (size_t)at >= length) { \
            if (fault < 0) fault = place; \
          } else { \
            y[(size_t)at * inner + j] += g[place]; \
          } \
        } \
  }

ptrdiff_t IN_SET(ck_gather_adjoint)(
    int type, const void *pg, const int32_t *indices, void *py, size_t outer, size_t length,
    size_t inner, size_t count) {
  ptrdiff_t fault = -1, place = 0;
  memset(py, 0, outer * length * inner * width_of(type));
  BY_FLOAT(type, GATHER_ADJOINT(f32), GATHER_ADJOINT(f64))
  return fault;
}

#undef GATHER_ADJOINT

// A heap of places with the least of them on top: one that is before another is greater, or equal
// and further to the front; a NaN is greater than all numbers.
#define TOP(T) \
  static int before_##T(const T *x, int32_t a, int32_t b) { \
    T p = x[a], q = x[b]; \
    if ((p != p) != (q != q)) return p != p; \
    return p > q || (!(q > p) && a < b); \
  } \
  static void sink_##T(const T *x, int32_t *heap, size_t size, size_t at) { \
    for (;;) { \
      size_t next = 2 * at + 1; \
      if (next >= size) return; \
      if (next + 1 < size && before_##T(x, heap[next], heap[next + 1])) next++; \
      if (before_##T(x, heap[next], heap[at])) return; \
      int32_t kept = heap[at]; \
      heap[at] = heap[next]; \
      heap[next] = kept; \
      at = next; \
    } \
  } \
  static void top_##T(const T *x, int32_t *y, size_t length, size_t count) { \
    for (size_t i = 0; i < count; i++) y[i] = (int32_t)i; \
    for (size_t i = count / 2; i-- > 0;) sink_##T(x, y, count, i); \
    for (size_t i = count; i < length; i++) \
      if (before_##T(x, (int32_t)i, y[0])) { \
        y[0] = (int32_t)i; \
        sink_##T(x, y, count, 0); \
      } \
    for (size_t size = count; size-- > 1;) { \
      int32_t least = y[0]; \
      y[0] = y[size]; \
      y[size] = least; \
      sink_##T(x, y, size, 0); \
    } \
  }

TOP(f32)
TOP(f64)

#undef TOP

#define TOP_ROWS(T) \
  { \
    const T *x = px; \
    for (size_t r = 0; r < rows; r++) top_##T(x + r * length, y + r * count, length, count); \
  }

void IN_SET(ck_top_indices)(
    int type, const void *px, int32_t *y, size_t rows, size_t length, size_t count) {
  BY_FLOAT(type, TOP_ROWS(f32), TOP_ROWS(f64))
}

#undef TOP_ROWS

#define CUMULATE(T) \
  for (size_t o = 0; o < outer; o++) { \
    const T *x = (const T *)px + o * length * inner; \
    T *y = (T *)py + o * length * inner; \
    for (size_t i = start; i < start + count; i++) { \
      size_t at = (back ? length - 1 - i : i) * inner; \
      size_t last = i == 0 ? at : back ? at + inner : at - inner; \
      if (i == 0) { \
        LOOP for (size_t j = 0; j < inner; j++) y[at + j] = x[at + j]; \
      } else { \
        LOOP for (size_t j = 0; j < inner; j++) y[at + j] = y[last + j] + x[at + j]; \
      } \
    } \
  }

void IN_SET(ck_cumulative_sum)(
    int type, int back, const void *px, void *py, size_t outer, size_t length, size_t inner,
    size_t start, size_t count) {
  BY_FLOAT(type, CUMULATE(f32), CUMULATE(f64))
}

#undef CUMULATE
