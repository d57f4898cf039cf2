// Products with rows of 8-bit codes: a large gallery is read once from memory, so its bytes are what counts.
typedef signed char narrow __attribute__((vector_size(LANES), aligned(1), may_alias));

/// scores[r] = sum over i of query[i] * codes[r * stride + i]. `stride` is a multiple of 64; query and rows are padded with
/// zeros to it. Four interleaved vectors of partial sums.
static void LEVEL(code_scores)(
  size_t rows, size_t stride, const signed char *codes, const float *query, float *scores) {
  for (size_t r = 0; r < rows; r++, codes += stride) {
    lanes sum[4] = {0};
    for (size_t i = 0; i < stride; i += 4 * LANES) {
#pragma clang loop unroll(full)
      for (size_t l = 0; l < 4; l++) {
        narrow code = *(const narrow *)(codes + i + l * LANES);
        sum[l] = MULTIPLY_ADD(__builtin_convertvector(code, lanes), load(query + i + l * LANES), sum[l]);
      }
    }
    lanes all = (sum[0] + sum[1]) + (sum[2] + sum[3]);
    float total = 0;
    for (int l = 0; l < LANES; l++) total += all[l];
    scores[r] = total;
  }
}
