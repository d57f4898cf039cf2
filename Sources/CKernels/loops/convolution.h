// Convolution as a matrix product whose right operand is never stored: a line of it (one tap over a run of output
// positions) is made from the image where it is packed.

/// The image index that position `i` outside 0..<n reads, or -1 for a zero.
INLINE ptrdiff_t LEVEL(reflected)(ptrdiff_t i, ptrdiff_t n, int mode) {
  if (i >= 0 && i < n) return i;
  if (mode == 0) return -1;
  if (mode == 2) return i < 0 ? 0 : n - 1;
  while (i < 0 || i >= n) i = i < 0 ? -i : 2 * (n - 1) - i;
  return i;
}

/// One output row's values of a tap: out[j] = row[(first + j) * stride + shift], j in 0..<count; a null row is zeros.
INLINE void LEVEL(run)(
  const float *row, ptrdiff_t width, ptrdiff_t first, ptrdiff_t count, ptrdiff_t stride, ptrdiff_t shift, int mode,
  float *out) {
  if (!row) {
    memset(out, 0, count * sizeof(float));
    return;
  }
  ptrdiff_t j = 0, x = first * stride + shift;
  for (; j < count && x < 0; j++, x += stride) {
    ptrdiff_t i = LEVEL(reflected)(x, width, mode);
    out[j] = i < 0 ? 0 : row[i];
  }
  ptrdiff_t inside = x < width ? (width - x + stride - 1) / stride : 0;
  if (inside > count - j) inside = count - j;
  if (stride == 1) {
    memcpy(out + j, row + x, (inside > 0 ? inside : 0) * sizeof(float));
  } else {
    for (ptrdiff_t i = 0; i < inside; i++) out[j + i] = row[x + i * stride];
  }
  for (j += inside, x += inside * stride; j < count; j++, x += stride) {
    ptrdiff_t i = LEVEL(reflected)(x, width, mode);
    out[j] = i < 0 ? 0 : row[i];
  }
}

/// Tap `tap` (channel, ky, kx) over output positions begin..<begin + count.
static void LEVEL(line)(
  const weft_window *w, const float *x, size_t tap, size_t begin, size_t count, float *out) {
  ptrdiff_t kx = tap % w->kernel_width, ky = tap / w->kernel_width % w->kernel_height;
  const float *plane = x + tap / (w->kernel_width * w->kernel_height) * w->height * w->width;
  ptrdiff_t shift = kx * w->dilation_width - w->pad_left;
  ptrdiff_t oy = begin / w->output_width, ox = begin % w->output_width;
  while (count > 0) {
    ptrdiff_t length = smaller(count, w->output_width - ox);
    ptrdiff_t y = oy * w->stride_height + ky * w->dilation_height - w->pad_top;
    y = LEVEL(reflected)(y, w->height, w->pad_mode);
    LEVEL(run)(
      y < 0 ? 0 : plane + y * w->width, w->width, ox, length, w->stride_width, shift, w->pad_mode, out);
    out += length;
    count -= length;
    ox = 0;
    oy += 1;
  }
}

/// Spreads a line of `count` values over the strips of a packed B with `depth` rows, as its row `p`.
INLINE void LEVEL(spread)(const float *line, size_t count, size_t p, size_t depth, float *packed) {
  size_t j = 0;
  for (; j + STRIP_B <= count; j += STRIP_B)
    memcpy(packed + j * depth + p * STRIP_B, line + j, STRIP_B * sizeof(float));
  if (j < count) {
    float *last = packed + j * depth + p * STRIP_B;
    for (size_t i = 0; i < STRIP_B; i++) last[i] = j + i < count ? line[j + i] : 0;
  }
}

INLINE void LEVEL(finish)(
  size_t rows, size_t columns, const float *bias, int relu, float *y, ptrdiff_t ldy) {
  if (!bias && !relu) return;
  for (size_t i = 0; i < rows; i++) {
    float b = bias ? bias[i] : 0, *row = y + i * ldy;
    if (relu) {
      for (size_t j = 0; j < columns; j++) {
        float v = row[j] + b;
        row[j] = v < 0 ? 0 : v;
      }
    } else {
      for (size_t j = 0; j < columns; j++) row[j] += b;
    }
  }
}

