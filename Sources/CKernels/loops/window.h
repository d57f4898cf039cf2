// What a window over a plane in blocks meets: for kernels that read it row by row.

/// Columns of results begin..<end have windows that lie inside the rows.
INLINE void LEVEL(inner_columns)(const weft_window *w, ptrdiff_t *begin, ptrdiff_t *end) {
  ptrdiff_t reach = (w->kernel_width - 1) * w->dilation_width, last = w->width + w->pad_left - reach - 1;
  *begin = (w->pad_left + w->stride_width - 1) / w->stride_width;
  *end = last >= 0 ? last / w->stride_width + 1 : 0;
  if (*end > w->output_width) *end = w->output_width;
}

/// The rows that the window of results of row `oy` reads, at most 64; null stands for zeros.
INLINE void LEVEL(window_rows)(const weft_window *w, const float *x, ptrdiff_t oy, const float **rows) {
  for (ptrdiff_t ky = 0; ky < w->kernel_height; ky++) {
    ptrdiff_t sy = LEVEL(reflected)(
      oy * w->stride_height + ky * w->dilation_height - w->pad_top, w->height, w->pad_mode);
    rows[ky] = sy < 0 ? 0 : x + sy * w->width * weft_block;
  }
}
