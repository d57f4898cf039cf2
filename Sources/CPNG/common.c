#include "common.h"

#include <string.h>

void cpng_say(char *target, const char *message) {
  strncpy(target, message, CPNG_MESSAGE_SIZE - 1);
  target[CPNG_MESSAGE_SIZE - 1] = 0;
}

void cpng_fail(png_structp png, png_const_charp message) {
  cpng_say(png_get_error_ptr(png), message);
  png_longjmp(png, 1);
}

void cpng_ignore(png_structp png, png_const_charp message) {
  (void)png;
  (void)message;
}
