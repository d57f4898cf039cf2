// Functions of two arguments, with one loop for each step pattern that occurs often.

#define LOOP(u, v, expression)                                                                                      \
  INDEPENDENT                                                                                                       \
  for (size_t i = 0; i < count; i++) {                                                                              \
    float p = (u), q = (v);                                                                                         \
    z[i] = (expression);                                                                                            \
  }

#define STEPS(expression)                                                                                           \
  if (x_step == 1 && y_step == 1) {                                                                                 \
    LOOP(x[i], y[i], expression)                                                                                    \
  } else if (x_step == 1 && y_step == 0) {                                                                          \
    float second = *y;                                                                                              \
    LOOP(x[i], second, expression)                                                                                  \
  } else if (x_step == 0 && y_step == 1) {                                                                          \
    float first = *x;                                                                                               \
    LOOP(first, y[i], expression)                                                                                   \
  } else {                                                                                                          \
    LOOP(x[(ptrdiff_t)i * x_step], y[(ptrdiff_t)i * y_step], expression)                                            \
  }                                                                                                                 \
  break

static void LEVEL(binary)(
  int op, size_t count, const float *x, ptrdiff_t x_step, const float *y, ptrdiff_t y_step, float *z) {
  switch (op) {
    case weft_add: STEPS(p + q);
    case weft_sub: STEPS(p - q);
    case weft_mul: STEPS(p * q);
    case weft_div: STEPS(p / q);
    case weft_pow: STEPS(powf(p, q));
    // A NaN on either side comes through.
    case weft_min: STEPS(p != p ? p : (q < p || q != q ? q : p));
    case weft_max: STEPS(p != p ? p : (q > p || q != q ? q : p));
    case weft_equal: STEPS(p == q ? 1.0f : 0.0f);
    case weft_less: STEPS(p < q ? 1.0f : 0.0f);
    case weft_less_equal: STEPS(p <= q ? 1.0f : 0.0f);
    case weft_greater: STEPS(p > q ? 1.0f : 0.0f);
    case weft_greater_equal: STEPS(p >= q ? 1.0f : 0.0f);
    case weft_not_equal: STEPS(p != q ? 1.0f : 0.0f);
    default: break;
  }
}
#undef STEPS
#undef LOOP
