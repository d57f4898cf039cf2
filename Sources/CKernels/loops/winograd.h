// 3 x 3 convolution of stride 1 by F(4 x 4, 3 x 3) (Winograd; Lavin and Gray 2016): tiles of 6 x 6 inputs give tiles
// of 4 x 4 outputs with 36 products per channel pair instead of 144. The points are 0, ±1/√2, ±√2 and infinity; being
// each other's inverses they keep the transforms' entries near one, which costs less precision than 0, ±1, ±2.
#define ROOT 1.41421356237f
#define HALF_ROOT 0.70710678118f

/// One row or column of the input transform.
INLINE void LEVEL(forward6)(const lanes d[6], lanes t[6]) {
  lanes low = d[4] - 2 * d[2], odd = HALF_ROOT * d[3] - ROOT * d[1];
  lanes high = d[4] - 0.5f * d[2], even = ROOT * d[3] - HALF_ROOT * d[1];
  t[0] = d[0] + d[4] - 2.5f * d[2];
  t[1] = low + odd;
  t[2] = low - odd;
  t[3] = high + even;
  t[4] = high - even;
  t[5] = d[1] + d[5] - 2.5f * d[3];
}

/// One row or column of the output transform.
INLINE void LEVEL(backward6)(const lanes m[6], lanes t[4]) {
  lanes p = m[1] + m[2], q = m[1] - m[2], r = m[3] + m[4], s = m[3] - m[4];
  t[0] = m[0] + p + r;
  t[1] = HALF_ROOT * q + ROOT * s;
  t[2] = 0.5f * p + 2 * r;
  t[3] = 0.25f * ROOT * q + 2 * ROOT * s + m[5];
}
#undef ROOT
#undef HALF_ROOT

/// One row or column of the kernel transform, for LANES kernels in Double.
INLINE void LEVEL(kernel6)(double g[3][LANES], double t[6][LANES]) {
  const double root = 1.4142135623730951;
  for (int l = 0; l < LANES; l++) {
    double near = -2.0 / 3 * g[0][l] - 1.0 / 3 * g[2][l], odd = root / 3 * g[1][l];
    double far = 1.0 / 6 * g[0][l] + 1.0 / 3 * g[2][l], even = root / 6 * g[1][l];
    t[0][l] = g[0][l];
    t[1][l] = near - odd;
    t[2][l] = near + odd;
    t[3][l] = far + even;
    t[4][l] = far - even;
    t[5][l] = g[2][l];
  }
}

/// u[frequency][panel][channel][PANEL] from weights [outputs][channels][3][3], for outputs begin..<end, which start
/// at a block. With `flip` the weights are [channels][outputs] and turned by half a turn: the kernel of the input's
/// gradient.
static void LEVEL(winograd_weights)(
  size_t outputs, size_t channels, int flip, size_t begin, size_t end, const float *weight, float *u) {
  // Channels gathered before they are stored, so that the 36 streams are written in runs.
  enum { RUN = 4 };
  size_t padded = (outputs + weft_block - 1) / weft_block * weft_block, whole = padded * channels;
  size_t output_step = flip ? 9 : channels * 9, channel_step = flip ? outputs * 9 : 9;
  for (size_t panel = begin / PANEL; panel * PANEL < (end == outputs ? padded : end); panel++) {
    size_t width = LEVEL(vectors_of)(panel, outputs) * LANES;
    for (size_t c0 = 0; c0 < channels; c0 += RUN) {
      size_t run = smaller(RUN, channels - c0);
      float results[36][RUN * PANEL];
      for (size_t c = 0; c < run; c++) {
        for (size_t k = 0; k < width; k += LANES) {
          size_t o = panel * PANEL + k, count = o < outputs ? smaller(LANES, outputs - o) : 0;
          double g[9][LANES] = {{0}}, half[6][3][LANES], rows[6][LANES];
          for (size_t l = 0; l < count; l++) {
            const float *from = weight + (o + l) * output_step + (c0 + c) * channel_step;
            for (int i = 0; i < 9; i++) g[i][l] = from[flip ? 8 - i : i];
          }
          for (int j = 0; j < 3; j++) {
            double column[3][LANES];
            for (int i = 0; i < 3; i++) memcpy(column[i], g[3 * i + j], sizeof(column[i]));
            LEVEL(kernel6)(column, rows);
            for (int i = 0; i < 6; i++) memcpy(half[i][j], rows[i], sizeof(rows[i]));
          }
          for (int i = 0; i < 6; i++) {
            LEVEL(kernel6)(half[i], rows);
            for (int j = 0; j < 6; j++)
              for (int l = 0; l < LANES; l++) results[6 * i + j][c * width + k + l] = (float)rows[j][l];
          }
        }
      }
      float *target = u + panel * PANEL * channels + c0 * width;
      for (int f = 0; f < 36; f++) memcpy(target + f * whole, results[f], run * width * sizeof(float));
    }
  }
}

