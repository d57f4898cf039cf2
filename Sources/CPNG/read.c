#include <stdlib.h>
#include <string.h>

#include "common.h"

struct cpng_reader {
  png_structp png;
  png_infop info;
  const uint8_t *bytes;
  size_t count, position;
  char message[CPNG_MESSAGE_SIZE];
  png_bytep *rows;
};

static void take(png_structp png, png_bytep target, size_t count) {
  cpng_reader *reader = png_get_io_ptr(png);
  if (count > reader->count - reader->position) png_error(png, "the file ends too early");
  memcpy(target, reader->bytes + reader->position, count);
  reader->position += count;
}

// None of these changes pixels here (orientation is read elsewhere), and several are compressed: skipping them means
// that nothing in them can cost memory. Their checksums are still verified.
static const png_byte skipped[] =
    "bKGD\0" "cHRM\0" "eXIf\0" "gAMA\0" "hIST\0" "iCCP\0" "iTXt\0" "oFFs\0" "pCAL\0" "pHYs\0" "sBIT\0" "sCAL\0" "sPLT\0"
    "sRGB\0" "sTER\0" "tEXt\0" "tIME\0" "zTXt";

cpng_reader *cpng_open(const uint8_t *bytes, size_t count, cpng_header *header, char message[CPNG_MESSAGE_SIZE]) {
  cpng_reader *reader = calloc(1, sizeof *reader);
  if (!reader) {
    cpng_say(message, "out of memory");
    return NULL;
  }
  reader->bytes = bytes;
  reader->count = count;
  reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, reader->message, cpng_fail, cpng_ignore);
  if (reader->png) reader->info = png_create_info_struct(reader->png);
  if (!reader->info) {
    cpng_say(message, "out of memory");
    cpng_close(reader);
    return NULL;
  }
  if (setjmp(png_jmpbuf(reader->png))) {
    cpng_say(message, reader->message);
    cpng_close(reader);
    return NULL;
  }
  png_structp png = reader->png;
  png_infop info = reader->info;
  png_set_read_fn(png, reader, take);
  png_set_crc_action(png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
  png_set_user_limits(png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, 0);
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, skipped, (int)(sizeof skipped / 5));
  png_read_info(png, info);
  png_set_expand(png);  // palettes, 1 to 4 bits and tRNS become whole bytes and alpha
  if (png_get_bit_depth(png, info) == 16) {
    const uint16_t one = 1;
    if (*(const uint8_t *)&one == 1) png_set_swap(png);
  }
  png_set_interlace_handling(png);
  png_read_update_info(png, info);
  header->width = png_get_image_width(png, info);
  header->height = png_get_image_height(png, info);
  header->channels = png_get_channels(png, info);
  header->bits = png_get_bit_depth(png, info);
  return reader;
}

int cpng_read(cpng_reader *reader, uint8_t *pixels, size_t row_bytes, char message[CPNG_MESSAGE_SIZE]) {
  png_structp png = reader->png;
  if (setjmp(png_jmpbuf(png))) {
    cpng_say(message, reader->message);
    return 1;
  }
  if (png_get_rowbytes(png, reader->info) != row_bytes) png_error(png, "unexpected row size");
  const size_t height = png_get_image_height(png, reader->info);
  reader->rows = malloc(height * sizeof *reader->rows);
  if (!reader->rows) png_error(png, "out of memory");
  for (size_t y = 0; y < height; y++) reader->rows[y] = pixels + y * row_bytes;
  png_read_image(png, reader->rows);
  png_read_end(png, NULL);
  return 0;
}

void cpng_close(cpng_reader *reader) {
  if (!reader) return;
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader->rows);
  free(reader);
}
