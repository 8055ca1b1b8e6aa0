// What follows in a group: elementwise operations, and the update of a parameter, on a piece of
// what the head of the group made, block by block while it is in the cache of first level.
#include "CKernels.h"
#include "common.h"

#pragma clang fp contract(off)

// Bytes of a block, where its rows are not longer.
#define TAIL_BLOCK (8 << 10)

// `rows` rows of `count` elements from the row and the column of the whole: where they are read and
// written, and elements from row to row.
struct block {
  const char *x;
  ptrdiff_t x_pitch;
  char *y;
  ptrdiff_t y_pitch;
  size_t row, column, rows, count;
};

static void update_line(
    int type, const struct ck_update *u, const void *g, size_t start, size_t n) {
  size_t bytes = start * width_of(type);
  char *p = (char *)u->p + bytes, *m = u->m ? (char *)u->m + bytes : 0;
  char *v = u->v ? (char *)u->v + bytes : 0;
  switch ((enum ck_rule)u->rule) {
  case CK_SGD:
    IN_SET(ck_sgd)
    (type, u->scale, u->limit, u->rate, u->first, u->nesterov, u->decay, p, g, m, n);
    break;
  case CK_ADAM:
    IN_SET(ck_adam)
    (type, u->scale, u->limit, u->rate, u->first, u->second, u->epsilon, u->root, u->keep,
     u->decay, p, g, m, v, n);
    break;
  case CK_RMSPROP:
    IN_SET(ck_rmsprop)
    (type, u->scale, u->limit, u->rate, u->first, u->epsilon, u->second, u->decay, p, g, m, v, n);
    break;
  case CK_ADAGRAD:
    IN_SET(ck_adagrad)(type, u->scale, u->limit, u->rate, u->epsilon, u->decay, p, g, m, n);
    break;
  case CK_LION:
    IN_SET(ck_lion)
    (type, u->scale, u->limit, u->rate, u->first, u->second, u->keep, p, g, m, n);
    break;
  }
}

void IN_SET(ck_update)(
    int type, const struct ck_update *update, const void *g, size_t start, size_t n) {
  update_line(type, update, g, start, n);
}

// Asks for the lines of the cache with which the next row of an update begins; the processor sees
// from them which come next.
INLINE void prefetch_row(const void *tensor, size_t start, size_t bytes) {
  if (!tensor) return;
  const char *from = (const char *)tensor + start;
  for (size_t i = 0; i < bytes && i < 512; i += 64) __builtin_prefetch(from + i, 1, 3);
}

// `n` elements that lie one behind the other; `other` is the other operand's first, `at` the place
// of the first element in the whole.
INLINE void tail_line(
    int type, const struct ck_part *part, const struct ck_update *update, double share,
    const void *x, void *y, const void *other, ptrdiff_t column, size_t at, size_t n) {
  switch ((enum ck_part_kind)part->kind) {
  case CK_PART_UNARY:
    if (type == CK_F64)
      IN_SET(ck_unary_f64)(part->op, x, y, n);
    else
      IN_SET(ck_unary_f32)(part->op, x, y, n);
    break;
  case CK_PART_ADJOINT:
    if (type == CK_F64)
      IN_SET(ck_unary_adjoint_f64)
      (part->op, part->first ? x : other, part->first ? other : x, y, n);
    else
      IN_SET(ck_unary_adjoint_f32)
      (part->op, part->first ? x : other, part->first ? other : x, y, n);
    break;
  case CK_PART_BINARY:
    if (type == CK_F64)
      ck_binary_row_f64(
          part->op, part->first ? x : other, part->first ? 1 : column, part->first ? other : x,
          part->first ? column : 1, y, n);
    else
      ck_binary_row_f32(
          part->op, part->first ? x : other, part->first ? 1 : column, part->first ? other : x,
          part->first ? column : 1, y, n);
    break;
  case CK_PART_ACCUMULATE: IN_SET(ck_accumulate)(type, share, other, x, y, n); break;
  case CK_PART_ACCUMULATE_IN_PLACE:
    IN_SET(ck_accumulate)(type, share, other, x, (void *)other, n);
    break;
  case CK_PART_UPDATE: update_line(type, update, x, at, n); break;
  }
}

