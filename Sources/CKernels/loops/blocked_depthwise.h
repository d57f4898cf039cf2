// Depthwise convolution in the blocked layout. Sums run over the rows of the window, then over its columns, in every
// path.

/// `count` results next to each other, whose windows lie inside the rows: the first reads column `left`.
INLINE void LEVEL(depthwise_run)(
  const int count, const weft_window *w, const float *const *rows, ptrdiff_t left, const float *weight,
  const weft_epilogue *e, size_t channel, ptrdiff_t place, float *y) {
  for (int l = 0; l < weft_block; l += LANES) {
    lanes acc[8];
#pragma clang loop unroll(full)
    for (int j = 0; j < count; j++) acc[j] = (lanes){0};
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
      if (!rows[ky]) continue;
      const float *p = rows[ky] + left * weft_block + l, *u = weight + ky * w->kernel_width * weft_block + l;
      for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {
        lanes factor = load(u);
#pragma clang loop unroll(full)
        for (int j = 0; j < count; j++)
          acc[j] = MULTIPLY_ADD(factor, load(p + j * w->stride_width * weft_block), acc[j]);
        p += w->dilation_width * weft_block;
        u += weft_block;
      }
    }
#pragma clang loop unroll(full)
    for (int j = 0; j < count; j++) {
      ptrdiff_t here = place + j * weft_block + l;
      store(y + here, LEVEL(finished)(acc[j], e, channel + l, here));
    }
  }
}

/// Any window.
static void LEVEL(depthwise_rows)(
  const weft_window *w, const float *x, const float *weight, const weft_epilogue *e, size_t channel, size_t begin,
  size_t end, ptrdiff_t at, float *y) {
  ptrdiff_t stride = w->stride_width, inner_begin, inner_end;
  LEVEL(inner_columns)(w, &inner_begin, &inner_end);
  for (ptrdiff_t oy = begin; oy < (ptrdiff_t)end; oy++) {
    const float *rows[64];
    LEVEL(window_rows)(w, x, oy, rows);
    for (ptrdiff_t ox = 0; ox < w->output_width;) {
      ptrdiff_t left = ox * stride - w->pad_left, place = at + (oy * w->output_width + ox) * weft_block;
      ptrdiff_t inside = ox >= inner_begin ? inner_end - ox : 0;
#define RUN(count) LEVEL(depthwise_run)(count, w, rows, left, weight, e, channel, place, y), ox += count
      // Small pictures have short rows: what is left of one is not done one by one.
      if (inside >= 8) RUN(8);
      else if (inside >= 4) RUN(4);
      else if (inside >= 2) RUN(2);
      else if (inside == 1) RUN(1);
#undef RUN
      if (inside > 0) continue;
      for (int l = 0; l < weft_block; l += LANES) {
        lanes acc = {0};
        for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
          if (!rows[ky]) continue;
          for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {
            ptrdiff_t sx = LEVEL(reflected)(left + kx * w->dilation_width, w->width, w->pad_mode);
            if (sx < 0) continue;
            lanes u = load(weight + (ky * w->kernel_width + kx) * weft_block + l);
            acc = MULTIPLY_ADD(u, load(rows[ky] + sx * weft_block + l), acc);
          }
        }
        store(y + place + l, LEVEL(finished)(acc, e, channel + l, place + l));
      }
      ox += 1;
    }
  }
}

/// Column `c` of a row, zeros outside.
INLINE lanes LEVEL(column)(const float *row, ptrdiff_t c, ptrdiff_t width) {
  return c >= 0 && c < width ? load(row + c * weft_block) : (lanes){0};
}

// How many rows of results the 3 x 3 kernel makes at a time: they share what they read, as far as registers go.
enum { SLIDE = LANES == 16 ? 2 : 1 };

/// One step to the right of a 3 x 3 window over `count` rows of results: reads its new columns from `left` on and
/// stores the results at `place`. Columns lie in `v` in turn, the first of this window at `turn`. Rows of the picture
/// before `first` and from `last` on are missing.
INLINE void LEVEL(slide)(
  const int count, const int stride, const int first, const int last, const int checked, const int turn,
  const weft_window *w, const float *const *rows, ptrdiff_t left, const lanes *u, lanes v[][3], const weft_epilogue *e,
  size_t channel, ptrdiff_t place, float *y) {
  // With a stride of two the first column of this window was the last one of the window before.
  const int known = 3 - stride;
#pragma clang loop unroll(full)
  for (int r = first; r < last; r++)
#pragma clang loop unroll(full)
    for (int c = known; c < 3; c++)
      v[r][(turn + c) % 3] = checked ? LEVEL(column)(rows[r], left + c, w->width) : load(rows[r] + (left + c) * weft_block);
#pragma clang loop unroll(full)
  for (int j = 0; j < count; j++) {
    lanes sum = {0};
#pragma clang loop unroll(full)
    for (int ky = 0; ky < 3; ky++)
      if (j * stride + ky >= first && j * stride + ky < last)
#pragma clang loop unroll(full)
        for (int kx = 0; kx < 3; kx++)
          sum = MULTIPLY_ADD(u[ky * 3 + kx], v[j * stride + ky][(turn + kx) % 3], sum);
    ptrdiff_t at = place + j * w->output_width * weft_block;
    store(y + at, LEVEL(finished)(sum, e, channel, at));
  }
}

