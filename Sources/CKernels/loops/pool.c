// Pooling of channels-last images: the greatest of each window, or its average. Vectors go along
// the channels, so that each element is found in the order of its window, whatever their length.
#include "CKernels.h"
#include "common.h"

#pragma clang fp contract(off)

// Channels that are worked on together.
#define POOL_TILE 64

#define TEMPLATE "pool_template.h"
#include "both_floats.h"

void IN_SET(ck_max_pool)(
    int type, const struct ck_windows *at, const void *x, void *y, size_t row) {
  BY_FLOAT(type, max_pool_f32(at, x, y, row), max_pool_f64(at, x, y, row))
}

void IN_SET(ck_max_pool_adjoint)(
    int type, const struct ck_windows *at, const void *g, const void *x, void *y, size_t first,
    size_t count) {
  BY_FLOAT(
      type, max_pool_adjoint_f32(at, g, x, y, first, count),
      max_pool_adjoint_f64(at, g, x, y, first, count))
}

void IN_SET(ck_average_pool)(
    int type, const struct ck_windows *at, const void *x, void *y, size_t row) {
  BY_FLOAT(type, average_pool_f32(at, x, y, row), average_pool_f64(at, x, y, row))
}

void IN_SET(ck_average_pool_adjoint)(
    int type, const struct ck_windows *at, const void *g, void *y, size_t first, size_t count) {
  BY_FLOAT(
      type, average_pool_adjoint_f32(at, g, y, first, count),
      average_pool_adjoint_f64(at, g, y, first, count))
}
