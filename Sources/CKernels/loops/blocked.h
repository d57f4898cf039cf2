// Everything else in the blocked layout [N, C/16, H, W, 16]: converting, pools, Gram matrices.

/// Positions begin..<end of one image of [C, area] to blocks; channels beyond the last become zeros.
static void LEVEL(to_blocked)(
  size_t channels, size_t area, size_t begin, size_t end, const float *x, float *y) {
  for (size_t b = 0; b < channels; b += weft_block) {
    for (int l = 0; l < weft_block; l += LANES) {
      size_t first = b + l, count = first < channels ? smaller(LANES, channels - first) : 0, p = begin;
      float *to = y + b * area + l;
      for (; p + LANES <= end; p += LANES) {
        lanes rows[LANES];
#pragma clang loop unroll(full)
        for (int c = 0; c < LANES; c++) rows[c] = c < (int)count ? load(x + (first + c) * area + p) : (lanes){0};
        transpose(rows);
#pragma clang loop unroll(full)
        for (int i = 0; i < LANES; i++) store(to + (p + i) * weft_block, rows[i]);
      }
      for (; p < end; p++)
        for (size_t c = 0; c < LANES; c++) to[p * weft_block + c] = c < count ? x[(first + c) * area + p] : 0;
    }
  }
}

static void LEVEL(from_blocked)(
  size_t channels, size_t area, size_t begin, size_t end, const float *x, float *y) {
  for (size_t first = 0; first < channels; first += LANES) {
    size_t count = smaller(LANES, channels - first), p = begin;
    const float *from = x + first / weft_block * weft_block * area + first % weft_block;
    for (; p + LANES <= end; p += LANES) {
      lanes rows[LANES];
#pragma clang loop unroll(full)
      for (int i = 0; i < LANES; i++) rows[i] = load(from + (p + i) * weft_block);
      transpose(rows);
#pragma clang loop unroll(full)
      for (int c = 0; c < LANES; c++)
        if (c < (int)count) store(y + (first + c) * area + p, rows[c]);
    }
    for (; p < end; p++)
      for (size_t c = 0; c < count; c++) y[(first + c) * area + p] = from[p * weft_block + c];
  }
}

static void LEVEL(channels_last)(
  size_t channels, size_t area, size_t begin, size_t end, const float *x, float *y) {
  for (size_t p = begin; p < end; p++)
    for (size_t b = 0; b < channels; b += weft_block) {
      const float *from = x + b * area + p * weft_block;
      size_t at = p * channels + b, count = smaller(weft_block, channels - b);
      // Whole vectors run into the next position, which is written after this one.
      if (at + weft_block <= end * channels)
        for (int l = 0; l < weft_block; l += LANES) store(y + at + l, load(from + l));
      else
        for (size_t c = 0; c < count; c++) y[at + c] = from[c];
    }
}

/// The inputs of a pool's window along one axis: first..<last inside the plane.
INLINE void LEVEL(span)(ptrdiff_t start, ptrdiff_t size, ptrdiff_t limit, ptrdiff_t *first, ptrdiff_t *last) {
  *first = start < 0 ? 0 : start;
  *last = start + size < limit ? start + size : limit;
  if (*last < *first) *last = *first;
}

/// How many elements the mean of a window divides by; `count` of them are inside. Padding counts as far as the pads
/// go when asked, which is told by `pad_bottom` >= 0.
INLINE float LEVEL(divisor)(
  const weft_window *w, const weft_pool *pool, ptrdiff_t top, ptrdiff_t left, ptrdiff_t count) {
  if (!pool->counts_padding) return count > 0 ? count : 1;
  ptrdiff_t bottom = top + w->kernel_height, right = left + w->kernel_width;
  if (bottom > w->height + pool->pad_bottom) bottom = w->height + pool->pad_bottom;
  if (right > w->width + pool->pad_right) right = w->width + pool->pad_right;
  ptrdiff_t all = (bottom - top) * (right - left);
  return all > 0 ? all : 1;
}

