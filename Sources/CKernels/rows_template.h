// Softmax and its relatives for one type: T, NAME, EXP, LOG and EXP_LOOP are defined by the file that includes this.
// "Rows" run along contiguous elements; "columns" along the middle of [outer, length, inner], a tile at a time.

INLINE T NAME(exp_sum)(const T *x, T m, size_t n) {
  T lane[CK_LANES] = {0};
  size_t i = 0;
  for (; i + CK_LANES <= n; i += CK_LANES)
    for (size_t j = 0; j < CK_LANES; j++) lane[j] += EXP(x[i + j] - m);
  for (size_t w = CK_LANES / 2; w; w /= 2)
    for (size_t j = 0; j < w; j++) lane[j] += lane[j + w];
  T tail = 0;
  for (; i < n; i++) tail += EXP(x[i] - m);
  return lane[0] + tail;
}

CLONES void NAME(ck_softmax_rows)(const T *x, T *y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    T m = NAME(max_row)(x, n, (T)-INFINITY);
    EXP_LOOP for (size_t i = 0; i < n; i++) y[i] = EXP(x[i] - m);
    T scale = 1 / (T)NAME(sum_row)(y, n);
    LOOP for (size_t i = 0; i < n; i++) y[i] *= scale;
  }
}

CLONES void NAME(ck_softmax_adjoint_rows)(const T *g, const T *s, T *y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; r++, g += n, s += n, y += n) {
    T dot = (T)NAME(dot_row)(g, s, n);
    LOOP for (size_t i = 0; i < n; i++) y[i] = s[i] * (g[i] - dot);
  }
}

CLONES void NAME(ck_log_softmax_rows)(const T *x, T *y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    T m = NAME(max_row)(x, n, (T)-INFINITY), log_sum = LOG(NAME(exp_sum)(x, m, n));
    LOOP for (size_t i = 0; i < n; i++) y[i] = (x[i] - m) - log_sum;
  }
}

CLONES void NAME(ck_log_softmax_adjoint_rows)(
    const T *g, const T *l, T *y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; r++, g += n, l += n, y += n) {
    T sum = (T)NAME(sum_row)(g, n);
    EXP_LOOP for (size_t i = 0; i < n; i++) y[i] = g[i] - EXP(l[i]) * sum;
  }
}

CLONES void NAME(ck_log_sum_exp_rows)(const T *x, T *y, size_t rows, size_t n) {
  for (size_t r = 0; r < rows; r++, x += n) {
    T m = NAME(max_row)(x, n, (T)-INFINITY);
    y[r] = m == (T)INFINITY || m == (T)-INFINITY ? m : m + LOG(NAME(exp_sum)(x, m, n));
  }
}

CLONES ptrdiff_t NAME(ck_cross_entropy)(
    const T *x, const int32_t *labels, T *y, size_t rows, size_t n) {
  ptrdiff_t fault = -1;
  double loss = 0;
  for (size_t r = 0; r < rows; r++, x += n) {
    if (labels[r] < 0 || (size_t)labels[r] >= n) {
      if (fault < 0) fault = (ptrdiff_t)r;
      continue;
    }
    T m = NAME(max_row)(x, n, (T)-INFINITY);
    loss += (double)LOG(NAME(exp_sum)(x, m, n)) - (double)(x[labels[r]] - m);
  }
  *y = (T)(loss / (double)rows);
  return fault;
}

CLONES ptrdiff_t NAME(ck_cross_entropy_adjoint)(
    const T *g, const T *x, const int32_t *labels, T *y, size_t rows, size_t n) {
  ptrdiff_t fault = -1;
  T share = *g / (T)rows;
  for (size_t r = 0; r < rows; r++, x += n, y += n) {
    if (labels[r] < 0 || (size_t)labels[r] >= n) {
      if (fault < 0) fault = (ptrdiff_t)r;
      for (size_t i = 0; i < n; i++) y[i] = 0;
      continue;
    }
    T m = NAME(max_row)(x, n, (T)-INFINITY);
    EXP_LOOP for (size_t i = 0; i < n; i++) y[i] = EXP(x[i] - m);
    T scale = share / (T)NAME(sum_row)(y, n);
    LOOP for (size_t i = 0; i < n; i++) y[i] *= scale;
    y[labels[r]] -= share;
  }
  return fault;
}

// What a column walk does; `a` is x, g or g, `b` is unused, s or l.
CLONES void NAME(ck_columns)(
    int job, const T *a, const T *b, T *y, size_t length, size_t inner) {
  for (size_t c0 = 0; c0 < inner; c0 += CK_TILE) {
    size_t width = inner - c0 < CK_TILE ? inner - c0 : CK_TILE;
    const T *x = a + c0, *z = b + c0;
    T *out = y + c0;
    T top[CK_TILE], sum[CK_TILE] = {0};
    if (job == CK_SOFTMAX_ADJOINT || job == CK_LOG_SOFTMAX_ADJOINT) {
      for (size_t r = 0; r < length; r++)
        for (size_t c = 0; c < width; c++) {
          T g = x[r * inner + c];
          sum[c] += job == CK_SOFTMAX_ADJOINT ? g * z[r * inner + c] : g;
        }
      for (size_t r = 0; r < length; r++)
        EXP_LOOP for (size_t c = 0; c < width; c++) {
          T g = x[r * inner + c], s = z[r * inner + c];
          out[r * inner + c] = job == CK_SOFTMAX_ADJOINT ? s * (g - sum[c]) : g - EXP(s) * sum[c];
        }
      continue;
    }
    for (size_t c = 0; c < width; c++) top[c] = (T)-INFINITY;
    for (size_t r = 0; r < length; r++)
      for (size_t c = 0; c < width; c++) {
        T v = x[r * inner + c];
        top[c] = (v > top[c] || v != v) ? v : top[c];
      }
    if (job == CK_SOFTMAX) {
      for (size_t r = 0; r < length; r++)
        EXP_LOOP for (size_t c = 0; c < width; c++) {
          T e = EXP(x[r * inner + c] - top[c]);
          out[r * inner + c] = e;
          sum[c] += e;
        }
      for (size_t c = 0; c < width; c++) sum[c] = 1 / sum[c];
      for (size_t r = 0; r < length; r++)
        LOOP for (size_t c = 0; c < width; c++) out[r * inner + c] *= sum[c];
      continue;
    }
    for (size_t r = 0; r < length; r++)
      EXP_LOOP for (size_t c = 0; c < width; c++) sum[c] += EXP(x[r * inner + c] - top[c]);
    EXP_LOOP for (size_t c = 0; c < width; c++) sum[c] = LOG(sum[c]);
    if (job == CK_LOG_SOFTMAX) {
      for (size_t r = 0; r < length; r++)
        LOOP for (size_t c = 0; c < width; c++)
          out[r * inner + c] = (x[r * inner + c] - top[c]) - sum[c];
    } else {
      for (size_t c = 0; c < width; c++)
        out[c] = top[c] == (T)INFINITY || top[c] == (T)-INFINITY ? top[c] : top[c] + sum[c];
    }
  }
}
