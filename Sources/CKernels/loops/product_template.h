// Matrix products for one type: T, NAME and FMA are defined by the file that includes this. See
// product.c for the order of sums and for what the lengths mean.
typedef T NAME(vector) __attribute__((vector_size(CK_VECTOR), aligned(sizeof(T)), may_alias));
typedef T NAME(quarter) __attribute__((vector_size(16), aligned(sizeof(T)), may_alias));
#define V NAME(vector)
#define LANES ((ptrdiff_t)(CK_VECTOR / sizeof(T)))
#define WIDTH (2 * LANES)
#define LEFT_ROWS (CK_LEFT_BYTES / (CK_TERMS * sizeof(T)) / CK_TILE_ROWS * CK_TILE_ROWS)

// Where a product's operands and result lie, in elements: from row to row and from term to term of
// the left operand, from term to term and from column to column of the right one, from row to row
// and from column to column of the result.
struct NAME(places) {
  const T *left;
  ptrdiff_t left_row, left_term;
  const T *right;
  ptrdiff_t right_term, right_column;
  T *y;
  ptrdiff_t row, column;
  int adds;
};

// Adds `terms` products to each element of a tile of `rows` by `vectors` vectors, in their order;
// `fresh` starts at 0 instead of at what the tile holds.
INLINE void NAME(tile)(
    int rows, int vectors, const T *a, ptrdiff_t row, ptrdiff_t term, const T *b, ptrdiff_t b_term,
    T *y, ptrdiff_t y_row, size_t terms, int fresh) {
  V sum[CK_TILE_ROWS][CK_TILE_VECTORS];
  EACH for (int i = 0; i < rows; i++)
    EACH for (int j = 0; j < vectors; j++)
      sum[i][j] = fresh ? (V){0} : *(const V *)(y + i * y_row + j * LANES);
  for (size_t p = 0; p < terms; p++, a += term, b += b_term) {
    V right[CK_TILE_VECTORS];
    EACH for (int j = 0; j < vectors; j++) right[j] = *(const V *)(b + j * LANES);
    EACH for (int i = 0; i < rows; i++) {
      V left = a[i * row] - (V){0};  // a copy in every lane
      EACH for (int j = 0; j < vectors; j++) sum[i][j] = FMA(left, right[j], sum[i][j]);
    }
  }
  EACH for (int i = 0; i < rows; i++)
    EACH for (int j = 0; j < vectors; j++) *(V *)(y + i * y_row + j * LANES) = sum[i][j];
}

typedef void NAME(tile_function)(
    const T *a, ptrdiff_t row, ptrdiff_t term, const T *b, ptrdiff_t b_term, T *y, ptrdiff_t y_row,
    size_t terms, int fresh);

#define TILE(rows, vectors) \
  CK_WIDE_ATTRIBUTE static void NAME(tile_##rows##_##vectors)( \
      const T *a, ptrdiff_t row, ptrdiff_t term, const T *b, ptrdiff_t b_term, T *y, \
      ptrdiff_t y_row, size_t terms, int fresh) { \
    NAME(tile)(rows, vectors, a, row, term, b, b_term, y, y_row, terms, fresh); \
  }
#define TILES(vectors) \
  TILE(1, vectors) TILE(2, vectors) TILE(3, vectors) TILE(4, vectors) TILE(5, vectors) \
  TILE(6, vectors)
#define MORE_TILES(vectors) \
  TILE(7, vectors) TILE(8, vectors) TILE(9, vectors) TILE(10, vectors) TILE(11, vectors) \
  TILE(12, vectors)
