// Group normalisation for one type: T and NAME are defined by the file that includes this, which
// follows norm.c.

static void NAME(ck_group_norm)(
    double epsilon, const T *x, const T *gain, const T *offset, T *y, T *mean, T *scale,
    size_t positions, size_t channels, size_t groups, size_t start, size_t count,
    stop_word stop) {
  size_t width = channels / groups;
  for (size_t u = start; u < start + count && !*stop; u++) {
    size_t at = u / groups * positions * channels + u % groups * width;
    const T *weights = gain + u % groups * width, *shifts = offset + u % groups * width;
    double total = 0, spread = 0, terms = (double)positions * (double)width;
    for (size_t p = 0; p < positions && !*stop; p++)
      total += NAME(sum_row)(x + at + p * channels, width, stop);
    T m = (T)(total / terms);
    for (size_t p = 0; p < positions && !*stop; p++)
      spread += NAME(spread_row)(x + at + p * channels, m, width, stop);
    T s = (T)(1 / __builtin_sqrt(spread / terms + epsilon));
    mean[u] = m;
    scale[u] = s;
    for (size_t p = 0; p < positions && !*stop; p++) {
      const T *from = x + at + p * channels;
      T *to = y + at + p * channels;
      LOOP for (size_t i = 0; i < width; i++) to[i] = (from[i] - m) * s * weights[i] + shifts[i];
    }
  }
}

static void NAME(ck_group_norm_adjoint)(
    const T *g, const T *x, const T *gain, const T *mean, const T *scale, T *y, size_t positions,
    size_t channels, size_t groups, size_t start, size_t count, stop_word stop) {
  size_t width = channels / groups;
  for (size_t u = start; u < start + count && !*stop; u++) {
    size_t at = u / groups * positions * channels + u % groups * width;
    const T *weights = gain + u % groups * width;
    T m = mean[u], s = scale[u];
    double sum = 0, dot = 0, terms = (double)positions * (double)width;
    for (size_t p = 0; p < positions && !*stop; p++) {
      size_t from = at + p * channels;
      NAME(slopes_row)(g + from, x + from, weights, m, s, width, &sum, &dot, stop);
    }
    T a = (T)(sum / terms), b = (T)(dot / terms);
    for (size_t p = 0; p < positions && !*stop; p++) {
      const T *slopes = g + at + p * channels, *from = x + at + p * channels;
      T *to = y + at + p * channels;
      LOOP for (size_t i = 0; i < width; i++)
        to[i] = s * (slopes[i] * weights[i] - a - (from[i] - m) * s * b);
    }
  }
}

static void NAME(ck_group_norm_sums)(
    const T *g, const T *x, const T *mean, const T *scale, T *gain, T *offset, size_t n,
    size_t positions, size_t channels, size_t groups, size_t start, size_t count,
    stop_word stop) {
  for (size_t c = start; c < start + count; c++) {
    size_t group = c / (channels / groups);
    double gains = 0, offsets = 0;
    for (size_t e = 0; e < n; e++) {
      T m = mean[e * groups + group], s = scale[e * groups + group];
      const T *slopes = g + e * positions * channels + c, *from = x + e * positions * channels + c;
      for (size_t p0 = 0; p0 < positions && !*stop; p0 += NORM_BLOCK) {
        size_t end = positions - p0 < NORM_BLOCK ? positions : p0 + NORM_BLOCK;
        T dot = 0, sum = 0;
        for (size_t p = p0; p < end; p++) {
          dot += slopes[p * channels] * ((from[p * channels] - m) * s);
          sum += slopes[p * channels];
        }
        gains += (double)dot;
        offsets += (double)sum;
      }
    }
    if (gain) gain[c] = (T)gains;
    if (offset) offset[c] = (T)offsets;
  }
}
