// The kernels for every processor of the architecture.
#define CK_SET plain
#define CK_VECTOR 16
#if defined(__aarch64__)
#define CK_HAS_FMA 1
#define CK_TILE_ROWS 12
#else
#define CK_HAS_FMA 0
#define CK_TILE_ROWS 6
#endif
#define CK_WIDE_ATTRIBUTE
#define CK_WIDE_LOOP _Pragma("clang loop vectorize(assume_safety) interleave_count(2)")
#include "loops/set.h"
