// Weight gradients in the blocked layout: per frequency of Winograd's transform, or per place of the window, a matrix
// product over positions, u[c][o] = the sum over t of v[t][c] * m[t][o]. Positions are taken in groups, images in order;
// the sums of a group stay in registers and groups are added in order, so that no split changes a bit.

/// Rows of u that the register kernel holds, by two vectors.
#if LANES == 16
enum { TALL = 8 };
#else
enum { TALL = 4 };
#endif

/// TALL rows of one panel of u: `count` positions, channels from `a` on, outputs at `b0` and `b1`.
INLINE void LEVEL(outer_strip)(
  const int vectors, size_t count, const float *a, const float *b0, const float *b1, int add, float *u) {
  lanes acc[TALL][2];
#pragma clang loop unroll(full)
  for (int r = 0; r < TALL; r++) acc[r][0] = acc[r][1] = (lanes){0};
#pragma clang loop unroll_count(2)
  for (size_t t = 0; t < count; t++) {
    lanes q0 = load(b0 + t * weft_block), q1 = vectors > 1 ? load(b1 + t * weft_block) : q0;
#pragma clang loop unroll(full)
    for (int r = 0; r < TALL; r++) {
      lanes p = a[t * weft_block + r] - (lanes){0};
      acc[r][0] = MULTIPLY_ADD(p, q0, acc[r][0]);
      if (vectors > 1) acc[r][1] = MULTIPLY_ADD(p, q1, acc[r][1]);
    }
  }
#pragma clang loop unroll(full)
  for (int r = 0; r < TALL; r++)
#pragma clang loop unroll(full)
    for (int k = 0; k < vectors; k++) {
      float *to = u + (r * vectors + k) * LANES;
      store(to, add ? load(to) + acc[r][k] : acc[r][k]);
    }
}

/// All channels by outputs first..<last: v and m are [block][group][16] with `count` positions used, u is
/// [panel][channel][PANEL] with channels filled up to whole blocks.
INLINE void LEVEL(outer_product)(
  size_t channels, size_t outputs, size_t first, size_t last, size_t group, size_t count, const float *v,
  const float *m, int add, float *u) {
  size_t padded = (channels + weft_block - 1) / weft_block * weft_block;
  for (size_t p = first / PANEL; p * PANEL < last; p++) {
    size_t from = p * PANEL - first / weft_block * weft_block;
    int vectors = LEVEL(vectors_of)(p, outputs);
    const float *b0 = m + from / weft_block * group * weft_block + from % weft_block;
    size_t next = from + LANES;
    const float *b1 = m + next / weft_block * group * weft_block + next % weft_block;
    for (size_t c = 0; c < channels; c += TALL) {
      const float *a = v + c / weft_block * group * weft_block + c % weft_block;
      float *to = u + from * padded + c * vectors * LANES;
      if (vectors > 1) LEVEL(outer_strip)(2, count, a, b0, b1, add, to);
      else LEVEL(outer_strip)(1, count, a, b0, b1, add, to);
    }
  }
}

/// What the output transform does, backwards: 4 gradients of results to 6 of products.
INLINE void LEVEL(spread6)(const lanes y[4], lanes m[6]) {
  const float root = 1.41421356237f;
  lanes even = y[0] + 0.5f * y[2], odd = 0.5f * root * y[1] + 0.25f * root * y[3];
  lanes far_even = y[0] + 2 * y[2], far_odd = root * y[1] + 2 * root * y[3];
  m[0] = y[0];
  m[1] = even + odd;
  m[2] = even - odd;
  m[3] = far_even + far_odd;
  m[4] = far_even - far_odd;
  m[5] = y[3];
}

/// What the kernel transform does, backwards: 6 gradients of transformed weights to 3 of weights.
INLINE void LEVEL(gather3)(const lanes u[6], lanes g[3]) {
  const float root = 1.41421356237f;
  lanes p = u[1] + u[2], q = u[1] - u[2], r = u[3] + u[4], s = u[3] - u[4];
  g[0] = u[0] + (r * (1.0f / 6) - p * (2.0f / 3));
  g[1] = s * (root / 6) - q * (root / 3);
  g[2] = (r - p) * (1.0f / 3) + u[5];
}

