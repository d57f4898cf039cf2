// Convolution of many channels to at most four in the blocked layout: lanes hold input channels, since blocks of
// results would be mostly filling, and are added up at the end.

enum { NARROW = 4, NARROW_RUN = LANES == 16 ? 6 : 3 };

typedef float four __attribute__((vector_size(16)));

/// The lanes of a vector added up to four: the halves, then their halves.
INLINE four LEVEL(folded)(lanes v) {
#if LANES == 16
  typedef float eight __attribute__((vector_size(32)));
  eight half = __builtin_shufflevector(v, v, 0, 1, 2, 3, 4, 5, 6, 7)
    + __builtin_shufflevector(v, v, 8, 9, 10, 11, 12, 13, 14, 15);
#else
  lanes half = v;
#endif
#if LANES >= 8
  return __builtin_shufflevector(half, half, 0, 1, 2, 3) + __builtin_shufflevector(half, half, 4, 5, 6, 7);
#else
  return half;
#endif
}

/// The sums of the lanes of four vectors.
INLINE four LEVEL(totals)(const lanes v[NARROW]) {
  four a = LEVEL(folded)(v[0]), b = LEVEL(folded)(v[1]), c = LEVEL(folded)(v[2]), d = LEVEL(folded)(v[3]);
  four ab = __builtin_shufflevector(a, b, 0, 4, 1, 5) + __builtin_shufflevector(a, b, 2, 6, 3, 7);
  four cd = __builtin_shufflevector(c, d, 0, 4, 1, 5) + __builtin_shufflevector(c, d, 2, 6, 3, 7);
  return __builtin_shufflevector(ab, cd, 0, 1, 4, 5) + __builtin_shufflevector(ab, cd, 2, 3, 6, 7);
}

/// Stores the sums of one position, as the epilogue wants them.
INLINE void LEVEL(narrow_store)(
  const int outputs, const lanes *sums, const weft_epilogue *e, ptrdiff_t place, float *y) {
  lanes filled[NARROW] = {{0}};
#pragma clang loop unroll(full)
  for (int o = 0; o < outputs; o++) filled[o] = sums[o];
  four found = LEVEL(totals)(filled);
  for (int l = 0; l < weft_block; l += LANES) {
    lanes block = {0};
    if (l == 0)
#pragma clang loop unroll(full)
      for (int o = 0; o < NARROW; o++) block[o] = found[o];
    store(y + place + l, LEVEL(finished)(block, e, l, place + l));
  }
}

/// The rows of a window that are not zeros, and their weights, of the first block of channels.
typedef struct {
  size_t count;
  const float *rows[64], *weights[64];
} LEVEL(narrow_window);

INLINE void LEVEL(narrow_window_of)(
  const int outputs, const weft_window *w, const float *const *rows, const float *weight, LEVEL(narrow_window) *found) {
  found->count = 0;
  for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
    if (!rows[ky]) continue;
    found->rows[found->count] = rows[ky];
    found->weights[found->count++] = weight + ky * w->kernel_width * outputs * weft_block;
  }
}

/// `count` results next to each other, whose windows lie inside the rows: the first reads column `left`.
INLINE void LEVEL(narrow_run)(
  const int outputs, const int count, const weft_window *w, const LEVEL(narrow_window) *window, ptrdiff_t left,
  const weft_epilogue *e, ptrdiff_t place, float *y) {
  lanes sums[NARROW_RUN][NARROW];
#pragma clang loop unroll(full)
  for (int j = 0; j < count; j++)
#pragma clang loop unroll(full)
    for (int o = 0; o < outputs; o++) sums[j][o] = (lanes){0};
  ptrdiff_t stride = w->stride_width * weft_block, dilation = w->dilation_width * weft_block;
  ptrdiff_t block = w->height * w->width * weft_block;
  ptrdiff_t weight_block = w->kernel_height * w->kernel_width * outputs * weft_block;
  ptrdiff_t at = left * weft_block, weight_at = 0, column = 0;
  size_t row = 0, rest = (w->channels + weft_block - 1) / weft_block * window->count * w->kernel_width;
  const float *p = rest ? window->rows[0] + at : 0, *u = window->weights[0];
  // One loop over blocks, rows and columns: in three of them the sums would be moved about at the ends of the inner.
  for (; rest > 0; rest--) {
    for (int l = 0; l < weft_block; l += LANES) {
      lanes factors[NARROW];
#pragma clang loop unroll(full)
      for (int o = 0; o < outputs; o++) factors[o] = load(u + o * weft_block + l);
#pragma clang loop unroll(full)
      for (int j = 0; j < count; j++) {
        lanes v = load(p + j * stride + l);
#pragma clang loop unroll(full)
        for (int o = 0; o < outputs; o++) sums[j][o] = MULTIPLY_ADD(factors[o], v, sums[j][o]);
      }
    }
    p += dilation;
    u += outputs * weft_block;
    if (++column < w->kernel_width) continue;
    column = 0;
    if (++row == window->count) {
      row = 0;
      at += block;
      weight_at += weight_block;
    }
    p = window->rows[row] + at;
    u = window->weights[row] + weight_at;
  }
#pragma clang loop unroll(full)  // or the sums would be kept in memory
  for (int j = 0; j < count; j++) LEVEL(narrow_store)(outputs, sums[j], e, place + j * weft_block, y);
}