static void LEVEL(convolve)(
  const weft_window *w, const float *x, const float *weight, size_t rows, size_t begin, size_t end,
  const float *bias, int relu, float *y, void *scratch) {
  float *packed_a = scratch, *packed_b = packed_a + BLOCK_M * BLOCK_K, *line = packed_b + BLOCK_K * BLOCK_N;
  size_t taps = w->channels * w->kernel_height * w->kernel_width, area = w->output_height * w->output_width;
  ptrdiff_t offsets[BLOCK_K];
  for (size_t j = begin; j < end; j += BLOCK_N) {
    size_t columns = smaller(BLOCK_N, end - j);
    for (size_t p = 0; p < taps; p += BLOCK_K) {
      size_t depth = smaller(BLOCK_K, taps - p);
      for (size_t q = 0; q < depth; q++) {
        offsets[q] = p + q;
        LEVEL(line)(w, x, p + q, j, columns, line);
        LEVEL(spread)(line, columns, q, depth, packed_b);
      }
      for (size_t i = 0; i < rows; i += BLOCK_M) {
        size_t count = smaller(BLOCK_M, rows - i);
        LEVEL(pack_a)(weight + i * taps, taps, offsets, count, depth, packed_a);
        LEVEL(panels)(count, columns, depth, packed_a, packed_b, y + i * area + j, area, 1, p > 0);
      }
    }
    LEVEL(finish)(rows, columns, bias, relu, y + j, area);
  }
}

static void LEVEL(weight_gradient)(
  const weft_window *w, const float *x, const float *dy, size_t rows, size_t begin, size_t end, float *dw,
  void *scratch) {
  float *packed_a = scratch, *packed_b = packed_a + BLOCK_M * BLOCK_K, *lines = packed_b + BLOCK_K * BLOCK_N;
  size_t taps = w->channels * w->kernel_height * w->kernel_width, area = w->output_height * w->output_width;
  ptrdiff_t offsets[BLOCK_K];
  for (size_t j = begin; j < end; j += BLOCK_N) {
    size_t columns = smaller(BLOCK_N, end - j);
    for (size_t p = 0; p < area; p += BLOCK_K) {
      size_t depth = smaller(BLOCK_K, area - p);
      for (size_t q = 0; q < depth; q++) offsets[q] = p + q;
      for (size_t t = 0; t < columns; t += STRIP_B) {
        size_t count = smaller(STRIP_B, columns - t);
        float *strip = packed_b + t * depth;
        for (size_t i = 0; i < count; i++) LEVEL(line)(w, x, j + t + i, p, depth, lines + i * BLOCK_K);
        for (size_t i = count; i < STRIP_B; i++) memset(lines + i * BLOCK_K, 0, depth * sizeof(float));
        for (size_t q = 0; q < depth; q++)
          for (size_t i = 0; i < STRIP_B; i++) strip[q * STRIP_B + i] = lines[i * BLOCK_K + q];
      }
      for (size_t i = 0; i < rows; i += BLOCK_M) {
        size_t count = smaller(BLOCK_M, rows - i);
        LEVEL(pack_a)(dy + i * area, area, offsets, count, depth, packed_a);
        LEVEL(panels)(count, columns, depth, packed_a, packed_b, dw + i * taps + j, taps, 1, 1);
      }
    }
  }
}

/// The taps of one axis that reach input positions congruent to `phase` (position + pad) modulo the stride.
INLINE ptrdiff_t LEVEL(reaching)(
  ptrdiff_t kernel, ptrdiff_t dilation, ptrdiff_t stride, ptrdiff_t phase, ptrdiff_t *taps) {
  ptrdiff_t count = 0;
  for (ptrdiff_t k = 0; k < kernel && count < 64; k++)
    if (k * dilation % stride == phase) taps[count++] = k;
  return count;
}

