// Pictures of bytes: resampling by Pillow's tables, and their numbers in planes.

/// Eight bytes, loaded one by one: the compiler would gather them by a vector instruction, which is slower.
INLINE uint64_t LEVEL(eight_bytes)(const unsigned char *x) {
  uint64_t bytes;
  memcpy(&bytes, x, sizeof bytes);
  __asm__("" : "+r"(bytes));
  return bytes;
}

typedef uint32_t LEVEL(words) __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t LEVEL(numbers) __attribute__((vector_size(64)));
typedef unsigned char LEVEL(bytes) __attribute__((vector_size(16), aligned(1), may_alias));
typedef unsigned char LEVEL(wide_bytes) __attribute__((vector_size(64)));

/// Sixteen pixels of `channels` bytes from the low bytes of as many words.
INLINE void LEVEL(store_pixels)(const size_t channels, const LEVEL(words) *words, unsigned char *restrict y) {
#if LANES >= 8
  // Levels that have no shuffle of bytes would take one by one out of the vector.
  if (channels == 3) {
    LEVEL(wide_bytes) all;
    memcpy(&all, words, sizeof all);
    all = __builtin_shufflevector(
      all, all, 0, 1, 2, 4, 5, 6, 8, 9, 10, 12, 13, 14, 16, 17, 18, 20, 21, 22, 24, 25, 26, 28, 29, 30, 32, 33, 34, 36,
      37, 38, 40, 41, 42, 44, 45, 46, 48, 49, 50, 52, 53, 54, 56, 57, 58, 60, 61, 62, -1, -1, -1, -1, -1, -1, -1, -1,
      -1, -1, -1, -1, -1, -1, -1, -1);
    memcpy(y, &all, 48);
    return;
  }
#endif
  // What a pixel's four bytes have too much is written over by the next.
#pragma clang loop vectorize(disable)
  for (size_t i = 0; i < 15; i++) memcpy(y + i * channels, (const uint32_t *)words + i, channels == 3 ? 4 : channels);
  memcpy(y + 15 * channels, (const uint32_t *)words + 15, channels);
}

/// Sums of 22 fractional bits, which include the half, as bytes. (Vectors wider than the level's cannot be passed.)
INLINE LEVEL(bytes) LEVEL(rounded)(const LEVEL(words) *sum) {
  LEVEL(numbers) value = (LEVEL(numbers))*sum >> 22, top = (LEVEL(numbers)){0} + 255;
  value = value & ~(value >> 31);
  LEVEL(numbers) above = value > top;
  value = (above & top) | (~above & value);
  return __builtin_convertvector(value, LEVEL(bytes));
}

/// One row along itself; from x on `bytes` bytes can be read. Sums wrap around, in any order the same.
static void LEVEL(byte_along)(
  const weft_resample *w, const unsigned char *x, size_t bytes, unsigned char *restrict y) {
  const int32_t *weights = w->weights;
  for (size_t column = 0; column < w->columns; column++, y += w->channels) {
    LEVEL(words) sum = {0};
    size_t place = w->starts[column];
    for (int32_t block = 0; block < w->blocks[column]; block++, place += w->step, weights += 16) {
      LEVEL(bytes) values = {0};
      if (place + 16 <= bytes) values = *(const LEVEL(bytes) *)(x + place);
      else if (place < bytes) memcpy(&values, x + place, bytes - place);
      sum += __builtin_convertvector(values, LEVEL(words)) * *(const LEVEL(words) *)weights;
    }
    LEVEL(words) total = {0};
    uint32_t half = 1u << 21;
    switch (w->channels) {
      case 1:
        for (int i = 0; i < 16; i++) total[0] += sum[i];
        break;
      case 2:
        for (int i = 0; i < 16; i += 2) total[0] += sum[i], total[1] += sum[i + 1];
        break;
      case 3:
        for (int i = 0; i < 15; i += 3) total[0] += sum[i], total[1] += sum[i + 1], total[2] += sum[i + 2];
        break;
      default:
        for (int i = 0; i < 16; i += 4)
          total[0] += sum[i], total[1] += sum[i + 1], total[2] += sum[i + 2], total[3] += sum[i + 3];
        break;
    }
    total += half;
    LEVEL(bytes) result = LEVEL(rounded)(&total);
    for (size_t c = 0; c < w->channels; c++) y[c] = result[c];
  }
}