#define NAMES(vectors) \
  0, NAME(tile_1_##vectors), NAME(tile_2_##vectors), NAME(tile_3_##vectors), \
      NAME(tile_4_##vectors), NAME(tile_5_##vectors), NAME(tile_6_##vectors)
#define MORE_NAMES(vectors) \
  , NAME(tile_7_##vectors), NAME(tile_8_##vectors), NAME(tile_9_##vectors), \
      NAME(tile_10_##vectors), NAME(tile_11_##vectors), NAME(tile_12_##vectors)

TILES(1)
TILES(2)
TILE(2, 4)
TILE(1, 8)
#if CK_TILE_ROWS > 6
MORE_TILES(1)
MORE_TILES(2)
static NAME(tile_function) *const NAME(single)[] = {NAMES(1) MORE_NAMES(1)};
static NAME(tile_function) *const NAME(twin)[] = {NAMES(2) MORE_NAMES(2)};
#else
static NAME(tile_function) *const NAME(single)[] = {NAMES(1)};
static NAME(tile_function) *const NAME(twin)[] = {NAMES(2)};
#endif

// y[p · width + j] = x[p + j · column], for `count` columns: squares of 16 bytes a side are
// turned in registers.
static void NAME(turn)(
    const T *x, ptrdiff_t column, T *y, ptrdiff_t width, ptrdiff_t count, size_t terms) {
  typedef NAME(quarter) Q;
  ptrdiff_t j = 0, side = 16 / sizeof(T), end = (ptrdiff_t)terms;
  for (; j + side <= count; j += side) {
    const T *from = x + j * column;
    T *to = y + j;
    ptrdiff_t p = 0;
    for (; p + side <= end; p += side) {
#define AT(i) (*(const Q *)(from + p + (i) * column))
#define OUT(i) (*(Q *)(to + (p + (i)) * width))
#if TURN_BY_FOUR
      Q a = AT(0), b = AT(1), c = AT(2), d = AT(3);
      Q e = __builtin_shufflevector(a, b, 0, 4, 1, 5);
      Q f = __builtin_shufflevector(a, b, 2, 6, 3, 7);
      Q g = __builtin_shufflevector(c, d, 0, 4, 1, 5);
      Q h = __builtin_shufflevector(c, d, 2, 6, 3, 7);
      OUT(0) = __builtin_shufflevector(e, g, 0, 1, 4, 5);
      OUT(1) = __builtin_shufflevector(e, g, 2, 3, 6, 7);
      OUT(2) = __builtin_shufflevector(f, h, 0, 1, 4, 5);
      OUT(3) = __builtin_shufflevector(f, h, 2, 3, 6, 7);
#else
      Q a = AT(0), b = AT(1);
      OUT(0) = __builtin_shufflevector(a, b, 0, 2);
      OUT(1) = __builtin_shufflevector(a, b, 1, 3);
#endif
#undef AT
#undef OUT
    }
    for (; p < end; p++)
      for (ptrdiff_t i = 0; i < side; i++) to[p * width + i] = from[p + i * column];
  }
  for (; j < count; j++)
    for (ptrdiff_t p = 0; p < end; p++) y[p * width + j] = x[p + j * column];
}

// Copies `count` columns of the right operand, `terms` long, to neighbouring places; zeros up to
// `width`.
static void NAME(pack)(
    const T *b, ptrdiff_t term, ptrdiff_t column, T *panel, ptrdiff_t width, ptrdiff_t count,
    size_t terms) {
  if (count < width) memset(panel, 0, (size_t)width * terms * sizeof(T));
  if (column != 1) {
    NAME(turn)(b, column, panel, width, count, terms);
  } else if (count == WIDTH) {
    for (size_t p = 0; p < terms; p++, panel += WIDTH, b += term)
      __builtin_memcpy(panel, b, 2 * CK_VECTOR);
  } else {
    for (size_t p = 0; p < terms; p++, panel += width, b += term)
      memcpy(panel, b, (size_t)count * sizeof(T));
  }
}

// One tile of the result, of `count` columns; what is narrower than its vectors, or lies apart,
// goes through a tile of its own.
INLINE void NAME(place)(
    NAME(tile_function) *tile, size_t rows, ptrdiff_t width, ptrdiff_t count, const T *a,
    ptrdiff_t row, ptrdiff_t term, const T *b, ptrdiff_t b_term, T *y, ptrdiff_t y_row,
    ptrdiff_t y_column, size_t terms, int fresh) {
  if (count == width && y_column == 1) {
    tile(a, row, term, b, b_term, y, y_row, terms, fresh);
    return;
  }
  T own[CK_TILE_ROWS * WIDTH];
  for (ptrdiff_t i = 0; i < (ptrdiff_t)rows; i++)
    for (ptrdiff_t j = 0; j < width; j++)
      own[i * width + j] = fresh || j >= count ? 0 : y[i * y_row + j * y_column];
  tile(a, row, term, b, b_term, own, width, terms, fresh);
  for (ptrdiff_t i = 0; i < (ptrdiff_t)rows; i++)
    for (ptrdiff_t j = 0; j < count; j++) y[i * y_row + j * y_column] = own[i * width + j];
}

// Columns from j on, for `m` rows and `terms` terms from `p` on; `left` holds those rows packed, or
// is null.
static void NAME(strip)(
    const struct NAME(places) *at, const T *left, size_t i, size_t m, ptrdiff_t j, ptrdiff_t count,
    size_t p, size_t terms) {
  _Alignas(64) T panel[CK_TERMS * WIDTH];
  ptrdiff_t width = count > LANES ? WIDTH : LANES, first = (ptrdiff_t)p;
  NAME(pack)(
      at->right + first * at->right_term + j * at->right_column, at->right_term, at->right_column,
      panel, width, count, terms);
  size_t tiles = (m + CK_TILE_ROWS - 1) / CK_TILE_ROWS, base = m / tiles, more = m % tiles;
  for (size_t t = 0, done = 0; t < tiles; t++) {
    size_t rows = base + (t < more);
    ptrdiff_t from = (ptrdiff_t)(i + done);
    NAME(tile_function) *tile = width == WIDTH ? NAME(twin)[rows] : NAME(single)[rows];
    T *y = at->y + from * at->row + j * at->column;
    if (left)
      NAME(place)(
          tile, rows, width, count, left + done * terms, 1, (ptrdiff_t)rows, panel, width, y,
          at->row, at->column, terms, p == 0 && !at->adds);
    else
      NAME(place)(
          tile, rows, width, count, at->left + from * at->left_row + first * at->left_term,
          at->left_row, at->left_term, panel, width, y, at->row, at->column, terms,
          p == 0 && !at->adds);
    done += rows;
  }
}

// A few rows: the right operand is read once, where it lies.
static void NAME(thin)(const struct NAME(places) *at, size_t m, ptrdiff_t n, size_t k) {
  NAME(tile_function) *tile =
      m == 1 ? NAME(tile_1_8) : m == 2 ? NAME(tile_2_4) : NAME(twin)[m];
  ptrdiff_t width = m == 1 ? 8 * LANES : m == 2 ? 4 * LANES : WIDTH;
  size_t block = m > 2 ? 64 : 16;
  for (size_t p = 0; p < k; p += block) {
    size_t terms = k - p < block ? k - p : block;
    ptrdiff_t first = (ptrdiff_t)p, j = 0;
    const T *a = at->left + first * at->left_term, *b = at->right + first * at->right_term;
    for (; j + width <= n; j += width)
      tile(
          a, at->left_row, at->left_term, b + j, at->right_term, at->y + j, at->row, terms,
          p == 0 && !at->adds);
    for (; j + LANES <= n; j += LANES)
      NAME(single)[m](
          a, at->left_row, at->left_term, b + j, at->right_term, at->y + j, at->row, terms,
          p == 0 && !at->adds);
  }
  ptrdiff_t rest = n % LANES;
  if (rest == 0) return;
  for (size_t p = 0; p < k; p += CK_TERMS)
    NAME(strip)(at, 0, 0, m, n - rest, rest, p, k - p < CK_TERMS ? k - p : CK_TERMS);
}

// Copies rows of the left operand tile by tile, so that a tile reads one place after the other.
static void NAME(pack_left)(
    const struct NAME(places) *at, T *left, size_t i, size_t m, size_t p, size_t terms) {
  size_t tiles = (m + CK_TILE_ROWS - 1) / CK_TILE_ROWS, base = m / tiles, more = m % tiles;
  for (size_t t = 0; t < tiles; t++) {
    size_t rows = base + (t < more);
    const T *a = at->left + (ptrdiff_t)i * at->left_row + (ptrdiff_t)p * at->left_term;
    if (at->left_term == 1) {
      NAME(turn)(a, at->left_row, left, (ptrdiff_t)rows, (ptrdiff_t)rows, terms);
    } else {
      for (size_t q = 0; q < terms; q++)
        memcpy(left + q * rows, a + (ptrdiff_t)q * at->left_term, rows * sizeof(T));
    }
    left += rows * terms;
    i += rows;
  }
}

static void NAME(multiply)(const struct NAME(places) *at, size_t m, size_t n, size_t k) {
  // Few columns fill no vectors: then the rows go along them.
  size_t lanes = (size_t)LANES, here = m * ((n + lanes - 1) / lanes);
  size_t there = n * ((m + lanes - 1) / lanes) + (at->left_term == 1 ? m / 3 : 0);
  if (n < lanes && there < here && at->column == 1) {
    struct NAME(places) turned = {
        at->right, at->right_column, at->right_term, at->left, at->left_term, at->left_row,
        at->y, at->column, at->row, at->adds};
    NAME(multiply)(&turned, n, m, k);
    return;
  }
  if (m <= CK_TILE_ROWS && at->right_column == 1 && at->column == 1) {
    NAME(thin)(at, m, (ptrdiff_t)n, k);
    return;
  }
  T *left = 0;
  if (n >= 8 * WIDTH && m >= 8 * CK_TILE_ROWS && k > CK_TERMS) left = take_left_block();
  for (size_t i = 0, rows; i < m; i += rows) {
    rows = m - i < LEFT_ROWS ? m - i : LEFT_ROWS;
    for (size_t p = 0; p < k; p += CK_TERMS) {
      size_t terms = k - p < CK_TERMS ? k - p : CK_TERMS;
      if (left) NAME(pack_left)(at, left, i, rows, p, terms);
      for (ptrdiff_t j = 0; j < (ptrdiff_t)n; j += WIDTH) {
        ptrdiff_t count = (ptrdiff_t)n - j < WIDTH ? (ptrdiff_t)n - j : WIDTH;
        NAME(strip)(at, left, i, rows, j, count, p, terms);
      }
    }
  }
  leave_left_block(left);
}

#undef V
#undef LANES
#undef WIDTH
#undef LEFT_ROWS
#undef TILE
#undef TILES
#undef MORE_TILES
#undef NAMES
#undef MORE_NAMES
