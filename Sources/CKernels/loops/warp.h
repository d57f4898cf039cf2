// Bilinear warping of pictures of bytes.

/// a * b + c with one rounding: a product of two floats is exact in double.
#if FUSED
#define ONCE_ROUNDED(a, b, c) __builtin_fmaf(a, b, c)
#else
#define ONCE_ROUNDED(a, b, c) ((float)((double)(a) * (double)(b) + (double)(c)))
#endif

/// One pixel, wherever it reads.
INLINE void LEVEL(warped_pixel)(
  const ptrdiff_t channels, const weft_warp_row *w, size_t column, const unsigned char *x, unsigned char *y) {
  float place = (float)(int)column;
  float u = ONCE_ROUNDED(place, w->u_step, w->u), v = ONCE_ROUNDED(place, w->v_step, w->v);
  // Beyond any picture (or not a number) everything is border; the limit keeps the conversions safe.
  int is_near = __builtin_fabsf(u) < 1e9f && __builtin_fabsf(v) < 1e9f;
  float left = is_near ? __builtin_floorf(u) : -9, top = is_near ? __builtin_floorf(v) : -9;
  float p = is_near ? u - left : 0, q = is_near ? v - top : 0;
  for (ptrdiff_t channel = 0; channel < channels; channel++) {
    float corners[4];
    for (int k = 0; k < 4; k++) {
      ptrdiff_t cx = (ptrdiff_t)left + (k & 1), cy = (ptrdiff_t)top + (k >> 1);
      int is_inside = cx >= 0 && cy >= 0 && cx < w->width && cy < w->height;
      corners[k] = is_inside ? x[(cy * w->width + cx) * channels + channel] : w->border;
    }
    float first = ONCE_ROUNDED(p, corners[1] - corners[0], corners[0]);
    float second = ONCE_ROUNDED(p, corners[3] - corners[2], corners[2]);
    float value = __builtin_rintf(ONCE_ROUNDED(q, second - first, first));
    y[channel] = value < 0 ? 0 : value > 255 ? 255 : (unsigned char)value;
  }
}

INLINE void LEVEL(warped)(
  const ptrdiff_t channels, const weft_warp_row *w, size_t columns, const unsigned char *x,
  unsigned char *restrict y) {
  enum { GROUP = 16 };
  const ptrdiff_t line = w->width * channels;
  // Eight bytes are read of a pixel and its neighbour.
  const ptrdiff_t last = w->height * line - line - 8;
  const float width = (float)(w->width - 1), height = (float)(w->height - 1);
  size_t column = 0;
  // Offsets have 32 bits; larger pictures go pixel by pixel.
  for (; last <= INT32_MAX && column + GROUP <= columns; column += GROUP, y += GROUP * channels) {
    // Positions ascend or descend along a row, also when rounded, so that a group lies between those of its ends.
    float end[2] = {(float)(int)column, (float)(int)(column + GROUP - 1)};
    float u0 = ONCE_ROUNDED(end[0], w->u_step, w->u), u1 = ONCE_ROUNDED(end[1], w->u_step, w->u);
    float v0 = ONCE_ROUNDED(end[0], w->v_step, w->v), v1 = ONCE_ROUNDED(end[1], w->v_step, w->v);
    float left = u0 < u1 ? u0 : u1, right = u0 < u1 ? u1 : u0, top = v0 < v1 ? v0 : v1, bottom = v0 < v1 ? v1 : v0;
    if (right <= -1 || left >= width + 1 || bottom <= -1 || top >= height + 1) {
      float value = __builtin_rintf(w->border);
      memset(y, value < 0 ? 0 : value > 255 ? 255 : (int)value, GROUP * channels);
      continue;
    }
    // False for what is not a number.
    int is_inside = left >= 0 && right < width && top >= 0 && bottom < height;
    if (!is_inside || (ptrdiff_t)bottom * line + (ptrdiff_t)right * channels > last) {
      for (int i = 0; i < GROUP; i++) LEVEL(warped_pixel)(channels, w, column + i, x, y + i * channels);
      continue;
    }
    float p[GROUP], q[GROUP];
    int32_t places[GROUP];
    for (int i = 0; i < GROUP; i++) {
      float place = (float)(int)(column + i);
      float u = ONCE_ROUNDED(place, w->u_step, w->u), v = ONCE_ROUNDED(place, w->v_step, w->v);
      int32_t across = (int32_t)u, down = (int32_t)v;
      p[i] = u - (float)across;
      q[i] = v - (float)down;
      places[i] = down * (int32_t)line + across * (int32_t)channels;
    }
    uint64_t upper[GROUP], lower[GROUP];
    for (int i = 0; i < GROUP; i++) {
      upper[i] = LEVEL(eight_bytes)(x + places[i]);
      lower[i] = LEVEL(eight_bytes)(x + places[i] + line);
    }
    uint32_t words[4][GROUP], results[GROUP] = {0};
    for (int i = 0; i < GROUP; i++) {
      words[0][i] = (uint32_t)upper[i];
      words[1][i] = (uint32_t)(upper[i] >> 32);
      words[2][i] = (uint32_t)lower[i];
      words[3][i] = (uint32_t)(lower[i] >> 32);
    }
#pragma clang loop unroll(full)
    for (int channel = 0; channel < channels; channel++) {
      const int left = 8 * channel, half = (channels + channel) / 4, right = 8 * ((channels + channel) % 4);
      for (int i = 0; i < GROUP; i++) {
        float a = (float)(int)(words[0][i] >> left & 255), b = (float)(int)(words[half][i] >> right & 255);
        float c = (float)(int)(words[2][i] >> left & 255), d = (float)(int)(words[2 + half][i] >> right & 255);
        float first = ONCE_ROUNDED(p[i], b - a, a), second = ONCE_ROUNDED(p[i], d - c, c);
        results[i] |= (uint32_t)(int)__builtin_rintf(ONCE_ROUNDED(q[i], second - first, first)) << left;
      }
    }
    LEVEL(store_pixels)(channels, (const LEVEL(words) *)results, y);
  }
  for (; column < columns; column++, y += channels) LEVEL(warped_pixel)(channels, w, column, x, y);
}

/// One row of a bilinear warp.
static void LEVEL(byte_warp)(
  const weft_warp_row *w, size_t columns, const unsigned char *x, unsigned char *restrict y) {
  switch (w->channels) {
    case 1: LEVEL(warped)(1, w, columns, x, y); break;
    case 2: LEVEL(warped)(2, w, columns, x, y); break;
    case 3: LEVEL(warped)(3, w, columns, x, y); break;
    default: LEVEL(warped)(4, w, columns, x, y); break;
  }
}
