#ifndef WEFT_TABLE_H
#define WEFT_TABLE_H
#include <stddef.h>
#include <stdint.h>

#include "blocked.h"
#include "pixels.h"

/// A matrix operand: element (i, p) is at base[i * row + p * column].
typedef struct {
  const float *_Nonnull base;
  ptrdiff_t row, column;
} weft_matrix;

/// What a convolution reads: one group of channels of one image, and the window over it. Pads at the bottom and
/// right follow from the output size.
typedef struct {
  ptrdiff_t channels, height, width, output_height, output_width;
  ptrdiff_t kernel_height, kernel_width, stride_height, stride_width, dilation_height, dilation_width;
  ptrdiff_t pad_top, pad_left;
  int pad_mode;  // 0 zero, 1 reflect (edge not repeated), 2 replicate
} weft_window;

/// The hot loops of one instruction set. No entry allocates, starts threads or reads anything but its arguments.
typedef struct {
  const char *_Nonnull name;

  /// C (m x n, row stride ldc) = alpha A B, or += if accumulate. Each element is summed in blocks of 256 terms in
  /// ascending order, whatever m and n are, so that splitting rows or columns changes no bit. Scratch: gemm_scratch.
  void (*_Nonnull gemm)(
    size_t m, size_t n, size_t k, weft_matrix a, weft_matrix b, float *_Nonnull c, ptrdiff_t ldc, float alpha,
    int accumulate, void *_Nonnull scratch);
  /// y[rows x columns begin..<end] of one image and group = weight (rows x K) * window columns + bias, then ReLU.
  void (*_Nonnull convolve)(
    const weft_window *_Nonnull window, const float *_Nonnull x, const float *_Nonnull weight, size_t rows,
    size_t begin, size_t end, const float *_Nullable bias, int relu, float *_Nonnull y, void *_Nonnull scratch);
  /// dw[rows x taps begin..<end] (row stride K) += dy (rows x positions) * window columns transposed.
  void (*_Nonnull weight_gradient)(
    const weft_window *_Nonnull window, const float *_Nonnull x, const float *_Nonnull dy, size_t rows, size_t begin,
    size_t end, float *_Nonnull dw, void *_Nonnull scratch);
  /// dx[input channels begin..<end] of one image and group, zero padding; weight is (outputs, channels, kh, kw).
  void (*_Nonnull input_gradient)(
    const weft_window *_Nonnull window, const float *_Nonnull dy, const float *_Nonnull weight, size_t outputs,
    size_t begin, size_t end, float *_Nonnull dx, void *_Nonnull scratch);
  /// One plane of a depthwise convolution.
  void (*_Nonnull depthwise)(
    const weft_window *_Nonnull window, const float *_Nonnull x, const float *_Nonnull weight, float bias, int relu,
    size_t row_begin, size_t row_end, float *_Nonnull y);

  void (*_Nonnull unary)(int op, size_t count, const float *_Nonnull x, float *_Nonnull y, float a, float b);
  /// dx = dy * derivative, from x (the input) and y (the output); an op reads only the one it needs.
  void (*_Nonnull unary_gradient)(
    int op, size_t count, const float *_Nonnull x, const float *_Nonnull y, const float *_Nonnull dy,
    float *_Nonnull dx, float a, float b);
  /// z[i] = op(x[i * x_step], y[i * y_step]); the steps are 0 or 1, or anything for strided operands.
  void (*_Nonnull binary)(
    int op, size_t count, const float *_Nonnull x, ptrdiff_t x_step, const float *_Nonnull y, ptrdiff_t y_step,
    float *_Nonnull z);
  /// Row by row: y = softmax(x) or log softmax, rows of `length` contiguous elements.
  void (*_Nonnull softmax)(int log, size_t rows, size_t length, const float *_Nonnull x, float *_Nonnull y);
  /// y[i] = x[i] * scale + shift.
  void (*_Nonnull affine)(size_t count, const float *_Nonnull x, float scale, float shift, float *_Nonnull y);
  /// y += alpha x
  void (*_Nonnull axpy)(size_t count, float alpha, const float *_Nonnull x, float *_Nonnull y);
  /// Sums in Double over eight interleaved accumulators, whatever the instruction set: 0 sum x, 1 sum x*y, 2 sum |x|,
  /// 3 sum x*x, 4 sum (x-y)^2, 5 max |x|, 6 sum |x-y|.
  double (*_Nonnull accumulate)(int what, size_t count, const float *_Nonnull x, const float *_Nonnull y);
  /// to[r] = the sum of x * with[r] in Double, over accumulators as above.
  void (*_Nonnull dots)(
    size_t count, const float *_Nonnull x, size_t rows, const float *_Nonnull const *_Nonnull with,
    double *_Nonnull to);
  /// to += factors[r] * from[r], row after row.
  void (*_Nonnull add_scaled)(
    size_t count, size_t rows, const float *_Nonnull factors, const float *_Nonnull const *_Nonnull from,
    float *_Nonnull to);
  /// scores[r] = query * row r of 8-bit codes; stride is a multiple of 64, both are padded to it with zeros.
  void (*_Nonnull code_scores)(
    size_t rows, size_t stride, const signed char *_Nonnull codes, const float *_Nonnull query,
    float *_Nonnull scores);

  // Pictures of bytes, [H, W, C].

  /// Rows begin..<end of a bilinear resize.
  void (*_Nonnull byte_bilinear)(
    const weft_bilinear *_Nonnull settings, size_t begin, size_t end, const unsigned char *_Nonnull x,
    unsigned char *_Nonnull y);
  /// One row resized along itself; `bytes` bytes can be read from x on.
  void (*_Nonnull byte_along)(
    const weft_resample *_Nonnull row, const unsigned char *_Nonnull x, size_t bytes, unsigned char *_Nonnull y);
  /// One row of `length` bytes as the weighted sum of `count` rows, which lie behind each other; 22 fractional bits.
  void (*_Nonnull byte_across)(
    size_t length, size_t count, const unsigned char *_Nonnull x, const int32_t *_Nonnull weights,
    unsigned char *_Nonnull y);
  /// One row of a bilinear warp.
  void (*_Nonnull byte_warp)(
    const weft_warp_row *_Nonnull row, size_t columns, const unsigned char *_Nonnull x, unsigned char *_Nonnull y);
  /// `count` pixels into planes of numbers, which lie `plane` apart.
  void (*_Nonnull byte_planes)(
    const weft_planes *_Nonnull settings, size_t count, const unsigned char *_Nonnull x, float *_Nonnull y,
    size_t plane);

  // In the blocked layout [N, C/16, H, W, 16]. Weights are packed for the level that packs them.

  /// Weights [outputs][channels][3][3], outputs begin..<end (multiples of 32, or up to `outputs`), transformed for
  /// `winograd` with tiles of size². With `flip` they are [channels][outputs][3][3] turned by half a turn: the input
  /// gradient's kernel.
  void (*_Nonnull winograd_weights)(
    size_t size, size_t outputs, size_t channels, int flip, size_t begin, size_t end, const float *_Nonnull weight,
    float *_Nonnull packed);
  /// Tiles of size² outputs (4 or 6) begin..<end (over images, rows, columns), `group` at a time, of outputs first..<last
  /// (as above) of a 3 x 3 convolution of stride 1. With `turned` the weights are those packed for the convolution whose
  /// input gradient this is, channels and outputs being multiples of 32. Scratch: weft_winograd_scratch floats.
  void (*_Nonnull winograd)(
    const weft_window *_Nonnull window, size_t size, size_t outputs, const float *_Nonnull x, const float *_Nonnull packed,
    int turned, const weft_epilogue *_Nonnull epilogue, size_t group, size_t begin, size_t end, size_t first, size_t last,
    float *_Nonnull y, void *_Nonnull scratch);
  /// Weights [outputs][channels][taps], or with `flip` [channels][outputs][taps] with the taps in reverse order,
  /// packed in one of the orders `weft_pack_…`.
  void (*_Nonnull direct_weights)(
    size_t outputs, size_t channels, size_t taps, int order, int flip, size_t begin, size_t end,
    const float *_Nonnull weight, float *_Nonnull packed);
  /// A rectangle of results of one image of any convolution; they start at `at` in y and lie as `steps` says. Scratch:
  /// the rows a row of results reads, borders included, for whole strips of 12 positions.
  void (*_Nonnull direct)(
    const weft_window *_Nonnull window, size_t outputs, int planar, const float *_Nonnull x,
    const float *_Nonnull packed, const weft_epilogue *_Nonnull epilogue, const weft_steps *_Nonnull steps,
    size_t row_begin, size_t row_end,
    size_t column_begin, size_t column_end, size_t first, size_t last, ptrdiff_t at, float *_Nonnull y,
    void *_Nonnull scratch);
  /// Outputs first..<last of images begin..<end of a convolution with a border of zeros, for pictures so small that most
  /// of the window is border: that is left out. Weights packed by tap; at most `weft_image_rows` results per channel in
  /// all. Scratch: a place for every result of these images, and for the lines that a tap reads of them, in fours.
  void (*_Nonnull by_image)(
    const weft_window *_Nonnull window, size_t outputs, const float *_Nonnull x, const float *_Nonnull packed,
    const weft_epilogue *_Nonnull epilogue, size_t begin, size_t end, size_t first, size_t last, float *_Nonnull y,
    void *_Nonnull scratch);
  /// Rows begin..<end of one block, whose first channel is `channel`, of a depthwise convolution; weight [taps][16].
  void (*_Nonnull blocked_depthwise)(
    const weft_window *_Nonnull window, const float *_Nonnull x, const float *_Nonnull weight,
    const weft_epilogue *_Nonnull epilogue, size_t channel, size_t begin, size_t end, ptrdiff_t at,
    float *_Nonnull y);
  /// Rows begin..<end of one image of a convolution to 1 to 4 outputs; weight [block][taps][outputs][16].
  void (*_Nonnull narrow)(
    const weft_window *_Nonnull window, size_t outputs, const float *_Nonnull x, const float *_Nonnull weight,
    const weft_epilogue *_Nonnull epilogue, size_t begin, size_t end, ptrdiff_t at, float *_Nonnull y);
  /// Positions begin..<end of one image of [C, area], to blocks and back.
  void (*_Nonnull to_blocked)(
    size_t channels, size_t area, size_t begin, size_t end, const float *_Nonnull x, float *_Nonnull y);
  void (*_Nonnull from_blocked)(
    size_t channels, size_t area, size_t begin, size_t end, const float *_Nonnull x, float *_Nonnull y);
  /// Positions begin..<end of one image in blocks, to [area, channels].
  void (*_Nonnull channels_last)(
    size_t channels, size_t area, size_t begin, size_t end, const float *_Nonnull x, float *_Nonnull y);
  /// Rows begin..<end of results of one plane of blocks.
  void (*_Nonnull blocked_pool)(
    const weft_window *_Nonnull window, const weft_pool *_Nonnull pool, const float *_Nonnull x, size_t begin,
    size_t end, float *_Nonnull y);
  /// Which element of its window the largest is: its number in row order, 255 for none; windows have at most 255. With
  /// `positive` also 255 where the largest is not above zero.
  void (*_Nonnull blocked_pool_places)(
    const weft_window *_Nonnull window, int positive, const float *_Nonnull x, size_t begin, size_t end,
    uint8_t *_Nonnull places);
  /// What flows back through rows begin..<end of results, to the places of the largest, which means do not need; ranges
  /// may be split where windows do not overlap. Zero where the bit of a given mask is not set.
  void (*_Nonnull blocked_pool_gradient)(
    const weft_window *_Nonnull window, const weft_pool *_Nonnull pool, const uint8_t *_Nullable places,
    const float *_Nonnull dy, const uint16_t *_Nullable mask, size_t begin, size_t end, float *_Nonnull dx);
  /// A bit per element of lines begin..<end of 16: whether it is above zero.
  void (*_Nonnull blocked_signs)(size_t begin, size_t end, const float *_Nonnull x, uint16_t *_Nonnull bits);
  /// The gradient of the weights of outputs first..<last (from a multiple of 32 on; to another, or `outputs`), from all
  /// of `batch` images: of a 3 x 3 convolution of stride 1, and of any. Scratch: weft_weight_gradient_scratch floats.
  void (*_Nonnull winograd_weight_gradient)(
    const weft_window *_Nonnull window, size_t batch, size_t outputs, const float *_Nonnull x,
    const float *_Nonnull dy, size_t first, size_t last, float *_Nonnull dw, void *_Nonnull scratch);
  void (*_Nonnull direct_weight_gradient)(
    const weft_window *_Nonnull window, size_t batch, size_t outputs, const float *_Nonnull x,
    const float *_Nonnull dy, size_t first, size_t last, float *_Nonnull dw, void *_Nonnull scratch);
  /// Sums over `images` planes of one block, `step` floats apart, for 16 channels each: d, then d*d, and with dy given
  /// dy, then d*dy, where d = x - the first element.
  void (*_Nonnull blocked_moments)(
    size_t images, size_t area, size_t step, const float *_Nonnull x, const float *_Nullable dy,
    double *_Nonnull sums);
  /// y = a x + b z + c per channel of such planes, then zero below zero with `rectify`.
  void (*_Nonnull blocked_combine)(
    size_t images, size_t area, size_t step, const float *_Nonnull x, const float *_Nullable z,
    const float *_Nonnull a, const float *_Nonnull b, const float *_Nonnull c, int rectify, float *_Nonnull y);
  /// Pairs of blocks begin..<end of the Gram matrix [C, C] of one image, counted (0,0), (0,1), (1,1), (0,2) ...
  /// Scratch: 256 doubles per pair.
  void (*_Nonnull blocked_gram)(
    size_t channels, size_t area, const float *_Nonnull x, float scale, size_t begin, size_t end, float *_Nonnull g,
    double *_Nonnull scratch);
} weft_kernel_table;

enum { weft_level_plain = 0, weft_level_avx2 = 1, weft_level_avx512 = 2, weft_level_count = 3 };

/// Bytes of scratch that gemm, convolve, weight_gradient and input_gradient need, for every level.
enum { weft_gemm_scratch = (132 * 256 + 256 * 512 + 512 + 132 * 512 + 64) * 4 };

/// The table of this thread: what was forced, else what was selected, else the best the processor supports.
const weft_kernel_table *_Nonnull weft_kernels(void);
/// Whether this processor can run a level.
int weft_kernels_supported(int level);
/// Forces a level for this thread (tests); -1 takes it back.
void weft_kernels_force(int level);
/// Selects a level for the whole process; -1 takes it back.
void weft_kernels_select(int level);
#endif
