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

/// SHA-256, streaming: start, update, finish.
typedef struct {
  uint32_t state[8];
  uint64_t count;
  uint8_t rest[64];
} weft_sha256;

void weft_sha256_start(weft_sha256 *hash);
void weft_sha256_update(weft_sha256 *hash, const void *bytes, size_t count);
void weft_sha256_finish(weft_sha256 *hash, uint8_t digest[32]);
#endif
