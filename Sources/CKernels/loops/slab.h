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

static void LEVEL(adam)(
  size_t count, weft_adam s, const float *gradient, float *value, float *first, float *second) {
  float keep1 = 1.0f - s.beta1, keep2 = 1.0f - s.beta2;
  for (size_t i = 0; i < count; i++) {
    float g = gradient[i];
    float m = first[i] * s.beta1 + g * keep1;
    float v = second[i] * s.beta2 + g * g * keep2;
    first[i] = m;
    second[i] = v;
    value[i] = value[i] * s.decay - s.rate * (m * s.correction1) / (__builtin_sqrtf(v * s.correction2) + s.epsilon);
  }
}
