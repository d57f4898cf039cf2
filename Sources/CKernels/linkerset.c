#include "linkerset.h"

// The linker makes two such symbols for any section whose name is a C identifier; weak, so that a program
// without one op still links.
extern const weft_op_entry __start_weft_ops[] __attribute__((weak));
extern const weft_op_entry __stop_weft_ops[] __attribute__((weak));

extern const weft_op_entry __start_weft_onnx[] __attribute__((weak));
extern const weft_op_entry __stop_weft_onnx[] __attribute__((weak));

const weft_op_entry *weft_onnx_entries(size_t *count) {
  *count = __start_weft_onnx ? (size_t)(__stop_weft_onnx - __start_weft_onnx) : 0;
  return __start_weft_onnx;
}

const weft_op_entry *weft_op_entries(size_t *count) {
  *count = __start_weft_ops ? (size_t)(__stop_weft_ops - __start_weft_ops) : 0;
  return __start_weft_ops;
}
