#ifndef WEFT_PAUSE_H
#define WEFT_PAUSE_H

/// Tells the processor that this thread is spinning.
static inline void weft_pause(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/// Gives the rest of this thread's time slice away.
void weft_yield(void);
#endif
