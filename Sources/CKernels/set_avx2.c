// The kernels for x86-64 processors with AVX2 and FMA.
#if defined(__x86_64__)
#define CK_SET avx2
#define CK_TARGET "arch=x86-64-v3"
#define CK_HAS_FMA 1
#define CK_VECTOR 32
#define CK_TILE_ROWS 6
#define CK_WIDE_ATTRIBUTE
#define CK_WIDE_LOOP _Pragma("clang loop vectorize(assume_safety) interleave_count(2)")
#include "loops/set.h"
#endif
