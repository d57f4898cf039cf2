// The register kernel of blocked convolution: ROWS positions by a panel of output channels, summed over channels and
// taps in one order whatever the number of positions, so that no split changes a bit. AVX-512 has registers for 12
// positions by two vectors, the others for 6.
#if LANES == 16
enum { ROWS = 12 };
#else
enum { ROWS = 6 };
#endif
/// Shorter strips at the end of a run are a third or two thirds of ROWS.
enum { PANEL = 2 * LANES, THIRD = ROWS / 3 };

/// What one kernel call reads: `blocks` groups of `depth` channels (the last of `last`), each seen through a window.
typedef struct {
  size_t blocks, depth, last, height, width;
  ptrdiff_t block_step, row_step, column_step;
  /// Weights that are read next, brought nearer on the way: squares of PANEL rows of a panel, `near_step` floats apart;
  /// `near_lines` lines per block of channels, from line `near_from` on.
  const float *near;
  size_t near_step, near_from, near_lines;
} LEVEL(source);

/// acc[r][v] = the sum over blocks, window places and channels of x[r * step + channel] * w. Constant `rows`,
/// `vectors` and `step` make each use a loop of its own.
INLINE void LEVEL(sum)(
  const int rows, const int vectors, const ptrdiff_t step, const LEVEL(source) *s, const float *x, const float *w,
  lanes acc[ROWS][2]) {
#pragma clang loop unroll(full)
  for (int r = 0; r < rows; r++)
#pragma clang loop unroll(full)
    for (int v = 0; v < vectors; v++) acc[r][v] = (lanes){0};
  enum { SQUARE = PANEL * PANEL / 16 };
  // One loop over blocks, rows and columns: in several, sums would be moved about at the ends of the inner ones.
  const float *block = x, *row = x, *p = x;
  size_t ky = 0, kx = 0, near = s->near_from;
  for (size_t b = 0; b < s->blocks;) {
    // Single channels lie closer together than blocks do.
    size_t depth = step < weft_block ? 1 : b + 1 == s->blocks ? s->last : s->depth;
    if (step >= weft_block && (ky | kx) == 0)
      for (size_t i = 0; i < s->near_lines; i++, near++)
        __builtin_prefetch(s->near + near / SQUARE * s->near_step + near % SQUARE * 16, 0, 2);
#pragma clang loop unroll_count(2)
    for (size_t c = 0; c < depth; c++) {
      lanes u[2];
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) u[v] = load(w + v * LANES);
#pragma clang loop unroll(full)
      for (int r = 0; r < rows; r++) {
        lanes q = p[r * step + c] - (lanes){0};
#pragma clang loop unroll(full)
        for (int v = 0; v < vectors; v++) acc[r][v] = MULTIPLY_ADD(q, u[v], acc[r][v]);
      }
      w += vectors * LANES;
    }
    if (++kx < s->width) {
      p += s->column_step;
      continue;
    }
    kx = 0;
    if (++ky < s->height) {
      p = row += s->row_step;
      continue;
    }
    ky = 0;
    b++;
    p = row = block += s->block_step;
  }
}

/// One vector of results: bias, residual, activation, mask, signs, as in `weft_epilogue`. `channel` is that of the first
/// lane, `at` the index in the result.
INLINE lanes LEVEL(finished)(lanes value, const weft_epilogue *e, size_t channel, ptrdiff_t at) {
  if (e->bias) value += load(e->bias + channel);
  if (e->residual) value += load(e->residual + at);
  if (e->activation == weft_rectify) value = either(value < 0, (lanes){0}, value);
  if (e->activation == weft_lean) value = either(value > 0, value, value * load(e->slope + channel));
  if (e->activation == weft_bound) {
    value = either(value < e->low, (lanes){0} + e->low, value);
    value = either(value > e->high, (lanes){0} + e->high, value);
  }
  if (e->mask) value = either(flags_of(e->mask[at / weft_block] >> at % weft_block), value, (lanes){0});
  if (e->signs) set_bits(e->signs, at, value > 0);
  return value;
}

/// The same for `count` of at most `most` vectors of results that lie `step` floats apart, a multiple of a block, in one
/// pass each, so that what is asked for is looked up once. Loops have a constant end, so that results stay in registers.
INLINE void LEVEL(finish_run)(
  const int most, lanes *t, const weft_epilogue *e, size_t channel, ptrdiff_t at, const ptrdiff_t step,
  ptrdiff_t count) {
  if (e->bias) {
    lanes bias = load(e->bias + channel);
#pragma clang loop unroll(full)
    for (int j = 0; j < most; j++) t[j] += bias;
  }
  if (e->residual) {
#pragma clang loop unroll(full)
    for (int j = 0; j < most; j++)
      if (j < count) t[j] += load(e->residual + at + j * step);
  }
  if (e->activation == weft_rectify) {
#pragma clang loop unroll(full)
    for (int j = 0; j < most; j++) t[j] = either(t[j] < 0, (lanes){0}, t[j]);
  } else if (e->activation != weft_keep) {
    weft_epilogue only = {.activation = e->activation, .slope = e->slope, .low = e->low, .high = e->high};
#pragma clang loop unroll(full)
    for (int j = 0; j < most; j++) t[j] = LEVEL(finished)(t[j], &only, channel, 0);
  }
  if (e->mask) {
#pragma clang loop unroll(full)
    for (int j = 0; j < most; j++)
      if (j < count) {
        flags kept = flags_of(e->mask[(at + j * step) / weft_block] >> at % weft_block);
        t[j] = either(kept, t[j], (lanes){0});
      }
  }
  if (e->signs) {
#pragma clang loop unroll(full)
    for (int j = 0; j < most; j++)
      if (j < count) set_bits(e->signs, at + j * step, t[j] > 0);
  }
}

/// How many panels cover `outputs`.
INLINE size_t LEVEL(panels_of)(size_t outputs) {
  size_t padded = (outputs + weft_block - 1) / weft_block * weft_block;
  return (padded + PANEL - 1) / PANEL;
}

/// Vectors of panel `index`: two, but one where an odd block is left for the last.
INLINE int LEVEL(vectors_of)(size_t index, size_t outputs) {
  size_t padded = (outputs + weft_block - 1) / weft_block * weft_block;
  return padded - index * PANEL >= PANEL ? 2 : 1;
}
