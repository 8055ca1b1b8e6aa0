// Batch normalisation: channels with mean 0 and variance 1 over all rows. Rows go in blocks, which
// threads may share; the sums of the blocks are added up in their order.
#include "common.h"

#pragma clang fp contract(off)

// Channels that are summed together, and rows whose sums are added up before they go on in double
// precision.
#define CHANNEL_TILE 64
#define CHANNEL_BLOCK 64

// The sum over blocks of one channel, whose sums lie `size` apart.
INLINE double block_total(const double *sums, size_t blocks, size_t size) {
  double total = 0;
  for (size_t b = 0; b < blocks; b++) total += sums[b * size];
  return total;
}

#define TEMPLATE "channels_template.h"
#include "both_floats.h"

void IN_SET(ck_channel_sums)(
    int type, const void *x, const void *mean, double *sums, size_t rows, size_t size,
    stop_word stop) {
  BY_FLOAT(
      type, ck_channel_sums_f32(x, mean, sums, rows, size, stop),
      ck_channel_sums_f64(x, mean, sums, rows, size, stop))
}

void IN_SET(ck_channel_dots)(
    int type, const void *g, const void *x, const void *mean, const void *scale, double *sums,
    double *dots, size_t rows, size_t size, stop_word stop) {
  BY_FLOAT(
      type, ck_channel_dots_f32(g, x, mean, scale, sums, dots, rows, size, stop),
      ck_channel_dots_f64(g, x, mean, scale, sums, dots, rows, size, stop))
}

void IN_SET(ck_channel_mean)(
    int type, const double *sums, size_t blocks, size_t size, double count, void *mean) {
  BY_FLOAT(
      type, ck_channel_mean_f32(sums, blocks, size, count, mean),
      ck_channel_mean_f64(sums, blocks, size, count, mean))
}

void IN_SET(ck_channel_scale)(
    int type, const double *sums, size_t blocks, size_t size, double count, double epsilon,
    void *scale, void *variance) {
  BY_FLOAT(
      type, ck_channel_scale_f32(sums, blocks, size, count, epsilon, scale, variance),
      ck_channel_scale_f64(sums, blocks, size, count, epsilon, scale, variance))
}

void IN_SET(ck_channel_slopes)(
    int type, const double *sums, const double *dots, size_t blocks, size_t size, double count,
    const void *gain, void *gains, void *offsets, void *a, void *b) {
  BY_FLOAT(
      type, ck_channel_slopes_f32(sums, dots, blocks, size, count, gain, gains, offsets, a, b),
      ck_channel_slopes_f64(sums, dots, blocks, size, count, gain, gains, offsets, a, b))
}

void IN_SET(ck_channel_norm)(
    int type, const void *x, const void *mean, const void *scale, const void *gain,
    const void *offset, void *y, size_t rows, size_t size) {
  BY_FLOAT(
      type, ck_channel_norm_f32(x, mean, scale, gain, offset, y, rows, size),
      ck_channel_norm_f64(x, mean, scale, gain, offset, y, rows, size))
}

void IN_SET(ck_channel_norm_adjoint)(
    int type, const void *g, const void *x, const void *gain, const void *mean, const void *scale,
    const void *a, const void *b, void *y, size_t rows, size_t size) {
  BY_FLOAT(
      type, ck_channel_norm_adjoint_f32(g, x, gain, mean, scale, a, b, y, rows, size),
      ck_channel_norm_adjoint_f64(g, x, gain, mean, scale, a, b, y, rows, size))
}
