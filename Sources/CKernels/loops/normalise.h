// Normalisation by the statistics of a batch in the blocked layout: one block of 16 channels over all images.

/// Positions whose sums are kept in single precision before they are added up in Double.
enum { PIECE = 128 };

/// Per channel: 0 sum d, 1 sum d*d with d = x - the block's first element, which keeps a large mean from eating the
/// digits of a small spread; with dy also 2 sum dy, 3 sum d*dy. The images of a block are `step` floats apart.
static void LEVEL(blocked_moments)(
  size_t images, size_t area, size_t step, const float *x, const float *dy, double *sums) {
  for (int i = 0; i < 4 * weft_block; i++) sums[i] = 0;
  for (int l = 0; l < weft_block; l += LANES) {
    lanes base = load(x + l);
    size_t pending = 0;
    lanes s[4][2] = {{{0}}};
    for (size_t image = 0; image < images; image++) {
      const float *plane = x + image * step + l, *slope = dy ? dy + image * step + l : 0;
      for (size_t p = 0; p < area;) {
        size_t count = smaller(PIECE - pending, area - p);
        for (size_t i = 0; i < count; i += 2) {
          // Two chains, so that an addition need not wait for the last one.
#pragma clang loop unroll(full)
          for (int chain = 0; chain < 2; chain++) {
            if (i + chain == count) break;
            lanes d = load(plane + (p + i + chain) * weft_block) - base;
            s[0][chain] += d;
            s[1][chain] = MULTIPLY_ADD(d, d, s[1][chain]);
            if (!dy) continue;
            lanes g = load(slope + (p + i + chain) * weft_block);
            s[2][chain] += g;
            s[3][chain] = MULTIPLY_ADD(d, g, s[3][chain]);
          }
        }
        p += count;
        pending += count;
        if (pending < PIECE && (p < area || image + 1 < images)) continue;
#pragma clang loop unroll(full)
        for (int what = 0; what < 4; what++) {
          lanes total = s[what][0] + s[what][1];
          for (int i = 0; i < LANES; i++) sums[what * weft_block + l + i] += total[i];
          s[what][0] = s[what][1] = (lanes){0};
        }
        pending = 0;
      }
    }
  }
}

/// y = a * x + b * z + c per channel, then zero below zero with `rectify`; z may be missing.
static void LEVEL(blocked_combine)(
  size_t images, size_t area, size_t step, const float *x, const float *z, const float *a, const float *b,
  const float *c, int rectify, float *y) {
  for (size_t image = 0; image < images; image++) {
    const float *from = x + image * step, *other = z ? z + image * step : 0;
    float *to = y + image * step;
    for (int l = 0; l < weft_block; l += LANES) {
      lanes f = load(a + l), g = load(b + l), h = load(c + l);
      for (size_t p = 0; p < area; p++) {
        lanes v = MULTIPLY_ADD(load(from + p * weft_block + l), f, h);
        if (z) v = MULTIPLY_ADD(load(other + p * weft_block + l), g, v);
        if (rectify) v = either(v < 0, (lanes){0}, v);
        store(to + p * weft_block + l, v);
      }
    }
  }
}
