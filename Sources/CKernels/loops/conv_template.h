// Convolutions for one type: T, NAME and FMA are defined by the file that includes this. See conv.c
// for the order of sums, and `struct ck_conv_block` for what the lengths mean.
#define V NAME(vector)
#define LANES ((ptrdiff_t)(CK_VECTOR / sizeof(T)))
#define WIDTH (2 * LANES)

// Adds the terms of some runs to each element of a tile of `rows` by `vectors` vectors, in their
// order; `fresh` starts at 0 instead of at what the tile holds.
INLINE void NAME(runs)(
    int rows, int vectors, const T *a, ptrdiff_t row, ptrdiff_t term, const T *b, ptrdiff_t b_term,
    const struct run *runs, size_t count, T *y, ptrdiff_t y_row, int fresh) {
  V sum[CK_TILE_ROWS][2];
  EACH for (int i = 0; i < rows; i++)
    EACH for (int j = 0; j < vectors; j++)
      sum[i][j] = fresh ? (V){0} : *(const V *)(y + i * y_row + j * LANES);
  for (const struct run *run = runs; run < runs + count; run++) {
    const T *from = a + run->x, *with = b + run->w;
    for (size_t p = 0; p < run->terms; p++, from += term, with += b_term) {
      V right[2];
      EACH for (int j = 0; j < vectors; j++) right[j] = *(const V *)(with + j * LANES);
      EACH for (int i = 0; i < rows; i++) {
        V left = from[i * row] - (V){0};  // a copy in every lane
        EACH for (int j = 0; j < vectors; j++) sum[i][j] = FMA(left, right[j], sum[i][j]);
      }
    }
  }
  EACH for (int i = 0; i < rows; i++)
    EACH for (int j = 0; j < vectors; j++) *(V *)(y + i * y_row + j * LANES) = sum[i][j];
}

typedef void NAME(runs_function)(
    const T *a, ptrdiff_t row, ptrdiff_t term, const T *b, ptrdiff_t b_term, const struct run *runs,
    size_t count, T *y, ptrdiff_t y_row, int fresh);

#define RUNS(rows, vectors) \
  CK_WIDE_ATTRIBUTE static void NAME(runs_##rows##_##vectors)( \
      const T *a, ptrdiff_t row, ptrdiff_t term, const T *b, ptrdiff_t b_term, \
      const struct run *runs, size_t count, T *y, ptrdiff_t y_row, int fresh) { \
    NAME(runs)(rows, vectors, a, row, term, b, b_term, runs, count, y, y_row, fresh); \
  }
#define TILES(vectors) \
  RUNS(1, vectors) RUNS(2, vectors) RUNS(3, vectors) RUNS(4, vectors) RUNS(5, vectors) \
  RUNS(6, vectors)
#define MORE_TILES(vectors) \
  RUNS(7, vectors) RUNS(8, vectors) RUNS(9, vectors) RUNS(10, vectors) RUNS(11, vectors) \
  RUNS(12, vectors)
