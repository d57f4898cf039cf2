#ifndef CPNG_COMMON_H
#define CPNG_COMMON_H

#include <png.h>

#include "CPNG.h"

// Copies the message to the char array behind the error pointer and jumps to the target that the entry point has set.
void cpng_fail(png_structp png, png_const_charp message);

// Warnings are about colour management and other things that do not touch the pixels.
void cpng_ignore(png_structp png, png_const_charp message);

void cpng_say(char *target, const char *message);

#endif
