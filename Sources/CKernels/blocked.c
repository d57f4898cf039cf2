#include "blocked.h"

size_t weft_packed_count(size_t outputs, size_t channels, size_t taps) {
  return (outputs + weft_block - 1) / weft_block * weft_block * channels * taps;
}

size_t weft_winograd_scratch(size_t size, size_t channels, size_t outputs, size_t tiles) {
  size_t rows = (tiles + 11) / 12 * 12;
  size_t inputs = (channels + weft_block - 1) / weft_block, results = (outputs + weft_block - 1) / weft_block;
  // A panel of turned weights, at the level of the widest vectors.
  enum { widest_panel = 32 };
  // One odd cache line between frequencies keeps the streams out of each other's cache sets.
  return (size + 2) * (size + 2) * weft_block * ((inputs * rows + 1) + (results * rows + 1)) + channels * widest_panel;
}

size_t weft_direct_group(size_t columns) {
  size_t rows = columns < 48 ? 48 / (columns > 0 ? columns : 1) : 1;
  return rows < weft_direct_rows ? rows : weft_direct_rows;
}

size_t weft_gradient_group(size_t channels) { return channels <= 64 ? 48 : weft_gradient_positions; }

size_t weft_weight_gradient_scratch(size_t channels, size_t outputs, size_t taps, int winograd) {
  size_t inputs = (channels + weft_block - 1) / weft_block, results = (outputs + weft_block - 1) / weft_block;
  size_t lines = (inputs + results) * weft_gradient_group(channels) + 2;
  size_t sums = inputs * results * weft_block + 1, products = winograd ? 36 : taps;
  return weft_block * ((winograd ? 36 : 1) * lines + products * sums);
}