#define NAMES(vectors) \
  0, NAME(runs_1_##vectors), NAME(runs_2_##vectors), NAME(runs_3_##vectors), \
      NAME(runs_4_##vectors), NAME(runs_5_##vectors), NAME(runs_6_##vectors)
#define MORE_NAMES(vectors) \
  , NAME(runs_7_##vectors), NAME(runs_8_##vectors), NAME(runs_9_##vectors), \
      NAME(runs_10_##vectors), NAME(runs_11_##vectors), NAME(runs_12_##vectors)

TILES(1)
TILES(2)
#if CK_TILE_ROWS > 6
MORE_TILES(1)
MORE_TILES(2)
static NAME(runs_function) *const NAME(runs_single)[] = {NAMES(1) MORE_NAMES(1)};
static NAME(runs_function) *const NAME(runs_twin)[] = {NAMES(2) MORE_NAMES(2)};
#else
static NAME(runs_function) *const NAME(runs_single)[] = {NAMES(1)};
static NAME(runs_function) *const NAME(runs_twin)[] = {NAMES(2)};
#endif

// Rows of the result as tiles of about equal height, in `count` columns; what is narrower than its
// vectors goes through a tile of its own. `b` has whole vectors.
INLINE void NAME(run_rows)(
    size_t m, ptrdiff_t count, const T *a, ptrdiff_t row, ptrdiff_t term, const T *b,
    ptrdiff_t b_term, const struct run *runs, size_t run_count, T *y, ptrdiff_t y_row, int fresh) {
  size_t tiles = (m + CK_TILE_ROWS - 1) / CK_TILE_ROWS, base = m / tiles, more = m % tiles;
  ptrdiff_t width = count > LANES ? WIDTH : LANES;
  for (size_t t = 0; t < tiles; t++) {
    size_t rows = base + (t < more);
    NAME(runs_function) *tile = width == WIDTH ? NAME(runs_twin)[rows] : NAME(runs_single)[rows];
    if (count == width) {
      tile(a, row, term, b, b_term, runs, run_count, y, y_row, fresh);
    } else {
      T own[CK_TILE_ROWS * WIDTH];
      for (ptrdiff_t i = 0; i < (ptrdiff_t)rows; i++)
        for (ptrdiff_t j = 0; j < width; j++)
          own[i * width + j] = fresh || j >= count ? 0 : y[i * y_row + j];
      tile(a, row, term, b, b_term, runs, run_count, own, width, fresh);
      for (ptrdiff_t i = 0; i < (ptrdiff_t)rows; i++)
        memcpy(y + i * y_row, own + i * width, (size_t)count * sizeof(T));
    }
    a += (ptrdiff_t)rows * row;
    y += (ptrdiff_t)rows * y_row;
  }
}

// The next runs of terms of a group, at most `most` terms, from (tap, term) on; weights of `count`
// outputs from `w` on are copied to `panel` unless it is null. Gives the terms taken.
static size_t NAME(gather)(
    const struct ck_conv_block *at, const T *w, ptrdiff_t count, ptrdiff_t width, T *panel,
    size_t most, size_t *tap, size_t *term, struct run *runs, size_t *run_count) {
  size_t taken = 0, used = 0;
  while (*tap < at->taps && taken < most) {
    size_t take = at->terms - *term < most - taken ? at->terms - *term : most - taken;
    ptrdiff_t x = at->x_tap[*tap] + (ptrdiff_t)*term;
    ptrdiff_t from = at->w_tap[*tap] + (ptrdiff_t)*term * at->w_term;
    ptrdiff_t to = panel ? (ptrdiff_t)taken * width : from;
    struct run *last = runs + (used ? used - 1 : 0);
    if (used && last->x + (ptrdiff_t)last->terms == x &&
        last->w + (ptrdiff_t)last->terms * (panel ? width : at->w_term) == to) {
      last->terms += take;
    } else {
      if (used == CONV_RUNS) break;
      runs[used++] = (struct run){x, to, take};
    }
    if (panel) NAME(pack)(w + from, at->w_term, at->w_output, panel + to, width, count, take);
    taken += take;
    *term += take;
    if (*term == at->terms) {
      *term = 0;
      ++*tap;
    }
  }
  *run_count = used;
  return taken;
}

// One group's part of a block.
static void NAME(convolve_group)(const struct ck_conv_block *at, const T *x, const T *w, T *y) {
  _Alignas(64) T space[CONV_TERMS * WIDTH];
  size_t all = at->taps * at->terms, blocks = (all + CONV_TERMS - 1) / CONV_TERMS;
  for (ptrdiff_t j = 0; j < (ptrdiff_t)at->outputs; j += WIDTH) {
    ptrdiff_t count = (ptrdiff_t)at->outputs - j < WIDTH ? (ptrdiff_t)at->outputs - j : WIDTH;
    ptrdiff_t width = count > LANES ? WIDTH : LANES;
    // Weights that lie as a panel does are read where they are.
    int lies = at->w_output == 1 && at->w_term == width && count == width;
    T *panel = lies ? 0 : space;
    size_t most = lies || blocks == 0 ? all : (all + blocks - 1) / blocks;
    size_t tap = 0, term = 0;
    int fresh = 1;
    do {
      struct run runs[CONV_RUNS];
      size_t run_count;
      const T *from = w + j * at->w_output;
      NAME(gather)(at, from, count, width, panel, most, &tap, &term, runs, &run_count);
      for (size_t n = 0; n < at->images; n++)
        for (size_t r = 0; r < at->rows; r++)
          NAME(run_rows)(
              at->columns, count, x + (ptrdiff_t)n * at->x_image + (ptrdiff_t)r * at->x_row,
              at->x_column, 1, lies ? from : panel, lies ? at->w_term : width, runs, run_count,
              y + (ptrdiff_t)n * at->y_image + (ptrdiff_t)r * at->y_row + j, at->y_column, fresh);
      fresh = 0;
    } while (tap < at->taps);
  }
}

// Where neighbouring outputs, from o on, of groups of few read their first inputs.
INLINE void NAME(find)(const struct ck_conv_block *at, ptrdiff_t o, ptrdiff_t *places) {
  for (ptrdiff_t l = 0; l < LANES; l++)
    places[l] = (o + l) / (ptrdiff_t)at->outputs * (ptrdiff_t)at->terms;
}

// What they read, the first `count` of them: neighbours where each group has one input and one
// output, which is `direct`.
INLINE V NAME(spread)(const T *x, const ptrdiff_t *places, ptrdiff_t count, int direct) {
  if (direct && count == LANES) return *(const V *)(x + places[0]);
  V lanes = {0};
  for (ptrdiff_t l = 0; l < count; l++) lanes[l] = x[places[l]];
  return lanes;
}

// Many groups of few outputs: vectors go along the outputs of neighbouring groups.
INLINE void NAME(convolve_few)(
    const struct ck_conv_block *at, const T *x, const T *w, T *y, int direct) {
  ptrdiff_t all = (ptrdiff_t)(at->groups * at->outputs);
  for (size_t n = 0; n < at->images; n++)
    for (size_t r = 0; r < at->rows; r++)
      for (ptrdiff_t o = 0; o < all; o += LANES) {
        ptrdiff_t count = all - o < LANES ? all - o : LANES, places[LANES];
        NAME(find)(at, o, places);
        const T *from = x + (ptrdiff_t)n * at->x_image + (ptrdiff_t)r * at->x_row;
        T *to = y + (ptrdiff_t)n * at->y_image + (ptrdiff_t)r * at->y_row + o;
        for (size_t c = 0; c < at->columns; c += 4) {
          ptrdiff_t pixels = at->columns - c < 4 ? (ptrdiff_t)(at->columns - c) : 4;
          V sum[4] = {{0}, {0}, {0}, {0}};
          for (size_t tap = 0; tap < at->taps; tap++)
            for (size_t term = 0; term < at->terms; term++) {
              V weights = {0};
              const T *row = w + at->w_tap[tap] + (ptrdiff_t)term * at->w_term + o;
              if (count == LANES)
                weights = *(const V *)row;
              else
                for (ptrdiff_t l = 0; l < count; l++) weights[l] = row[l];
              const T *pixel = from + at->x_tap[tap] + (ptrdiff_t)term;
              if (pixels == 4) {
                EACH for (ptrdiff_t i = 0; i < 4; i++)
                  sum[i] = FMA(
                      NAME(spread)(pixel + i * at->x_column, places, count, direct), weights,
                      sum[i]);
              } else {
                for (ptrdiff_t i = 0; i < pixels; i++)
                  sum[i] = FMA(
                      NAME(spread)(pixel + i * at->x_column, places, count, direct), weights,
                      sum[i]);
              }
            }
          for (ptrdiff_t i = 0; i < pixels; i++)
            memcpy(to + i * at->y_column, &sum[i], (size_t)count * sizeof(T));
          from += 4 * at->x_column;
          to += 4 * at->y_column;
        }
      }
}

static void NAME(convolve)(const struct ck_conv_block *at, const T *x, const T *w, T *y) {
  if (at->groups > 1 && at->outputs < CONV_OUTPUTS) {
    if (at->outputs == 1 && at->terms == 1)
      NAME(convolve_few)(at, x, w, y, 1);
    else
      NAME(convolve_few)(at, x, w, y, 0);
    return;
  }
  for (size_t g = 0; g < at->groups; g++)
    NAME(convolve_group)(
        at, x + g * at->terms, w + (ptrdiff_t)g * at->w_group, y + g * at->outputs);
}

// Adds, for each weight of some rows of the window, the products of `terms` inputs with a panel of
// outputs over all pixels of a block.
static void NAME(weigh)(
    const struct ck_conv_block *at, size_t terms, ptrdiff_t j, ptrdiff_t count, const T *x,
    const T *g, T *w, int fresh) {
  // Outputs that fill no vectors are copied, a row of pixels at a time.
  ptrdiff_t width = count > LANES ? WIDTH : LANES;
  _Alignas(64) T space[CONV_TERMS * WIDTH];
  int lies = count == width;
  struct run runs[CONV_RUNS];
  size_t used = 0, copied = 0;
  for (size_t n = 0; n < at->images; n++)
    for (size_t r = 0; r < at->rows; r++)
      for (size_t c = 0, take; c < at->columns; c += take) {
        take = at->columns - c;
        if (!lies && take > CONV_TERMS - copied) take = CONV_TERMS - copied;
        ptrdiff_t from = (ptrdiff_t)n * at->x_image + (ptrdiff_t)r * at->x_row +
                         (ptrdiff_t)c * at->x_column;
        ptrdiff_t with = (ptrdiff_t)n * at->y_image + (ptrdiff_t)r * at->y_row +
                         (ptrdiff_t)c * at->y_column + j;
        if (!lies) {
          ptrdiff_t to = (ptrdiff_t)copied * width;
          NAME(pack)(g + with, at->y_column, 1, space + to, width, count, take);
          with = to;
        }
        runs[used++] = (struct run){from, with, take};
        copied += take;
        int last = n + 1 == at->images && r + 1 == at->rows && c + take == at->columns;
        if (used == CONV_RUNS || (!lies && copied == CONV_TERMS) || last) {
          NAME(run_rows)(
              terms, count, x, 1, at->x_column, lies ? g : space, lies ? at->y_column : width, runs,
              used, w + j, at->w_term, fresh);
          fresh = 0;
          used = copied = 0;
        }
      }
}

// The same where groups have few outputs: vectors go along the outputs of neighbouring groups, and
// some weights of the window are added up together.
INLINE void NAME(weigh_few)(
    const struct ck_conv_block *at, const T *x, const T *g, T *w, int fresh, int direct) {
  ptrdiff_t all = (ptrdiff_t)(at->groups * at->outputs);
  size_t weights = at->taps * at->terms;
  for (ptrdiff_t o = 0; o < all; o += LANES) {
    ptrdiff_t count = all - o < LANES ? all - o : LANES, lanes[LANES];
    NAME(find)(at, o, lanes);
    for (size_t first = 0; first < weights; first += 8) {
      size_t some = weights - first < 8 ? weights - first : 8;
      V sum[8];
      ptrdiff_t places[8] = {0};
      T *rows[8];
      for (size_t i = 0; i < some; i++) {
        size_t tap = (first + i) / at->terms, term = (first + i) % at->terms;
        places[i] = at->x_tap[tap] + (ptrdiff_t)term;
        rows[i] = w + at->w_tap[tap] + (ptrdiff_t)term * at->w_term + o;
        sum[i] = (V){0};
        if (!fresh) memcpy(&sum[i], rows[i], (size_t)count * sizeof(T));
      }
      for (size_t n = 0; n < at->images; n++)
        for (size_t r = 0; r < at->rows; r++) {
          const T *from = x + (ptrdiff_t)n * at->x_image + (ptrdiff_t)r * at->x_row;
          const T *with = g + (ptrdiff_t)n * at->y_image + (ptrdiff_t)r * at->y_row + o;
          for (size_t c = 0; c < at->columns; c++, from += at->x_column, with += at->y_column) {
            V slopes = {0};
            if (count == LANES)
              slopes = *(const V *)with;
            else
              for (ptrdiff_t l = 0; l < count; l++) slopes[l] = with[l];
            if (some == 8) {
              EACH for (int i = 0; i < 8; i++)
                sum[i] = FMA(NAME(spread)(from + places[i], lanes, count, direct), slopes, sum[i]);
            } else {
              for (size_t i = 0; i < some; i++)
                sum[i] = FMA(NAME(spread)(from + places[i], lanes, count, direct), slopes, sum[i]);
            }
          }
        }
      for (size_t i = 0; i < some; i++) memcpy(rows[i], &sum[i], (size_t)count * sizeof(T));
    }
  }
}

static void NAME(convolve_weights)(
    const struct ck_conv_block *at, const T *x, const T *g, T *w, int fresh) {
  if (at->groups > 1 && at->outputs < CONV_OUTPUTS) {
    if (at->outputs == 1 && at->terms == 1)
      NAME(weigh_few)(at, x, g, w, fresh, 1);
    else
      NAME(weigh_few)(at, x, g, w, fresh, 0);
    return;
  }
  for (size_t group = 0; group < at->groups; group++)
    for (size_t tap = 0, taps; tap < at->taps; tap += taps) {
      // Taps whose inputs and weights lie one after the other are rows of one product.
      for (taps = 1; tap + taps < at->taps; taps++)
        if (at->x_tap[tap + taps] != at->x_tap[tap] + (ptrdiff_t)(taps * at->terms) ||
            at->w_tap[tap + taps] !=
                at->w_tap[tap] + (ptrdiff_t)(taps * at->terms) * at->w_term)
          break;
      for (ptrdiff_t j = 0; j < (ptrdiff_t)at->outputs; j += WIDTH) {
        ptrdiff_t count = (ptrdiff_t)at->outputs - j < WIDTH ? (ptrdiff_t)at->outputs - j : WIDTH;
        NAME(weigh)(
            at, taps * at->terms, j, count, x + at->x_tap[tap] + group * at->terms,
            g + group * at->outputs, w + at->w_tap[tap] + (ptrdiff_t)group * at->w_group, fresh);
      }
    }
}

static void NAME(turn_weights)(
    size_t taps, size_t groups, size_t inputs, size_t outputs, const T *w, T *y) {
  // [tap][input][group · output] to [tap][output][group · input]
  ptrdiff_t across = (ptrdiff_t)(groups * inputs), along = (ptrdiff_t)(groups * outputs);
  for (size_t tap = 0; tap < taps; tap++)
    for (size_t g = 0; g < groups; g++)
      NAME(turn)(
          w + (ptrdiff_t)(tap * inputs) * along + (ptrdiff_t)(g * outputs), along,
          y + (ptrdiff_t)(tap * outputs) * across + (ptrdiff_t)(g * inputs), across,
          (ptrdiff_t)inputs, outputs);
}

static void NAME(add_parts)(const T *parts, T *y, size_t count, size_t stride, size_t n) {
  if (count > 0) memcpy(y, parts, n * sizeof(T));
  for (size_t p = 1; p < count; p++) {
    parts += stride;
    LOOP for (size_t i = 0; i < n; i++) y[i] += parts[i];
  }
}

#undef V
#undef LANES
#undef WIDTH
#undef RUNS
#undef TILES
#undef MORE_TILES
#undef NAMES
#undef MORE_NAMES
