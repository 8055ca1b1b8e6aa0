// Convolutions of channels-last images: tiles of the result that fill the vector registers, of
// which each element is one chain of fused multiply-adds over its terms in order, as in
// `product.c`. How wide a vector is, how many pixels a tile has, where blocks of terms end and
// which part of a result is asked for changes no bit.
//
// Neighbouring pixels of the result read the image at equal steps, so that a convolution is a
// product whose left rows lie there already: no matrix of windows is made. The terms of a pixel are
// a few runs of neighbouring numbers, one or more for each row of the window.
#include "CKernels.h"
#include "common.h"

#pragma clang fp contract(off)

// Terms of a panel of weights, and runs of terms that one pass over a tile takes; outputs a group
// has at least where tiles pay.
#define CONV_TERMS 320
#define CONV_RUNS 64
#define CONV_OUTPUTS 8

// Neighbouring terms: where they start for the first pixel of a tile, where their weights lie, and
// how many they are.
struct run {
  ptrdiff_t x, w;
  size_t terms;
};

#define T f32
#define NAME(name) name##_f32
#define FMA FMA_f32
#include "conv_template.h"
#undef T
#undef NAME
#undef FMA

#define T f64
#define NAME(name) name##_f64
#define FMA FMA_f64
#include "conv_template.h"
#undef T
#undef NAME
#undef FMA

void IN_SET(ck_conv)(
    int type, const struct ck_conv_block *at, const void *x, const void *w, void *y) {
  BY_FLOAT(type, convolve_f32(at, x, w, y), convolve_f64(at, x, w, y))
}

void IN_SET(ck_conv_weights)(
    int type, const struct ck_conv_block *at, const void *x, const void *g, void *w, int fresh) {
  BY_FLOAT(
      type, convolve_weights_f32(at, x, g, w, fresh), convolve_weights_f64(at, x, g, w, fresh))
}

void IN_SET(ck_conv_turn)(
    int type, size_t taps, size_t groups, size_t inputs, size_t outputs, const void *w, void *y) {
  BY_FLOAT(
      type, turn_weights_f32(taps, groups, inputs, outputs, w, y),
      turn_weights_f64(taps, groups, inputs, outputs, w, y))
}

void IN_SET(ck_conv_frame)(
    size_t images, ptrdiff_t rows, ptrdiff_t columns, size_t pixel, size_t pitch,
    ptrdiff_t first_row, ptrdiff_t first_column, ptrdiff_t height, ptrdiff_t width, size_t stride,
    const void *x, void *y) {
  // Columns outside the image on the left, and the first outside it on the right.
  ptrdiff_t before = first_column < 0 ? -first_column : 0, end = width - first_column;
  if (before > columns) before = columns;
  if (end > columns) end = columns;
  if (end < before) end = before;
  const char *from = x;
  char *to = y;
  for (size_t n = 0; n < images; n++, from += (size_t)(height * width) * stride)
    for (ptrdiff_t r = first_row; r < first_row + rows; r++, to += (size_t)columns * pitch) {
      if (r < 0 || r >= height) {
        memset(to, 0, (size_t)columns * pitch);
        continue;
      }
      memset(to, 0, (size_t)before * pitch);
      memset(to + (size_t)end * pitch, 0, (size_t)(columns - end) * pitch);
      const char *row = from + (r * width + first_column + before) * (ptrdiff_t)stride;
      char *place = to + (size_t)before * pitch;
      if (pixel == stride && pixel == pitch) {
        memcpy(place, row, (size_t)(end - before) * pixel);
      } else {
        for (ptrdiff_t c = before; c < end; c++, row += stride, place += pitch)
          memcpy(place, row, pixel);
      }
    }
}

void IN_SET(ck_add_parts)(
    int type, const void *parts, void *y, size_t count, size_t stride, size_t n) {
  BY_FLOAT(
      type, add_parts_f32(parts, y, count, stride, n), add_parts_f64(parts, y, count, stride, n))
}
