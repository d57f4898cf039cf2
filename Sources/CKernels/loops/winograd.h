// 3 x 3 convolution of stride 1 by F(size x size, 3 x 3) (Winograd; Lavin and Gray 2016): tiles of (size + 2)² inputs
// give tiles of size² outputs with a product per input, channel pair and tile: 36 for 16 outputs and 64 for 36, where
// the window takes 144 and 324. Constant `size`s make each use a loop of its own.
enum { WIDEST = weft_widest_tile + 2 };

INLINE void LEVEL(forward_of)(const int size, const lanes *d, lanes *t) {
  if (size == 4) LEVEL(forward6)(d, t);
  else LEVEL(forward8)(d, t);
}

INLINE void LEVEL(backward_of)(const int size, const lanes *m, lanes *t) {
  if (size == 4) LEVEL(backward6)(m, t);
  else LEVEL(backward8)(m, t);
}

INLINE void LEVEL(kernel_of)(const int size, double g[3][LANES], double (*t)[LANES]) {
  if (size == 4) LEVEL(kernel6)(g, t);
  else LEVEL(kernel8)(g, t);
}

INLINE void LEVEL(weights_of)(
  const int size, size_t outputs, size_t channels, int flip, size_t begin, size_t end, const float *weight, float *u) {
  const int span = size + 2, frequencies = span * span;
  // Channels gathered before they are stored, so that the streams of the frequencies are written in runs.
  enum { RUN = 4 };
  size_t padded = (outputs + weft_block - 1) / weft_block * weft_block, whole = padded * channels;
  size_t output_step = flip ? 9 : channels * 9, channel_step = flip ? outputs * 9 : 9;
  for (size_t panel = begin / PANEL; panel * PANEL < (end == outputs ? padded : end); panel++) {
    size_t width = LEVEL(vectors_of)(panel, outputs) * LANES;
    for (size_t c0 = 0; c0 < channels; c0 += RUN) {
      size_t run = smaller(RUN, channels - c0);
      float results[WIDEST * WIDEST][RUN * PANEL];
      for (size_t c = 0; c < run; c++) {
        for (size_t k = 0; k < width; k += LANES) {
          size_t o = panel * PANEL + k, count = o < outputs ? smaller(LANES, outputs - o) : 0;
          double g[9][LANES] = {{0}}, half[WIDEST][3][LANES], rows[WIDEST][LANES];
          for (size_t l = 0; l < count; l++) {
            const float *from = weight + (o + l) * output_step + (c0 + c) * channel_step;
            for (int i = 0; i < 9; i++) g[i][l] = from[flip ? 8 - i : i];
          }
          for (int j = 0; j < 3; j++) {
            double column[3][LANES];
            for (int i = 0; i < 3; i++) memcpy(column[i], g[3 * i + j], sizeof(column[i]));
            LEVEL(kernel_of)(size, column, rows);
            for (int i = 0; i < span; i++) memcpy(half[i][j], rows[i], sizeof(rows[i]));
          }
          for (int i = 0; i < span; i++) {
            LEVEL(kernel_of)(size, half[i], rows);
            for (int j = 0; j < span; j++)
              for (int l = 0; l < LANES; l++) results[span * i + j][c * width + k + l] = (float)rows[j][l];
          }
        }
      }
      float *target = u + panel * PANEL * channels + c0 * width;
      for (int f = 0; f < frequencies; f++) memcpy(target + f * whole, results[f], run * width * sizeof(float));
    }
  }
}

/// u[frequency][panel][channel][PANEL] from weights [outputs][channels][3][3], for outputs begin..<end, which start
/// at a block. With `flip` the weights are [channels][outputs] and turned by half a turn: the kernel of the input's
/// gradient.
static void LEVEL(winograd_weights)(
  size_t size, size_t outputs, size_t channels, int flip, size_t begin, size_t end, const float *weight, float *u) {
  if (size == 4) LEVEL(weights_of)(4, outputs, channels, flip, begin, end, weight, u);
  else LEVEL(weights_of)(6, outputs, channels, flip, begin, end, weight, u);
}

