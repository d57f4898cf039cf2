// Bilinear resizing of pictures of bytes, sixteen columns at a time.

typedef int16_t LEVEL(shorts) __attribute__((vector_size(32), aligned(2), may_alias));

/// A pixel and its right neighbour per column, in eight bytes; what lies behind the row's end is not read. `ahead` bytes
/// further lies the row that comes next: a picture that shrinks is read no faster than memory gives it.
INLINE void LEVEL(neighbours)(
  const unsigned char *x, size_t bytes, ptrdiff_t ahead, const int32_t *places, size_t count,
  uint64_t *restrict pairs) {
  // Places ascend.
  size_t safe = count;
  while (safe > 0 && (size_t)places[safe - 1] + 8 > bytes) safe--;
  size_t i = 0;
  for (; i + 4 <= safe; i += 4) {
    __builtin_prefetch(x + ahead + places[i]);
    for (size_t k = 0; k < 4; k++) pairs[i + k] = LEVEL(eight_bytes)(x + places[i + k]);
  }
  for (; i < safe; i++) pairs[i] = LEVEL(eight_bytes)(x + places[i]);
  for (size_t i = safe; i < count; i++) {
    pairs[i] = 0;
    memcpy(&pairs[i], x + places[i], smaller(8, bytes - places[i]));
  }
}

/// Columns begin... of one row of the picture, between its pixels, without the last 4 of 11 bits: a line per channel.
INLINE void LEVEL(between)(
  const size_t channels, const weft_bilinear *w, const unsigned char *x, ptrdiff_t ahead, size_t begin, size_t count,
  int16_t (*restrict lines)[weft_bilinear_group]) {
  uint64_t pairs[weft_bilinear_group];
  LEVEL(neighbours)(x, w->row_bytes, ahead, w->places + begin, count, pairs);
  for (size_t i = 0; i < count; i += 16) {
    LEVEL(numbers) p = __builtin_convertvector(*(const LEVEL(shorts) *)(w->left + begin + i), LEVEL(numbers));
    LEVEL(numbers) q = __builtin_convertvector(*(const LEVEL(shorts) *)(w->right + begin + i), LEVEL(numbers));
    const LEVEL(words) *both = (const LEVEL(words) *)(pairs + i);
    LEVEL(words) halves[2] = {
      __builtin_shufflevector(both[0], both[1], 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30),
      __builtin_shufflevector(both[0], both[1], 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31)};
#pragma clang loop unroll(full)
    for (size_t c = 0; c < channels; c++) {
      LEVEL(numbers) a = (LEVEL(numbers))(halves[0] >> 8 * c & 255);
      LEVEL(numbers) b = (LEVEL(numbers))(halves[(channels + c) / 4] >> 8 * ((channels + c) % 4) & 255);
      *(LEVEL(shorts) *)(lines[c] + i) = __builtin_convertvector((a * p + b * q) >> 4, LEVEL(shorts));
    }
  }
}

/// The order of shifts is that of OpenCV's vector code: 4 bits before, 16 in, 2 after the product.
INLINE void LEVEL(bilinear)(
  const size_t channels, const weft_bilinear *w, size_t begin, size_t end, const unsigned char *x,
  unsigned char *restrict y) {
  // A group of columns at a time, whose lines of the picture stay in cache from row to row.
  for (size_t column = 0; column < w->columns; column += weft_bilinear_group) {
    size_t count = smaller(weft_bilinear_group, w->columns - column), whole = (count + 15) / 16 * 16;
    int16_t lines[2][weft_channels][weft_bilinear_group];
    int32_t held[2] = {-1, -1};
    for (size_t row = begin; row < end; row++) {
      int slots[2];
      for (int k = 0; k < 2; k++) {
        int32_t source = w->rows[2 * row + k];
        ptrdiff_t ahead = w->rows[2 * smaller(row + 1, end - 1) + k] - source;
        int slot = held[0] == source ? 0 : held[1] == source ? 1 : k == 0 ? held[0] == w->rows[2 * row + 1] : !slots[0];
        if (held[slot] != source) {
          LEVEL(between)(channels, w, x + source * w->row_bytes, ahead * w->row_bytes, column, whole, lines[slot]);
          held[slot] = source;
        }
        slots[k] = slot;
      }
      int16_t first = w->row_weights[2 * row], second = w->row_weights[2 * row + 1];
      unsigned char *out = y + (row * w->columns + column) * channels;
      unsigned char bytes[weft_channels][weft_bilinear_group];
#pragma clang loop unroll(full)
      for (size_t c = 0; c < channels; c++) {
        const int16_t *upper = lines[slots[0]][c], *lower = lines[slots[1]][c];
        for (size_t i = 0; i < whole; i++) {
          int16_t above = (int16_t)((first * upper[i]) >> 16), below = (int16_t)((second * lower[i]) >> 16);
          int16_t value = (int16_t)((int16_t)(above + below + 2) >> 2);
          bytes[c][i] = value > 255 ? 255 : (unsigned char)value;
        }
      }
      for (size_t i = 0; i < count; i += 16) {
        LEVEL(words) words = {0};
#pragma clang loop unroll(full)
        for (size_t c = 0; c < channels; c++)
          words |= __builtin_convertvector(*(const LEVEL(bytes) *)(bytes[c] + i), LEVEL(words)) << 8 * c;
        if (i + 16 <= count) {
          LEVEL(store_pixels)(channels, &words, out + i * channels);
        } else {
          unsigned char rest[16 * weft_channels];
          LEVEL(store_pixels)(channels, &words, rest);
          memcpy(out + i * channels, rest, (count - i) * channels);
        }
      }
    }
  }
}

/// Rows begin..<end of the result.
static void LEVEL(byte_bilinear)(
  const weft_bilinear *w, size_t begin, size_t end, const unsigned char *x, unsigned char *restrict y) {
  switch (w->channels) {
    case 1: LEVEL(bilinear)(1, w, begin, end, x, y); break;
    case 2: LEVEL(bilinear)(2, w, begin, end, x, y); break;
    case 3: LEVEL(bilinear)(3, w, begin, end, x, y); break;
    default: LEVEL(bilinear)(4, w, begin, end, x, y); break;
  }
}
