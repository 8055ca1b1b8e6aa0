// Steps of recurrent networks, beside their products.
#include "math32.h"

#pragma clang fp contract(off)

INLINE double cell_sigmoid64(double x) {
  double e = exp(-fabs(x));
  return (x < 0 ? e : 1.0) / (1.0 + e);
}

#define T f32
#define NAME(name) name##_f32
#define SIGMOID sigmoid32
#define TANH tanh32
#define ELEMENTS IN_GROUPS
#include "cells_template.h"
#undef T
#undef NAME
#undef SIGMOID
#undef TANH
#undef ELEMENTS

#define T f64
#define NAME(name) name##_f64
#define SIGMOID cell_sigmoid64
#define TANH tanh
#define ELEMENTS ONE_BY_ONE
#include "cells_template.h"
#undef T
#undef NAME
#undef SIGMOID
#undef TANH
#undef ELEMENTS

void IN_SET(ck_gru_cell)(
    int type, const void *a, const void *b, const void *h, void *y, void *gates, size_t rows,
    size_t size) {
  BY_FLOAT(
      type, ck_gru_cell_f32(a, b, h, y, gates, rows, size),
      ck_gru_cell_f64(a, b, h, y, gates, rows, size))
}

void IN_SET(ck_gru_cell_adjoint)(
    int type, const void *g, const void *gates, const void *h, void *da, void *db, void *dh,
    size_t rows, size_t size) {
  BY_FLOAT(
      type, ck_gru_cell_adjoint_f32(g, gates, h, da, db, dh, rows, size),
      ck_gru_cell_adjoint_f64(g, gates, h, da, db, dh, rows, size))
}

void IN_SET(ck_lstm_cell)(
    int type, const void *a, const void *c, void *y, void *cell, size_t rows, size_t size) {
  BY_FLOAT(
      type, ck_lstm_cell_f32(a, c, y, cell, rows, size),
      ck_lstm_cell_f64(a, c, y, cell, rows, size))
}

void IN_SET(ck_lstm_cell_adjoint)(
    int type, const void *gy, const void *gc, const void *a, const void *c, void *da, void *dc,
    size_t rows, size_t size) {
  BY_FLOAT(
      type, ck_lstm_cell_adjoint_f32(gy, gc, a, c, da, dc, rows, size),
      ck_lstm_cell_adjoint_f64(gy, gc, a, c, da, dc, rows, size))
}
