// Attention for one type: T, NAME, EXP, LOG, ELEMENTS and TYPE are defined by the file that
// includes this, which follows rows.c.

// s = scores of `rows` queries from i on with `keys` keys from j on, CK_KEYS apart; −∞ where a
// query does not see a key.
static void NAME(scores)(
    const struct ck_head *at, size_t i, size_t rows, size_t j, size_t keys, T *s) {
  IN_SET(ck_product)(
      TYPE, rows, keys, at->width, (const T *)at->q + (ptrdiff_t)i * at->q_row, at->q_row, 1,
      (const T *)at->k + (ptrdiff_t)j * at->k_row, 1, at->k_row, s, CK_KEYS);
  T scale = (T)at->scale;
  for (size_t r = 0; r < rows; r++) {
    T *row = s + r * CK_KEYS;
    ptrdiff_t mask = (ptrdiff_t)(i + r) * at->mask_row + (ptrdiff_t)j * at->mask_column;
    for (size_t c = 0; c < keys; c++) row[c] *= scale;
    if (at->mask && at->adds) {
      const T *terms = (const T *)at->mask + mask;
      for (size_t c = 0; c < keys; c++) row[c] += terms[(ptrdiff_t)c * at->mask_column];
    } else if (at->mask) {
      const u8 *seen = (const u8 *)at->mask + mask;
      for (size_t c = 0; c < keys; c++)
        if (!seen[(ptrdiff_t)c * at->mask_column]) row[c] = (T)-INFINITY;
    }
    if (at->causal)
      for (size_t c = i + r < j ? 0 : i + r - j + 1; c < keys; c++) row[c] = (T)-INFINITY;
  }
}

// y += a · b, [m, k] × [k, n], where y's rows lie `y_row` apart.
static void NAME(add_product)(
    size_t m, size_t n, size_t k, const T *a, ptrdiff_t a_row, ptrdiff_t a_term, const T *b,
    ptrdiff_t b_row, T *y, size_t y_row) {
  T part[CK_ATTENTION_ROWS * CK_COLUMNS];
  for (size_t c0 = 0; c0 < n; c0 += CK_COLUMNS) {
    size_t width = n - c0 < CK_COLUMNS ? n - c0 : CK_COLUMNS;
    IN_SET(ck_product)(
        TYPE, m, width, k, a, a_row, a_term, b + c0, b_row, 1, part, CK_COLUMNS);
    for (size_t r = 0; r < m; r++)
      for (size_t c = 0; c < width; c++) y[r * y_row + c0 + c] += part[r * CK_COLUMNS + c];
  }
}

// Rows of one tile of queries.
static void NAME(attend)(
    const struct ck_head *at, size_t i, size_t rows, T *y, size_t y_row, T *log_sums) {
  T s[CK_ATTENTION_ROWS * CK_KEYS], top[CK_ATTENTION_ROWS], sum[CK_ATTENTION_ROWS];
  T base[CK_ATTENTION_ROWS], keep[CK_ATTENTION_ROWS];
  size_t columns = at->columns, end = at->keys;
  if (at->causal && end > i + rows) end = i + rows;
  for (size_t r = 0; r < rows; r++) {
    memset(y + r * y_row, 0, columns * sizeof(T));
    top[r] = (T)-INFINITY;
    sum[r] = 0;
  }
  for (size_t j = 0; j < end; j += CK_KEYS) {
    if (*at->stop) return;
    size_t keys = end - j < CK_KEYS ? end - j : CK_KEYS;
    NAME(scores)(at, i, rows, j, keys, s);
    for (size_t r = 0; r < rows; r++)
      base[r] = NAME(max_row)(s + r * CK_KEYS, keys, top[r], at->stop);
    ELEMENTS(r, 0, rows, {
      T m = base[r];
      base[r] = m == (T)-INFINITY ? 0 : m;
      keep[r] = EXP(top[r] - base[r]);
      top[r] = m;
    });
    for (size_t r = 0; r < rows; r++) {
      T *row = s + r * CK_KEYS;
      ELEMENTS(c, 0, keys, { row[c] = EXP(row[c] - base[r]); });
      sum[r] = sum[r] * keep[r] + (T)NAME(sum_row)(row, keys, at->stop);
      for (size_t c = 0; c < columns; c++) y[r * y_row + c] *= keep[r];
    }
    NAME(add_product)(
        rows, columns, keys, s, CK_KEYS, 1, (const T *)at->v + (ptrdiff_t)j * at->v_row, at->v_row,
        y, y_row);
  }
  for (size_t r = 0; r < rows; r++) {
    for (size_t c = 0; c < columns; c++) y[r * y_row + c] /= sum[r];
    log_sums[r] = top[r] + LOG(sum[r]);
  }
}

