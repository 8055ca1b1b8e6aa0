// Losses: cross entropy over any part of the classes at a time, and averages over pairs.
#include "CKernels.h"
#include "math32.h"
#include "rowloops.h"

#pragma clang fp contract(off)

#define LOSS_PART CK_LOSS_PART

// log(1 + e^x), which overflows nowhere.
INLINE double softplus64(double x) { return (x < 0.0 ? 0.0 : x) + log1p(exp(-fabs(x))); }

#define T f32
#define NAME(name) name##_f32
#define EXP exp32
#define SOFTPLUS softplus32
#define ELEMENTS IN_GROUPS
#include "losses_template.h"
#undef T
#undef NAME
#undef EXP
#undef SOFTPLUS
#undef ELEMENTS

#define T f64
#define NAME(name) name##_f64
#define EXP exp
#define SOFTPLUS softplus64
#define ELEMENTS ONE_BY_ONE
#include "losses_template.h"
#undef T
#undef NAME
#undef EXP
#undef SOFTPLUS
#undef ELEMENTS

void IN_SET(ck_label_rows)(
    int type, const void *x, size_t width, size_t first, const int32_t *labels,
    struct ck_label_row *state, size_t rows, stop_word stop) {
  BY_FLOAT(
      type, ck_label_rows_f32(x, width, first, labels, state, rows, stop),
      ck_label_rows_f64(x, width, first, labels, state, rows, stop))
}

ptrdiff_t IN_SET(ck_label_loss)(
    int type, const struct ck_label_row *state, const int32_t *labels, const int32_t *ignored,
    double smoothing, void *y, void *sums, size_t rows, size_t classes) {
  ptrdiff_t fault = -1;
  size_t counted = 0;
  double loss = 0;
  for (size_t r = 0; r < rows; r++) {
    double sum = state[r].top + log(state[r].sum);
    if (sums) BY_FLOAT(type, ((f32 *)sums)[r] = (f32)sum, ((f64 *)sums)[r] = sum)
    if (ignored && labels[r] == *ignored) continue;
    counted++;
    if (labels[r] < 0 || (size_t)labels[r] >= classes) {
      if (fault < 0) fault = (ptrdiff_t)r;
      continue;
    }
    double plain = sum - state[r].hit;
    loss += plain + smoothing * (sum - state[r].total / (double)classes - plain);
  }
  BY_FLOAT(type, *(f32 *)y = (f32)(loss / (double)counted), *(f64 *)y = loss / (double)counted)
  return fault;
}

size_t IN_SET(ck_label_count)(const int32_t *labels, const int32_t *ignored, size_t rows) {
  size_t count = 0;
  for (size_t r = 0; r < rows; r++) count += !ignored || labels[r] != *ignored;
  return count;
}

void IN_SET(ck_label_slopes)(
    int type, double share, const void *x, size_t width, size_t first, size_t classes,
    const int32_t *labels, const int32_t *ignored, double smoothing, const void *sums, void *y,
    size_t rows, stop_word stop) {
  BY_FLOAT(
      type,
      ck_label_slopes_f32(
          share, x, width, first, classes, labels, ignored, smoothing, sums, y, rows, stop),
      ck_label_slopes_f64(
          share, x, width, first, classes, labels, ignored, smoothing, sums, y, rows, stop))
}

void IN_SET(ck_pair_loss)(
    int loss, int type, double delta, const void *a, const void *b, double *sums, size_t n,
    stop_word stop) {
  BY_FLOAT(
      type, ck_pair_loss_f32(loss, (f32)delta, a, b, sums, n, stop),
      ck_pair_loss_f64(loss, delta, a, b, sums, n, stop))
}

void IN_SET(ck_pair_loss_adjoint)(
    int loss, int type, double share, double delta, const void *a, const void *b, void *y,
    size_t n) {
  BY_FLOAT(
      type, ck_pair_loss_adjoint_f32(loss, (f32)share, (f32)delta, a, b, y, n),
      ck_pair_loss_adjoint_f64(loss, share, delta, a, b, y, n))
}
