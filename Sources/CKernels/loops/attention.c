// Scaled dot-product attention, tile by tile: the scores of CK_ATTENTION_ROWS queries with CK_KEYS
// keys at a time, on the thread's stack. The forward pass rescales what it has summed whenever a
// greater score comes (Milakov & Gimelshein 2018); the adjoint computes each tile again from the
// logarithms of the sums (Dao et al. 2022, Dao 2023). Tiles come in one order, and products are
// chains of fused multiply-adds, so that no bit depends on threads or on vectors.
#include "math32.h"
#include "rowloops.h"

#pragma clang fp contract(off)

// Keys of a tile, not more than its queries, and columns of a product that are summed together.
#define CK_KEYS 64
#define CK_COLUMNS 64

#define T f32
#define NAME(name) name##_f32
#define TYPE CK_F32
#define EXP exp32
#define LOG log32
#define ELEMENTS IN_GROUPS
#include "attention_template.h"
#undef T
#undef NAME
#undef TYPE
#undef EXP
#undef LOG
#undef ELEMENTS

#define T f64
#define NAME(name) name##_f64
#define TYPE CK_F64
#define EXP exp
#define LOG log
#define ELEMENTS ONE_BY_ONE
#include "attention_template.h"
#undef T
#undef NAME
#undef TYPE
#undef EXP
#undef LOG
#undef ELEMENTS

void IN_SET(ck_attention)(
    int type, const struct ck_head *head, void *y, size_t y_row, void *log_sums, size_t first,
    size_t count) {
  BY_FLOAT(
      type, ck_attention_f32(head, y, y_row, log_sums, first, count),
      ck_attention_f64(head, y, y_row, log_sums, first, count))
}

void IN_SET(ck_attention_adjoint)(
    int type, const struct ck_head *head, const void *g, ptrdiff_t g_row, const void *log_sums,
    const void *delta, size_t delta_row, void *dq, void *dk, void *dv) {
  BY_FLOAT(
      type, ck_attention_adjoint_f32(head, g, g_row, log_sums, delta, delta_row, dq, dk, dv),
      ck_attention_adjoint_f64(head, g, g_row, log_sums, delta, delta_row, dq, dk, dv))
}