static void NAME(ck_attention)(
    const struct ck_head *at, T *y, size_t y_row, T *log_sums, size_t first, size_t count) {
  for (size_t i = first; i < first + count; i += CK_ATTENTION_ROWS) {
    size_t rows = first + count - i < CK_ATTENTION_ROWS ? first + count - i : CK_ATTENTION_ROWS;
    NAME(attend)(at, i, rows, y + i * y_row, y_row, log_sums + i);
  }
}

static void NAME(ck_attention_adjoint)(
    const struct ck_head *at, const T *g, ptrdiff_t g_row, const T *log_sums, const T *delta,
    size_t delta_row, T *dq, T *dk, T *dv) {
  T p[CK_ATTENTION_ROWS * CK_KEYS], d[CK_ATTENTION_ROWS * CK_KEYS];
  size_t width = at->width, columns = at->columns;
  if (dq) memset(dq, 0, at->queries * width * sizeof(T));
  if (dk) memset(dk, 0, at->keys * width * sizeof(T));
  if (dv) memset(dv, 0, at->keys * columns * sizeof(T));
  for (size_t j = 0; j < at->keys; j += CK_KEYS) {
    size_t keys = at->keys - j < CK_KEYS ? at->keys - j : CK_KEYS;
    const T *k = (const T *)at->k + (ptrdiff_t)j * at->k_row;
    const T *v = (const T *)at->v + (ptrdiff_t)j * at->v_row;
    // Of a causal head, no query before the first key of the tile sees any of it.
    size_t i = at->causal ? j / CK_ATTENTION_ROWS * CK_ATTENTION_ROWS : 0;
    for (; i < at->queries; i += CK_ATTENTION_ROWS) {
      if (*at->stop) return;
      size_t rows = at->queries - i < CK_ATTENTION_ROWS ? at->queries - i : CK_ATTENTION_ROWS;
      const T *q = (const T *)at->q + (ptrdiff_t)i * at->q_row, *slopes = g + (ptrdiff_t)i * g_row;
      NAME(scores)(at, i, rows, j, keys, p);
      for (size_t r = 0; r < rows; r++) {
        T *row = p + r * CK_KEYS, base = log_sums[i + r];
        base = base == (T)-INFINITY ? 0 : base;
        ELEMENTS(c, 0, keys, { row[c] = EXP(row[c] - base); });
      }
      if (dv)
        NAME(add_product)(
            keys, columns, rows, p, 1, CK_KEYS, slopes, g_row, dv + j * columns, columns);
      if (!dq && !dk) continue;
      IN_SET(ck_product)(
          TYPE, rows, keys, columns, slopes, g_row, 1, v, 1, at->v_row, d, CK_KEYS);
      for (size_t r = 0; r < rows; r++)
        for (size_t c = 0; c < keys; c++) {
          size_t x = r * CK_KEYS + c;
          d[x] = p[x] * (d[x] - delta[(i + r) * delta_row]) * (T)at->scale;
        }
      if (dq)
        NAME(add_product)(rows, width, keys, d, CK_KEYS, 1, k, at->k_row, dq + i * width, width);
      if (dk)
        NAME(add_product)(keys, width, rows, d, 1, CK_KEYS, q, at->q_row, dk + j * width, width);
    }
  }
}
