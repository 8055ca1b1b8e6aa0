// Layer normalisation for one type: T and NAME are defined by the file that includes this.

// Σ (x − m)², with lanes in a fixed order.
INLINE double NAME(spread_row)(const T *x, T m, size_t n, stop_word stop) {
  double total = 0;
  while (n && !*stop) {
    size_t block = n < CK_BLOCK ? n : CK_BLOCK, i = 0;
    T lane[CK_LANES] = {0};
    for (; i + CK_LANES <= block; i += CK_LANES)
      for (size_t j = 0; j < CK_LANES; j++) {
        T d = x[i + j] - m;
        lane[j] += d * d;
      }
    T tail = 0;
    for (; i < block; i++) {
      T d = x[i] - m;
      tail += d * d;
    }
    total += (double)(NAME(fold_sum)(lane) + tail);
    x += block;
    n -= block;
  }
  return total;
}

static void NAME(ck_layer_norm)(
    double epsilon, const T *x, const T *gain, const T *offset, T *y, T *mean, T *scale,
    size_t rows, size_t size, stop_word stop) {
  for (size_t r = 0; r < rows && !*stop; r++, x += size, y += size) {
    T m = mean ? (T)(NAME(sum_row)(x, size, stop) / (double)size) : 0;
    T s = (T)(1 / __builtin_sqrt(NAME(spread_row)(x, m, size, stop) / (double)size + epsilon));
    if (mean) mean[r] = m;
    scale[r] = s;
    IN_STRETCHES(from, to, size) {
      if (offset)
        LOOP for (size_t i = from; i < to; i++) y[i] = (x[i] - m) * s * gain[i] + offset[i];
      else
        LOOP for (size_t i = from; i < to; i++) y[i] = (x[i] - m) * s * gain[i];
    }
  }
}

// Adds Σ h and Σ h · x̂ of a row to *sum and *dot, with h = g · gain and x̂ = (x − m) · s.
INLINE void NAME(slopes_row)(
    const T *g, const T *x, const T *gain, T m, T s, size_t size, double *sum, double *dot,
    stop_word stop) {
  for (size_t start = 0; start < size && !*stop; start += CK_BLOCK) {
    size_t end = size - start < CK_BLOCK ? size : start + CK_BLOCK, i = start;
    T sums[CK_LANES] = {0}, dots[CK_LANES] = {0};
    for (; i + CK_LANES <= end; i += CK_LANES)
      for (size_t j = 0; j < CK_LANES; j++) {
        T h = g[i + j] * gain[i + j];
        sums[j] += h;
        dots[j] += h * ((x[i + j] - m) * s);
      }
    sums[0] = NAME(fold_sum)(sums);
    dots[0] = NAME(fold_sum)(dots);
    for (; i < end; i++) {
      T h = g[i] * gain[i];
      sums[0] += h;
      dots[0] += h * ((x[i] - m) * s);
    }
    *sum += (double)sums[0];
    *dot += (double)dots[0];
  }
}

static void NAME(ck_layer_norm_adjoint)(
    const T *g, const T *x, const T *gain, const T *mean, const T *scale, T *y, size_t rows,
    size_t size, stop_word stop) {
  for (size_t r = 0; r < rows && !*stop; r++, g += size, x += size, y += size) {
    T m = mean ? mean[r] : 0, s = scale[r];
    double sum = 0, dot = 0;
    NAME(slopes_row)(g, x, gain, m, s, size, &sum, &dot, stop);
    T a = mean ? (T)(sum / (double)size) : 0, b = (T)(dot / (double)size);
    IN_STRETCHES(from, to, size)
      LOOP for (size_t i = from; i < to; i++)
        y[i] = s * (g[i] * gain[i] - a - (x[i] - m) * s * b);
  }
}

static void NAME(ck_layer_norm_sums)(
    const T *g, const T *x, const T *mean, const T *scale, T *gain, T *offset, size_t rows,
    size_t size, size_t start, size_t count, stop_word stop) {
  for (size_t c0 = start; c0 < start + count && !*stop; c0 += NORM_TILE) {
    size_t width = start + count - c0 < NORM_TILE ? start + count - c0 : NORM_TILE;
    double gains[NORM_TILE] = {0}, offsets[NORM_TILE] = {0};
    for (size_t r0 = 0; r0 < rows && !*stop; r0 += NORM_BLOCK) {
      size_t end = rows - r0 < NORM_BLOCK ? rows : r0 + NORM_BLOCK;
      T dots[NORM_TILE] = {0}, sums[NORM_TILE] = {0};
      for (size_t r = r0; r < end; r++) {
        const T *slopes = g + r * size + c0, *row = x + r * size + c0;
        T m = mean ? mean[r] : 0, s = scale[r];
        for (size_t c = 0; c < width; c++) {
          dots[c] += slopes[c] * ((row[c] - m) * s);
          sums[c] += slopes[c];
        }
      }
      for (size_t c = 0; c < width; c++) {
        gains[c] += (double)dots[c];
        offsets[c] += (double)sums[c];
      }
    }
    for (size_t c = 0; c < width; c++) {
      if (gain) gain[c0 + c] = (T)gains[c];
      if (offset) offset[c0 + c] = (T)offsets[c];
    }
  }
}