/// `count` rows of results of a 3 x 3 window, zeros around the picture.
INLINE void LEVEL(slide_rows)(
  const int count, const int stride, const int first, const int last, const weft_window *w, const float *const *rows,
  const float *weight, const weft_epilogue *e, size_t channel, ptrdiff_t place, float *y) {
  ptrdiff_t columns = w->output_width;
  // Windows from here on leave the picture.
  ptrdiff_t inside = (w->width + w->pad_left - 3) / stride + 1;
  if (w->width + w->pad_left < 3) inside = 0;
  if (inside > columns) inside = columns;
  for (int l = 0; l < weft_block; l += LANES) {
    const float *lines[5];
    for (int r = first; r < last; r++) lines[r] = rows[r] + l;
    lanes u[9], v[5][3];
#pragma clang loop unroll(full)
    for (int k = 0; k < 9; k++) u[k] = load(weight + k * weft_block + l);
#pragma clang loop unroll(full)
    for (int r = first; r < last; r++)
#pragma clang loop unroll(full)
      for (int c = 0; c < 3 - stride; c++) v[r][c] = LEVEL(column)(lines[r], c - w->pad_left, w->width);
    ptrdiff_t ox = 0;
#define STEP(checked, turn)                                                                                         \
  LEVEL(slide)(                                                                                                     \
    count, stride, first, last, checked, turn, w, lines, ox * stride - w->pad_left, u, v, e, channel + l,           \
    place + ox * weft_block + l, y),                                                                                \
    ox++
    // Three steps bring the columns back to their places. The first window may begin outside, so it is checked.
    if (columns > 0) {
      STEP(1, 0);
      if (columns > 1) STEP(1, stride % 3);
      if (columns > 2) STEP(1, 2 * stride % 3);
    }
    while (ox + 3 <= inside) {
      STEP(0, 0);
      STEP(0, stride % 3);
      STEP(0, 2 * stride % 3);
    }
    while (ox < columns) {
      STEP(1, 0);
      if (ox < columns) STEP(1, stride % 3);
      if (ox < columns) STEP(1, 2 * stride % 3);
    }
#undef STEP
  }
}

INLINE void LEVEL(slide_picture)(
  const int stride, const weft_window *w, const float *x, const float *weight, const weft_epilogue *e, size_t channel,
  size_t begin, size_t end, ptrdiff_t at, float *y) {
  for (size_t oy = begin; oy < end;) {
    ptrdiff_t top = oy * stride - w->pad_top, place = at + oy * w->output_width * weft_block;
    const float *rows[5];
    for (int r = 0; r < 5; r++) {
      ptrdiff_t sy = top + r;
      rows[r] = sy >= 0 && sy < w->height ? x + sy * w->width * weft_block : 0;
    }
    const int several = (SLIDE - 1) * stride + 3;
#define ROWS_OF(count, first, last)                                                                                 \
  LEVEL(slide_rows)(count, stride, first, last, w, rows, weight, e, channel, place, y), oy += count
    if (SLIDE > 1 && oy + SLIDE <= end && rows[1] && rows[several - 2]) {
      if (rows[0] && rows[several - 1]) ROWS_OF(SLIDE, 0, several);
      else if (rows[0]) ROWS_OF(SLIDE, 0, several - 1);
      else if (rows[several - 1]) ROWS_OF(SLIDE, 1, several);
      else ROWS_OF(SLIDE, 1, several - 1);
    } else if (rows[0] && rows[2]) ROWS_OF(1, 0, 3);
    else if (rows[0] && rows[1]) ROWS_OF(1, 0, 2);
    else if (rows[1] && rows[2]) ROWS_OF(1, 1, 3);
    else {
      LEVEL(depthwise_rows)(w, x, weight, e, channel, oy, oy + 1, at, y);
      oy++;
    }
#undef ROWS_OF
  }
}

/// Rows begin..<end of one block of a depthwise convolution: weight [taps][16].
static void LEVEL(blocked_depthwise)(
  const weft_window *w, const float *x, const float *weight, const weft_epilogue *e, size_t channel, size_t begin,
  size_t end, ptrdiff_t at, float *y) {
  ptrdiff_t reach = 3 - w->pad_top, span = 3 - w->pad_left;
  int leaves = w->pad_top > 0 || w->pad_left > 0 || (w->output_height - 1) * w->stride_height + reach > w->height
    || (w->output_width - 1) * w->stride_width + span > w->width;
  int slides = w->kernel_height == 3 && w->kernel_width == 3 && w->dilation_height == 1 && w->dilation_width == 1
    && w->stride_height == w->stride_width && w->pad_left <= 3 && (w->pad_mode == 0 || !leaves);
  if (slides && w->stride_width == 1)
    LEVEL(slide_picture)(1, w, x, weight, e, channel, begin, end, at, y);
  else if (slides && w->stride_width == 2 && LANES == 16)
    LEVEL(slide_picture)(2, w, x, weight, e, channel, begin, end, at, y);
  else
    LEVEL(depthwise_rows)(w, x, weight, e, channel, begin, end, at, y);
}
