// Convolution of any window in the blocked layout: positions of one output row are summed by the register kernel
// straight from the picture, or from a copy of the rows it reads where the window leaves the picture.

/// What the register kernel reads for output columns begin..<end of one row, and how far apart positions are.
typedef struct {
  LEVEL(source) source;
  const float *base;
  ptrdiff_t step;
} LEVEL(view);

/// Copies what columns begin..<end of output row `oy` read, borders filled in, followed by zeros for whole strips.
static LEVEL(view) LEVEL(copied)(
  const weft_window *w, ptrdiff_t unit, const float *x, ptrdiff_t oy, ptrdiff_t begin, ptrdiff_t end, float *to) {
  size_t blocks = (w->channels + unit - 1) / unit;
  ptrdiff_t positions = (end - begin + ROWS - 1) / ROWS * ROWS;
  ptrdiff_t columns = (positions - 1) * w->stride_width + (w->kernel_width - 1) * w->dilation_width + 1;
  ptrdiff_t used = (end - begin - 1) * w->stride_width + (w->kernel_width - 1) * w->dilation_width + 1;
  ptrdiff_t left = begin * w->stride_width - w->pad_left;
  LEVEL(view) view = {
    .source = {
      .blocks = blocks, .depth = unit, .last = w->channels - (blocks - 1) * unit, .height = w->kernel_height,
      .width = w->kernel_width, .block_step = w->kernel_height * columns * unit, .row_step = columns * unit,
      .column_step = w->dilation_width * unit},
    .base = to, .step = w->stride_width * unit};
  for (size_t b = 0; b < blocks; b++) {
    const float *plane = x + b * w->height * w->width * unit;
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++, to += columns * unit) {
      ptrdiff_t sy = LEVEL(reflected)(
        oy * w->stride_height + ky * w->dilation_height - w->pad_top, w->height, w->pad_mode);
      if (sy < 0) {
        memset(to, 0, columns * unit * sizeof(float));
        continue;
      }
      const float *row = plane + sy * w->width * unit;
      // Only the borders need care; the middle is one copy.
      ptrdiff_t from = left < 0 ? -left : 0, until = w->width - left;
      if (from > used) from = used;
      if (until > used) until = used;
      for (ptrdiff_t j = 0; j < used; j++) {
        if (j == from && until > from) {
          memcpy(to + j * unit, row + (left + j) * unit, (until - from) * unit * sizeof(float));
          j = until - 1;
          continue;
        }
        ptrdiff_t sx = LEVEL(reflected)(left + j, w->width, w->pad_mode);
        if (sx < 0) memset(to + j * unit, 0, unit * sizeof(float));
        else memcpy(to + j * unit, row + sx * unit, unit * sizeof(float));
      }
      memset(to + used * unit, 0, (columns - used) * unit * sizeof(float));
    }
  }
  return view;
}

/// One strip: `count` of `rows` positions are stored.
INLINE void LEVEL(strip_of)(
  const int rows, const int vectors, const ptrdiff_t step, const LEVEL(source) *s, const float *x, const float *u,
  const weft_epilogue *e, size_t channel, ptrdiff_t at, const weft_steps *steps, size_t count, float *y) {
  lanes acc[ROWS][2];
  // What is added to the sums comes from memory while they are made.
  if (e->residual)
    for (int k = 0; k < vectors; k++) {
      size_t c = channel + k * LANES;
      const float *near = e->residual + at + c / weft_block * steps->block + c % weft_block;
      for (size_t r = 0; r < count; r++) __builtin_prefetch(near + r * steps->column, 0, 2);
    }
  LEVEL(sum)(rows, vectors, step, s, x, u, acc);
#pragma clang loop unroll(full)
  for (int k = 0; k < vectors; k++) {
    size_t c = channel + k * LANES;
    ptrdiff_t place = at + c / weft_block * steps->block + c % weft_block;
    lanes t[ROWS];
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) t[r] = acc[r][k];
    LEVEL(finish_run)(rows, t, e, c, place, steps->column, count);
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
      if (r < (int)count) {
        ptrdiff_t own = place + r * steps->column;
        if (LANES == weft_block && e->streams) store_past(y + own, t[r]);
        else store(y + own, t[r]);
      }
  }
}

/// A loop of its own per number of positions and vectors, for one distance between positions.
INLINE void LEVEL(strips)(
  const ptrdiff_t step, int vectors, const LEVEL(source) *s, const float *x, const float *u, const weft_epilogue *e,
  size_t channel, ptrdiff_t at, const weft_steps *steps, size_t count, float *y) {
  if (vectors == 2) {
    if (count > 2 * THIRD) LEVEL(strip_of)(ROWS, 2, step, s, x, u, e, channel, at, steps, count, y);
    else if (count > THIRD) LEVEL(strip_of)(2 * THIRD, 2, step, s, x, u, e, channel, at, steps, count, y);
    else LEVEL(strip_of)(THIRD, 2, step, s, x, u, e, channel, at, steps, count, y);
  } else {
    if (count > THIRD) LEVEL(strip_of)(ROWS, 1, step, s, x, u, e, channel, at, steps, count, y);
    else LEVEL(strip_of)(THIRD, 1, step, s, x, u, e, channel, at, steps, count, y);
  }
}

