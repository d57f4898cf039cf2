#ifndef WEFT_OPERATIONS_H
#define WEFT_OPERATIONS_H

/// Element-wise functions of one argument; a and b are their parameters.
enum {
  weft_relu, weft_leaky_relu, weft_elu, weft_sigmoid, weft_tanh, weft_exp, weft_log, weft_sqrt, weft_abs, weft_neg,
  weft_square, weft_reciprocal, weft_clip, weft_softplus, weft_sign, weft_floor, weft_ceil, weft_round, weft_erf,
  weft_gelu, weft_gelu_tanh, weft_hard_sigmoid, weft_hard_swish, weft_silu, weft_unary_count
};

/// Element-wise functions of two arguments; comparisons give 1 or 0.
enum {
  weft_add, weft_sub, weft_mul, weft_div, weft_pow, weft_min, weft_max, weft_equal, weft_less, weft_less_equal,
  weft_greater, weft_greater_equal, weft_not_equal, weft_binary_count
};
#endif
