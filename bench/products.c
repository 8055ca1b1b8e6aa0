/* Matrix products of Cairn's kernels, each set of them, beside a BLAS if one is named: GFLOP/s on one thread.
 * Compiled and run by products.py. The library and ours take turns; each figure is the least time of many rounds.
 * Also compares the bits of all sets with each other, and of sampled elements with a chain of fmaf.
 *
 * usage: products [LIBRARY]     m n k LAYOUT a line on standard input, LAYOUT nn, tn or nt, f32; dn, dt, d for f64 */
#define _GNU_SOURCE
#include "CKernels.h"

#include <dlfcn.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void (*sgemm_t)(int, int, int, int, int, int, float, const void *, int, const void *, int, float, void *, int);
typedef void (*dgemm_t)(int, int, int, int, int, int, double, const void *, int, const void *, int, double, void *, int);

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void *numbers(size_t count, int f64, int fill) {
  void *p = aligned_alloc(64, (count * 8 + 127) & ~63ul);
  for (size_t i = 0; i < count; i++) {
    double v = fill ? rand() / 1e9 - 1 : 0;
    if (f64) ((double *)p)[i] = v; else ((float *)p)[i] = (float)v;
  }
  return p;
}

int main(int argc, char **argv) {
  static const char *sets[] = {"avx512", "avx2", "plain"};
  sgemm_t sgemm = 0;
  dgemm_t dgemm = 0;
  if (argc > 1) {
    void *library = dlopen(argv[1], RTLD_NOW);
    if (!library) { fprintf(stderr, "%s\n", dlerror()); return 1; }
    sgemm = (sgemm_t)dlsym(library, "cblas_sgemm");
    dgemm = (dgemm_t)dlsym(library, "cblas_dgemm");
    void (*threads)(int) = (void (*)(int))dlsym(library, "openblas_set_num_threads");
    char *(*name)(void) = (char *(*)(void))dlsym(library, "openblas_get_corename");
    if (threads) threads(1);
    printf("%s, its %s kernels, one thread\n", argv[1], name ? name() : "own");
  }
  printf("%5s %5s %5s %4s", "m", "n", "k", "");
  for (int s = 0; s < 3; s++) if (ck_can(s)) printf(" %8s", sets[s]);
  printf(sgemm ? "  library\n" : "\n");
  int m, n, k, wrong = 0;
  char layout[8];
  while (scanf("%d %d %d %7s", &m, &n, &k, layout) == 4) {
    int f64 = layout[0] == 'd', ta = layout[0] == 't', tb = layout[1] == 't', type = f64 ? CK_F64 : CK_F32;
    size_t bytes = (size_t)m * n * (f64 ? 8 : 4);
    void *a = numbers((size_t)m * k, f64, 1), *b = numbers((size_t)n * k, f64, 1);
    void *y[4];
    double best[4] = {1e9, 1e9, 1e9, 1e9}, flops = 2.0 * m * n * k;
    for (int s = 0; s < 4; s++) y[s] = numbers((size_t)m * n, f64, 0);
    int turns = (int)(1e7 / flops) + 1;
    for (int round = 0; round < 30; round++) {
      for (int s = 0; s < 4; s++) {
        if (s < 3 ? !ck_can(s) || (s == 2 && round > 1) : !sgemm) continue;
        if (s < 3) ck_use(s);
        int times = s == 2 ? turns / 20 + 1 : turns;
        double start = now();
        for (int t = 0; t < times; t++) {
          if (s < 3)
            ck_product(type, m, n, k, a, ta ? 1 : k, ta ? m : 1, b, tb ? 1 : n, tb ? k : 1, y[s], n);
          else if (f64)
            dgemm(101, ta ? 112 : 111, tb ? 112 : 111, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0, y[s], n);
          else
            sgemm(101, ta ? 112 : 111, tb ? 112 : 111, m, n, k, 1, a, ta ? m : k, b, tb ? k : n, 0, y[s], n);
        }
        best[s] = fmin(best[s], (now() - start) / times);
      }
    }
    printf("%5d %5d %5d %4s", m, n, k, layout);
    for (int s = 0; s < 4; s++) if (best[s] < 1e9) printf(" %8.1f", flops / best[s] / 1e9);
    for (int s = 0; s < 2; s++) if (ck_can(s) && memcmp(y[s], y[2], bytes)) { printf("  %s DIFFERS", sets[s]); wrong = 1; }
    if (!f64) {
      const float *x = a, *z = b, *found = y[2];
      for (int sample = 0; sample < 200; sample++) {
        int i = rand() % m, j = rand() % n;
        float sum = 0;
        for (int p = 0; p < k; p++) sum = fmaf(x[ta ? p * m + i : i * k + p], z[tb ? j * k + p : p * n + j], sum);
        if (sum != found[(size_t)i * n + j]) { printf("  WRONG"); wrong = 1; break; }
      }
    }
    printf("\n");
    fflush(stdout);
    free(a); free(b);
    for (int s = 0; s < 4; s++) free(y[s]);
  }
  return wrong;
}
