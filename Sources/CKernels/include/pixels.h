#ifndef WEFT_PIXELS_H
#define WEFT_PIXELS_H
#include <stddef.h>
#include <stdint.h>

/// A bilinear resize of bytes, `channels` (1 to 4) to a pixel. Per column of the result `places` holds the byte offset of
/// the left one of two neighbours, `left` and `right` their factors of 11 bits (`right` is 0 where there is no
/// neighbour), all three filled up to a multiple of 16 columns with what the last one has; `rows` two rows of the picture
/// per row of the result, `row_weights` their factors. `row_bytes` is the length of the rows read.
typedef struct {
  size_t columns, channels, row_bytes;
  const int32_t *_Nonnull places;
  const int16_t *_Nonnull left;
  const int16_t *_Nonnull right;
  const int32_t *_Nonnull rows;
  const int16_t *_Nonnull row_weights;
} weft_bilinear;

/// Columns that are resized at a time.
enum { weft_bilinear_group = 512 };

/// One row of a resize of bytes along the row. Column i is the sum of blocks[i] vectors of 16 products: bytes from
/// starts[i] on, `step` bytes further from vector to vector, by `weights` of 22 fractional bits, which are zero where a
/// vector reaches too far. `channels` is 1 to 4.
typedef struct {
  size_t columns, channels, step;
  const int32_t *_Nonnull starts;
  const int32_t *_Nonnull blocks;
  const int32_t *_Nonnull weights;
} weft_resample;

/// What a bilinear warp reads, and for a row of the result how positions follow from columns: u = column * u_step + u.
/// Beyond the picture lies `border`.
typedef struct {
  ptrdiff_t height, width, channels;
  float u, u_step, v, v_step, border;
} weft_warp_row;

/// The most channels of a picture.
enum { weft_channels = 4 };

/// How bytes become planes of numbers: plane c is x[order[c]] / divisor * scale[c] + shift[c], or without scale and
/// shift where `is_affine` is 0.
typedef struct {
  size_t channels, planes;
  float divisor;
  int is_affine;
  int order[weft_channels];
  float scale[weft_channels], shift[weft_channels];
} weft_planes;
#endif