/// The gradients of tiles begin..<begin + count of blocks first..<first + blocks, transformed like `tiles_in`.
static void LEVEL(tiles_spread)(
  const weft_window *w, const float *dy, size_t results, size_t first, size_t blocks, size_t begin, size_t count,
  size_t group, float *m, size_t step) {
  size_t high = (w->output_height + 3) / 4, wide = (w->output_width + 3) / 4;
  size_t area = w->output_height * w->output_width * weft_block, row = w->output_width * weft_block;
  for (size_t b = 0; b < blocks; b++) {
    for (size_t t = 0; t < count; t++) {
      size_t tile = begin + t, image = tile / (high * wide);
      ptrdiff_t top = tile / wide % high * 4, left = tile % wide * 4;
      ptrdiff_t rows = smaller(4, w->output_height - top), columns = smaller(4, w->output_width - left);
      const float *from = dy + (image * results + first + b) * area + top * row + left * weft_block;
      float *to = m + (b * group + t) * weft_block;
      for (int l = 0; l < weft_block; l += LANES) {
        lanes half[6][4];
        for (int j = 0; j < 4; j++) {
          lanes d[4], s[6];
          for (int i = 0; i < 4; i++)
            d[i] = i < rows && j < columns ? load(from + i * row + j * weft_block + l) : (lanes){0};
          LEVEL(spread6)(d, s);
          for (int i = 0; i < 6; i++) half[i][j] = s[i];
        }
        for (int i = 0; i < 6; i++) {
          lanes s[6];
          LEVEL(spread6)(half[i], s);
          for (int j = 0; j < 6; j++) store(to + (6 * i + j) * step + l, s[j]);
        }
      }
    }
  }
}

static void LEVEL(winograd_weight_gradient)(
  const weft_window *w, size_t batch, size_t outputs, const float *x, const float *dy, size_t first, size_t last,
  float *dw, void *scratch) {
  size_t channels = w->channels, inputs = (channels + weft_block - 1) / weft_block;
  size_t results = (outputs + weft_block - 1) / weft_block;
  size_t begin = first / weft_block, blocks = (last + weft_block - 1) / weft_block - begin;
  size_t tiles = batch * ((w->output_height + 3) / 4) * ((w->output_width + 3) / 4);
  size_t group = weft_gradient_group(channels), padded = inputs * weft_block;
  // One odd cache line between frequencies keeps the 36 streams out of each other's cache sets.
  size_t step_v = (inputs * group + 1) * weft_block, step_m = (blocks * group + 1) * weft_block;
  size_t step_u = (inputs * blocks * weft_block + 1) * weft_block;
  float *v = scratch, *m = v + 36 * step_v, *u = m + 36 * step_m;
  for (size_t t = 0; t < tiles; t += group) {
    size_t count = smaller(group, tiles - t);
    LEVEL(tiles_in)(4, w, x, t, count, group, v, step_v);
    LEVEL(tiles_spread)(w, dy, results, begin, blocks, t, count, group, m, step_m);
    for (int f = 0; f < 36; f++)
      LEVEL(outer_product)(
        channels, outputs, first, last, group, count, v + f * step_v, m + f * step_m, t > 0, u + f * step_u);
  }
  for (size_t p = first / PANEL; p * PANEL < last; p++) {
    size_t from = p * PANEL - begin * weft_block;
    int vectors = LEVEL(vectors_of)(p, outputs);
    for (size_t c0 = 0; c0 < channels; c0 += weft_block) {
      size_t count = smaller(weft_block, channels - c0);
      float rows[PANEL][weft_block * 9];
      for (size_t c = 0; c < count; c++) {
        for (int k = 0; k < vectors; k++) {
          const float *source = u + from * padded + ((c0 + c) * vectors + k) * LANES;
          lanes half[3][6];
          for (int j = 0; j < 6; j++) {
            lanes d[6], g[3];
            for (int i = 0; i < 6; i++) d[i] = load(source + (6 * i + j) * step_u);
            LEVEL(gather3)(d, g);
            for (int i = 0; i < 3; i++) half[i][j] = g[i];
          }
          for (int i = 0; i < 3; i++) {
            lanes g[3];
            LEVEL(gather3)(half[i], g);
            for (int j = 0; j < 3; j++)
              for (int l = 0; l < LANES; l++) rows[k * LANES + l][c * 9 + 3 * i + j] = g[j][l];
          }
        }
      }
      for (size_t o = p * PANEL; o < smaller(p * PANEL + PANEL, last); o++)
        memcpy(dw + (o * channels + c0) * 9, rows[o - p * PANEL], count * 9 * sizeof(float));
    }
  }
}

