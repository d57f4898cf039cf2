#include <zlib.h>

/// `inflateInit2` is a macro, which Swift cannot call. Raw deflate data, as in zip archives.
static inline int weft_inflate_open(z_stream *stream) { return inflateInit2(stream, -MAX_WBITS); }
