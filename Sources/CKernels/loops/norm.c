// Layer normalisation: rows of `size` elements with mean 0 and variance 1, scaled and shifted.
#include "rowloops.h"

#pragma clang fp contract(off)

// Columns that are summed together, and rows whose sums are added up before they go on in double
// precision.
#define NORM_TILE 64
#define NORM_BLOCK 64

#define TEMPLATE "norm_template.h"
#include "both_floats.h"

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
  BY_FLOAT(
      type, ck_layer_norm_sums_f32(
          g, x, mean, scale, gain, offset, rows, size, start, count, stop),
      ck_layer_norm_sums_f64(
          g, x, mean, scale, gain, offset, rows, size, start, count, stop))
}
