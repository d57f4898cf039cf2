// All loops of one level, compiled by a level_*.c file that has defined LEVEL, LANES, FUSED and LEVEL_NAME.
#include "libraries.h"
#include "lanes.h"
#include "functions.h"
#include "gemm.h"
#include "convolution.h"
#include "window.h"
#include "depthwise.h"
#include "panel.h"
#include "winograd4.h"
#include "winograd6.h"
#include "winograd.h"
#include "direct.h"
#include "images.h"
#include "blocked.h"
#include "blocked_depthwise.h"
#include "weights.h"
#include "normalise.h"
#include "narrow.h"
#include "unary.h"
#include "binary.h"
#include "rows.h"
#include "slab.h"
#include "codes.h"
#include "pixels.h"
#include "bilinear.h"
#include "warp.h"

#define LEVEL_TABLE                                                                                                \
  {.name = LEVEL_NAME, .gemm = LEVEL(gemm), .convolve = LEVEL(convolve),                                           \
   .weight_gradient = LEVEL(weight_gradient), .input_gradient = LEVEL(input_gradient),                             \
   .depthwise = LEVEL(depthwise), .unary = LEVEL(unary), .unary_gradient = LEVEL(unary_gradient),                  \
   .binary = LEVEL(binary), .softmax = LEVEL(softmax), .affine = LEVEL(affine), .axpy = LEVEL(axpy),               \
   .accumulate = LEVEL(accumulate), .dots = LEVEL(dots), .add_scaled = LEVEL(add_scaled),                           \
   .winograd_weights = LEVEL(winograd_weights),                                                                     \
   .winograd = LEVEL(winograd), .direct_weights = LEVEL(direct_weights), .direct = LEVEL(direct), .by_image = LEVEL(by_image),                  \
   .blocked_depthwise = LEVEL(blocked_depthwise), .to_blocked = LEVEL(to_blocked),                                 \
   .from_blocked = LEVEL(from_blocked), .channels_last = LEVEL(channels_last),                               \
   .blocked_pool = LEVEL(blocked_pool),                                       \
   .blocked_pool_places = LEVEL(blocked_pool_places), .blocked_signs = LEVEL(blocked_signs),                         \
   .blocked_pool_gradient = LEVEL(blocked_pool_gradient), .blocked_gram = LEVEL(blocked_gram),                  \
   .winograd_weight_gradient = LEVEL(winograd_weight_gradient),                                                    \
   .direct_weight_gradient = LEVEL(direct_weight_gradient), .blocked_moments = LEVEL(blocked_moments),             \
   .blocked_combine = LEVEL(blocked_combine), .narrow = LEVEL(narrow), .code_scores = LEVEL(code_scores),          \
   .byte_bilinear = LEVEL(byte_bilinear), .byte_along = LEVEL(byte_along), .byte_across = LEVEL(byte_across),      \
   .byte_warp = LEVEL(byte_warp), .byte_planes = LEVEL(byte_planes)}
