// The transforms of F(4 x 4, 3 x 3) along one axis. The points are 0, ±1/√2, ±√2 and infinity; being each other's
// inverses they keep the transforms' entries near one, which costs less precision than 0, ±1, ±2.
#define ROOT 1.41421356237f
#define HALF_ROOT 0.70710678118f

/// One row or column of the input transform.
INLINE void LEVEL(forward6)(const lanes d[6], lanes t[6]) {
  lanes low = d[4] - 2 * d[2], odd = HALF_ROOT * d[3] - ROOT * d[1];
  lanes high = d[4] - 0.5f * d[2], even = ROOT * d[3] - HALF_ROOT * d[1];
  t[0] = d[0] + d[4] - 2.5f * d[2];
  t[1] = low + odd;
  t[2] = low - odd;
  t[3] = high + even;
  t[4] = high - even;
  t[5] = d[1] + d[5] - 2.5f * d[3];
}

/// One row or column of the output transform.
INLINE void LEVEL(backward6)(const lanes m[6], lanes t[4]) {
  lanes p = m[1] + m[2], q = m[1] - m[2], r = m[3] + m[4], s = m[3] - m[4];
  t[0] = m[0] + r - 2 * p;
  t[1] = ROOT * (s - q);
  t[2] = 2 * r - p;
  t[3] = 2 * ROOT * s - HALF_ROOT * q + m[5];
}
#undef ROOT
#undef HALF_ROOT

/// One row or column of the kernel transform, for LANES kernels in Double. It is scaled so that a kernel turned around
/// gives the same numbers in another order, `turned6`.
INLINE void LEVEL(kernel6)(double g[3][LANES], double t[6][LANES]) {
  const double root = 1.4142135623730951;
  for (int l = 0; l < LANES; l++) {
    double near = 1.0 / 3 * g[0][l] + 1.0 / 6 * g[2][l], odd = root / 6 * g[1][l];
    double far = 1.0 / 6 * g[0][l] + 1.0 / 3 * g[2][l], even = root / 6 * g[1][l];
    t[0][l] = g[0][l];
    t[1][l] = near + odd;
    t[2][l] = near - odd;
    t[3][l] = far + even;
    t[4][l] = far - even;
    t[5][l] = g[2][l];
  }
}

/// Where the numbers of a kernel turned around stand in the transform of the kernel: inverse points change places.
static const unsigned char LEVEL(turned6)[6] = {5, 3, 4, 1, 2, 0};
