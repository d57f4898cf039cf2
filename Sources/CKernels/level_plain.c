// The loops for any processor: vectors of four floats, no fused multiply-add.
#define LEVEL(name) name##_plain
#define LANES 4
#define FUSED 0
#define LEVEL_NAME "plain"

#include "loops/all.h"

const weft_kernel_table weft_table_plain = LEVEL_TABLE;
