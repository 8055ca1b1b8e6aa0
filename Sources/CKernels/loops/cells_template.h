// Recurrent cells for one type: T, NAME, SIGMOID, TANH and ELEMENTS are defined by the file that
// includes this.

static void NAME(ck_gru_cell)(
    const T *a, const T *b, const T *h, T *y, T *gates, size_t rows, size_t size) {
  for (size_t row = 0; row < rows; row++, a += 3 * size, b += 3 * size, h += size, y += size,
              gates += 4 * size) {
    ELEMENTS(i, 0, size, {
      T r = SIGMOID(a[i] + b[i]), z = SIGMOID(a[size + i] + b[size + i]), u = b[2 * size + i];
      T c = TANH(a[2 * size + i] + r * u);
      gates[i] = r;
      gates[size + i] = z;
      gates[2 * size + i] = c;
      gates[3 * size + i] = u;
      y[i] = (1 - z) * c + z * h[i];
    });
  }
}

static void NAME(ck_gru_cell_adjoint)(
    const T *g, const T *gates, const T *h, T *da, T *db, T *dh, size_t rows, size_t size) {
  for (size_t row = 0; row < rows; row++, g += size, gates += 4 * size, h += size,
              da += 3 * size, db += 3 * size, dh += size) {
    LOOP for (size_t i = 0; i < size; i++) {
      T r = gates[i], z = gates[size + i], c = gates[2 * size + i], u = gates[3 * size + i];
      T slope = g[i] * (1 - z) * (1 - c * c);
      T reset = slope * u * r * (1 - r), update = g[i] * (h[i] - c) * z * (1 - z);
      da[i] = reset;
      da[size + i] = update;
      da[2 * size + i] = slope;
      db[i] = reset;
      db[size + i] = update;
      db[2 * size + i] = slope * r;
      dh[i] = g[i] * z;
    }
  }
}

static void NAME(ck_lstm_cell)(
    const T *a, const T *c, T *y, T *cell, size_t rows, size_t size) {
  for (size_t row = 0; row < rows; row++, a += 4 * size, c += size, y += size, cell += size) {
    ELEMENTS(i, 0, size, {
      T next = SIGMOID(a[size + i]) * c[i] + SIGMOID(a[i]) * TANH(a[2 * size + i]);
      cell[i] = next;
      y[i] = SIGMOID(a[3 * size + i]) * TANH(next);
    });
  }
}

static void NAME(ck_lstm_cell_adjoint)(
    const T *gy, const T *gc, const T *a, const T *c, T *da, T *dc, size_t rows, size_t size) {
  for (size_t row = 0; row < rows; row++, gy += size, gc += size, a += 4 * size, c += size,
              da += 4 * size, dc += size) {
    ELEMENTS(i, 0, size, {
      T in = SIGMOID(a[i]), forget = SIGMOID(a[size + i]), g = TANH(a[2 * size + i]);
      T out = SIGMOID(a[3 * size + i]), shown = TANH(forget * c[i] + in * g);
      T slope = gc[i] + gy[i] * out * (1 - shown * shown);
      da[i] = slope * g * in * (1 - in);
      da[size + i] = slope * c[i] * forget * (1 - forget);
      da[2 * size + i] = slope * in * (1 - g * g);
      da[3 * size + i] = gy[i] * shown * out * (1 - out);
      dc[i] = slope * forget;
    });
  }
}
