// Group normalisation: groups of channels of each entry with mean 0 and variance 1 over all its
// positions. Follows norm.c, whose sums of rows it takes.
#include "rowloops.h"

#pragma clang fp contract(off)

#define TEMPLATE "groups_template.h"
#include "both_floats.h"

void IN_SET(ck_group_norm)(
    int type, double epsilon, const void *x, const void *gain, const void *offset, void *y,
    void *mean, void *scale, size_t positions, size_t channels, size_t groups, size_t start,
    size_t count, stop_word stop) {
  BY_FLOAT(
      type,
      ck_group_norm_f32(
          epsilon, x, gain, offset, y, mean, scale, positions, channels, groups, start, count,
          stop),
      ck_group_norm_f64(
          epsilon, x, gain, offset, y, mean, scale, positions, channels, groups, start, count,
          stop))
}

void IN_SET(ck_group_norm_adjoint)(
    int type, const void *g, const void *x, const void *gain, const void *mean, const void *scale,
    void *y, size_t positions, size_t channels, size_t groups, size_t start, size_t count,
    stop_word stop) {
  BY_FLOAT(
      type,
      ck_group_norm_adjoint_f32(
          g, x, gain, mean, scale, y, positions, channels, groups, start, count, stop),
      ck_group_norm_adjoint_f64(
          g, x, gain, mean, scale, y, positions, channels, groups, start, count, stop))
}

void IN_SET(ck_group_norm_sums)(
    int type, const void *g, const void *x, const void *mean, const void *scale, void *gain,
    void *offset, size_t n, size_t positions, size_t channels, size_t groups, size_t start,
    size_t count, stop_word stop) {
  BY_FLOAT(
      type,
      ck_group_norm_sums_f32(
          g, x, mean, scale, gain, offset, n, positions, channels, groups, start, count, stop),
      ck_group_norm_sums_f64(
          g, x, mean, scale, gain, offset, n, positions, channels, groups, start, count, stop))
}