/// Transforms one tile of one block of channels: 36 vectors, `step` floats apart.
INLINE void LEVEL(tile_in)(const float *x, ptrdiff_t row_step, ptrdiff_t column_step, float *v, size_t step) {
  for (int l = 0; l < weft_block; l += LANES) {
    lanes half[6][6];
    for (int j = 0; j < 6; j++) {
      lanes d[6], t[6];
      for (int i = 0; i < 6; i++) d[i] = load(x + i * row_step + j * column_step + l);
      LEVEL(forward6)(d, t);
      for (int i = 0; i < 6; i++) half[i][j] = t[i];
    }
    for (int i = 0; i < 6; i++) {
      lanes t[6];
      LEVEL(forward6)(half[i], t);
      for (int j = 0; j < 6; j++) store(v + (6 * i + j) * step + l, t[j]);
    }
  }
}

/// Transforms `count` tiles from `begin` on (numbered over images, then rows, then columns) to [block][rows][16] per
/// frequency, frequencies `step` floats apart; places up to `rows` are filled with zeros.
static void LEVEL(tiles_in)(
  const weft_window *w, const float *x, size_t begin, size_t count, size_t rows, float *v, size_t step) {
  size_t inputs = (w->channels + weft_block - 1) / weft_block, plane = w->height * w->width * weft_block;
  size_t high = (w->output_height + 3) / 4, wide = (w->output_width + 3) / 4;
  for (size_t b = 0; b < inputs; b++) {
    for (size_t t = 0; t < rows; t++) {
      float *target = v + (b * rows + t) * weft_block;
      if (t >= count) {
        for (int f = 0; f < 36; f++) memset(target + f * step, 0, weft_block * sizeof(float));
        continue;
      }
      size_t tile = begin + t, image = tile / (high * wide);
      ptrdiff_t top = tile / wide % high * 4 - w->pad_top, left = tile % wide * 4 - w->pad_left;
      const float *source = x + (image * inputs + b) * plane;
      if (top >= 0 && left >= 0 && top + 6 <= w->height && left + 6 <= w->width) {
        LEVEL(tile_in)(source + (top * w->width + left) * weft_block, w->width * weft_block, weft_block, target, step);
        continue;
      }
      float edge[36 * weft_block];
      for (int i = 0; i < 6; i++) {
        ptrdiff_t sy = LEVEL(reflected)(top + i, w->height, w->pad_mode);
        for (int j = 0; j < 6; j++) {
          ptrdiff_t sx = LEVEL(reflected)(left + j, w->width, w->pad_mode);
          float *place = edge + (6 * i + j) * weft_block;
          if (sy < 0 || sx < 0) memset(place, 0, weft_block * sizeof(float));
          else memcpy(place, source + (sy * w->width + sx) * weft_block, weft_block * sizeof(float));
        }
      }
      LEVEL(tile_in)(edge, 6 * weft_block, weft_block, target, step);
    }
  }
}

/// The tile of 4 x 4 results of one block of channels; rows x columns of them are inside the picture.
INLINE void LEVEL(tile_out)(
  const float *m, size_t step, const weft_epilogue *e, size_t channel, ptrdiff_t at, ptrdiff_t row_step,
  ptrdiff_t rows, ptrdiff_t columns, float *y) {
  for (int l = 0; l < weft_block; l += LANES) {
    lanes half[4][6];
    for (int j = 0; j < 6; j++) {
      lanes d[6], t[4];
      for (int i = 0; i < 6; i++) d[i] = load(m + (6 * i + j) * step + l);
      LEVEL(backward6)(d, t);
      for (int i = 0; i < 4; i++) half[i][j] = t[i];
    }
    for (ptrdiff_t i = 0; i < rows; i++) {
      lanes t[4];
      LEVEL(backward6)(half[i], t);
      for (ptrdiff_t j = 0; j < columns; j++) {
        ptrdiff_t place = at + i * row_step + j * weft_block + l;
        store(y + place, LEVEL(finished)(t[j], e, channel + l, place));
      }
    }
  }
}

