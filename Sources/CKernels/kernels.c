// The functions of the kernels, each of which calls that of the set in use.
#if defined(__x86_64__)
#define CK_FUNCTION(result, name, parameters, arguments) \
  result name parameters; \
  result name##_avx512 parameters; \
  result name##_avx2 parameters; \
  result name##_plain parameters; \
  result name parameters { \
    return (chosen == CK_AVX512 ? name##_avx512 : chosen == CK_AVX2 ? name##_avx2 : name##_plain) \
        arguments; \
  }
#else
#define CK_FUNCTION(result, name, parameters, arguments) \
  result name parameters; \
  result name##_plain parameters; \
  result name parameters { return name##_plain arguments; }
#endif

static int chosen = 2;

#include "CKernels.h"

int ck_set(void) { return chosen; }

int ck_can(int set) {
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (set == CK_AVX512) return __builtin_cpu_supports("x86-64-v4") != 0;
  if (set == CK_AVX2) return __builtin_cpu_supports("x86-64-v3") != 0;
#endif
  return set == CK_PLAIN;
}

void ck_use(int set) {
  if (ck_can(set)) chosen = set;
}

// Before the program starts.
__attribute__((constructor)) static void choose(void) {
  ck_use(CK_PLAIN);
  ck_use(CK_AVX2);
  ck_use(CK_AVX512);
}
