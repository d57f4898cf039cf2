// The vector type of this level. Plain loops are left to the compiler's own vectoriser; the type is for the places
// where registers must be arranged by hand.
typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
/// What a comparison of two `lanes` gives: all bits or none.
typedef int32_t flags __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

/// Before a loop whose rounds do not depend on each other: a result may be the memory of an operand, element by element,
/// which the compiler's own check would take for an overlap, and choose its scalar loop.
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")

INLINE lanes load(const float *p) { return *(const lanes *)p; }
INLINE void store(float *p, lanes v) { *(lanes *)p = v; }

/// Changes rows and columns of LANES vectors: halves, quarters and so on change places across the diagonal.
#define EXCHANGE(step, low, high)                                                                                  \
  _Pragma("clang loop unroll(full)") for (int r = 0; r < LANES; r++) {                                             \
    if (r & step) continue;                                                                                        \
    lanes a = rows[r], b = rows[r + step];                                                                         \
    rows[r] = __builtin_shufflevector(a, b, low);                                                                  \
    rows[r + step] = __builtin_shufflevector(a, b, high);                                                          \
  }
#define LIST(...) __VA_ARGS__
INLINE void transpose(lanes rows[LANES]) {
#if LANES == 16
  EXCHANGE(8, LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23),
    LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31))
  EXCHANGE(4, LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27),
    LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31))
  EXCHANGE(2, LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29),
    LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31))
  EXCHANGE(1, LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30),
    LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31))
#elif LANES == 8
  EXCHANGE(4, LIST(0, 1, 2, 3, 8, 9, 10, 11), LIST(4, 5, 6, 7, 12, 13, 14, 15))
  EXCHANGE(2, LIST(0, 1, 8, 9, 4, 5, 12, 13), LIST(2, 3, 10, 11, 6, 7, 14, 15))
  EXCHANGE(1, LIST(0, 8, 2, 10, 4, 12, 6, 14), LIST(1, 9, 3, 11, 5, 13, 7, 15))
#else
  EXCHANGE(2, LIST(0, 1, 4, 5), LIST(2, 3, 6, 7))
  EXCHANGE(1, LIST(0, 4, 2, 6), LIST(1, 5, 3, 7))
#endif
}
#undef EXCHANGE
#undef LIST

/// Stores a vector that is not read soon past the cache, which saves reading the line first; p is a multiple of its size.
/// Other threads see it after `settle`.
INLINE void store_past(float *p, lanes v) {
  typedef float whole __attribute__((vector_size(4 * LANES), may_alias));
  __builtin_nontemporal_store((whole)v, (whole *)p);
}

INLINE void settle(void) {
#if defined(__x86_64__)
  __builtin_ia32_sfence();
#endif
}

/// a where the flag is set, else b.
INLINE lanes either(flags which, lanes a, lanes b) {
  return (lanes)((which & (flags)a) | (~which & (flags)b));
}

#if FUSED
#define MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

/// A bit per lane, the first lane lowest, and back.
typedef _Bool lane_set __attribute__((ext_vector_type(LANES)));
INLINE unsigned bits_of(flags which) {
  lane_set set = __builtin_convertvector(which, lane_set);
#if LANES == 16
  uint16_t bits;
#else
  uint8_t bits;
#endif
  memcpy(&bits, &set, sizeof(bits));
  return bits & ((1u << LANES) - 1);
}
INLINE flags flags_of(unsigned bits) {
  static const int32_t own[16] = {
    1, 1 << 1, 1 << 2, 1 << 3, 1 << 4, 1 << 5, 1 << 6, 1 << 7, 1 << 8, 1 << 9, 1 << 10, 1 << 11, 1 << 12, 1 << 13,
    1 << 14, 1 << 15};
  return (((flags){0} + (int32_t)bits) & *(const flags *)own) != 0;
}

/// Sets the bits of lanes `at`... of lines of 16 whose words these are, lines from their beginning on.
INLINE void set_bits(uint16_t *bits, ptrdiff_t at, flags which) {
  unsigned own = bits_of(which), shift = at % 16;
  bits[at / 16] = (uint16_t)(shift == 0 ? own : bits[at / 16] | own << shift);
}

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
