// Statistics of channels for one type: T and NAME are defined by the file that includes this.
// Blocks of CHANNEL_BLOCK rows are summed in T, and the sums of the blocks in double precision.

static void NAME(ck_channel_sums)(
    const T *x, const T *mean, double *sums, size_t rows, size_t size,
    stop_word stop) {
  for (size_t c0 = 0; c0 < size; c0 += CHANNEL_TILE) {
    size_t width = size - c0 < CHANNEL_TILE ? size - c0 : CHANNEL_TILE;
    double total[CHANNEL_TILE] = {0};
    for (size_t r0 = 0; r0 < rows && !*stop; r0 += CHANNEL_BLOCK) {
      size_t end = rows - r0 < CHANNEL_BLOCK ? rows : r0 + CHANNEL_BLOCK;
      T part[CHANNEL_TILE] = {0};
      for (size_t r = r0; r < end; r++) {
        const T *row = x + r * size + c0;
        if (mean)
          for (size_t c = 0; c < width; c++) {
            T d = row[c] - mean[c0 + c];
            part[c] += d * d;
          }
        else
          for (size_t c = 0; c < width; c++) part[c] += row[c];
      }
      for (size_t c = 0; c < width; c++) total[c] += (double)part[c];
    }
    for (size_t c = 0; c < width; c++) sums[c0 + c] = total[c];
  }
}

static void NAME(ck_channel_dots)(
    const T *g, const T *x, const T *mean, const T *scale, double *sums, double *dots, size_t rows,
    size_t size, stop_word stop) {
  for (size_t c0 = 0; c0 < size; c0 += CHANNEL_TILE) {
    size_t width = size - c0 < CHANNEL_TILE ? size - c0 : CHANNEL_TILE;
    double total[CHANNEL_TILE] = {0}, tilt[CHANNEL_TILE] = {0};
    for (size_t r0 = 0; r0 < rows && !*stop; r0 += CHANNEL_BLOCK) {
      size_t end = rows - r0 < CHANNEL_BLOCK ? rows : r0 + CHANNEL_BLOCK;
      T sum[CHANNEL_TILE] = {0}, dot[CHANNEL_TILE] = {0};
      for (size_t r = r0; r < end; r++) {
        const T *slopes = g + r * size + c0, *row = x + r * size + c0;
        for (size_t c = 0; c < width; c++) {
          dot[c] += slopes[c] * ((row[c] - mean[c0 + c]) * scale[c0 + c]);
          sum[c] += slopes[c];
        }
      }
      for (size_t c = 0; c < width; c++) {
        total[c] += (double)sum[c];
        tilt[c] += (double)dot[c];
      }
    }
    for (size_t c = 0; c < width; c++) {
      sums[c0 + c] = total[c];
      dots[c0 + c] = tilt[c];
    }
  }
}

static void NAME(ck_channel_mean)(
    const double *sums, size_t blocks, size_t size, double count, T *mean) {
  for (size_t c = 0; c < size; c++) mean[c] = (T)(block_total(sums + c, blocks, size) / count);
}

static void NAME(ck_channel_scale)(
    const double *sums, size_t blocks, size_t size, double count, double epsilon, T *scale,
    T *variance) {
  for (size_t c = 0; c < size; c++) {
    double v = block_total(sums + c, blocks, size) / count;
    scale[c] = (T)(1 / __builtin_sqrt(v + epsilon));
    if (variance) variance[c] = (T)v;
  }
}

static void NAME(ck_channel_slopes)(
    const double *sums, const double *dots, size_t blocks, size_t size, double count,
    const T *gain, T *gains, T *offsets, T *a, T *b) {
  for (size_t c = 0; c < size; c++) {
    double sum = block_total(sums + c, blocks, size), dot = block_total(dots + c, blocks, size);
    if (gains) gains[c] = (T)dot;
    if (offsets) offsets[c] = (T)sum;
    a[c] = (T)((double)gain[c] * (sum / count));
    b[c] = (T)((double)gain[c] * (dot / count));
  }
}

static void NAME(ck_channel_norm)(
    const T *x, const T *mean, const T *scale, const T *gain, const T *offset, T *y, size_t rows,
    size_t size) {
  for (size_t r = 0; r < rows; r++, x += size, y += size)
    LOOP for (size_t c = 0; c < size; c++)
      y[c] = (x[c] - mean[c]) * scale[c] * gain[c] + offset[c];
}

static void NAME(ck_channel_norm_adjoint)(
    const T *g, const T *x, const T *gain, const T *mean, const T *scale, const T *a, const T *b,
    T *y, size_t rows, size_t size) {
  for (size_t r = 0; r < rows; r++, g += size, x += size, y += size)
    LOOP for (size_t c = 0; c < size; c++)
      y[c] = scale[c] * (g[c] * gain[c] - a[c] - (x[c] - mean[c]) * scale[c] * b[c]);
}