/// Transforms one tile of one block of channels: (size + 2)² vectors, `step` floats apart.
INLINE void LEVEL(tile_in)(
  const int size, const float *x, ptrdiff_t row_step, ptrdiff_t column_step, float *v, size_t step) {
  const int span = size + 2;
  for (int l = 0; l < weft_block; l += LANES) {
    lanes half[WIDEST][WIDEST];
#pragma clang loop unroll(full)
    for (int j = 0; j < span; j++) {
      lanes d[WIDEST], t[WIDEST];
#pragma clang loop unroll(full)
      for (int i = 0; i < span; i++) d[i] = load(x + i * row_step + j * column_step + l);
      LEVEL(forward_of)(size, d, t);
#pragma clang loop unroll(full)
      for (int i = 0; i < span; i++) half[i][j] = t[i];
    }
#pragma clang loop unroll(full)
    for (int i = 0; i < span; i++) {
      lanes t[WIDEST];
      LEVEL(forward_of)(size, half[i], t);
#pragma clang loop unroll(full)
      for (int j = 0; j < span; j++) store(v + (span * i + j) * step + l, t[j]);
    }
  }
}

/// Transforms `count` tiles from `begin` on (numbered over images, then rows, then columns) to [block][rows][16] per
/// frequency, frequencies `step` floats apart; places up to `rows` are filled with zeros.
INLINE void LEVEL(tiles_in)(
  const int size, const weft_window *w, const float *x, size_t begin, size_t count, size_t rows, float *v,
  size_t step) {
  const int span = size + 2;
  size_t inputs = (w->channels + weft_block - 1) / weft_block, plane = w->height * w->width * weft_block;
  size_t high = (w->output_height + size - 1) / size, wide = (w->output_width + size - 1) / size;
  for (size_t b = 0; b < inputs; b++) {
    for (size_t t = 0; t < rows; t++) {
      float *target = v + (b * rows + t) * weft_block;
      if (t >= count) {
        for (int f = 0; f < span * span; f++) memset(target + f * step, 0, weft_block * sizeof(float));
        continue;
      }
      size_t tile = begin + t, image = tile / (high * wide);
      ptrdiff_t top = tile / wide % high * size - w->pad_top, left = tile % wide * size - w->pad_left;
      const float *source = x + (image * inputs + b) * plane;
      if (top >= 0 && left >= 0 && top + span <= w->height && left + span <= w->width) {
        LEVEL(tile_in)(
          size, source + (top * w->width + left) * weft_block, w->width * weft_block, weft_block, target, step);
        continue;
      }
      float edge[WIDEST * WIDEST * weft_block];
      for (int i = 0; i < span; i++) {
        ptrdiff_t sy = LEVEL(reflected)(top + i, w->height, w->pad_mode);
        for (int j = 0; j < span; j++) {
          ptrdiff_t sx = LEVEL(reflected)(left + j, w->width, w->pad_mode);
          float *place = edge + (span * i + j) * weft_block;
          if (sy < 0 || sx < 0) memset(place, 0, weft_block * sizeof(float));
          else memcpy(place, source + (sy * w->width + sx) * weft_block, weft_block * sizeof(float));
        }
      }
      LEVEL(tile_in)(size, edge, span * weft_block, weft_block, target, step);
    }
  }
}

/// Transforms the columns of one tile of products back, LANES channels of them.
INLINE void LEVEL(columns_back)(const int size, const float *m, size_t step, lanes half[weft_widest_tile][WIDEST]) {
  const int span = size + 2;
#pragma clang loop unroll(full)
  for (int j = 0; j < span; j++) {
    lanes d[WIDEST], t[weft_widest_tile];
#pragma clang loop unroll(full)
    for (int i = 0; i < span; i++) d[i] = load(m + (span * i + j) * step);
    LEVEL(backward_of)(size, d, t);
#pragma clang loop unroll(full)
    for (int i = 0; i < size; i++) half[i][j] = t[i];
  }
}

