// Layer normalisation: rows of `size` elements with mean 0 and variance 1, scaled and shifted.
#include "rowloops.h"
#include "short.h"

#pragma clang fp contract(off)

// Columns that are summed together, and rows whose sums are added up before they go on in double
// precision.
#define NORM_TILE 64
#define NORM_BLOCK 64

#define TEMPLATE "norm_template.h"
#include "both_floats.h"

// As `ck_layer_norm_sums_f32` on the same numbers, a tile of columns at a time, rounded once.
static void layer_norm_sums_short(
    int type, const u16 *g, const u16 *x, const f32 *mean, const f32 *scale, u16 *gain,
    u16 *offset, size_t rows, size_t size, size_t start, size_t count, stop_word stop) {
  f32 slopes[NORM_BLOCK * NORM_TILE], tile[NORM_BLOCK * NORM_TILE];
  for (size_t c0 = start; c0 < start + count; c0 += NORM_TILE) {
    size_t width = start + count - c0 < NORM_TILE ? start + count - c0 : NORM_TILE;
    double gains[NORM_TILE] = {0}, offsets[NORM_TILE] = {0};
    for (size_t r0 = 0; r0 < rows && !*stop; r0 += NORM_BLOCK) {
      size_t block = rows - r0 < NORM_BLOCK ? rows - r0 : NORM_BLOCK;
      for (size_t r = 0; r < block; r++) {
        widen(type, g + (r0 + r) * size + c0, slopes + r * width, width);
        widen(type, x + (r0 + r) * size + c0, tile + r * width, width);
      }
      f32 dots[NORM_TILE], sums[NORM_TILE];
      ck_layer_norm_sums_f32(
          slopes, tile, mean ? mean + r0 : NULL, scale + r0, dots, sums, block, width, 0, width,
          stop);
      for (size_t c = 0; c < width; c++) {
        gains[c] += (double)dots[c];
        offsets[c] += (double)sums[c];
      }
    }
    f32 rounded[NORM_TILE];
    for (size_t c = 0; c < width; c++) rounded[c] = (f32)gains[c];
    if (gain) narrow(type, rounded, gain + c0, width);
    for (size_t c = 0; c < width; c++) rounded[c] = (f32)offsets[c];
    if (offset) narrow(type, rounded, offset + c0, width);
  }
}

void IN_SET(ck_layer_norm)(
    int type, double epsilon, const void *x, const void *gain, const void *offset, void *y,
    void *mean, void *scale, size_t rows, size_t size, stop_word stop) {
  BY_FLOAT(
      type, ck_layer_norm_f32(epsilon, x, gain, offset, y, mean, scale, rows, size, stop),
      ck_layer_norm_f64(epsilon, x, gain, offset, y, mean, scale, rows, size, stop))
}

void IN_SET(ck_layer_norm_adjoint)(
    int type, const void *g, const void *x, const void *gain, const void *mean, const void *scale,
    void *y, size_t rows, size_t size, stop_word stop) {
  BY_FLOAT(
      type, ck_layer_norm_adjoint_f32(g, x, gain, mean, scale, y, rows, size, stop),
      ck_layer_norm_adjoint_f64(g, x, gain, mean, scale, y, rows, size, stop))
}

void IN_SET(ck_layer_norm_sums)(
    int type, const void *g, const void *x, const void *mean, const void *scale, void *gain,
    void *offset, size_t rows, size_t size, size_t start, size_t count,
    stop_word stop) {
  if (is_short(type))
    layer_norm_sums_short(
        type, g, x, mean, scale, gain, offset, rows, size, start, count, stop);
  BY_FLOAT(
      type, ck_layer_norm_sums_f32(
          g, x, mean, scale, gain, offset, rows, size, start, count, stop),
      ck_layer_norm_sums_f64(
          g, x, mean, scale, gain, offset, rows, size, start, count, stop))
}
