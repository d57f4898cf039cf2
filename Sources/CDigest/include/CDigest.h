#ifndef WEFT_CDIGEST_H
#define WEFT_CDIGEST_H
#include <stddef.h>
#include <stdint.h>

/// A 128-bit XXH3 digest. Fast enough (tens of GB/s) that content is hashed in full, never sampled.
typedef struct { uint64_t low, high; } weft_digest;

/// Digest of `count` bytes in one call.
weft_digest weft_digest_bytes(const void *bytes, size_t count);

/// Streaming form: `weft_digest_open` allocates, `weft_digest_close` frees.
void *weft_digest_open(void);
void weft_digest_update(void *state, const void *bytes, size_t count);
weft_digest weft_digest_value(const void *state);
void weft_digest_close(void *state);
#endif
