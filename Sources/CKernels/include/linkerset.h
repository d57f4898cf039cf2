#ifndef WEFT_LINKERSET_H
#define WEFT_LINKERSET_H
#include <stddef.h>

/// An entry that a source file leaves in the linker section `weft_ops`: called with the registry that is being filled.
typedef void (*weft_op_entry)(void *registry);

/// The entries of every file linked into this program, in link order. `count` may be 0.
const weft_op_entry *weft_op_entries(size_t *count);

/// The same for the section `weft_onnx`: how operators of ONNX become ops.
const weft_op_entry *weft_onnx_entries(size_t *count);
#endif
