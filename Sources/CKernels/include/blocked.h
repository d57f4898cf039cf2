#ifndef WEFT_BLOCKED_H
#define WEFT_BLOCKED_H
#include <stddef.h>
#include <stdint.h>

/// Channels of one block of the blocked layout [N, C/16, H, W, 16].
enum { weft_block = 16 };

/// What is done to a convolution's sums before they are stored, in the order of the members. `bias` and `slope` hold
/// a number per channel, filled up to whole blocks; `residual` lies like the result, `mask` has a bit for
/// each of it: one word per line of 16 channels, the first channel lowest.
typedef struct {
  const float *_Nullable bias;
  const float *_Nullable residual;
  int activation;  // weft_keep, weft_rectify, weft_lean (slope per channel below zero), weft_bound (low to high)
  const float *_Nullable slope;
  const uint16_t *_Nullable mask;  // the result is zero where its bit is not set
  float low, high;
  int streams;  // whether the result, which lies at multiples of 64 bytes, is too large to be read from the cache
  /// Written as well by `direct` and `winograd`: a bit for each of the result, whether it is above zero, as in `mask`.
  uint16_t *_Nullable signs;
  /// For `winograd`: stored are only the largest (the first of equals; a NaN wins) of whole windows of 2 x 2, in a result
  /// half as high and wide; `residual` and `mask` lie as without.
  int halves;
  /// The number of the largest within its window, in row order; with `positive` 255 where it is not above zero.
  uint8_t *_Nullable places;
  int positive;
} weft_epilogue;

enum { weft_keep = 0, weft_rectify = 1, weft_lean = 2, weft_bound = 3 };

/// How far apart results of one channel block lie in floats, from row to row and column to column, and blocks.
typedef struct {
  ptrdiff_t row, column, block;
} weft_steps;

/// What a pool does with its windows, which a `weft_window` gives.
typedef struct {
  int is_mean;  // else the largest
  /// For means: whether padding counts in the divisor, as far as the pads go below and to the right.
  int counts_padding;
  ptrdiff_t pad_bottom, pad_right;
} weft_pool;

/// Floats of packed weights for `channels` inputs, `outputs` outputs and `taps` places of a window.
size_t weft_packed_count(size_t outputs, size_t channels, size_t taps);

/// The widest tiles of results of `winograd`: 4 or this.
enum { weft_widest_tile = 6 };

/// Floats of scratch of one call of `winograd` that takes `tiles` tiles of size² results at a time, with `outputs`
/// outputs.
size_t weft_winograd_scratch(size_t size, size_t channels, size_t outputs, size_t tiles);

/// Positions or tiles that weight gradients take at a time, for `channels` input channels, and the most they take: more
/// where transformed data would leave the second-level cache anyway.
enum { weft_gradient_positions = 128 };
size_t weft_gradient_group(size_t channels);

/// Floats of scratch of the gradients of the weights of `outputs` outputs.
size_t weft_weight_gradient_scratch(size_t channels, size_t outputs, size_t taps, int winograd);

/// Orders of weights packed for convolutions that are not Winograd's: channels in blocks, then the taps of each block;
/// single channels for pictures [C, H, W]; or taps, then the channels of each.
enum { weft_pack_blocks = 0, weft_pack_planar = 1, weft_pack_taps = 2 };

/// The most results of a channel that `by_image` makes at a time.
enum { weft_image_rows = 96 };

/// The most rows of results that `direct` makes at a time, and how many it makes of `columns` columns: enough
/// positions to pay for bringing the weights to the cache.
enum { weft_direct_rows = 8 };
size_t weft_direct_group(size_t columns);
#endif
