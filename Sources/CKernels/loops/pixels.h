// Pictures of bytes: resizing, warping, and their numbers in planes.

/// Copies pairs of pixels apart, four bytes at a time where as many can be read: what is too much is written over by
/// the next pixel. Both targets have three bytes to spare.
INLINE void LEVEL(pixels)(
  const size_t channels, const unsigned char *x, size_t bytes, const int32_t *places, size_t count,
  unsigned char *restrict left, unsigned char *restrict right) {
  // Places ascend.
  size_t safe = count;
  while (safe > 0 && (size_t)places[2 * safe - 1] + 4 > bytes) safe--;
  // Gathering by vector instructions is three times slower.
#pragma clang loop vectorize(disable)
  for (size_t i = 0; i < safe; i++) {
    memcpy(left + i * channels, x + places[2 * i], 4);
    memcpy(right + i * channels, x + places[2 * i + 1], 4);
  }
  for (size_t i = safe; i < count; i++) {
    memcpy(left + i * channels, x + places[2 * i], channels);
    memcpy(right + i * channels, x + places[2 * i + 1], channels);
  }
}

/// Columns begin... of one row of the picture, between its pixels, without the last 4 of 11 bits.
INLINE void LEVEL(between)(
  const weft_bilinear *w, const unsigned char *x, size_t begin, size_t count, int16_t *restrict line) {
  unsigned char left[weft_bilinear_group * 4 + 4], right[weft_bilinear_group * 4 + 4];
  const int32_t *places = w->places + 2 * begin;
  switch (w->channels) {
    case 1: LEVEL(pixels)(1, x, w->row_bytes, places, count, left, right); break;
    case 2: LEVEL(pixels)(2, x, w->row_bytes, places, count, left, right); break;
    case 3: LEVEL(pixels)(3, x, w->row_bytes, places, count, left, right); break;
    default: LEVEL(pixels)(4, x, w->row_bytes, places, count, left, right); break;
  }
  const int16_t *p = w->left + begin * w->channels, *q = w->right + begin * w->channels;
  for (size_t i = 0; i < count * w->channels; i++) line[i] = (int16_t)((left[i] * p[i] + right[i] * q[i]) >> 4);
}

/// Rows begin..<end of the result. The order of shifts is that of OpenCV's vector code: 4 bits before, 16 in, 2 after
/// the product.
static void LEVEL(byte_bilinear)(
  const weft_bilinear *w, size_t begin, size_t end, const unsigned char *x, unsigned char *restrict y) {
  // A group of columns at a time, whose lines of the picture stay in cache from row to row.
  for (size_t column = 0; column < w->columns; column += weft_bilinear_group) {
    size_t count = smaller(weft_bilinear_group, w->columns - column), length = count * w->channels;
    int16_t lines[2][weft_bilinear_group * 4];
    int32_t held[2] = {-1, -1};
    for (size_t row = begin; row < end; row++) {
      int slots[2];
      for (int k = 0; k < 2; k++) {
        int32_t source = w->rows[2 * row + k];
        int slot = held[0] == source ? 0 : held[1] == source ? 1 : k == 0 ? held[0] == w->rows[2 * row + 1] : !slots[0];
        if (held[slot] != source) {
          LEVEL(between)(w, x + source * w->row_bytes, column, count, lines[slot]);
          held[slot] = source;
        }
        slots[k] = slot;
      }
      const int16_t *upper = lines[slots[0]], *lower = lines[slots[1]];
      int16_t first = w->row_weights[2 * row], second = w->row_weights[2 * row + 1];
      unsigned char *out = y + (row * w->columns + column) * w->channels;
      for (size_t i = 0; i < length; i++) {
        int16_t above = (int16_t)((first * upper[i]) >> 16), below = (int16_t)((second * lower[i]) >> 16);
        int16_t value = (int16_t)((int16_t)(above + below + 2) >> 2);
        out[i] = value > 255 ? 255 : (unsigned char)value;
      }
    }
  }
}

typedef uint32_t LEVEL(words) __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t LEVEL(numbers) __attribute__((vector_size(64)));
typedef unsigned char LEVEL(bytes) __attribute__((vector_size(16), aligned(1), may_alias));

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

