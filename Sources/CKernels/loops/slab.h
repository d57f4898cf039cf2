// Passes over flat slabs of floats.

static void LEVEL(axpy)(size_t count, float alpha, const float *x, float *y) {
  for (size_t i = 0; i < count; i++) y[i] = MULTIPLY_ADD(alpha, x[i], y[i]);
}

#define SUM(term)                                                                                                   \
  for (; i + 8 <= count; i += 8)                                                                                    \
    for (int l = 0; l < 8; l++) {                                                                                   \
      double u = x[i + l], v = y[i + l];                                                                            \
      sum[l] += (term);                                                                                             \
      (void)u, (void)v;                                                                                             \
    }                                                                                                               \
  for (; i < count; i++) {                                                                                          \
    double u = x[i], v = y[i];                                                                                      \
    sum[i % 8] += (term);                                                                                           \
    (void)u, (void)v;                                                                                               \
  }                                                                                                                 \
  break

static double LEVEL(accumulate)(int what, size_t count, const float *x, const float *y) {
  double sum[8] = {0};
  size_t i = 0;
  switch (what) {
    case 0: SUM(u);
    case 1: SUM(u * v);
    case 2: SUM(fabs(u));
    case 3: SUM(u * u);
    case 4: SUM((u - v) * (u - v));
    case 5: {
      float top = 0;
      for (; i < count; i++) {
        float v = fabsf(x[i]);
        top = v > top || v != v ? v : top;
      }
      return top;
    }
    case 6: SUM(fabs(u - v));
    default: break;
  }
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}
#undef SUM

// The sums of one call are of 4 rows or of 1, with the same accumulators either way.
#define DOTS(rows)                                                                                                  \
  double sum[rows][8] = {{0}};                                                                                      \
  size_t i = 0;                                                                                                     \
  for (; i + 8 <= count; i += 8)                                                                                    \
    for (int r = 0; r < rows; r++)                                                                                  \
      for (int l = 0; l < 8; l++) sum[r][l] += (double)x[i + l] * (double)with[r][i + l];                           \
  for (; i < count; i++)                                                                                            \
    for (int r = 0; r < rows; r++) sum[r][i % 8] += (double)x[i] * (double)with[r][i];                              \
  for (int r = 0; r < rows; r++)                                                                                    \
    to[r] = ((sum[r][0] + sum[r][4]) + (sum[r][2] + sum[r][6])) + ((sum[r][1] + sum[r][5]) + (sum[r][3] + sum[r][7]))

static void LEVEL(dots_of_4)(size_t count, const float *x, const float *const *with, double *to) { DOTS(4); }

static void LEVEL(dots_of_1)(size_t count, const float *x, const float *const *with, double *to) { DOTS(1); }
#undef DOTS

static void LEVEL(dots)(size_t count, const float *x, size_t rows, const float *const *with, double *to) {
  size_t row = 0;
  for (; row + 4 <= rows; row += 4) LEVEL(dots_of_4)(count, x, with + row, to + row);
  for (; row < rows; row++) LEVEL(dots_of_1)(count, x, with + row, to + row);
}

static void LEVEL(add_scaled)(
  size_t count, size_t rows, const float *factors, const float *const *from, float *to) {
  size_t row = 0;
  // Products are statements of their own, or compilers fuse them where they can, and the bits would depend on the
  // instruction set.
  for (; row + 4 <= rows; row += 4) {
    const float *a = from[row], *b = from[row + 1], *c = from[row + 2], *d = from[row + 3];
    float p = factors[row], q = factors[row + 1], r = factors[row + 2], s = factors[row + 3];
    INDEPENDENT
    for (size_t i = 0; i < count; i++) {
      float u = p * a[i], v = q * b[i], w = r * c[i], z = s * d[i];
      to[i] = (((to[i] + u) + v) + w) + z;
    }
  }
  for (; row < rows; row++) {
    const float *a = from[row];
    float p = factors[row];
    INDEPENDENT
    for (size_t i = 0; i < count; i++) {
      float u = p * a[i];
      to[i] += u;
    }
  }
}
