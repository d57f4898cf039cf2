// Elementary functions in branch-free scalar form: the compiler's vectoriser turns loops over them into vector code,
// and the remainder of a loop gives the same bits as its vector part. Coefficients: Tools/reference/fit_polynomials.py.

INLINE uint32_t LEVEL(bits)(float x) {
  uint32_t u;
  memcpy(&u, &x, 4);
  return u;
}

INLINE float LEVEL(from_bits)(uint32_t u) {
  float x;
  memcpy(&x, &u, 4);
  return x;
}

/// e^x within 1 ulp; overflows to infinity, underflows through the subnormals to zero, keeps NaN.
INLINE float LEVEL(exponential)(float x) {
  float c = x > 89.0f ? 89.0f : x;
  c = c < -105.0f ? -105.0f : c;
  // Adding 1.5 * 2^23 rounds to an integer and leaves it in the low bits.
  float shifted = MULTIPLY_ADD(c, 1.44269504f, 12582912.0f);
  int32_t n = (int32_t)(LEVEL(bits)(shifted) - 0x4B400000u);
  float whole = shifted - 12582912.0f;
  float r = MULTIPLY_ADD(whole, -0.693359375f, c);
  r = MULTIPLY_ADD(whole, 2.12194440e-4f, r);
  float p = 0.000199186485f;
  p = MULTIPLY_ADD(p, r, 0.00139484461f);
  p = MULTIPLY_ADD(p, r, 0.00833326392f);
  p = MULTIPLY_ADD(p, r, 0.0416662358f);
  p = MULTIPLY_ADD(p, r, 0.166666672f);
  p = MULTIPLY_ADD(p, r, 0.5f);
  float y = MULTIPLY_ADD(p, r * r, r) + 1.0f;
  // Two factors, so that neither leaves the range of exponents.
  int32_t half = n >> 1;
  y *= LEVEL(from_bits)((uint32_t)(half + 127) << 23);
  y *= LEVEL(from_bits)((uint32_t)(n - half + 127) << 23);
  return x != x ? x : y;
}

/// Natural logarithm within 1 ulp; -infinity at 0, NaN below.
INLINE float LEVEL(logarithm)(float x) {
  int tiny = x < 1.17549435e-38f;
  float scaled = tiny ? x * 8388608.0f : x;
  uint32_t u = LEVEL(bits)(scaled);
  // The exponent that leaves the mantissa in [sqrt(1/2), sqrt(2)).
  int32_t e = (int32_t)(u - 0x3F3504F3u) >> 23;
  float f = LEVEL(from_bits)(u - ((uint32_t)e << 23)) - 1.0f;
  float n = (float)(tiny ? e - 23 : e);
  float p = -0.0597654097f;
  p = MULTIPLY_ADD(p, f, 0.106318824f);
  p = MULTIPLY_ADD(p, f, -0.108196594f);
  p = MULTIPLY_ADD(p, f, 0.110362381f);
  p = MULTIPLY_ADD(p, f, -0.124243885f);
  p = MULTIPLY_ADD(p, f, 0.142851159f);
  p = MULTIPLY_ADD(p, f, -0.16669406f);
  p = MULTIPLY_ADD(p, f, 0.200000912f);
  p = MULTIPLY_ADD(p, f, -0.249999672f);
  p = MULTIPLY_ADD(p, f, 0.333333313f);
  float square = f * f;
  float tail = MULTIPLY_ADD(p, square * f, n * -2.12194440e-4f);
  tail = MULTIPLY_ADD(square, -0.5f, tail);
  float y = (f + tail) + n * 0.693359375f;
  y = x == 0 ? -__builtin_inff() : y;
  y = x < 0 ? __builtin_nanf("") : y;
  return x == __builtin_inff() || x != x ? x : y;
}

/// Hyperbolic tangent within 2 ulp.
INLINE float LEVEL(hyperbolic_tangent)(float x) {
  float a = fabsf(x), s = x * x;
  float p = 0.00214752764f;
  p = MULTIPLY_ADD(p, s, -0.00818266254f);
  p = MULTIPLY_ADD(p, s, 0.021702962f);
  p = MULTIPLY_ADD(p, s, -0.0539472029f);
  p = MULTIPLY_ADD(p, s, 0.133332103f);
  p = MULTIPLY_ADD(p, s, -0.333333313f);
  float small = MULTIPLY_ADD(p * s, a, a);
  float large = 1.0f - 2.0f / (LEVEL(exponential)(2.0f * a) + 1.0f);
  return copysignf(a < 0.625f ? small : large, x);
}

/// 1 / (1 + e^-x) within 3 ulp; the exponential's argument is never positive, so nothing overflows.
INLINE float LEVEL(logistic)(float x) {
  float e = LEVEL(exponential)(-fabsf(x));
  return (x < 0 ? e : 1.0f) / (1.0f + e);
}

/// Error function within 3 ulp.
INLINE float LEVEL(error_function)(float x) {
  float a = fabsf(x), s = x * x;
  float p = -9.68012591e-06f;
  p = MULTIPLY_ADD(p, s, 0.000112705413f);
  p = MULTIPLY_ADD(p, s, -0.000848471071f);
  p = MULTIPLY_ADD(p, s, 0.00522107491f);
  p = MULTIPLY_ADD(p, s, -0.0268654451f);
  p = MULTIPLY_ADD(p, s, 0.112837829f);
  p = MULTIPLY_ADD(p, s, -0.376126379f);
  p = MULTIPLY_ADD(p, s, 0.128379166f);
  float small = MULTIPLY_ADD(p, x, x);
  float t = a > 4.0f ? 4.0f : a;
  float q = -2.51738186e-07f;
  q = MULTIPLY_ADD(q, t, 2.53204053e-05f);
  q = MULTIPLY_ADD(q, t, -0.000463820674f);
  q = MULTIPLY_ADD(q, t, 0.00428248942f);
  q = MULTIPLY_ADD(q, t, -0.0253737699f);
  q = MULTIPLY_ADD(q, t, 0.10863927f);
  q = MULTIPLY_ADD(q, t, 0.633039415f);
  q = MULTIPLY_ADD(q, t, 1.1296612f);
  q = MULTIPLY_ADD(q, t, -0.000204377182f);
  float large = 1.0f - LEVEL(exponential)(-q);
  large = x < 0 ? -large : large;
  return a <= 1.0f ? small : (x != x ? x : large);
}

/// log(1 + e^x) without overflow: max(x, 0) + log1p(e^-|x|); the correction term makes log1p exact for small terms.
INLINE float LEVEL(softplus)(float x) {
  float e = LEVEL(exponential)(-fabsf(x)), u = 1.0f + e;
  float rest = u - 1.0f;
  float l = LEVEL(logarithm)(u) + (e - rest) / u;
  return (x > 0 ? x : (x != x ? x : 0.0f)) + l;
}
