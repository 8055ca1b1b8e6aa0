// Softmax and its relatives for one type: T, NAME, EXP, LOG and ELEMENTS are defined by the file
// that includes this. "Rows" run along contiguous elements; "columns" along the middle of [outer,
// length, inner], a tile at a time.

INLINE void NAME(exp_row)(const T *x, T m, T *y, size_t n, stop_word stop) {
  IN_STRETCHES(from, to, n)
    ELEMENTS(i, from, to, { y[i] = EXP(x[i] - m); });
}

// Σ exp(x − m), in parts that fit a small buffer.
INLINE T NAME(exp_sum)(const T *x, T m, size_t n, stop_word stop) {
  double sum = 0;
  for (size_t i = 0; i < n && !*stop; i += EXP_PART) {
    T part[EXP_PART];
    size_t count = n - i < EXP_PART ? n - i : EXP_PART;
    NAME(exp_row)(x + i, m, part, count, stop);
    sum += NAME(sum_row)(part, count, stop);
  }
  return (T)sum;
}

// For a few short rows at once, so that they fill vector lanes: their maxima, part = exp(x −
// maximum), and its sums.
INLINE void NAME(exp_tile)(const T *x, T *part, T *top, T *sum, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; r++) {
    T m = (T)-INFINITY;
    for (size_t i = 0; i < n; i++) {
      T v = x[r * n + i];
      m = (v > m || v != v) ? v : m;
    }
    top[r] = m;
    for (size_t i = 0; i < n; i++) part[r * n + i] = x[r * n + i] - m;
  }
  ELEMENTS(k, 0, rows * n, { part[k] = EXP(part[k]); });
  for (size_t r = 0; r < rows; r++) {
    T s = 0;
    for (size_t i = 0; i < n; i++) s += part[r * n + i];
    sum[r] = s;
  }
}

// Rows that go through `exp_tile` together: none if they are long.
INLINE size_t NAME(tile_rows)(size_t r, size_t rows, size_t n) {
  if (n > CK_SHORT || n == 0) return 0;
  size_t most = EXP_PART / n;
  return rows - r < most ? rows - r : most;
}

static void NAME(ck_softmax_rows)(const T *x, T *y, size_t rows, size_t n, stop_word stop) {
  for (size_t r = 0, tile; !*stop && (tile = NAME(tile_rows)(r, rows, n)); r += tile) {
    T part[EXP_PART], top[EXP_PART], sum[EXP_PART];
    NAME(exp_tile)(x + r * n, part, top, sum, tile, n);
    for (size_t t = 0; t < tile; t++) {
      T scale = 1 / sum[t];
      for (size_t i = 0; i < n; i++) y[(r + t) * n + i] = part[t * n + i] * scale;
    }
  }
  if (n <= CK_SHORT) return;
  for (size_t r = 0; r < rows && !*stop; r++, x += n, y += n) {
    T m = NAME(max_row)(x, n, (T)-INFINITY, stop);
    NAME(exp_row)(x, m, y, n, stop);
    T scale = 1 / (T)NAME(sum_row)(y, n, stop);
    IN_STRETCHES(from, to, n)
      LOOP for (size_t i = from; i < to; i++) y[i] *= scale;
  }
}

static void NAME(ck_softmax_adjoint_rows)(
    const T *g, const T *s, T *y, size_t rows, size_t n, stop_word stop) {
  for (size_t r = 0; r < rows && !*stop; r++, g += n, s += n, y += n) {
    T dot = (T)NAME(dot_row)(g, s, n, stop);
    IN_STRETCHES(from, to, n)
      LOOP for (size_t i = from; i < to; i++) y[i] = s[i] * (g[i] - dot);
  }
}

static void NAME(ck_log_softmax_rows)(
    const T *x, T *y, size_t rows, size_t n, stop_word stop) {
  for (size_t r = 0; r < rows && !*stop; r++, x += n, y += n) {
    T m = NAME(max_row)(x, n, (T)-INFINITY, stop), log_sum = LOG(NAME(exp_sum)(x, m, n, stop));
    IN_STRETCHES(from, to, n)
      LOOP for (size_t i = from; i < to; i++) y[i] = (x[i] - m) - log_sum;
  }
}

static void NAME(ck_log_softmax_adjoint_rows)(
    const T *g, const T *l, T *y, size_t rows, size_t n, stop_word stop) {
  for (size_t r = 0; r < rows && !*stop; r++, g += n, l += n, y += n) {
    T sum = (T)NAME(sum_row)(g, n, stop);
    IN_STRETCHES(from, to, n)
      ELEMENTS(i, from, to, { y[i] = g[i] - EXP(l[i]) * sum; });
  }
}