/// packed[panel][block][ky][kx][channel][PANEL] from weights [outputs][channels][taps], for panels of outputs
/// begin..<end; or with every channel a block of its own; or with all channels behind each tap. With `flip` the weights are
/// [channels][outputs][taps], taps in reverse order.
static void LEVEL(direct_weights)(
  size_t outputs, size_t channels, size_t taps, int order, int flip, size_t begin, size_t end, const float *weight,
  float *packed) {
  size_t unit = order == weft_pack_planar ? 1 : order == weft_pack_taps ? channels : weft_block;
  // The last block is filled up with weights of zero.
  if (end == outputs) end = (outputs + weft_block - 1) / weft_block * weft_block;
  for (size_t p = begin / PANEL; p * PANEL < end; p++) {
    size_t width = LEVEL(vectors_of)(p, outputs) * LANES;
    float *to = packed + p * PANEL * channels * taps;
    for (size_t b = 0; b < channels; b += unit)
      for (size_t t = 0; t < taps; t++)
        for (size_t c = b; c < channels && c < b + unit; c++)
          for (size_t l = 0; l < width; l++) {
            size_t o = p * PANEL + l;
            *to++ = o >= outputs ? 0
              : flip ? weight[(c * outputs + o) * taps + taps - 1 - t] : weight[(o * channels + c) * taps + t];
          }
  }
}

/// Rows row_begin..<row_end, columns column_begin..<column_end, outputs first..<last (whole panels or up to
/// `outputs`) of one image, whose results start at `at` in y, `steps` apart. The input is blocked, or [C, H, W] with `planar`.
static void LEVEL(direct)(
  const weft_window *w, size_t outputs, int planar, const float *x, const float *packed, const weft_epilogue *e,
  const weft_steps *steps, size_t row_begin, size_t row_end, size_t column_begin, size_t column_end, size_t first, size_t last, ptrdiff_t at,
  float *y, void *scratch) {
  ptrdiff_t unit = planar ? 1 : weft_block, plane = w->height * w->width * unit;
  size_t blocks = (w->channels + unit - 1) / unit;
  size_t taps = w->kernel_height * w->kernel_width, panels = LEVEL(panels_of)(last);
  int leaves = w->pad_top > 0 || w->pad_left > 0
    || (w->output_height - 1) * w->stride_height + (w->kernel_height - 1) * w->dilation_height >= w->height
    || (w->output_width - 1) * w->stride_width + (w->kernel_width - 1) * w->dilation_width >= w->width;
  LEVEL(view) straight = {
    .source = {
      .blocks = blocks, .depth = unit, .last = w->channels - (blocks - 1) * unit, .height = w->kernel_height,
      .width = w->kernel_width, .block_step = plane, .row_step = w->dilation_height * w->width * unit,
      .column_step = w->dilation_width * unit},
    .step = w->stride_width * unit};
  size_t wanted = column_end - column_begin, group = weft_direct_group(wanted);
  size_t whole = leaves ? 0 : wanted / ROWS * ROWS, copied_from = column_begin + whole;
  for (size_t top = row_begin; top < row_end; top += group) {
    size_t height = smaller(group, row_end - top);
    LEVEL(view) copies[weft_direct_rows];
    float *to = scratch;
    for (size_t g = 0; g < height && whole < wanted; g++) {
      copies[g] = LEVEL(copied)(w, unit, x, top + g, copied_from, column_end, to);
      to += copies[g].source.block_step * blocks;
    }
    // Weights pass through the cache once per group of rows.
    for (size_t p = first / PANEL; p < panels; p++) {
      const float *u = packed + p * PANEL * w->channels * taps;
      int vectors = LEVEL(vectors_of)(p, outputs);
      for (size_t g = 0; g < height; g++) {
        straight.base = x + (ptrdiff_t)(top + g) * w->stride_height * w->width * unit;
        for (size_t ox = column_begin; ox < column_end; ox += ROWS) {
          size_t count = smaller(ROWS, column_end - ox);
          int is_copy = ox >= copied_from;
          const LEVEL(view) *view = is_copy ? &copies[g] : &straight;
          const float *from = view->base + (ptrdiff_t)(is_copy ? ox - copied_from : ox) * view->step;
          ptrdiff_t place = at + (ptrdiff_t)(top + g) * steps->row + (ptrdiff_t)ox * steps->column;
#define STRIPS(step)                                                                                                \
  LEVEL(strips)(step, vectors, &view->source, from, u, e, p * PANEL, place, steps, count, y)
          switch (view->step) {
            case 1: STRIPS(1); break;
            case 2: STRIPS(2); break;
            case weft_block: STRIPS(weft_block); break;
            case 2 * weft_block: STRIPS(2 * weft_block); break;
            default: STRIPS(view->step); break;
          }
#undef STRIPS
        }
      }
    }
  }
  if (e->streams) settle();
}
