// Moving elements: strided copies, gathering and scattering.
#include "common.h"
#include <string.h>

#pragma clang fp contract(off)

#define TILE 32
// Bytes between two looks at `stop`.
#define MOUTHFUL (1 << 18)

static void copy_bytes(void *y, const void *x, size_t bytes, stop_word stop) {
  for (size_t i = 0; i < bytes && !*stop; i += MOUTHFUL)
    memcpy((u8 *)y + i, (const u8 *)x + i, bytes - i < MOUTHFUL ? bytes - i : MOUTHFUL);
}

static void clear_bytes(void *y, size_t bytes, stop_word stop) {
  for (size_t i = 0; i < bytes && !*stop; i += MOUTHFUL)
    memset((u8 *)y + i, 0, bytes - i < MOUTHFUL ? bytes - i : MOUTHFUL);
}

#define COPIES(T) \
  static void copy_row_##T(const T *x, ptrdiff_t sx, T *y, ptrdiff_t sy, size_t n) { \
    if (sx == 1 && sy == 1) { \
      memcpy(y, x, n * sizeof(T)); \
    } else if (sx == 0 && sy == 1) { \
      T v = *x; \
      for (size_t i = 0; i < n; i++) y[i] = v; \
    } else { \
      for (size_t i = 0; i < n; i++) y[(ptrdiff_t)i * sy] = x[(ptrdiff_t)i * sx]; \
    } \
  } \
  static void ck_transpose_##T( \
      const T *x, ptrdiff_t sx, T *y, ptrdiff_t sy, size_t rows, size_t columns) { \
    for (size_t r0 = 0; r0 < rows; r0 += TILE) \
      for (size_t c0 = 0; c0 < columns; c0 += TILE) { \
        size_t r1 = rows - r0 < TILE ? rows : r0 + TILE; \
        size_t c1 = columns - c0 < TILE ? columns : c0 + TILE; \
        for (size_t r = r0; r < r1; r++) \
          for (size_t c = c0; c < c1; c++) \
            y[(ptrdiff_t)r * sy + (ptrdiff_t)c] = x[(ptrdiff_t)r + (ptrdiff_t)c * sx]; \
      } \
  } \
  static void copy_##T( \
      int rank, const ptrdiff_t *lengths, const ptrdiff_t *sx, const ptrdiff_t *sy, const T *x, \
      T *y) { \
    if (rank == 1) { \
      copy_row_##T(x, sx[0], y, sy[0], (size_t)lengths[0]); \
      return; \
    } \
    if (rank == 2 && sx[0] == 1 && sy[1] == 1 && sx[1] != 1) { \
      ck_transpose_##T(x, sx[1], y, sy[0], (size_t)lengths[0], (size_t)lengths[1]); \
      return; \
    } \
    for (ptrdiff_t i = 0; i < lengths[0]; i++) \
      copy_##T(rank - 1, lengths + 1, sx + 1, sy + 1, x + i * sx[0], y + i * sy[0]); \
  } \
  static ptrdiff_t take_##T( \
      const T *x, const int32_t *indices, T *y, size_t outer, size_t length, size_t inner, \
      size_t count, stop_word stop) { \
    ptrdiff_t fault = -1; \
    for (size_t o = 0; o < outer; o++, x += length * inner) \
      for (size_t i = 0; i < count && !*stop; i++, y += inner) { \
        if (indices[i] < 0 || (size_t)indices[i] >= length) { \
          if (fault < 0) fault = (ptrdiff_t)i; \
          clear_bytes(y, inner * sizeof(T), stop); \
        } else if (inner == 1) { \
          *y = x[indices[i]]; \
        } else { \
          copy_bytes(y, x + (size_t)indices[i] * inner, inner * sizeof(T), stop); \
        } \
      } \
    return fault; \
  }

COPIES(u8)
COPIES(u32)
COPIES(u64)

void IN_SET(ck_copy_walk)(
    int width, int rank, const ptrdiff_t *lengths, const ptrdiff_t *sx, const ptrdiff_t *sy,
    const void *x, void *y) {
  if (width == 1)
    copy_u8(rank, lengths, sx, sy, x, y);
  else if (width == 4)
    copy_u32(rank, lengths, sx, sy, x, y);
  else
    copy_u64(rank, lengths, sx, sy, x, y);
}

ptrdiff_t IN_SET(ck_take)(
    int width, const void *x, const int32_t *indices, void *y, size_t outer, size_t length,
    size_t inner, size_t count, stop_word stop) {
  return width == 1   ? take_u8(x, indices, y, outer, length, inner, count, stop)
         : width == 4 ? take_u32(x, indices, y, outer, length, inner, count, stop)
                      : take_u64(x, indices, y, outer, length, inner, count, stop);
}

// A is the type of the sum: unsigned for integers, which wrap.
#define TAKE_ADJOINT(T, A) \
  static ptrdiff_t ck_take_adjoint_##T( \
      const T *g, const int32_t *indices, T *y, size_t outer, size_t length, size_t inner, \
      size_t count, stop_word stop) { \
    ptrdiff_t fault = -1; \
    for (size_t o = 0; o < outer; o++, y += length * inner) \
      for (size_t i = 0; i < count && !*stop; i++, g += inner) { \
        if (indices[i] < 0 || (size_t)indices[i] >= length) { \
          if (fault < 0) fault = (ptrdiff_t)i; \
          continue; \
        } \
        T *row = y + (size_t)indices[i] * inner; \
        IN_STRETCHES(from, to, inner) \
          for (size_t j = from; j < to; j++) row[j] = (T)((A)row[j] + (A)g[j]); \
      } \
    return fault; \
  }

TAKE_ADJOINT(f32, float)
TAKE_ADJOINT(f64, double)
TAKE_ADJOINT(i32, uint32_t)

ptrdiff_t IN_SET(ck_take_adjoint)(
    int type, const void *g, const int32_t *indices, void *y, size_t outer, size_t length,
    size_t inner, size_t count, stop_word stop) {
  clear_bytes(y, outer * length * inner * width_of(type), stop);
  BY_TYPE(
      type, return ck_take_adjoint_f32(g, indices, y, outer, length, inner, count, stop),
      return ck_take_adjoint_f64(g, indices, y, outer, length, inner, count, stop),
      return ck_take_adjoint_i32(g, indices, y, outer, length, inner, count, stop), )
  return -1;
}

ptrdiff_t IN_SET(ck_one_hot)(
    int type, const int32_t *indices, void *y, size_t count, size_t classes, stop_word stop) {
  ptrdiff_t fault = -1;
  clear_bytes(y, count * classes * width_of(type), stop);
  for (size_t i = 0; i < count && !*stop; i++) {
    if (indices[i] < 0 || (size_t)indices[i] >= classes) {
      if (fault < 0) fault = (ptrdiff_t)i;
      continue;
    }
    size_t at = i * classes + (size_t)indices[i];
    BY_TYPE(type, ((f32 *)y)[at] = 1, ((f64 *)y)[at] = 1, ((i32 *)y)[at] = 1, ((u8 *)y)[at] = 1)
  }
  return fault;
}

#undef TILE
#undef MOUTHFUL