/// Rows begin..<end of one plane of blocks: the largest (the first of equals; a NaN wins) or the mean.
static void LEVEL(blocked_pool)(
  const weft_window *w, const weft_pool *pool, const float *x, size_t begin, size_t end, float *y) {
  for (size_t oy = begin; oy < end; oy++) {
    ptrdiff_t top = oy * w->stride_height - w->pad_top, y0, y1;
    LEVEL(span)(top, w->kernel_height, w->height, &y0, &y1);
    for (ptrdiff_t ox = 0; ox < w->output_width; ox++) {
      ptrdiff_t left = ox * w->stride_width - w->pad_left, x0, x1;
      LEVEL(span)(left, w->kernel_width, w->width, &x0, &x1);
      float *to = y + (oy * w->output_width + ox) * weft_block;
      for (int l = 0; l < weft_block; l += LANES) {
        lanes result = pool->is_mean ? (lanes){0} : (lanes){0} - __builtin_inff();
        for (ptrdiff_t i = y0; i < y1; i++)
          for (ptrdiff_t j = x0; j < x1; j++) {
            lanes v = load(x + (i * w->width + j) * weft_block + l);
            result = pool->is_mean ? result + v : either((v > result) | (v != v), v, result);
          }
        if (pool->is_mean) result /= LEVEL(divisor)(w, pool, top, left, (y1 - y0) * (x1 - x0));
        store(to + l, result);
      }
    }
  }
}

/// Rows begin..<end of one plane of blocks: the number of the largest in its window (of the first of equals; of the first
/// NaN), 255 for windows that lie outside, and with `positive` for those whose largest is not above zero.
static void LEVEL(blocked_pool_places)(
  const weft_window *w, int positive, const float *x, size_t begin, size_t end, uint8_t *places) {
  typedef uint8_t line __attribute__((vector_size(LANES), aligned(1), may_alias));
  for (size_t oy = begin; oy < end; oy++) {
    ptrdiff_t top = oy * w->stride_height - w->pad_top, y0, y1;
    LEVEL(span)(top, w->kernel_height, w->height, &y0, &y1);
    for (ptrdiff_t ox = 0; ox < w->output_width; ox++) {
      ptrdiff_t left = ox * w->stride_width - w->pad_left, x0, x1;
      LEVEL(span)(left, w->kernel_width, w->width, &x0, &x1);
      for (int l = 0; l < weft_block; l += LANES) {
        lanes best = (lanes){0} - __builtin_inff();
        flags found = (flags){0} + 255;
        for (ptrdiff_t i = y0; i < y1; i++)
          for (ptrdiff_t j = x0; j < x1; j++) {
            lanes v = load(x + (i * w->width + j) * weft_block + l);
            flags better = (v > best) | (found == 255) | ((v != v) & (best == best));
            best = either(better, v, best);
            int32_t own = (i - top) * w->kernel_width + (j - left);
            found = (better & own) | (~better & found);
          }
        if (positive) found |= ~(best > 0) & 255;
        *(line *)(places + (oy * w->output_width + ox) * weft_block + l) = __builtin_convertvector(found, line);
      }
    }
  }
}

/// dx of the windows of rows begin..<end of one plane; the input rows these windows start in must not be reached by
/// windows outside the range.
static void LEVEL(blocked_pool_gradient)(
  const weft_window *w, const weft_pool *pool, const uint8_t *places, const float *dy, const uint16_t *mask,
  size_t begin, size_t end, float *dx) {
  typedef uint8_t line __attribute__((vector_size(LANES), aligned(1), may_alias));
  // Rows that belong to this range: from the first window's start to the next range's.
  ptrdiff_t from = begin == 0 ? 0 : begin * w->stride_height - w->pad_top;
  ptrdiff_t until = end == (size_t)w->output_height ? w->height : (ptrdiff_t)end * w->stride_height - w->pad_top;
  // Where windows lie side by side and cover the plane, each element is written once.
  int once = w->stride_height == w->kernel_height && w->stride_width == w->kernel_width && !w->pad_top && !w->pad_left
    && w->output_height * w->kernel_height >= w->height && w->output_width * w->kernel_width >= w->width;
  if (!once) memset(dx + from * w->width * weft_block, 0, (until - from) * w->width * weft_block * sizeof(float));
  for (size_t oy = begin; oy < end; oy++) {
    ptrdiff_t top = oy * w->stride_height - w->pad_top, y0, y1;
    LEVEL(span)(top, w->kernel_height, w->height, &y0, &y1);
    for (ptrdiff_t ox = 0; ox < w->output_width; ox++) {
      ptrdiff_t left = ox * w->stride_width - w->pad_left, x0, x1;
      LEVEL(span)(left, w->kernel_width, w->width, &x0, &x1);
      for (int l = 0; l < weft_block; l += LANES) {
        ptrdiff_t result = (oy * w->output_width + ox) * weft_block + l;
        lanes g = load(dy + result);
        flags place = {0};
        if (pool->is_mean) g /= LEVEL(divisor)(w, pool, top, left, (y1 - y0) * (x1 - x0));
        else place = __builtin_convertvector(*(const line *)(places + result), flags);
        for (ptrdiff_t i = y0; i < y1; i++)
          for (ptrdiff_t j = x0; j < x1; j++) {
            ptrdiff_t at = (i * w->width + j) * weft_block + l;
            flags here = (flags){0} - 1;
            if (!pool->is_mean) here = place == (int32_t)((i - top) * w->kernel_width + (j - left));
            if (mask) here &= flags_of(mask[at / weft_block] >> l);
            lanes own = either(here, g, (lanes){0});
            store(dx + at, once ? own : load(dx + at) + own);
          }
      }
    }
  }
}