static void tail_block(
    int type, const struct ck_part *part, void *const *places, const struct ck_update *update,
    double share, const struct block *b) {
  size_t width = width_of(type);
  ptrdiff_t count = (ptrdiff_t)b->count;
  const char *other =
      part->place < 0 ? (const char *)&part->number : (char *)places[part->place] + part->start;
  other +=
      ((ptrdiff_t)b->row * part->row + (ptrdiff_t)b->column * part->column) * (ptrdiff_t)width;
  size_t at = (size_t)((ptrdiff_t)b->row * part->row + (ptrdiff_t)b->column);
  // What has no other operand, or one element, repeats no row.
  int is_whole = part->row == count || part->column == 0 || part->kind == CK_PART_UNARY;
  int is_read = part->kind == CK_PART_UPDATE || part->kind == CK_PART_ACCUMULATE_IN_PLACE;
  if (is_whole && b->x_pitch == count && (is_read || b->y_pitch == count)) {
    tail_line(
        type, part, update, share, b->x, b->y, other, part->column, at, b->rows * b->count);
    return;
  }
  int meets_row = part->kind == CK_PART_BINARY && part->row == 0 && part->column == 1;
  if (meets_row &&
      binary_rows(
          part->op, type, b->x, b->x_pitch, other, part->first, b->y, b->y_pitch, b->rows,
          b->count))
    return;
  for (size_t r = 0; r < b->rows; r++) {
    if (part->kind == CK_PART_UPDATE && r + 1 < b->rows) {
      size_t next = (at + (size_t)((ptrdiff_t)(r + 1) * part->row)) * width;
      prefetch_row(update->p, next, b->count * width);
      prefetch_row(update->m, next, b->count * width);
      prefetch_row(update->v, next, b->count * width);
    }
    tail_line(
        type, part, update, share, b->x + (ptrdiff_t)r * b->x_pitch * (ptrdiff_t)width,
        b->y + (ptrdiff_t)r * b->y_pitch * (ptrdiff_t)width,
        other + (ptrdiff_t)r * part->row * (ptrdiff_t)width, part->column,
        at + (size_t)((ptrdiff_t)r * part->row), b->count);
  }
}

void IN_SET(ck_tail)(
    int type, const struct ck_part *parts, size_t count, const struct ck_update *update,
    double share, const struct ck_piece *at) {
  _Alignas(64) char own[TAIL_BLOCK];
  size_t width = width_of(type), most = TAIL_BLOCK / width;
  size_t columns = at->columns < most ? at->columns : most;
  size_t rows = columns ? most / columns : 1;
  for (size_t r = 0; r < at->rows; r += rows)
    for (size_t c = 0; c < at->columns; c += columns) {
      struct block b = {0};
      b.rows = at->rows - r < rows ? at->rows - r : rows;
      b.count = at->columns - c < columns ? at->columns - c : columns;
      b.row = at->row + r;
      b.column = at->column + c;
      size_t place = r * (size_t)at->pitch + c;
      b.x = (const char *)at->from + place * width;
      b.x_pitch = at->pitch;
      // What is between goes over the piece where that is a tile.
      char *tile = at->is_tile ? (char *)at->from + place * width : own;
      ptrdiff_t pitch = at->is_tile ? at->pitch : (ptrdiff_t)b.count;
      for (size_t i = 0; i < count; i++) {
        int is_result = i + 1 == count && at->result;
        b.y = is_result ? (char *)at->result +
                (b.row * (size_t)at->result_pitch + b.column) * width
                        : tile;
        b.y_pitch = is_result ? at->result_pitch : pitch;
        tail_block(type, parts + i, at->places, update, share, &b);
        b.x = b.y;
        b.x_pitch = b.y_pitch;
      }
    }
}

void IN_SET(ck_product_tail)(
    int type, const struct ck_factors *f, const struct ck_part *parts, size_t count,
    const struct ck_update *update, double share, const struct ck_piece *at) {
  _Alignas(64) char tile[CK_TILE_BYTES];
  IN_SET(ck_product)
  (type, at->rows, at->columns, f->terms, f->a, f->a_row, f->a_term, f->b, f->b_term, f->b_column,
   tile, (ptrdiff_t)at->columns);
  struct ck_piece piece = *at;
  piece.from = tile;
  piece.pitch = (ptrdiff_t)at->columns;
  piece.is_tile = 1;
  IN_SET(ck_tail)(type, parts, count, update, share, &piece);
}