/// a * b + c with one rounding: a product of two floats is exact in double.
#if FUSED
#define ONCE_ROUNDED(a, b, c) __builtin_fmaf(a, b, c)
#else
#define ONCE_ROUNDED(a, b, c) ((float)((double)(a) * (double)(b) + (double)(c)))
#endif

INLINE size_t LEVEL(warped)(
  const ptrdiff_t channels, const weft_warp_row *w, size_t begin, size_t end, const unsigned char *x,
  unsigned char *restrict y) {
  enum { GROUP = 16 };
  const ptrdiff_t line = w->width * channels;
  // Four bytes are read of a pixel.
  const ptrdiff_t last = w->height * line - line - channels - 4;
  const float width = (float)(w->width - 1), height = (float)(w->height - 1);
  size_t column = begin;
  for (; column + GROUP <= end; column += GROUP, y += GROUP * channels) {
    float p[GROUP], q[GROUP];
    int32_t left[GROUP], top[GROUP];
    int inside = 1;
    for (int i = 0; i < GROUP; i++) {
      float place = (float)(int)(column + i);
      float u = ONCE_ROUNDED(place, w->u_step, w->u), v = ONCE_ROUNDED(place, w->v_step, w->v);
      // False for what is not a number.
      int is_inside = (u >= 0) & (v >= 0) & (u < width) & (v < height);
      inside &= is_inside;
      left[i] = is_inside ? (int32_t)u : 0;
      top[i] = is_inside ? (int32_t)v : 0;
      p[i] = u - (float)left[i];
      q[i] = v - (float)top[i];
    }
    if (!inside) break;
    ptrdiff_t places[GROUP], largest = 0;
    for (int i = 0; i < GROUP; i++) {
      places[i] = top[i] * line + left[i] * channels;
      largest = places[i] > largest ? places[i] : largest;
    }
    if (largest > last) break;
    uint32_t corners[4][GROUP];
    // Gathering by vector instructions is slower.
#pragma clang loop vectorize(disable)
    for (int i = 0; i < GROUP; i++) {
      const unsigned char *from = x + places[i];
      memcpy(&corners[0][i], from, 4);
      memcpy(&corners[1][i], from + channels, 4);
      memcpy(&corners[2][i], from + line, 4);
      memcpy(&corners[3][i], from + line + channels, 4);
    }
    uint32_t results[GROUP] = {0};
#pragma clang loop unroll(full)
    for (int channel = 0; channel < channels; channel++) {
      int shift = 8 * channel;
      for (int i = 0; i < GROUP; i++) {
        float a = (float)(int)(corners[0][i] >> shift & 255), b = (float)(int)(corners[1][i] >> shift & 255);
        float c = (float)(int)(corners[2][i] >> shift & 255), d = (float)(int)(corners[3][i] >> shift & 255);
        float first = ONCE_ROUNDED(p[i], b - a, a), second = ONCE_ROUNDED(p[i], d - c, c);
        results[i] |= (uint32_t)(int)__builtin_rintf(ONCE_ROUNDED(q[i], second - first, first)) << shift;
      }
    }
    // What a pixel's four bytes have too much is written over by the next.
#pragma clang loop vectorize(disable)
    for (int i = 0; i < GROUP - 1; i++) memcpy(y + i * channels, &results[i], channels == 3 ? 4 : channels);
    memcpy(y + (GROUP - 1) * channels, &results[GROUP - 1], channels);
  }
  return column - begin;
}

/// Columns from `begin` on of one row, in groups of 16, as long as a group's windows lie inside the picture and before
/// its last pixels; gives how many columns were done.
static size_t LEVEL(byte_warp)(
  const weft_warp_row *w, size_t begin, size_t end, const unsigned char *x, unsigned char *restrict y) {
  switch (w->channels) {
    case 1: return LEVEL(warped)(1, w, begin, end, x, y);
    case 2: return LEVEL(warped)(2, w, begin, end, x, y);
    case 3: return LEVEL(warped)(3, w, begin, end, x, y);
    default: return LEVEL(warped)(4, w, begin, end, x, y);
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
