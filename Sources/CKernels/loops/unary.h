// Element-wise functions. Each case is a loop of its own, so that the choice is made once and the loop vectorises.

#define EACH(expression)                                                                                            \
  INDEPENDENT                                                                                                       \
  for (size_t i = 0; i < count; i++) {                                                                              \
    float v = x[i];                                                                                                 \
    y[i] = (expression);                                                                                            \
  }                                                                                                                 \
  break

/// Round half to even by the processor's own mode, without a library call per element.
INLINE float LEVEL(half_even)(float v) {
  float magic = copysignf(8388608.0f, v), rounded = (v + magic) - magic;
  return fabsf(v) < 8388608.0f ? copysignf(rounded, v) : v;
}

INLINE float LEVEL(floored)(float v) {
  float r = LEVEL(half_even)(v);
  return r > v ? r - 1.0f : r;
}

INLINE float LEVEL(hyperbolic_gate)(float v) {
  return LEVEL(hyperbolic_tangent)(0.797884561f * MULTIPLY_ADD(0.044715f * v * v, v, v));
}

static void LEVEL(unary)(int op, size_t count, const float *x, float *y, float a, float b) {
  switch (op) {
    case weft_relu: EACH(v < 0 ? 0 : v);
    case weft_leaky_relu: EACH(v < 0 ? a * v : v);
    // e^v - 1 near zero through the hyperbolic tangent: 2t / (1 - t), t = tanh(v / 2), which cancels nothing.
    case weft_elu: {
      INDEPENDENT
      for (size_t i = 0; i < count; i++) {
        float v = x[i], t = LEVEL(hyperbolic_tangent)(0.5f * v);
        float small = 2.0f * t / (1.0f - t), large = LEVEL(exponential)(v) - 1.0f;
        float negative = a * (v > -0.5f ? small : large);
        y[i] = v < 0 ? negative : v;
      }
      break;
    }
    case weft_sigmoid: EACH(LEVEL(logistic)(v));
    case weft_tanh: EACH(LEVEL(hyperbolic_tangent)(v));
    case weft_exp: EACH(LEVEL(exponential)(v));
    case weft_log: EACH(LEVEL(logarithm)(v));
    case weft_sqrt: EACH(__builtin_sqrtf(v));
    case weft_abs: EACH(fabsf(v));
    case weft_neg: EACH(-v);
    case weft_square: EACH(v * v);
    case weft_reciprocal: EACH(1.0f / v);
    case weft_clip: EACH(v < a ? a : (v > b ? b : v));
    case weft_softplus: EACH(LEVEL(softplus)(v));
    case weft_sign: EACH(v > 0 ? 1.0f : (v < 0 ? -1.0f : v));
    case weft_floor: EACH(LEVEL(floored)(v));
    case weft_ceil: EACH(-LEVEL(floored)(-v));
    case weft_round: EACH(LEVEL(half_even)(v));
    case weft_erf: EACH(LEVEL(error_function)(v));
    case weft_gelu: EACH(0.5f * v * (1.0f + LEVEL(error_function)(v * 0.707106769f)));
    case weft_gelu_tanh: EACH(0.5f * v * (1.0f + LEVEL(hyperbolic_gate)(v)));
    case weft_hard_sigmoid: EACH(fminf(fmaxf(MULTIPLY_ADD(a, v, b), 0.0f), 1.0f));
    case weft_hard_swish: EACH(v * fminf(fmaxf(MULTIPLY_ADD(v, 0.16666667f, 0.5f), 0.0f), 1.0f));
    case weft_silu: EACH(v * LEVEL(logistic)(v));
    default: break;
  }
}
#undef EACH

#define SLOPE(reads, expression)                                                                                    \
  INDEPENDENT                                                                                                       \
  for (size_t i = 0; i < count; i++) {                                                                              \
    float v = reads[i];                                                                                             \
    dx[i] = dy[i] * (expression);                                                                                   \
  }                                                                                                                 \
  break

static void LEVEL(unary_gradient)(
  int op, size_t count, const float *x, const float *y, const float *dy, float *dx, float a, float b) {
  switch (op) {
    case weft_relu: SLOPE(y, v > 0 ? 1.0f : 0.0f);
    case weft_leaky_relu: SLOPE(x, v > 0 ? 1.0f : a);
    case weft_elu: SLOPE(x, v > 0 ? 1.0f : a * LEVEL(exponential)(v));
    case weft_sigmoid: SLOPE(y, v * (1.0f - v));
    case weft_tanh: SLOPE(y, 1.0f - v * v);
    case weft_exp: SLOPE(y, v);
    case weft_log: SLOPE(x, 1.0f / v);
    case weft_sqrt: SLOPE(y, 0.5f / v);
    case weft_abs: SLOPE(x, v > 0 ? 1.0f : (v < 0 ? -1.0f : 0.0f));
    case weft_neg: {
      INDEPENDENT
      for (size_t i = 0; i < count; i++) dx[i] = -dy[i];
      break;
    }
    case weft_square: SLOPE(x, 2.0f * v);
    case weft_reciprocal: SLOPE(y, -v * v);
    case weft_clip: SLOPE(x, v >= a && v <= b ? 1.0f : 0.0f);
    case weft_softplus: SLOPE(x, LEVEL(logistic)(v));
    case weft_sign:
    case weft_floor:
    case weft_ceil:
    case weft_round: memset(dx, 0, count * sizeof(float)); break;
    case weft_erf: SLOPE(x, 1.12837917f * LEVEL(exponential)(-v * v));
    case weft_gelu:
      SLOPE(
        x, 0.5f * (1.0f + LEVEL(error_function)(v * 0.707106769f))
          + 0.398942280f * v * LEVEL(exponential)(-0.5f * v * v));
    case weft_gelu_tanh: {
      INDEPENDENT
      for (size_t i = 0; i < count; i++) {
        float v = x[i], t = LEVEL(hyperbolic_gate)(v);
        float slope = 0.797884561f * (1.0f + 3.0f * 0.044715f * v * v);
        dx[i] = dy[i] * (0.5f * (1.0f + t) + 0.5f * v * (1.0f - t * t) * slope);
      }
      break;
    }
    case weft_hard_sigmoid: SLOPE(y, v > 0 && v < 1 ? a : 0.0f);
    case weft_hard_swish: SLOPE(x, v <= -3.0f ? 0.0f : (v >= 3.0f ? 1.0f : v * 0.33333334f + 0.5f));
    case weft_silu: {
      INDEPENDENT
      for (size_t i = 0; i < count; i++) {
        float s = LEVEL(logistic)(x[i]);
        dx[i] = dy[i] * s * (1.0f + x[i] * (1.0f - s));
      }
      break;
    }
    default: break;
  }
}
#undef SLOPE
