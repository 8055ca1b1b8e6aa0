// Losses for one type: T, NAME, EXP, SOFTPLUS and ELEMENTS are defined by the file that includes
// this.

// Σ exp(x − m), in parts that fit a small buffer.
INLINE double NAME(loss_exp_sum)(const T *x, T m, size_t n, stop_word stop) {
  double sum = 0;
  for (size_t i = 0; i < n && !*stop; i += LOSS_PART) {
    T part[LOSS_PART];
    size_t count = n - i < LOSS_PART ? n - i : LOSS_PART;
    ELEMENTS(j, 0, count, { part[j] = EXP(x[i + j] - m); });
    sum += NAME(sum_row)(part, count, stop);
  }
  return sum;
}

static void NAME(ck_label_rows)(
    const T *x, size_t width, size_t first, const int32_t *labels, struct ck_label_row *state,
    size_t rows, stop_word stop) {
  for (size_t r = 0; r < rows && !*stop; r++, x += width) {
    struct ck_label_row *row = state + r;
    T top = NAME(max_row)(x, width, first ? (T)row->top : (T)-INFINITY, stop);
    double sum = NAME(loss_exp_sum)(x, top, width, stop);
    double total = NAME(sum_row)(x, width, stop);
    if (first) {
      sum += row->sum * exp(row->top - (double)top);
      total += row->total;
    } else {
      row->hit = 0;
    }
    row->top = (double)top;
    row->sum = sum;
    row->total = total;
    int64_t place = (int64_t)labels[r] - (int64_t)first;
    if (place >= 0 && place < (int64_t)width) row->hit = (double)x[place];
  }
}

static void NAME(ck_label_slopes)(
    double share, const T *x, size_t width, size_t first, size_t classes, const int32_t *labels,
    const int32_t *ignored, double smoothing, const T *sums, T *y, size_t rows,
    stop_word stop) {
  T s = (T)share, even = (T)(share * smoothing / (double)classes);
  for (size_t r = 0; r < rows && !*stop; r++, x += width, y += width) {
    if ((ignored && labels[r] == *ignored) || labels[r] < 0 || (size_t)labels[r] >= classes) {
      memset(y, 0, width * sizeof(T));
      continue;
    }
    T m = sums[r];
    IN_STRETCHES(from, to, width)
      ELEMENTS(i, from, to, { y[i] = s * EXP(x[i] - m) - even; });
    int64_t place = (int64_t)labels[r] - (int64_t)first;
    if (place >= 0 && place < (int64_t)width) y[place] -= (T)(share * (1 - smoothing));
  }
}

INLINE T NAME(pair_loss)(int loss, T delta, T a, T b) {
  T d = a - b, size = d < 0 ? -d : d;
  switch (loss) {
  case CK_BINARY_CROSS_ENTROPY:
    return b * SOFTPLUS(-a) + (1 - b) * SOFTPLUS(a);
  case CK_HUBER: return size <= delta ? d * d / 2 : delta * (size - delta / 2);
  default: return size;
  }
}

static void NAME(ck_pair_loss)(
    int loss, T delta, const T *a, const T *b, double *sums, size_t n, stop_word stop) {
  for (size_t i = 0; i < n && !*stop; i += LOSS_PART) {
    T part[LOSS_PART];
    size_t count = n - i < LOSS_PART ? n - i : LOSS_PART;
    ELEMENTS(j, 0, count, { part[j] = NAME(pair_loss)(loss, delta, a[i + j], b[i + j]); });
    *sums++ = NAME(sum_row)(part, count, stop);
  }
}

static void NAME(ck_pair_loss_adjoint)(
    int loss, T share, T delta, const T *a, const T *b, T *y, size_t n) {
  ELEMENTS(i, 0, n, {
    T d = a[i] - b[i];
    if (loss == CK_BINARY_CROSS_ENTROPY) {
      T e = EXP(a[i] > 0 ? -a[i] : a[i]), s = (a[i] > 0 ? 1 : e) / (1 + e);
      y[i] = share * (s - b[i]);
    } else if (loss == CK_HUBER) {
      y[i] = share * (d > delta ? delta : d < -delta ? -delta : d);
    } else {
      y[i] = share * (d > 0 ? 1 : d < 0 ? -1 : d);
    }
  });
}
