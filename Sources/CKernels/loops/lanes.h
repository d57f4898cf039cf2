// The vector type of this level. Plain loops are left to the compiler's own vectoriser; the type is for the places
// where registers must be arranged by hand.
typedef float lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
/// What a comparison of two `lanes` gives: all bits or none.
typedef int32_t flags __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE lanes load(const float *p) { return *(const lanes *)p; }
INLINE void store(float *p, lanes v) { *(lanes *)p = v; }

/// a where the flag is set, else b.
INLINE lanes either(flags which, lanes a, lanes b) {
  return (lanes)((which & (flags)a) | (~which & (flags)b));
}

#if FUSED
#define MULTIPLY_ADD(a, b, c) __builtin_elementwise_fma(a, b, c)
#else
#define MULTIPLY_ADD(a, b, c) ((a) * (b) + (c))
#endif

INLINE size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
