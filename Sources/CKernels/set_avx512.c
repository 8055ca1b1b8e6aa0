// The kernels for x86-64 processors with AVX-512.
#if defined(__x86_64__)
#define CK_SET avx512
#define CK_TARGET "arch=x86-64-v4"
#define CK_HAS_FMA 1
#define CK_VECTOR 64
#define CK_TILE_ROWS 12
#define CK_WIDE_ATTRIBUTE __attribute__((min_vector_width(512)))
#define CK_WIDE_LOOP _Pragma("clang loop vectorize(assume_safety) vectorize_width(16)")
#include "loops/set.h"
#endif
