// The transforms of F(6 x 6, 3 x 3) along one axis. The points are 0, ±1, ±2, ±1/2 and infinity: of the sets of three
// pairs that were tried, the one that loses least precision, about four times what F(4 x 4, 3 x 3) loses.

/// One row or column of the input transform.
INLINE void LEVEL(forward8)(const lanes d[8], lanes t[8]) {
  lanes one = d[2] + d[6] - 4.25f * d[4], odd_one = d[1] + d[5] - 4.25f * d[3];
  lanes two = d[6] + 0.25f * d[2] - 1.25f * d[4], odd_two = 0.5f * d[1] - 2.5f * d[3] + 2 * d[5];
  lanes half = d[6] + 4 * d[2] - 5 * d[4], odd_half = 2 * d[1] - 2.5f * d[3] + 0.5f * d[5];
  t[0] = d[0] - d[6] + 5.25f * (d[4] - d[2]);
  t[1] = one + odd_one;
  t[2] = one - odd_one;
  t[3] = two + odd_two;
  t[4] = two - odd_two;
  t[5] = half + odd_half;
  t[6] = half - odd_half;
  t[7] = d[7] - d[1] + 5.25f * (d[3] - d[5]);
}

/// One row or column of the output transform.
INLINE void LEVEL(backward8)(const lanes m[8], lanes t[6]) {
  lanes one = m[1] + m[2], odd_one = m[1] - m[2], two = m[3] + m[4], odd_two = m[3] - m[4];
  lanes half = m[5] + m[6], odd_half = m[5] - m[6];
  t[0] = m[0] + one + 0.25f * two + 4 * half;
  t[1] = odd_one + 0.5f * odd_two + 2 * odd_half;
  t[2] = one + two + half;
  t[3] = odd_one + 2 * odd_two + 0.5f * odd_half;
  t[4] = one + 4 * two + 0.25f * half;
  t[5] = odd_one + 8 * odd_two + 0.125f * odd_half + m[7];
}

/// One row or column of the kernel transform, for LANES kernels in Double. It is scaled so that a kernel turned around
/// gives the same numbers in another order, `turned8`.
INLINE void LEVEL(kernel8)(double g[3][LANES], double t[8][LANES]) {
  for (int l = 0; l < LANES; l++) {
    double one = -2.0 / 9 * (g[0][l] + g[2][l]), odd_one = -2.0 / 9 * g[1][l];
    double two = 2.0 / 45 * g[0][l] + 8.0 / 45 * g[2][l], odd_two = 4.0 / 45 * g[1][l];
    double half = 8.0 / 45 * g[0][l] + 2.0 / 45 * g[2][l], odd_half = 4.0 / 45 * g[1][l];
    t[0][l] = g[0][l];
    t[1][l] = one + odd_one;
    t[2][l] = one - odd_one;
    t[3][l] = two + odd_two;
    t[4][l] = two - odd_two;
    t[5][l] = half + odd_half;
    t[6][l] = half - odd_half;
    t[7][l] = g[2][l];
  }
}

/// Where the numbers of a kernel turned around stand in the transform of the kernel: inverse points change places.
static const unsigned char LEVEL(turned8)[8] = {7, 1, 2, 5, 6, 3, 4, 0};