/// A bit per element of lines begin..<end of 16: whether it is above zero.
static void LEVEL(blocked_signs)(size_t begin, size_t end, const float *x, uint16_t *bits) {
  for (size_t i = begin; i < end; i++) {
    unsigned found = 0;
    for (int l = 0; l < weft_block; l += LANES) found |= bits_of(load(x + i * weft_block + l) > 0) << l;
    bits[i] = (uint16_t)found;
  }
}

/// Sums of products of 16 channels with `LANES` others over positions, added to rows of `g`.
INLINE void LEVEL(outer)(size_t count, const float *a, const float *b, double *g, ptrdiff_t step) {
  typedef double wide __attribute__((vector_size(8 * LANES), aligned(8), may_alias));
  enum { TALL = LANES == 16 ? 16 : 8 };
  for (int r0 = 0; r0 < weft_block; r0 += TALL) {
    lanes acc[TALL];
#pragma clang loop unroll(full)
    for (int r = 0; r < TALL; r++) acc[r] = (lanes){0};
    for (size_t p = 0; p < count; p++) {
      lanes u = load(b + p * weft_block);
#pragma clang loop unroll(full)
      for (int r = 0; r < TALL; r++) {
        lanes q = a[p * weft_block + r0 + r] - (lanes){0};
        acc[r] = MULTIPLY_ADD(q, u, acc[r]);
      }
    }
#pragma clang loop unroll(full)
    for (int r = 0; r < TALL; r++) {
      wide *row = (wide *)(g + (r0 + r) * step);
      *row += __builtin_convertvector(acc[r], wide);
    }
  }
}

/// Block pairs begin..<end, counted (0,0), (0,1), (1,1), (0,2) ..., of the Gram matrix of one image, both triangles.
/// Sums run over 64 positions at a time, so that both blocks of a pair stay in the first-level cache and the features of
/// all pairs in the second, and are added up in Double. `scratch` holds 256 of those per pair.
static void LEVEL(blocked_gram)(
  size_t channels, size_t area, const float *x, float scale, size_t begin, size_t end, float *g, double *scratch) {
  memset(scratch, 0, (end - begin) * 256 * sizeof(double));
  enum { RUN = 64 };
  for (size_t p = 0; p < area; p += RUN) {
    size_t count = smaller(RUN, area - p), pair = 0;
    for (size_t j = 0; j * weft_block < channels && pair < end; j++)
      for (size_t i = 0; i <= j; i++, pair++) {
        if (pair < begin || pair >= end) continue;
        const float *a = x + (i * area + p) * weft_block, *b = x + (j * area + p) * weft_block;
        for (int l = 0; l < weft_block; l += LANES)
          LEVEL(outer)(count, a, b + l, scratch + (pair - begin) * 256 + l, weft_block);
      }
  }
  size_t pair = 0;
  for (size_t j = 0; j * weft_block < channels && pair < end; j++)
    for (size_t i = 0; i <= j; i++, pair++) {
      if (pair < begin || pair >= end) continue;
      size_t height = smaller(weft_block, channels - i * weft_block);
      size_t width = smaller(weft_block, channels - j * weft_block);
      const double *from = scratch + (pair - begin) * 256;
      for (size_t r = 0; r < height; r++)
        for (size_t c = 0; c < width; c++) {
          float value = (float)(from[r * weft_block + c] * scale);
          // On the diagonal both orders of a product give the same bits, so writing twice changes nothing.
          g[(i * weft_block + r) * channels + j * weft_block + c] = value;
          g[(j * weft_block + c) * channels + i * weft_block + r] = value;
        }
    }
}
