// Softmax, log-softmax, log-sum-exp along an axis; cross entropy.
#include "math32.h"
#include "rowloops.h"

#pragma clang fp contract(off)

enum { CK_SOFTMAX, CK_SOFTMAX_ADJOINT, CK_LOG_SOFTMAX, CK_LOG_SOFTMAX_ADJOINT, CK_LOG_SUM_EXP };

#define CK_TILE 64
// Rows up to this length go several at a time through a buffer of EXP_PART elements.
#define CK_SHORT 64
#define EXP_PART 256


#define T f32
#define NAME(name) name##_f32
#define EXP exp32
#define LOG log32
#define ELEMENTS IN_GROUPS
#include "rows_template.h"
#undef T
#undef NAME
#undef EXP
#undef LOG
#undef ELEMENTS

#define T f64
#define NAME(name) name##_f64
#define EXP exp
#define LOG log
#define ELEMENTS ONE_BY_ONE
#include "rows_template.h"
#undef T
#undef NAME
#undef EXP
#undef LOG
#undef ELEMENTS

static void columns(
    int job, int type, const void *a, const void *b, void *y, size_t outer, size_t length,
    size_t inner, stop_word stop) {
  size_t step = length * inner, out = job == CK_LOG_SUM_EXP ? inner : step;
  for (size_t o = 0; o < outer && !*stop; o++) {
    BY_FLOAT(
        type,
        ck_columns_f32(
            job, (const f32 *)a + o * step, (const f32 *)b + o * step, (f32 *)y + o * out, length,
            inner, stop),
        ck_columns_f64(
            job, (const f64 *)a + o * step, (const f64 *)b + o * step, (f64 *)y + o * out, length,
            inner, stop))
  }
}

void IN_SET(ck_softmax)(
    int type, const void *x, void *y, size_t outer, size_t length, size_t inner,
    stop_word stop) {
  if (inner != 1)
    columns(CK_SOFTMAX, type, x, x, y, outer, length, inner, stop);
  else
    BY_FLOAT(
        type, ck_softmax_rows_f32(x, y, outer, length, stop),
        ck_softmax_rows_f64(x, y, outer, length, stop))
}

void IN_SET(ck_softmax_adjoint)(
    int type, const void *g, const void *s, void *y, size_t outer, size_t length, size_t inner,
    stop_word stop) {
  if (inner != 1)
    columns(CK_SOFTMAX_ADJOINT, type, g, s, y, outer, length, inner, stop);
  else
    BY_FLOAT(
        type, ck_softmax_adjoint_rows_f32(g, s, y, outer, length, stop),
        ck_softmax_adjoint_rows_f64(g, s, y, outer, length, stop))
}

void IN_SET(ck_log_softmax)(
    int type, const void *x, void *y, size_t outer, size_t length, size_t inner,
    stop_word stop) {
  if (inner != 1)
    columns(CK_LOG_SOFTMAX, type, x, x, y, outer, length, inner, stop);
  else
    BY_FLOAT(
        type, ck_log_softmax_rows_f32(x, y, outer, length, stop),
        ck_log_softmax_rows_f64(x, y, outer, length, stop))
}

void IN_SET(ck_log_softmax_adjoint)(
    int type, const void *g, const void *l, void *y, size_t outer, size_t length, size_t inner,
    stop_word stop) {
  if (inner != 1)
    columns(CK_LOG_SOFTMAX_ADJOINT, type, g, l, y, outer, length, inner, stop);
  else
    BY_FLOAT(
        type, ck_log_softmax_adjoint_rows_f32(g, l, y, outer, length, stop),
        ck_log_softmax_adjoint_rows_f64(g, l, y, outer, length, stop))
}

void IN_SET(ck_log_sum_exp)(
    int type, const void *x, void *y, size_t outer, size_t length, size_t inner,
    stop_word stop) {
  if (inner != 1)
    columns(CK_LOG_SUM_EXP, type, x, x, y, outer, length, inner, stop);
  else
    BY_FLOAT(
        type, ck_log_sum_exp_rows_f32(x, y, outer, length, stop),
        ck_log_sum_exp_rows_f64(x, y, outer, length, stop))
}

void IN_SET(ck_cross_entropy)(
    int type, const void *x, const int32_t *labels, double *losses, size_t rows, size_t classes,
    stop_word stop) {
  BY_FLOAT(
      type, ck_cross_entropy_f32(x, labels, losses, rows, classes, stop),
      ck_cross_entropy_f64(x, labels, losses, rows, classes, stop))
}

void IN_SET(ck_cross_entropy_adjoint)(
    int type, const void *g, size_t all, const void *x, const int32_t *labels, void *y,
    size_t rows, size_t classes, stop_word stop) {
  BY_FLOAT(
      type, ck_cross_entropy_adjoint_f32(g, all, x, labels, y, rows, classes, stop),
      ck_cross_entropy_adjoint_f64(g, all, x, labels, y, rows, classes, stop))
}
