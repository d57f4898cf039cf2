// One plane convolved with one kernel: rows of the window are added tap by tap, in the order of the taps.

static void LEVEL(depthwise)(
  const weft_window *w, const float *x, const float *weight, float bias, int relu, size_t row_begin, size_t row_end,
  float *y) {
  ptrdiff_t stride = w->stride_width;
  for (ptrdiff_t oy = row_begin; oy < (ptrdiff_t)row_end; oy++) {
    float *out = y + oy * w->output_width;
    for (ptrdiff_t i = 0; i < w->output_width; i++) out[i] = bias;
    for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
      ptrdiff_t sy = LEVEL(reflected)(
        oy * w->stride_height + ky * w->dilation_height - w->pad_top, w->height, w->pad_mode);
      if (sy < 0) continue;
      const float *row = x + sy * w->width;
      for (ptrdiff_t kx = 0; kx < w->kernel_width; kx++) {
        float factor = weight[ky * w->kernel_width + kx];
        ptrdiff_t shift = kx * w->dilation_width - w->pad_left, j = 0, sx = shift;
        for (; j < w->output_width && sx < 0; j++, sx += stride) {
          ptrdiff_t i = LEVEL(reflected)(sx, w->width, w->pad_mode);
          if (i >= 0) out[j] = MULTIPLY_ADD(factor, row[i], out[j]);
        }
        ptrdiff_t inside = sx < w->width ? (w->width - sx + stride - 1) / stride : 0;
        if (inside > w->output_width - j) inside = w->output_width - j;
        if (stride == 1) {
          for (ptrdiff_t i = 0; i < inside; i++) out[j + i] = MULTIPLY_ADD(factor, row[sx + i], out[j + i]);
        } else {
          for (ptrdiff_t i = 0; i < inside; i++)
            out[j + i] = MULTIPLY_ADD(factor, row[sx + i * stride], out[j + i]);
        }
        for (j += inside, sx += inside * stride; j < w->output_width; j++, sx += stride) {
          ptrdiff_t i = LEVEL(reflected)(sx, w->width, w->pad_mode);
          if (i >= 0) out[j] = MULTIPLY_ADD(factor, row[i], out[j]);
        }
      }
    }
    if (relu)
      for (ptrdiff_t i = 0; i < w->output_width; i++) out[i] = out[i] < 0 ? 0 : out[i];
  }
}