/// One row from `count` rows below each other, `length` bytes each.
static void LEVEL(byte_across)(
  size_t length, size_t count, const unsigned char *x, const int32_t *weights, unsigned char *restrict y) {
  enum { GROUP = 64 };
  size_t i = 0;
  for (; i + GROUP <= length; i += GROUP) {
    LEVEL(words) sums[4];
    for (int k = 0; k < 4; k++) sums[k] = (LEVEL(words)){0} + (1u << 21);
    for (size_t tap = 0; tap < count; tap++) {
      LEVEL(words) weight = (LEVEL(words)){0} + (uint32_t)weights[tap];
      const unsigned char *from = x + tap * length + i;
#pragma clang loop unroll(full)
      for (int k = 0; k < 4; k++)
        sums[k] += __builtin_convertvector(*(const LEVEL(bytes) *)(from + 16 * k), LEVEL(words)) * weight;
    }
    for (int k = 0; k < 4; k++) *(LEVEL(bytes) *)(y + i + 16 * k) = LEVEL(rounded)(&sums[k]);
  }
  for (; i < length; i++) {
    uint32_t sum = 1u << 21;
    for (size_t tap = 0; tap < count; tap++) sum += x[tap * length + i] * (uint32_t)weights[tap];
    int32_t value = (int32_t)sum >> 22;
    y[i] = value < 0 ? 0 : value > 255 ? 255 : value;
  }
}

INLINE float LEVEL(number)(const weft_planes *w, int divides, int is_affine, size_t c, unsigned char byte) {
  float value = (float)byte;
  if (divides) value /= w->divisor;
  return is_affine ? MULTIPLY_ADD(value, w->scale[c], w->shift[c]) : value;
}

INLINE void LEVEL(planes_of)(
  const int divides, const int is_affine, const weft_planes *w, size_t count, const unsigned char *x,
  float *restrict y, size_t plane) {
  if (w->channels == 3 && w->planes == 3) {
    float *restrict a = y, *restrict b = y + plane, *restrict c = y + 2 * plane;
    // The three channels of a pixel in one pass.
    size_t from[3] = {(size_t)w->order[0], (size_t)w->order[1], (size_t)w->order[2]};
    if (from[0] == 0 && from[1] == 1 && from[2] == 2) {
      for (size_t i = 0; i < count; i++) {
        a[i] = LEVEL(number)(w, divides, is_affine, 0, x[3 * i]);
        b[i] = LEVEL(number)(w, divides, is_affine, 1, x[3 * i + 1]);
        c[i] = LEVEL(number)(w, divides, is_affine, 2, x[3 * i + 2]);
      }
      return;
    }
    if (from[0] == 2 && from[1] == 1 && from[2] == 0) {
      for (size_t i = 0; i < count; i++) {
        a[i] = LEVEL(number)(w, divides, is_affine, 0, x[3 * i + 2]);
        b[i] = LEVEL(number)(w, divides, is_affine, 1, x[3 * i + 1]);
        c[i] = LEVEL(number)(w, divides, is_affine, 2, x[3 * i]);
      }
      return;
    }
  }
  for (size_t c = 0; c < w->planes; c++)
    for (size_t i = 0; i < count; i++)
      y[c * plane + i] = LEVEL(number)(w, divides, is_affine, c, x[i * w->channels + w->order[c]]);
}

/// `count` pixels into planes, `plane` numbers from one to the next.
static void LEVEL(byte_planes)(
  const weft_planes *settings, size_t count, const unsigned char *x, float *restrict y, size_t plane) {
  const weft_planes w = *settings;
  if (w.divisor != 1) {
    if (w.is_affine) LEVEL(planes_of)(1, 1, &w, count, x, y, plane);
    else LEVEL(planes_of)(1, 0, &w, count, x, y, plane);
  } else if (w.is_affine) {
    LEVEL(planes_of)(0, 1, &w, count, x, y, plane);
  } else {
    LEVEL(planes_of)(0, 0, &w, count, x, y, plane);
  }
}
