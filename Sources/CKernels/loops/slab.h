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

static double LEVEL(add_scale_dot)(
  size_t count, float factor, const float *from, float scale, float *to, const float *with) {
  double sum[8] = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (int l = 0; l < 8; l++) {
      // Two statements, or compilers fuse them where they can, and the bits would depend on the instruction set.
      float change = factor * from[i + l];
      float value = (to[i + l] + change) * scale;
      to[i + l] = value;
      sum[l] += (double)value * (double)with[i + l];
    }
  for (; i < count; i++) {
    float change = factor * from[i];
    float value = (to[i] + change) * scale;
    to[i] = value;
    sum[i % 8] += (double)value * (double)with[i];
  }
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}