/// The products of one frequency for `rows` tiles and one panel, stored in blocks `block_step` floats apart.
INLINE void LEVEL(strip)(
  const int rows, const int vectors, const LEVEL(source) *s, const float *v, const float *u, size_t channel,
  size_t block_step, float *m) {
  lanes acc[ROWS][2];
  LEVEL(sum)(rows, vectors, weft_block, s, v, u, acc);
#pragma clang loop unroll(full)
  for (int k = 0; k < vectors; k++) {
    float *to = m + (channel + k * LANES) / weft_block * block_step + (channel + k * LANES) % weft_block;
#pragma clang loop unroll(full)
    for (int r = 0; r < rows; r++) store(to + r * weft_block, acc[r][k]);
  }
}

/// Tiles begin..<end (numbered over images, then rows, then columns) of outputs first..<last, which are whole panels
/// or end at `outputs`.
static void LEVEL(winograd)(
  const weft_window *w, size_t outputs, const float *x, const float *u, const weft_epilogue *e, size_t begin,
  size_t end, size_t first, size_t last, float *y, void *scratch) {
  size_t inputs = (w->channels + weft_block - 1) / weft_block, results = (outputs + weft_block - 1) / weft_block;
  size_t count = end - begin, rows = (count + THIRD - 1) / THIRD * THIRD;
  size_t high = (w->output_height + 3) / 4, wide = (w->output_width + 3) / 4;
  size_t step_v = (inputs * rows + 1) * weft_block, step_m = (results * rows + 1) * weft_block;
  size_t area = w->output_height * w->output_width * weft_block;
  float *v = scratch, *m = v + 36 * step_v;
  LEVEL(tiles_in)(w, x, begin, count, rows, v, step_v);
  LEVEL(source) s = {
    .blocks = inputs, .depth = weft_block, .last = w->channels - (inputs - 1) * weft_block, .height = 1, .width = 1,
    .block_step = rows * weft_block};
  size_t panels = LEVEL(panels_of)(last);
  for (int f = 0; f < 36; f++) {
    for (size_t p = first / PANEL; p < panels; p++) {
      const float *weight = u + (f * results * weft_block + p * PANEL) * w->channels;
      int vectors = LEVEL(vectors_of)(p, outputs);
      for (size_t t = 0; t < rows; t += ROWS) {
        const float *from = v + f * step_v + t * weft_block;
        float *to = m + f * step_m + t * weft_block;
#define STRIP(count, vectors) LEVEL(strip)(count, vectors, &s, from, weight, p * PANEL, rows * weft_block, to)
        if (vectors == 1) {
          if (rows - t >= ROWS) STRIP(ROWS, 1);
          else if (rows - t > THIRD) STRIP(2 * THIRD, 1);
          else STRIP(THIRD, 1);
        } else {
          if (rows - t >= ROWS) STRIP(ROWS, 2);
          else if (rows - t > THIRD) STRIP(2 * THIRD, 2);
          else STRIP(THIRD, 2);
        }
#undef STRIP
      }
    }
  }
  for (size_t b = first / weft_block; b < (last + weft_block - 1) / weft_block; b++) {
    for (size_t t = 0; t < count; t++) {
      size_t tile = begin + t, image = tile / (high * wide);
      ptrdiff_t top = tile / wide % high * 4, left = tile % wide * 4;
      ptrdiff_t at = (image * results + b) * area + (top * w->output_width + left) * weft_block;
      LEVEL(tile_out)(
        m + (b * rows + t) * weft_block, step_m, e, b * weft_block, at, w->output_width * weft_block,
        smaller(4, w->output_height - top), smaller(4, w->output_width - left), y);
    }
  }
}