static void NAME(ck_log_sum_exp_rows)(
    const T *x, T *y, size_t rows, size_t n, stop_word stop) {
  for (size_t r = 0; r < rows && !*stop; r++, x += n) {
    T m = NAME(max_row)(x, n, (T)-INFINITY, stop);
    y[r] = m == (T)INFINITY || m == (T)-INFINITY ? m : m + LOG(NAME(exp_sum)(x, m, n, stop));
  }
}

static void NAME(ck_cross_entropy)(
    const T *x, const int32_t *labels, double *losses, size_t rows, size_t n, stop_word stop) {
  for (size_t r = 0, tile; r < rows && !*stop; r += tile) {
    T part[EXP_PART], top[EXP_PART], sum[EXP_PART];
    tile = NAME(tile_rows)(r, rows, n);
    if (tile) {
      NAME(exp_tile)(x + r * n, part, top, sum, tile, n);
    } else {
      tile = 1;
      top[0] = NAME(max_row)(x + r * n, n, (T)-INFINITY, stop);
      sum[0] = NAME(exp_sum)(x + r * n, top[0], n, stop);
    }
    for (size_t t = 0; t < tile; t++) {
      int32_t label = labels[r + t];
      int known = label >= 0 && (size_t)label < n;
      losses[r + t] =
          known ? (double)LOG(sum[t]) - (double)(x[(r + t) * n + (size_t)label] - top[t]) : 0;
    }
  }
}

static void NAME(ck_cross_entropy_adjoint)(
    const T *g, size_t all, const T *x, const int32_t *labels, T *y, size_t rows, size_t n,
    stop_word stop) {
  T share = *g / (T)all;
  NAME(ck_softmax_rows)(x, y, rows, n, stop);
  for (size_t r = 0; r < rows && !*stop; r++, y += n) {
    int32_t label = labels[r];
    int known = label >= 0 && (size_t)label < n;
    T scale = known ? share : 0;
    IN_STRETCHES(from, to, n)
      for (size_t i = from; i < to; i++) y[i] *= scale;
    if (known) y[label] -= share;
  }
}

// What a column walk does; `a` is x, g or g, `b` is unused, s or l.
static void NAME(ck_columns)(
    int job, const T *a, const T *b, T *y, size_t length, size_t inner, stop_word stop) {
  for (size_t c0 = 0; c0 < inner && !*stop; c0 += CK_TILE) {
    size_t width = inner - c0 < CK_TILE ? inner - c0 : CK_TILE;
    const T *x = a + c0, *z = b + c0;
    T *out = y + c0;
    T top[CK_TILE], sum[CK_TILE] = {0};
    if (job == CK_SOFTMAX_ADJOINT || job == CK_LOG_SOFTMAX_ADJOINT) {
      for (size_t r = 0; r < length && !*stop; r++)
        for (size_t c = 0; c < width; c++) {
          T g = x[r * inner + c];
          sum[c] += job == CK_SOFTMAX_ADJOINT ? g * z[r * inner + c] : g;
        }
      for (size_t r = 0; r < length && !*stop; r++)
        ELEMENTS(c, 0, width, {
          T g = x[r * inner + c], s = z[r * inner + c];
          out[r * inner + c] = job == CK_SOFTMAX_ADJOINT ? s * (g - sum[c]) : g - EXP(s) * sum[c];
        });
      continue;
    }
    for (size_t c = 0; c < width; c++) top[c] = (T)-INFINITY;
    for (size_t r = 0; r < length && !*stop; r++)
      for (size_t c = 0; c < width; c++) {
        T v = x[r * inner + c];
        top[c] = (v > top[c] || v != v) ? v : top[c];
      }
    if (job == CK_SOFTMAX) {
      for (size_t r = 0; r < length && !*stop; r++)
        ELEMENTS(c, 0, width, {
          T e = EXP(x[r * inner + c] - top[c]);
          out[r * inner + c] = e;
          sum[c] += e;
        });
      for (size_t c = 0; c < width; c++) sum[c] = 1 / sum[c];
      for (size_t r = 0; r < length && !*stop; r++)
        LOOP for (size_t c = 0; c < width; c++) out[r * inner + c] *= sum[c];
      continue;
    }
    for (size_t r = 0; r < length && !*stop; r++)
      ELEMENTS(c, 0, width, { sum[c] += EXP(x[r * inner + c] - top[c]); });
    ELEMENTS(c, 0, width, { sum[c] = LOG(sum[c]); });
    if (job == CK_LOG_SOFTMAX) {
      for (size_t r = 0; r < length && !*stop; r++)
        LOOP for (size_t c = 0; c < width; c++)
          out[r * inner + c] = (x[r * inner + c] - top[c]) - sum[c];
    } else {
      for (size_t c = 0; c < width; c++)
        out[c] = top[c] == (T)INFINITY || top[c] == (T)-INFINITY ? top[c] : top[c] + sum[c];
    }
  }
}
