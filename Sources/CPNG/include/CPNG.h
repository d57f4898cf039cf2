#ifndef CPNG_H
#define CPNG_H

#include <stddef.h>
#include <stdint.h>

// libpng reports errors by longjmp. Every function here sets its own jump target and returns a code, so that no jump
// ever crosses a caller's frame. Messages are zero-terminated and cut to fit.

#define CPNG_MESSAGE_SIZE 200

typedef struct cpng_reader cpng_reader;

typedef struct {
  uint32_t width, height;
  // Of the pixels that cpng_read delivers: 1...4 interleaved channels of 8 or 16 bits.
  int32_t channels, bits;
} cpng_header;

// Opens a PNG that lies in memory (which must outlive the reader) and reads everything before its pixels.
// NULL on an error.
cpng_reader *cpng_open(const uint8_t *bytes, size_t count, cpng_header *header, char message[CPNG_MESSAGE_SIZE]);

// Reads all pixels (16-bit samples in native byte order) and checks the rest of the file. `pixels` must hold
// height * row_bytes bytes, where row_bytes = width * channels * bits / 8. 0 on success.
int cpng_read(cpng_reader *reader, uint8_t *pixels, size_t row_bytes, char message[CPNG_MESSAGE_SIZE]);

// Releases the reader; NULL is allowed.
void cpng_close(cpng_reader *reader);

typedef struct {
  const char *key;   // 1...79 bytes of Latin-1
  const char *text;  // zero-terminated
  int32_t is_utf8;   // written as iTXt instead of tEXt
} cpng_text;

// Writes a PNG into memory from malloc, to be released by cpng_release. `level` is zlib's 0...9. 0 on success.
int cpng_write(
    const uint8_t *pixels, const cpng_header *header, int32_t level, const cpng_text *texts, int32_t text_count,
    uint8_t **bytes, size_t *count, char message[CPNG_MESSAGE_SIZE]);
void cpng_release(uint8_t *bytes);

#endif
