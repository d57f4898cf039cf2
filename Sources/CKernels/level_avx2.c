// The loops for x86-64 with AVX2 and FMA. A further level is one more file like this one, with its own target and
// lane count, an entry in dispatch.c, a constant in table.h and a case of Kernels' InstructionSet.
#if defined(__x86_64__)
#define LEVEL(name) name##_avx2
#define LANES 8
#define FUSED 1
#define LEVEL_NAME "avx2"

#include "loops/libraries.h"
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "loops/all.h"
#pragma clang attribute pop

const weft_kernel_table weft_table_avx2 = LEVEL_TABLE;
#endif
