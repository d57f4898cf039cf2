// The loops for x86-64 with AVX-512: 32 registers of 16 floats.
#if defined(__x86_64__)
#define LEVEL(name) name##_avx512
#define LANES 16
#define FUSED 1
#define LEVEL_NAME "avx512"

#include "loops/libraries.h"
#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#include "loops/all.h"
#pragma clang attribute pop

const weft_kernel_table weft_table_avx512 = LEVEL_TABLE;
#endif