/// Copies the lines of `blocks` blocks that start at `places` to [block][group][16].
INLINE void LEVEL(lines_in)(
  const float *x, size_t blocks, size_t plane, const ptrdiff_t *places, size_t count, size_t group, float *to) {
  for (size_t b = 0; b < blocks; b++, x += plane, to += group * weft_block)
    for (size_t t = 0; t < count; t++) memcpy(to + t * weft_block, x + places[t], weft_block * sizeof(float));
}

static void LEVEL(direct_weight_gradient)(
  const weft_window *w, size_t batch, size_t outputs, const float *x, const float *dy, size_t first, size_t last,
  float *dw, void *scratch) {
  size_t channels = w->channels, inputs = (channels + weft_block - 1) / weft_block;
  size_t results = (outputs + weft_block - 1) / weft_block, taps = w->kernel_height * w->kernel_width;
  size_t begin = first / weft_block, blocks = (last + weft_block - 1) / weft_block - begin;
  size_t plane = w->height * w->width * weft_block, area = w->output_height * w->output_width * weft_block;
  size_t group = weft_gradient_group(channels), padded = inputs * weft_block;
  size_t step_u = (inputs * blocks * weft_block + 1) * weft_block;
  float *v = scratch, *m = v + inputs * group * weft_block, *u = m + blocks * group * weft_block;
  ptrdiff_t from[weft_gradient_positions], at[weft_gradient_positions];
  for (size_t tap = 0; tap < taps; tap++) {
    ptrdiff_t down = tap / w->kernel_width * w->dilation_height - w->pad_top;
    ptrdiff_t right = tap % w->kernel_width * w->dilation_width - w->pad_left;
    size_t count = 0;
    int add = 0;
    // Positions whose tap falls on padding with zeros add nothing and are left out.
    for (size_t image = 0; image < batch; image++) {
      for (ptrdiff_t oy = 0; oy < w->output_height; oy++) {
        ptrdiff_t sy = LEVEL(reflected)(oy * w->stride_height + down, w->height, w->pad_mode);
        if (sy < 0) continue;
        for (ptrdiff_t ox = 0; ox < w->output_width; ox++) {
          ptrdiff_t sx = LEVEL(reflected)(ox * w->stride_width + right, w->width, w->pad_mode);
          if (sx < 0) continue;
          from[count] = image * inputs * plane + (sy * w->width + sx) * weft_block;
          at[count] = (image * results + begin) * area + (oy * w->output_width + ox) * weft_block;
          if (++count < group) continue;
          LEVEL(lines_in)(x, inputs, plane, from, count, group, v);
          LEVEL(lines_in)(dy, blocks, area, at, count, group, m);
          LEVEL(outer_product)(channels, outputs, first, last, group, count, v, m, add, u + tap * step_u);
          count = 0;
          add = 1;
        }
      }
    }
    if (count == 0 && add) continue;
    LEVEL(lines_in)(x, inputs, plane, from, count, group, v);
    LEVEL(lines_in)(dy, blocks, area, at, count, group, m);
    LEVEL(outer_product)(channels, outputs, first, last, group, count, v, m, add, u + tap * step_u);
  }
  for (size_t o = first; o < last; o++) {
    size_t panel = o / PANEL, width = LEVEL(vectors_of)(panel, outputs) * LANES;
    const float *source = u + (panel * PANEL - begin * weft_block) * padded + o % PANEL;
    for (size_t c = 0; c < channels; c++)
      for (size_t tap = 0; tap < taps; tap++) dw[(o * channels + c) * taps + tap] = source[tap * step_u + c * width];
  }
}