// The input positions are taken apart by their phase modulo the stride. Within one phase every tap reads dy with
// step 1, so each phase is an ordinary stride-1 product over the taps that reach it, and no zero is multiplied.
static void LEVEL(input_gradient)(
  const weft_window *w, const float *dy, const float *weight, size_t outputs, size_t begin, size_t end, float *dx,
  void *scratch) {
  float *packed_a = scratch, *packed_b = packed_a + BLOCK_M * BLOCK_K, *line = packed_b + BLOCK_K * BLOCK_N;
  float *result = line + BLOCK_N;
  size_t kernel = w->kernel_height * w->kernel_width, area = w->output_height * w->output_width;
  size_t row_step = w->channels * kernel, plane = w->height * w->width, rows = end - begin;
  ptrdiff_t offsets[BLOCK_K], taps_y[64], taps_x[64];
  int whole = w->stride_height == 1 && w->stride_width == 1;
  for (ptrdiff_t phase_y = 0; phase_y < w->stride_height; phase_y++) {
    for (ptrdiff_t phase_x = 0; phase_x < w->stride_width; phase_x++) {
      // First input position of the phase, the number of positions, and the first one's window coordinate.
      ptrdiff_t y0 = ((phase_y - w->pad_top) % w->stride_height + w->stride_height) % w->stride_height;
      ptrdiff_t x0 = ((phase_x - w->pad_left) % w->stride_width + w->stride_width) % w->stride_width;
      if (y0 >= w->height || x0 >= w->width) continue;
      ptrdiff_t height = (w->height - y0 + w->stride_height - 1) / w->stride_height;
      ptrdiff_t width = (w->width - x0 + w->stride_width - 1) / w->stride_width;
      ptrdiff_t ny = LEVEL(reaching)(w->kernel_height, w->dilation_height, w->stride_height, phase_y, taps_y);
      ptrdiff_t nx = LEVEL(reaching)(w->kernel_width, w->dilation_width, w->stride_width, phase_x, taps_x);
      size_t reached = ny * nx, taps = outputs * reached, positions = height * width;
      for (size_t j = 0; j < positions; j += BLOCK_N) {
        size_t columns = smaller(BLOCK_N, positions - j);
        for (size_t i = 0; i < rows; i += BLOCK_M) {
          size_t count = smaller(BLOCK_M, rows - i);
          // With one phase the product is the gradient itself; otherwise it is spread over the phase's positions.
          float *target = whole ? dx + (begin + i) * plane + j : result;
          ptrdiff_t target_step = whole ? (ptrdiff_t)plane : BLOCK_N;
          if (taps == 0)
            for (size_t r = 0; r < count; r++) memset(target + r * target_step, 0, columns * sizeof(float));
          for (size_t p = 0; p < taps; p += BLOCK_K) {
            size_t depth = smaller(BLOCK_K, taps - p);
            for (size_t q = 0; q < depth; q++) {
              size_t output = (p + q) / reached, tap = (p + q) % reached;
              ptrdiff_t ky = taps_y[tap / nx], kx = taps_x[tap % nx];
              offsets[q] = output * row_step + ky * w->kernel_width + kx;
              // The output row that input row y0 (then y0 + stride, ...) meets through this tap; exact division.
              ptrdiff_t oy = (y0 + w->pad_top - ky * w->dilation_height) / w->stride_height;
              ptrdiff_t ox = (x0 + w->pad_left - kx * w->dilation_width) / w->stride_width;
              size_t done = 0;
              ptrdiff_t ty = j / width, tx = j % width;
              while (done < columns) {
                ptrdiff_t length = smaller(columns - done, width - tx), source = oy + ty;
                const float *row = source >= 0 && source < w->output_height
                  ? dy + output * area + source * w->output_width : 0;
                LEVEL(run)(row, w->output_width, tx, length, 1, ox, 0, line + done);
                done += length;
                tx = 0;
                ty += 1;
              }
              LEVEL(spread)(line, columns, q, depth, packed_b);
            }
            LEVEL(pack_a)(weight + (begin + i) * kernel, kernel, offsets, count, depth, packed_a);
            LEVEL(panels)(count, columns, depth, packed_a, packed_b, target, target_step, 1, p > 0);
          }
          if (whole) continue;
          for (size_t r = 0; r < count; r++) {
            float *out = dx + (begin + i + r) * plane;
            ptrdiff_t ty = j / width, tx = j % width;
            for (size_t c = 0; c < columns; c++) {
              out[(y0 + ty * w->stride_height) * w->width + x0 + tx * w->stride_width] = result[r * BLOCK_N + c];
              if (++tx == width) tx = 0, ty += 1;
            }
          }
        }
      }
    }
  }
}
