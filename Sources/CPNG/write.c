#include <stdlib.h>
#include <string.h>

#include "common.h"

typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} sink;

static void put(png_structp png, png_bytep bytes, size_t count) {
  sink *to = png_get_io_ptr(png);
  if (count > to->capacity - to->count) {
    size_t capacity = to->capacity ? to->capacity : 4096;
    while (capacity - to->count < count) capacity *= 2;
    uint8_t *grown = realloc(to->bytes, capacity);
    if (!grown) png_error(png, "out of memory");
    to->bytes = grown;
    to->capacity = capacity;
  }
  memcpy(to->bytes + to->count, bytes, count);
  to->count += count;
}

static void flush(png_structp png) { (void)png; }

// What must survive the jump lives behind this pointer, outside the frame that calls setjmp.
typedef struct {
  png_structp png;
  png_infop info;
  sink out;
  png_text *texts;
  char message[CPNG_MESSAGE_SIZE];
} writer;

static void describe(writer *w, const cpng_text *texts, int32_t count) {
  if (count == 0) return;
  w->texts = calloc((size_t)count, sizeof *w->texts);
  if (!w->texts) png_error(w->png, "out of memory");
  for (int32_t i = 0; i < count; i++) {
    w->texts[i].compression = texts[i].is_utf8 ? PNG_ITXT_COMPRESSION_NONE : PNG_TEXT_COMPRESSION_NONE;
    w->texts[i].key = (char *)texts[i].key;
    w->texts[i].text = (char *)texts[i].text;
    w->texts[i].text_length = strlen(texts[i].text);
    w->texts[i].itxt_length = texts[i].is_utf8 ? strlen(texts[i].text) : 0;
    w->texts[i].lang = "";
    w->texts[i].lang_key = "";
  }
  png_set_text(w->png, w->info, w->texts, count);
}

static int finish(writer *w, int code) {
  png_destroy_write_struct(&w->png, &w->info);
  free(w->texts);
  if (code) free(w->out.bytes);
  free(w);
  return code;
}

int cpng_write(
    const uint8_t *pixels, const cpng_header *header, int32_t level, const cpng_text *texts, int32_t text_count,
    uint8_t **bytes, size_t *count, char message[CPNG_MESSAGE_SIZE]) {
  static const int types[] = {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_GRAY_ALPHA, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGBA};
  writer *w = calloc(1, sizeof *w);
  if (!w) {
    cpng_say(message, "out of memory");
    return 1;
  }
  w->png = png_create_write_struct(PNG_LIBPNG_VER_STRING, w->message, cpng_fail, cpng_ignore);
  if (w->png) w->info = png_create_info_struct(w->png);
  if (!w->info) {
    cpng_say(message, "out of memory");
    return finish(w, 1);
  }
  if (setjmp(png_jmpbuf(w->png))) {
    cpng_say(message, w->message);
    return finish(w, 1);
  }
  png_set_write_fn(w->png, &w->out, put, flush);
  png_set_user_limits(w->png, PNG_UINT_31_MAX, PNG_UINT_31_MAX);
  png_set_compression_level(w->png, level);
  png_set_IHDR(
      w->png, w->info, header->width, header->height, header->bits, types[header->channels - 1], PNG_INTERLACE_NONE,
      PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  describe(w, texts, text_count);
  png_write_info(w->png, w->info);
  if (header->bits == 16) {
    const uint16_t one = 1;
    if (*(const uint8_t *)&one == 1) png_set_swap(w->png);
  }
  const size_t row_bytes = (size_t)header->width * (size_t)header->channels * (size_t)(header->bits / 8);
  for (size_t y = 0; y < header->height; y++) png_write_row(w->png, pixels + y * row_bytes);
  png_write_end(w->png, w->info);
  *bytes = w->out.bytes;
  *count = w->out.count;
  return finish(w, 0);
}

void cpng_release(uint8_t *bytes) { free(bytes); }
