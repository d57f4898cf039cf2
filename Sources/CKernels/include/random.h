#ifndef WEFT_RANDOM_H
#define WEFT_RANDOM_H
#include <stddef.h>
#include <stdint.h>

/// One block of Philox4x32-10 (Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC11).
void weft_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]);

/// Uniform floats in [0, 1), multiples of 2^-24. Element i comes from word i % 4 of block counter + i / 4; the first
/// element is element `first` of that stream, so any split of a range gives the same numbers.
void weft_random_uniform(uint64_t key, uint64_t low, uint64_t high, uint64_t first, size_t count, float *out);

/// Standard normal floats by Box-Muller: elements 2i and 2i + 1 share one pair of words. Computed in double with
/// arithmetic of our own, so that the numbers do not depend on the C library or the instruction set.
void weft_random_normal(uint64_t key, uint64_t low, uint64_t high, uint64_t first, size_t count, float *out);

/// Raw 32-bit words.
void weft_random_words(uint64_t key, uint64_t low, uint64_t high, uint64_t first, size_t count, uint32_t *out);
#endif