/// The tile of size² results of one block of channels; rows x columns of them are inside the picture.
INLINE void LEVEL(tile_out)(
  const int size, const float *m, size_t step, const weft_epilogue *e, size_t channel, ptrdiff_t at,
  ptrdiff_t row_step, ptrdiff_t rows, ptrdiff_t columns, float *y) {
  for (int l = 0; l < weft_block; l += LANES) {
    lanes half[weft_widest_tile][WIDEST];
    LEVEL(columns_back)(size, m + l, step, half);
    for (ptrdiff_t i = 0; i < rows; i++) {
      lanes t[weft_widest_tile];
      ptrdiff_t place = at + i * row_step + l;
      LEVEL(backward_of)(size, half[i], t);
      LEVEL(finish_run)(size, t, e, channel + l, place, weft_block, columns);
      if (LANES == weft_block && e->streams)
        for (ptrdiff_t j = 0; j < columns; j++) store_past(y + place + j * weft_block, t[j]);
      else
        for (ptrdiff_t j = 0; j < columns; j++) store(y + place + j * weft_block, t[j]);
    }
  }
}

/// The largest of the four results of a window in row order, and its number, as `blocked_pool_places` has them.
INLINE lanes LEVEL(largest_of_window)(const lanes *upper, const lanes *lower, flags *number) {
  lanes best = upper[0];
  flags found = {0};
  const lanes others[3] = {upper[1], lower[0], lower[1]};
#pragma clang loop unroll(full)
  for (int k = 0; k < 3; k++) {
    flags better = (others[k] > best) | ((others[k] != others[k]) & (best == best));
    best = either(better, others[k], best);
    found = (better & (int32_t)(k + 1)) | (~better & found);
  }
  *number = found;
  return best;
}

