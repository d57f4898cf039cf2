// Convolution of many channels to at most four in the blocked layout: lanes hold input channels, since blocks of
// results would be mostly filling, and are added up at the end.

enum { NARROW = 4, NARROW_RUN = LANES == 16 ? 6 : 3 };

/// The sum of the lanes, in halves.
INLINE float LEVEL(total)(lanes v) {
  float parts[LANES];
  store(parts, v);
  for (int n = LANES / 2; n > 0; n /= 2)
    for (int i = 0; i < n; i++) parts[i] += parts[i + n];
  return parts[0];
}

/// Stores the sums of one position, as the epilogue wants them.
INLINE void LEVEL(narrow_store)(
  const int outputs, const lanes *sums, const weft_epilogue *e, ptrdiff_t place, float *y) {
  float block[weft_block] = {0};
  for (int o = 0; o < outputs; o++) block[o] = LEVEL(total)(sums[o]);
  for (int l = 0; l < weft_block; l += LANES)
    store(y + place + l, LEVEL(finished)(load(block + l), e, l, place + l));
}

/// `count` results next to each other, whose windows lie inside the rows: the first reads column `left`.
INLINE void LEVEL(narrow_run)(
  const int outputs, const int count, const weft_window *w, const float *const *rows, ptrdiff_t left,
  const float *weight, const weft_epilogue *e, ptrdiff_t place, float *y) {
  lanes sums[NARROW_RUN][NARROW];
#pragma clang loop unroll(full)
  for (int j = 0; j < count; j++)
#pragma clang loop unroll(full)
    for (int o = 0; o < outputs; o++) sums[j][o] = (lanes){0};
  for (ptrdiff_t b = 0; b < w->channels; b += weft_block) {
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
      const float *u = weight + (b / weft_block * w->kernel_height + ky) * w->kernel_width * outputs * weft_block;
      if (!rows[ky]) continue;
      const float *p = rows[ky] + (b * w->height * w->width + left * weft_block);
      for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {
        for (int l = 0; l < weft_block; l += LANES) {
          lanes factors[NARROW];
#pragma clang loop unroll(full)
          for (int o = 0; o < outputs; o++) factors[o] = load(u + o * weft_block + l);
#pragma clang loop unroll(full)
          for (int j = 0; j < count; j++) {
            lanes v = load(p + j * w->stride_width * weft_block + l);
#pragma clang loop unroll(full)
            for (int o = 0; o < outputs; o++) sums[j][o] = MULTIPLY_ADD(factors[o], v, sums[j][o]);
          }
        }
        p += w->dilation_width * weft_block;
        u += outputs * weft_block;
      }
    }
  }
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
    LEVEL(window_rows)(w, x, oy, rows);
    for (ptrdiff_t ox = 0; ox < w->output_width;) {
      ptrdiff_t left = ox * stride - w->pad_left, place = at + (oy * w->output_width + ox) * weft_block;
      if (ox >= inner_begin && ox + NARROW_RUN <= inner_end) {
        LEVEL(narrow_run)(outputs, NARROW_RUN, w, rows, left, weight, e, place, y);
        ox += NARROW_RUN;
      } else if (ox >= inner_begin && ox < inner_end) {
        LEVEL(narrow_run)(outputs, 1, w, rows, left, weight, e, place, y);
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
