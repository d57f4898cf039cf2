#ifndef WEFT_CKERNELS_H
#define WEFT_CKERNELS_H
#include "linkerset.h"
#include "pause.h"
#include "operations.h"
#include "table.h"
#include "random.h"
#endif
