// Convolution of pictures so small that most of the window lies on the border: one matrix product per place of the
// window, whose rows are the results, of many images, that find the picture there; none is multiplied by zero.

/// One strip of rows by one panel; `count` of the rows are added to sums [block][all][16], each at its place.
INLINE void LEVEL(image_strip)(
  const int rows, const int vectors, const LEVEL(source) *s, const float *x, const float *u, size_t channel,
  size_t all, size_t count, const size_t *place, float *sums) {
  lanes acc[ROWS][2];
  LEVEL(sum)(rows, vectors, weft_block, s, x, u, acc);
#pragma clang loop unroll(full)
  for (int k = 0; k < vectors; k++) {
    size_t c = channel + k * LANES;
    float *to = sums + c / weft_block * all * weft_block + c % weft_block;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++)
      if (r < (int)count) store(to + place[r] * weft_block, load(to + place[r] * weft_block) + acc[r][k]);
  }
}

/// Images begin..<end, at most `weft_image_rows` results in all of a channel; outputs first..<last.
static void LEVEL(by_image)(
  const weft_window *w, size_t outputs, const float *x, const float *packed, const weft_epilogue *e, size_t begin,
  size_t end, size_t first, size_t last, float *y, void *scratch) {
  size_t inputs = (w->channels + weft_block - 1) / weft_block, results = (outputs + weft_block - 1) / weft_block;
  size_t positions = w->height * w->width, area = w->output_height * w->output_width;
  size_t count = end - begin, all = area * count, panels = LEVEL(panels_of)(last);
  size_t taps = w->kernel_height * w->kernel_width;
  float *sums = scratch, *lines = sums + results * all * weft_block;
  size_t place[weft_image_rows];
  memset(sums, 0, results * all * weft_block * sizeof(float));
  for (size_t tap = 0; tap < taps; tap++) {
    const float *source[weft_image_rows];
    size_t rows = 0;
    for (ptrdiff_t oy = 0; oy < w->output_height; oy++) {
      ptrdiff_t sy = oy * w->stride_height + tap / w->kernel_width * w->dilation_height - w->pad_top;
      for (ptrdiff_t ox = 0; ox < w->output_width; ox++) {
        ptrdiff_t sx = ox * w->stride_width + tap % w->kernel_width * w->dilation_width - w->pad_left;
        if (sy < 0 || sx < 0 || sy >= w->height || sx >= w->width) continue;
        for (size_t i = 0; i < count; i++, rows++) {
          place[rows] = (oy * w->output_width + ox) * count + i;
          source[rows] = x + ((begin + i) * inputs * positions + sy * w->width + sx) * weft_block;
        }
      }
    }
    if (rows == 0) continue;
    // Whole strips of lines; those behind the last hold whatever was there, and their sums are dropped.
    size_t padded = (rows + THIRD - 1) / THIRD * THIRD;
    for (size_t b = 0; b < inputs; b++)
      for (size_t r = 0; r < padded; r++) {
        float *to = lines + (b * padded + r) * weft_block;
        if (r < rows) memcpy(to, source[r] + b * positions * weft_block, weft_block * sizeof(float));
        else memset(to, 0, weft_block * sizeof(float));
      }
    LEVEL(source) s = {
      .blocks = inputs, .depth = weft_block, .last = w->channels - (inputs - 1) * weft_block, .height = 1, .width = 1,
      .block_step = padded * weft_block};
    for (size_t p = first / PANEL; p < panels; p++) {
      int vectors = LEVEL(vectors_of)(p, outputs);
      const float *u = packed + (p * PANEL * taps + tap * vectors * LANES) * w->channels;
      for (size_t r0 = 0; r0 < rows; r0 += ROWS) {
        const float *from = lines + r0 * weft_block;
#define STRIP(rows_, vectors_)                                                                                      \
  LEVEL(image_strip)(rows_, vectors_, &s, from, u, p * PANEL, all, smaller(rows - r0, ROWS), place + r0, sums)
        if (vectors == 1) {
          if (rows - r0 > 2 * THIRD) STRIP(ROWS, 1);
          else if (rows - r0 > THIRD) STRIP(2 * THIRD, 1);
          else STRIP(THIRD, 1);
        } else {
          if (rows - r0 > 2 * THIRD) STRIP(ROWS, 2);
          else if (rows - r0 > THIRD) STRIP(2 * THIRD, 2);
          else STRIP(THIRD, 2);
        }
#undef STRIP
      }
    }
  }
  for (size_t b = first / weft_block; b < (last + weft_block - 1) / weft_block; b++)
    for (size_t r = 0; r < all; r++) {
      ptrdiff_t at = (((begin + r % count) * results + b) * area + r / count) * weft_block;
      for (int l = 0; l < weft_block; l += LANES)
        store(
          y + at + l, LEVEL(finished)(load(sums + (b * all + r) * weft_block + l), e, b * weft_block + l, at + l));
    }
}
