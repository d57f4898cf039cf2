#include <stdatomic.h>

#include "table.h"

extern const weft_kernel_table weft_table_plain;
#if defined(__x86_64__)
extern const weft_kernel_table weft_table_avx2;
extern const weft_kernel_table weft_table_avx512;
#endif

static _Atomic(const weft_kernel_table *) selected;
static _Thread_local const weft_kernel_table *forced;

int weft_kernels_supported(int level) {
  if (level == weft_level_plain) return 1;
#if defined(__x86_64__)
  if (level == weft_level_avx2) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  }
  if (level == weft_level_avx512) {
    __builtin_cpu_init();
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
      && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("fma");
  }
#endif
  return 0;
}

static const weft_kernel_table *table(int level) {
  if (level < 0 || !weft_kernels_supported(level)) return 0;
#if defined(__x86_64__)
  if (level == weft_level_avx512) return &weft_table_avx512;
  if (level == weft_level_avx2) return &weft_table_avx2;
#endif
  return &weft_table_plain;
}

static const weft_kernel_table *best(void) {
  for (int level = weft_level_count - 1; level > 0; level--)
    if (weft_kernels_supported(level)) return table(level);
  return &weft_table_plain;
}

const weft_kernel_table *weft_kernels(void) {
  if (forced) return forced;
  const weft_kernel_table *current = atomic_load_explicit(&selected, memory_order_acquire);
  if (current) return current;
  // Several threads may come here at once; they all find the same answer.
  current = best();
  atomic_store_explicit(&selected, current, memory_order_release);
  return current;
}

void weft_kernels_force(int level) { forced = table(level); }

void weft_kernels_select(int level) { atomic_store_explicit(&selected, table(level), memory_order_release); }
