// XXH3 from Debian's libxxhash-dev, used header-only so that nothing more is loaded at start-up.
#define XXH_INLINE_ALL
#include "CDigest.h"
#include <xxhash.h>

static weft_digest pack(XXH128_hash_t value) { return (weft_digest){value.low64, value.high64}; }

weft_digest weft_digest_bytes(const void *bytes, size_t count) { return pack(XXH3_128bits(bytes, count)); }

void *weft_digest_open(void) {
  XXH3_state_t *state = XXH3_createState();
  XXH3_128bits_reset(state);
  return state;
}

void weft_digest_update(void *state, const void *bytes, size_t count) { XXH3_128bits_update(state, bytes, count); }

weft_digest weft_digest_value(const void *state) { return pack(XXH3_128bits_digest(state)); }

void weft_digest_close(void *state) { XXH3_freeState(state); }