/// The same with a pool of 2 x 2 windows after it; `pooled` is the tile's first place in its result, rows of which are
/// `pooled_step` floats apart.
INLINE void LEVEL(tile_halved)(
  const int size, const float *m, size_t step, const weft_epilogue *e, size_t channel, ptrdiff_t at,
  ptrdiff_t row_step, ptrdiff_t rows, ptrdiff_t columns, ptrdiff_t pooled, ptrdiff_t pooled_step, float *y) {
  typedef uint8_t line __attribute__((vector_size(LANES), aligned(1), may_alias));
  for (int l = 0; l < weft_block; l += LANES) {
    lanes half[weft_widest_tile][WIDEST];
    LEVEL(columns_back)(size, m + l, step, half);
    for (ptrdiff_t i = 0; i + 1 < rows; i += 2) {
      lanes t[2][weft_widest_tile];
#pragma clang loop unroll(full)
      for (int r = 0; r < 2; r++) {
        LEVEL(backward_of)(size, half[i + r], t[r]);
        LEVEL(finish_run)(size, t[r], e, channel + l, at + (i + r) * row_step + l, weft_block, columns);
      }
      for (ptrdiff_t j = 0; j + 1 < columns; j += 2) {
        ptrdiff_t place = pooled + i / 2 * pooled_step + j / 2 * weft_block + l;
        flags number;
        lanes best = LEVEL(largest_of_window)(t[0] + j, t[1] + j, &number);
        if (LANES == weft_block && e->streams) store_past(y + place, best);
        else store(y + place, best);
        if (!e->places) continue;
        if (e->positive) number |= ~(best > 0) & 255;
        *(line *)(e->places + place) = __builtin_convertvector(number, line);
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

/// Lines of the picture that the next tiles read: runs of NEAR lines of `rows` rows of all blocks.
typedef struct {
  const float *base;
  size_t rows, runs, plane, row_step, total;
  /// How many runs have been asked for, and how many strips of products stand beside them.
  size_t done, strip, strips;
} LEVEL(ahead);

enum { NEAR = 8 };

/// What tiles begin..<end read, as far as they lie in the row of tiles of the first.
INLINE LEVEL(ahead) LEVEL(ahead_of)(
  const int size, const weft_window *w, const float *x, size_t begin, size_t end) {
  size_t high = (w->output_height + size - 1) / size, wide = (w->output_width + size - 1) / size;
  size_t inputs = (w->channels + weft_block - 1) / weft_block, plane = w->height * w->width * weft_block;
  ptrdiff_t top = begin / wide % high * size - w->pad_top, left = begin % wide * size - w->pad_left;
  ptrdiff_t below = top + size + 2 < w->height ? top + size + 2 : w->height;
  ptrdiff_t right = left + (ptrdiff_t)(end - begin) * size + 2;
  if (right > w->width) right = w->width;
  if (top < 0) top = 0;
  if (left < 0) left = 0;
  if (begin >= end || below <= top || right <= left) return (LEVEL(ahead)){.runs = 1, .rows = 1};
  size_t runs = (right - left + NEAR - 1) / NEAR, rows = below - top;
  return (LEVEL(ahead)){
    .base = x + begin / wide / high * inputs * plane + (top * w->width + left) * weft_block, .rows = rows, .runs = runs,
    .plane = plane, .row_step = w->width * weft_block, .total = inputs * rows * runs};
}

/// Asks for the share of one strip, so that memory works while products are summed, which leaves it idle.
INLINE void LEVEL(bring)(LEVEL(ahead) *a) {
  size_t until = a->total * ++a->strip / a->strips;
  for (; a->done < until; a->done++) {
    size_t run = a->done % a->runs, row = a->done / a->runs % a->rows, block = a->done / a->runs / a->rows;
    const float *p = a->base + block * a->plane + row * a->row_step + run * NEAR * weft_block;
    for (int i = 0; i < NEAR; i++) __builtin_prefetch(p + i * weft_block, 0, 2);
  }
}

/// The transformed weights of panel `p` of a convolution's input gradient, [channel][PANEL], from those of the
/// convolution, whose outputs are these `channels`: [panel of channels][output][PANEL], both whole panels.
static void LEVEL(turn_panel)(size_t channels, size_t outputs, size_t p, const float *u, float *to) {
  for (size_t q = 0; q < channels / PANEL; q++, u += PANEL * outputs)
    for (size_t o = 0; o < PANEL; o += LANES)
      for (size_t c = 0; c < PANEL; c += LANES) {
        lanes rows[LANES];
#pragma clang loop unroll(full)
        for (int r = 0; r < LANES; r++) rows[r] = load(u + (p * PANEL + o + r) * PANEL + c);
        transpose(rows);
#pragma clang loop unroll(full)
        for (int r = 0; r < LANES; r++) store(to + (q * PANEL + c + r) * PANEL + o, rows[r]);
      }
}

/// The products of one frequency for `rows` tiles and the panels from..<until. With `turned` the weights are those of
/// the convolution whose input gradient this is, and panels are turned there.
INLINE void LEVEL(frequency)(
  LEVEL(source) *s, size_t channels, size_t outputs, size_t rows, size_t from, size_t until, const float *v,
  const float *u, const float *following, float *turned, float *m, LEVEL(ahead) *ahead) {
  size_t strips = (rows + ROWS - 1) / ROWS;
  s->near_step = PANEL * (turned ? outputs : PANEL);
  // Panels of up to 256 channels come from the third-level cache fast enough; only turned ones lie too far apart.
  s->near_lines = turned || channels >= 256 ? (PANEL + strips - 1) / strips : 0;
  for (size_t p = from; p < until; p++) {
    const float *weight = u + p * PANEL * channels, *base = p + 1 < until ? u : following;
    size_t next = p + 1 < until ? p + 1 : from;
    int vectors = LEVEL(vectors_of)(p, outputs);
    s->near = base + next * PANEL * (turned ? PANEL : channels);
    if (turned) {
      LEVEL(turn_panel)(channels, outputs, p, u, turned);
      weight = turned;
    }
    for (size_t t = 0; t < rows; t += ROWS) {
      const float *source = v + t * weft_block;
      float *to = m + t * weft_block;
      s->near_from = t / ROWS * s->near_lines * s->blocks;
      LEVEL(bring)(ahead);
#define STRIP(count, vectors) LEVEL(strip)(count, vectors, s, source, weight, p * PANEL, rows * weft_block, to)
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

/// Outputs first..<last of `count` tiles from `begin` on: products [block][rows][16] per frequency to results.
INLINE void LEVEL(tiles_out)(
  const int size, const weft_window *w, size_t outputs, const float *m, size_t step, const weft_epilogue *e,
  size_t begin, size_t count, size_t rows, size_t first, size_t last, float *y) {
  size_t high = (w->output_height + size - 1) / size, wide = (w->output_width + size - 1) / size;
  size_t results = (outputs + weft_block - 1) / weft_block, area = w->output_height * w->output_width * weft_block;
  ptrdiff_t row_step = w->output_width * weft_block;
  for (size_t b = first / weft_block; b < (last + weft_block - 1) / weft_block; b++) {
    for (size_t t = 0; t < count; t++) {
      size_t tile = begin + t, image = tile / (high * wide);
      ptrdiff_t top = tile / wide % high * size, left = tile % wide * size;
      ptrdiff_t at = (image * results + b) * area + (top * w->output_width + left) * weft_block;
      const float *from = m + (b * rows + t) * weft_block;
      if (e->halves) {
        ptrdiff_t below = w->output_height / 2, beside = w->output_width / 2 * weft_block;
        ptrdiff_t pooled = (image * results + b) * below * beside + top / 2 * beside + left / 2 * weft_block;
        if (top + size <= w->output_height && left + size <= w->output_width)
          LEVEL(tile_halved)(
            size, from, step, e, b * weft_block, at, row_step, size, size, pooled, beside, y);
        else
          LEVEL(tile_halved)(
            size, from, step, e, b * weft_block, at, row_step, smaller(size, w->output_height - top),
            smaller(size, w->output_width - left), pooled, beside, y);
      } else if (top + size <= w->output_height && left + size <= w->output_width)
        LEVEL(tile_out)(size, from, step, e, b * weft_block, at, row_step, size, size, y);
      else
        LEVEL(tile_out)(
          size, from, step, e, b * weft_block, at, row_step, smaller(size, w->output_height - top),
          smaller(size, w->output_width - left), y);
    }
  }
}

INLINE void LEVEL(winograd_of)(
  const int size, const weft_window *w, size_t outputs, const float *x, const float *u, int turned,
  const weft_epilogue *e, size_t group, size_t begin, size_t end, size_t first, size_t last, float *y, void *scratch) {
  const int span = size + 2, frequencies = span * span;
  const unsigned char *places = size == 4 ? LEVEL(turned6) : LEVEL(turned8);
  size_t inputs = (w->channels + weft_block - 1) / weft_block, results = (outputs + weft_block - 1) / weft_block;
  // One odd cache line between frequencies keeps their streams out of each other's cache sets.
  size_t most = (smaller(group, end - begin) + THIRD - 1) / THIRD * THIRD;
  size_t step_v = (inputs * most + 1) * weft_block, step_m = (results * most + 1) * weft_block;
  size_t from = first / PANEL, until = LEVEL(panels_of)(last);
  float *v = scratch, *m = v + frequencies * step_v, *panel = turned ? m + frequencies * step_m : 0;
  for (; begin < end; begin += group) {
    size_t count = smaller(group, end - begin), rows = (count + THIRD - 1) / THIRD * THIRD;
    LEVEL(tiles_in)(size, w, x, begin, count, rows, v, step_v);
    LEVEL(source) s = {
      .blocks = inputs, .depth = weft_block, .last = w->channels - (inputs - 1) * weft_block, .height = 1, .width = 1,
      .block_step = rows * weft_block};
    LEVEL(ahead) ahead = LEVEL(ahead_of)(size, w, x, begin + group, smaller(end, begin + 2 * group));
    ahead.strips = frequencies * (until - from) * ((rows + ROWS - 1) / ROWS);
    for (int f = 0; f < frequencies; f++) {
      size_t whole = results * weft_block * w->channels;
      int next = (f + 1) % frequencies;
      int place = turned ? places[f / span] * span + places[f % span] : f;
      int following = turned ? places[next / span] * span + places[next % span] : next;
      LEVEL(frequency)(
        &s, w->channels, outputs, rows, from, until, v + f * step_v, u + place * whole, u + following * whole, panel,
        m + f * step_m, &ahead);
    }
    LEVEL(tiles_out)(size, w, outputs, m, step_m, e, begin, count, rows, first, last, y);
  }
  if (e->streams) settle();
}

/// Tiles begin..<end (numbered over images, then rows, then columns), `group` at a time, of outputs first..<last, which
/// are whole panels or end at `outputs`.
static void LEVEL(winograd)(
  const weft_window *w, size_t size, size_t outputs, const float *x, const float *u, int turned,
  const weft_epilogue *e, size_t group, size_t begin, size_t end, size_t first, size_t last, float *y, void *scratch) {
  if (size == 4) LEVEL(winograd_of)(4, w, outputs, x, u, turned, e, group, begin, end, first, last, y, scratch);
  else LEVEL(winograd_of)(6, w, outputs, x, u, turned, e, group, begin, end, first, last, y, scratch);
}
