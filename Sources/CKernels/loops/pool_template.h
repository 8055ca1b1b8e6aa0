// Pooling for one type: T and NAME are defined by the file that includes this.

// The greatest of a window for `count` channels; NaN where there is one.
INLINE void NAME(greatest)(
    const struct ck_windows *at, size_t row, size_t column, const T *x, T *best, size_t count) {
  const T *first = x + (at->row_start[row] * at->columns + at->column_start[column]) * at->channels;
  for (size_t c = 0; c < count; c++) best[c] = first[c];
  for (ptrdiff_t i = at->row_start[row]; i < at->row_end[row]; i++)
    for (ptrdiff_t j = at->column_start[column]; j < at->column_end[column]; j++) {
      const T *from = x + (i * at->columns + j) * at->channels;
      for (size_t c = 0; c < count; c++)
        best[c] = from[c] > best[c] || from[c] != from[c] ? from[c] : best[c];
    }
}

static void NAME(max_pool)(const struct ck_windows *at, const T *x, T *y, size_t row) {
  size_t channels = (size_t)at->channels;
  for (size_t column = 0; column < at->result_columns; column++, y += channels)
    for (size_t c = 0; c < channels; c += POOL_TILE)
      NAME(greatest)(
          at, row, column, x + c, y + c, channels - c < POOL_TILE ? channels - c : POOL_TILE);
}

static void NAME(clear)(const struct ck_windows *at, T *y, size_t first, size_t count) {
  for (ptrdiff_t i = 0; i < at->rows * at->columns; i++)
    memset(y + i * at->channels + (ptrdiff_t)first, 0, count * sizeof(T));
}

static void NAME(max_pool_adjoint)(
    const struct ck_windows *at, const T *g, const T *x, T *y, size_t start, size_t all) {
  NAME(clear)(at, y, start, all);
  for (size_t c0 = start; c0 < start + all; c0 += POOL_TILE) {
    size_t count = start + all - c0 < POOL_TILE ? start + all - c0 : POOL_TILE;
    const T *slopes = g + c0;
    for (size_t row = 0; row < at->result_rows; row++)
      for (size_t column = 0; column < at->result_columns; column++, slopes += at->channels) {
        T best[POOL_TILE], left[POOL_TILE];
        NAME(greatest)(at, row, column, x + c0, best, count);
        // What is left to hand on: all of it, to the first entry that is the greatest.
        for (size_t c = 0; c < count; c++) left[c] = 1;
        for (ptrdiff_t i = at->row_start[row]; i < at->row_end[row]; i++)
          for (ptrdiff_t j = at->column_start[column]; j < at->column_end[column]; j++) {
            ptrdiff_t place = (i * at->columns + j) * at->channels + (ptrdiff_t)c0;
            const T *from = x + place;
            T *to = y + place;
            for (size_t c = 0; c < count; c++) {
              int is = (from[c] == best[c]) | ((from[c] != from[c]) & (best[c] != best[c]));
              int takes = is & (left[c] != 0);
              to[c] = takes ? to[c] + slopes[c] : to[c];
              left[c] = takes ? 0 : left[c];
            }
          }
      }
  }
}

static void NAME(average_pool)(const struct ck_windows *at, const T *x, T *y, size_t row) {
  size_t channels = (size_t)at->channels;
  for (size_t column = 0; column < at->result_columns; column++, y += channels) {
    T size = (T)(at->row_size[row] * at->column_size[column]);
    memset(y, 0, channels * sizeof(T));
    for (ptrdiff_t i = at->row_start[row]; i < at->row_end[row]; i++)
      for (ptrdiff_t j = at->column_start[column]; j < at->column_end[column]; j++) {
        const T *from = x + (i * at->columns + j) * at->channels;
        LOOP for (size_t c = 0; c < channels; c++) y[c] += from[c];
      }
    LOOP for (size_t c = 0; c < channels; c++) y[c] /= size;
  }
}

static void NAME(average_pool_adjoint)(
    const struct ck_windows *at, const T *g, T *y, size_t start, size_t count) {
  NAME(clear)(at, y, start, count);
  const T *slopes = g + start;
  for (size_t row = 0; row < at->result_rows; row++)
    for (size_t column = 0; column < at->result_columns; column++, slopes += at->channels) {
      T size = (T)(at->row_size[row] * at->column_size[column]);
      for (ptrdiff_t i = at->row_start[row]; i < at->row_end[row]; i++)
        for (ptrdiff_t j = at->column_start[column]; j < at->column_end[column]; j++) {
          T *to = y + (i * at->columns + j) * at->channels + start;
          LOOP for (size_t c = 0; c < count; c++) to[c] += slopes[c] / size;
        }
    }
}