/// One result whose window leaves the rows.
INLINE void LEVEL(narrow_border)(
  const int outputs, const weft_window *w, const float *const *rows, ptrdiff_t left, const float *weight,
  const weft_epilogue *e, ptrdiff_t place, float *y) {
  lanes sums[NARROW] = {{0}};
  for (ptrdiff_t b = 0; b < w->channels; b += weft_block)
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
      const float *u = weight + (b / weft_block * w->kernel_height + ky) * w->kernel_width * outputs * weft_block;
      if (!rows[ky]) continue;
      for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++, u += outputs * weft_block) {
        ptrdiff_t sx = LEVEL(reflected)(left + kx * w->dilation_width, w->width, w->pad_mode);
        if (sx < 0) continue;
        const float *p = rows[ky] + (b * w->height * w->width + sx * weft_block);
        for (int l = 0; l < weft_block; l += LANES)
          for (int o = 0; o < outputs; o++)
            sums[o] = MULTIPLY_ADD(load(u + o * weft_block + l), load(p + l), sums[o]);
      }
    }
  LEVEL(narrow_store)(outputs, sums, e, place, y);
}

INLINE void LEVEL(narrow_rows)(
  const int outputs, const weft_window *w, const float *x, const float *weight, const weft_epilogue *e, size_t begin,
  size_t end, ptrdiff_t at, float *y) {
  ptrdiff_t stride = w->stride_width, inner_begin, inner_end;
  LEVEL(inner_columns)(w, &inner_begin, &inner_end);
  for (ptrdiff_t oy = begin; oy < (ptrdiff_t)end; oy++) {
    const float *rows[64];
    LEVEL(narrow_window) window;
    LEVEL(window_rows)(w, x, oy, rows);
    LEVEL(narrow_window_of)(outputs, w, rows, weight, &window);
    for (ptrdiff_t ox = 0; ox < w->output_width;) {
      ptrdiff_t left = ox * stride - w->pad_left, place = at + (oy * w->output_width + ox) * weft_block;
      if (ox >= inner_begin && ox + NARROW_RUN <= inner_end) {
        LEVEL(narrow_run)(outputs, NARROW_RUN, w, &window, left, e, place, y);
        ox += NARROW_RUN;
      } else if (ox >= inner_begin && ox < inner_end) {
        LEVEL(narrow_run)(outputs, 1, w, &window, left, e, place, y);
        ox += 1;
      } else {
        LEVEL(narrow_border)(outputs, w, rows, left, weight, e, place, y);
        ox += 1;
      }
    }
  }
}

/// Rows begin..<end of one image; weight [block][ky][kx][output][16], zeros beyond the last channel.
static void LEVEL(narrow)(
  const weft_window *w, size_t outputs, const float *x, const float *weight, const weft_epilogue *e, size_t begin,
  size_t end, ptrdiff_t at, float *y) {
  switch (outputs) {
    case 1: LEVEL(narrow_rows)(1, w, x, weight, e, begin, end, at, y); break;
    case 2: LEVEL(narrow_rows)(2, w, x, weight, e, begin, end, at, y); break;
    case 3: LEVEL(narrow_rows)(3, w, x, weight, e, begin, end, at, y); break;
    default: LEVEL(narrow_rows)(4, w, x, weight, e, begin, end, at, y); break;
  }
}
