// All loops of one level, compiled by a level_*.c file that has defined LEVEL, LANES, FUSED and LEVEL_NAME.
#include "libraries.h"
#include "lanes.h"
#include "functions.h"
#include "gemm.h"
#include "convolution.h"
#include "depthwise.h"
#include "unary.h"
#include "binary.h"
#include "rows.h"
#include "slab.h"
#include "codes.h"

#define LEVEL_TABLE                                                                                                \
  {.name = LEVEL_NAME, .gemm = LEVEL(gemm), .convolve = LEVEL(convolve),                                           \
   .weight_gradient = LEVEL(weight_gradient), .input_gradient = LEVEL(input_gradient),                             \
   .depthwise = LEVEL(depthwise), .unary = LEVEL(unary), .unary_gradient = LEVEL(unary_gradient),                  \
   .binary = LEVEL(binary), .softmax = LEVEL(softmax), .affine = LEVEL(affine), .axpy = LEVEL(axpy),               \
   .accumulate = LEVEL(accumulate), .adam = LEVEL(adam), .code_scores = LEVEL(code_scores)}
