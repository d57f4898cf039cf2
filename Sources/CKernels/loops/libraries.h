// What the loops need from outside, included before a target attribute is pushed.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../include/operations.h"
#include "../include/table.h"
