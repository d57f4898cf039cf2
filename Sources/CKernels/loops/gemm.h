// Matrix product in the usual blocked form: A packed in strips of 6 rows (12 where there are 32 registers), B in strips
// of two vectors of columns, a micro kernel of 6 x 2 or 12 x 2 vectors held in registers. Each output is summed over blocks of 256 terms in ascending order,
// one accumulator per block, and the block sums are added in order; nothing of that depends on m, n or the split.
#if LANES == 16
enum { STRIP_A = 12 };
#else
enum { STRIP_A = 6 };
#endif
enum { STRIP_B = 2 * LANES, BLOCK_K = 256, BLOCK_M = 132, BLOCK_N = 512 };

/// acc = A strip (k x 6, packed) times B strip (k rows of STRIP_B, `step` floats apart).
INLINE void LEVEL(micro)(size_t k, const float *a, const float *b, ptrdiff_t step, lanes acc[STRIP_A][2]) {
#pragma clang loop unroll(full)
  for (int i = 0; i < STRIP_A; i++) acc[i][0] = acc[i][1] = (lanes){0};
  for (size_t p = 0; p < k; p++) {
    lanes b0 = load(b), b1 = load(b + LANES);
#pragma clang loop unroll(full)
    for (int i = 0; i < STRIP_A; i++) {
      lanes v = a[i] - (lanes){0};
      acc[i][0] = MULTIPLY_ADD(v, b0, acc[i][0]);
      acc[i][1] = MULTIPLY_ADD(v, b1, acc[i][1]);
    }
    a += STRIP_A;
    b += step;
  }
}

/// c (rows x columns of one tile) = alpha acc, or += with `add`.
static void LEVEL(tile)(
  size_t k, const float *a, const float *b, ptrdiff_t step, float *c, ptrdiff_t ldc, size_t rows, size_t columns,
  float alpha, int add) {
  lanes acc[STRIP_A][2];
  LEVEL(micro)(k, a, b, step, acc);
  if (rows == STRIP_A && columns == STRIP_B) {
#pragma clang loop unroll(full)
    for (int i = 0; i < STRIP_A; i++) {
      float *row = c + i * ldc;
      lanes v0 = acc[i][0] * alpha, v1 = acc[i][1] * alpha;
      store(row, add ? load(row) + v0 : v0);
      store(row + LANES, add ? load(row + LANES) + v1 : v1);
    }
    return;
  }
  float edge[STRIP_A][STRIP_B];
#pragma clang loop unroll(full)
  for (int i = 0; i < STRIP_A; i++) {
    store(edge[i], acc[i][0] * alpha);
    store(edge[i] + LANES, acc[i][1] * alpha);
  }
  for (size_t i = 0; i < rows; i++)
    for (size_t j = 0; j < columns; j++) c[i * ldc + j] = add ? c[i * ldc + j] + edge[i][j] : edge[i][j];
}

/// Packs rows x k of A, element (i, p) at a[i * row + offsets[p]], in strips; missing rows become zeros.
static void LEVEL(pack_a)(
  const float *a, ptrdiff_t row, const ptrdiff_t *offsets, size_t rows, size_t k, float *packed) {
  for (size_t i0 = 0; i0 < rows; i0 += STRIP_A) {
    size_t count = smaller(STRIP_A, rows - i0);
    const float *strip = a + i0 * row;
    if (count == STRIP_A) {
      for (size_t p = 0; p < k; p++)
        for (size_t i = 0; i < STRIP_A; i++) packed[p * STRIP_A + i] = strip[i * row + offsets[p]];
    } else {
      for (size_t p = 0; p < k; p++)
        for (size_t i = 0; i < STRIP_A; i++)
          packed[p * STRIP_A + i] = i < count ? strip[i * row + offsets[p]] : 0;
    }
    packed += STRIP_A * k;
  }
}

/// Packs k x columns of B in strips; missing columns become zeros.
static void LEVEL(pack_b)(weft_matrix b, size_t k, size_t columns, float *packed) {
  for (size_t j0 = 0; j0 < columns; j0 += STRIP_B) {
    size_t count = smaller(STRIP_B, columns - j0);
    const float *strip = b.base + j0 * b.column;
    if (count == STRIP_B && b.column == 1) {
      for (size_t p = 0; p < k; p++) memcpy(packed + p * STRIP_B, strip + p * b.row, STRIP_B * sizeof(float));
    } else {
      for (size_t j = 0; j < STRIP_B; j++)
        for (size_t p = 0; p < k; p++) packed[p * STRIP_B + j] = j < count ? strip[p * b.row + j * b.column] : 0;
    }
    packed += STRIP_B * k;
  }
}

/// All tiles of packed A times packed B.
static void LEVEL(panels)(
  size_t m, size_t n, size_t k, const float *a, const float *b, float *c, ptrdiff_t ldc, float alpha, int add) {
  for (size_t j = 0; j < n; j += STRIP_B)
    for (size_t i = 0; i < m; i += STRIP_A)
      LEVEL(tile)(
        k, a + i * k, b + j * k, STRIP_B, c + i * ldc + j, ldc, smaller(STRIP_A, m - i), smaller(STRIP_B, n - j),
        alpha, add);
}

static void LEVEL(gemm)(
  size_t m, size_t n, size_t k, weft_matrix a, weft_matrix b, float *c, ptrdiff_t ldc, float alpha, int accumulate,
  void *scratch) {
  float *packed_a = scratch, *packed_b = packed_a + BLOCK_M * BLOCK_K;
  if (k == 0 && !accumulate)
    for (size_t i = 0; i < m; i++) memset(c + i * ldc, 0, n * sizeof(float));
  ptrdiff_t offsets[BLOCK_K];
  for (size_t j = 0; j < n; j += BLOCK_N) {
    size_t columns = smaller(BLOCK_N, n - j);
    for (size_t p = 0; p < k; p += BLOCK_K) {
      size_t depth = smaller(BLOCK_K, k - p);
      int add = accumulate || p > 0;
      for (size_t q = 0; q < depth; q++) offsets[q] = (ptrdiff_t)(p + q) * a.column;
      weft_matrix part = {b.base + p * b.row + j * b.column, b.row, b.column};
      // With few rows the columns are used too seldom to be worth packing, if they lie together.
      int direct = m <= 2 * STRIP_A && b.column == 1;
      size_t whole = direct ? columns / STRIP_B * STRIP_B : 0;
      weft_matrix rest = {part.base + whole * part.column, part.row, part.column};
      LEVEL(pack_b)(rest, depth, columns - whole, packed_b);
      for (size_t i = 0; i < m; i += BLOCK_M) {
        size_t rows = smaller(BLOCK_M, m - i);
        LEVEL(pack_a)(a.base + i * a.row, a.row, offsets, rows, depth, packed_a);
        float *corner = c + i * ldc + j;
        for (size_t q = 0; q < whole; q += STRIP_B)
          for (size_t r = 0; r < rows; r += STRIP_A)
            LEVEL(tile)(
              depth, packed_a + r * depth, part.base + q, part.row, corner + r * ldc + q, ldc,
              smaller(STRIP_A, rows - r), STRIP_B, alpha, add);
        LEVEL(panels)(rows, columns - whole, depth, packed_a, packed_b, corner + whole, ldc, alpha, add);
      }
    }
  }
}
