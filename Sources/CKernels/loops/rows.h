// Loops over whole rows.

/// The largest element; eight interleaved candidates, so that the loop vectorises.
INLINE float LEVEL(largest)(const float *x, size_t count) {
  float best[8];
  for (int l = 0; l < 8; l++) best[l] = -__builtin_inff();
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (int l = 0; l < 8; l++) best[l] = x[i + l] > best[l] ? x[i + l] : best[l];
  for (; i < count; i++) best[i % 8] = x[i] > best[i % 8] ? x[i] : best[i % 8];
  for (int l = 1; l < 8; l++) best[0] = best[l] > best[0] ? best[l] : best[0];
  return best[0];
}

static double LEVEL(accumulate)(int what, size_t count, const float *x, const float *y);

static void LEVEL(softmax)(int log, size_t rows, size_t length, const float *x, float *y) {
  for (size_t r = 0; r < rows; r++, x += length, y += length) {
    float top = LEVEL(largest)(x, length);
    if (log) {
      // In blocks, because x and y may be the same memory.
      double sum = 0;
      for (size_t begin = 0; begin < length; begin += 256) {
        float block[256];
        size_t count = smaller(256, length - begin);
        for (size_t i = 0; i < count; i++) block[i] = LEVEL(exponential)(x[begin + i] - top);
        sum += LEVEL(accumulate)(0, count, block, block);
      }
      float rest = LEVEL(logarithm)((float)sum);
      INDEPENDENT
      for (size_t i = 0; i < length; i++) y[i] = (x[i] - top) - rest;
    } else {
      INDEPENDENT
      for (size_t i = 0; i < length; i++) y[i] = LEVEL(exponential)(x[i] - top);
      double sum = LEVEL(accumulate)(0, length, y, y);
      float scale = (float)(1.0 / sum);
      for (size_t i = 0; i < length; i++) y[i] *= scale;
    }
  }
}

static void LEVEL(affine)(size_t count, const float *x, float scale, float shift, float *y) {
  INDEPENDENT
  for (size_t i = 0; i < count; i++) y[i] = MULTIPLY_ADD(x[i], scale, shift);
}
