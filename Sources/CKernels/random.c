#include "random.h"

// Without contraction the same bits come out on every processor.
#pragma STDC FP_CONTRACT OFF

void weft_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t a = counter[0], b = counter[1], c = counter[2], d = counter[3], k0 = key[0], k1 = key[1];
  for (int round = 0; round < 10; round++) {
    uint64_t p = (uint64_t)0xD2511F53u * a, q = (uint64_t)0xCD9E8D57u * c;
    uint32_t na = (uint32_t)(q >> 32) ^ b ^ k0, nc = (uint32_t)(p >> 32) ^ d ^ k1;
    b = (uint32_t)q;
    d = (uint32_t)p;
    a = na;
    c = nc;
    k0 += 0x9E3779B9u;
    k1 += 0xBB67AE85u;
  }
  out[0] = a;
  out[1] = b;
  out[2] = c;
  out[3] = d;
}

static void block(uint64_t key, uint64_t low, uint64_t high, uint64_t index, uint32_t out[4]) {
  uint64_t sum = low + index;
  high += sum < low;
  const uint32_t counter[4] = {(uint32_t)sum, (uint32_t)(sum >> 32), (uint32_t)high, (uint32_t)(high >> 32)};
  const uint32_t keys[2] = {(uint32_t)key, (uint32_t)(key >> 32)};
  weft_philox(counter, keys, out);
}

void weft_random_words(uint64_t key, uint64_t low, uint64_t high, uint64_t first, size_t count, uint32_t *out) {
  uint32_t words[4];
  for (size_t i = 0; i < count; i++) {
    uint64_t element = first + i;
    if (i == 0 || element % 4 == 0) block(key, low, high, element / 4, words);
    out[i] = words[element % 4];
  }
}

void weft_random_uniform(uint64_t key, uint64_t low, uint64_t high, uint64_t first, size_t count, float *out) {
  uint32_t words[4];
  for (size_t i = 0; i < count; i++) {
    uint64_t element = first + i;
    if (i == 0 || element % 4 == 0) block(key, low, high, element / 4, words);
    out[i] = (float)(words[element % 4] >> 8) * 0x1p-24f;
  }
}

/// Natural logarithm of x in (0, 1]: x = m 2^e with m in [sqrt(1/2), sqrt(2)), then 2 atanh((m - 1) / (m + 1)) by
/// its series, whose remainder is below 1e-15 there.
static double logarithm(double x) {
  int exponent = 0;
  while (x < 0.70710678118654752) {
    x *= 2;
    exponent -= 1;
  }
  double z = (x - 1) / (x + 1), s = z * z, sum = 0;
  for (int i = 19; i >= 1; i -= 2) sum = sum * s + 1.0 / i;
  return 2 * z * sum + exponent * 0.69314718055994531;
}

/// The hardware square root is correctly rounded everywhere.
static double root(double x) { return __builtin_sqrt(x); }

/// Cosine and sine of a full turn times u, u in [0, 1): reduced exactly to an eighth of a turn, then Taylor series.
static void turn(double u, double *cosine, double *sine) {
  int quarter = (int)(u * 4 + 0.5);
  double x = (u - quarter * 0.25) * 6.2831853071795865, s = x * x;
  double c = 1 + s * (-1.0 / 2 + s * (1.0 / 24 + s * (-1.0 / 720 + s * (1.0 / 40320 + s * (-1.0 / 3628800)))));
  double d = x * (1 + s * (-1.0 / 6 + s * (1.0 / 120 + s * (-1.0 / 5040 + s * (1.0 / 362880)))));
  switch (quarter & 3) {
    case 0: *cosine = c, *sine = d; break;
    case 1: *cosine = -d, *sine = c; break;
    case 2: *cosine = -c, *sine = -d; break;
    default: *cosine = d, *sine = -c; break;
  }
}

void weft_random_normal(uint64_t key, uint64_t low, uint64_t high, uint64_t first, size_t count, float *out) {
  uint32_t words[4];
  double pair[2];
  for (size_t i = 0; i < count; i++) {
    uint64_t element = first + i;
    if (i == 0 || element % 4 == 0) block(key, low, high, element / 4, words);
    if (i == 0 || element % 2 == 0) {
      const uint32_t *w = words + (element % 4 & ~1u);
      double radius = root(-2 * logarithm(((double)w[0] + 1) * 0x1p-32));
      turn((double)w[1] * 0x1p-32, &pair[0], &pair[1]);
      pair[0] *= radius;
      pair[1] *= radius;
    }
    out[i] = (float)pair[element % 2];
  }
}
