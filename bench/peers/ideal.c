/* What a hand-written trainer reaches on models a and b: chains of dense layers and relu, f32, two threads.
 *
 * One block of memory; the update is part of the weight-gradient product (W -= rate h'd, so that no gradient is stored);
 * the batch is split by rows, so that the forward pass needs no barrier and the backward pass one a layer. Keeps the
 * protocol of protocol.py.
 *
 * usage: ideal LAYERS WIDTH BATCH SEGMENTS keep|checkpoint     (products: cblas_sgemm of libopenblas.so.0, one thread) */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <linux/futex.h>
#include <math.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { THREADS = 2, CLASSES = 10, ROWS = 101, PLAIN = 111, TURNED = 112 };
typedef void (*sgemm_t)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
static sgemm_t sgemm;
static int layers, width, batch, run;           /* `run` layers make a segment */
static const float rate = 1e-4f;
static float **w, **bias, **h, *head, *head_bias, *z, *delta[3];
static int *labels;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static long memory(const char *key) {
  FILE *file = fopen("/proc/self/status", "r");
  char line[256];
  long found = 0;
  while (fgets(line, sizeof line, file))
    if (!strncmp(line, key, strlen(key))) sscanf(line + strlen(key), ": %ld", &found);
  fclose(file);
  return found * 1024;
}

/* Waits until both threads are here: spins, then sleeps. */
static atomic_int arrived, phase;
static void barrier(void) {
  int seen = atomic_load(&phase);
  if (atomic_fetch_add(&arrived, 1) == THREADS - 1) {
    atomic_store(&arrived, 0);
    atomic_fetch_add(&phase, 1);
    syscall(SYS_futex, &phase, FUTEX_WAKE_PRIVATE, THREADS, 0, 0, 0);
    return;
  }
  for (int i = 0; i < 20000; i++) {
    if (atomic_load(&phase) != seen) return;
    __builtin_ia32_pause();
  }
  while (atomic_load(&phase) == seen) syscall(SYS_futex, &phase, FUTEX_WAIT_PRIVATE, seen, 0, 0, 0);
}

static void forward(int layer, int from, int to) {
  const float *in = h[layer];
  float *out = h[layer + 1];
  for (int r = from; r < to; r++) memcpy(out + (size_t)r * width, bias[layer], 4 * width);
  sgemm(ROWS, PLAIN, PLAIN, to - from, width, width, 1, in + (size_t)from * width, width, w[layer], width, 1,
        out + (size_t)from * width, width);
  for (size_t k = (size_t)from * width; k < (size_t)to * width; k++) out[k] = out[k] > 0 ? out[k] : 0;
}

/* Of a thread: its rows of the batch, and its columns of the weights. */
static void step(int thread) {
  int from = batch * thread / THREADS, to = batch * (thread + 1) / THREADS;
  int left = width * thread / THREADS, right = width * (thread + 1) / THREADS;
  for (int i = 0; i < layers; i++) forward(i, from, to);
  const float *last = h[layers];
  for (int r = from; r < to; r++) memcpy(z + r * CLASSES, head_bias, 4 * CLASSES);
  sgemm(ROWS, PLAIN, PLAIN, to - from, CLASSES, width, 1, last + (size_t)from * width, width, head, CLASSES, 1,
        z + from * CLASSES, CLASSES);
  for (int r = from; r < to; r++) {
    float *row = z + r * CLASSES, top = row[0], sum = 0;
    for (int k = 1; k < CLASSES; k++) top = fmaxf(top, row[k]);
    for (int k = 0; k < CLASSES; k++) sum += row[k] = expf(row[k] - top);
    for (int k = 0; k < CLASSES; k++) row[k] = (row[k] / sum - (k == labels[r])) / batch;
  }
  int turn = 0;
  float *d = delta[0];
  sgemm(ROWS, PLAIN, TURNED, to - from, width, CLASSES, 1, z + from * CLASSES, CLASSES, head, CLASSES, 0,
        d + (size_t)from * width, width);
  barrier();
  sgemm(ROWS, TURNED, PLAIN, right - left, CLASSES, batch, -rate, last + left, width, z, CLASSES, 1,
        head + (size_t)left * CLASSES, CLASSES);
  if (thread == 0)
    for (int r = 0; r < batch; r++) for (int k = 0; k < CLASSES; k++) head_bias[k] -= rate * z[r * CLASSES + k];
  for (int i = layers - 1; i >= 0; i--) {
    if (i % run == run - 1 && i != layers - 1) {   /* the inner values of this segment, again */
      barrier();
      for (int k = i - run + 1; k < i; k++) forward(k, from, to);
    }
    const float *out = h[i + 1], *in = h[i];
    /* Three take turns: what is written here, the other thread may read two barriers ago at the latest. */
    float *next = delta[turn = (turn + 1) % 3];
    for (size_t k = (size_t)from * width; k < (size_t)to * width; k++) d[k] = out[k] > 0 ? d[k] : 0;
    if (i)
      sgemm(ROWS, PLAIN, TURNED, to - from, width, width, 1, d + (size_t)from * width, width, w[i], width, 0,
            next + (size_t)from * width, width);
    barrier();
    sgemm(ROWS, TURNED, PLAIN, right - left, width, batch, -rate, in + left, width, d, width, 1,
          w[i] + (size_t)left * width, width);
    float sums[right - left];
    memset(sums, 0, sizeof sums);
    for (int r = 0; r < batch; r++) for (int k = left; k < right; k++) sums[k - left] += d[(size_t)r * width + k];
    for (int k = left; k < right; k++) bias[i][k] -= rate * sums[k - left];
    d = next;
  }
}

/* The second thread takes part in each step. */
static void *helper(void *none) {
  for (;;) {
    barrier();
    step(1);
    barrier();
  }
  return none;
}

static void whole_step(void) {
  barrier();
  step(0);
  barrier();
}

static float *take(size_t count) {
  static char *block;
  static size_t left;
  size_t bytes = (count * 4 + 63) & ~63ul;
  if (bytes > left) block = aligned_alloc(64, left = bytes > 64ul << 20 ? bytes : 64ul << 20);
  float *found = (float *)block;
  block += bytes;
  left -= bytes;
  return found;
}

static float gauss(void) {
  double u = (rand() + 1.0) / (RAND_MAX + 2.0), v = rand() / (RAND_MAX + 1.0);
  return sqrt(-2 * log(u)) * cos(2 * M_PI * v);
}

static float *drawn(size_t count, float scale) {
  float *found = take(count);
  for (size_t k = 0; k < count; k++) found[k] = scale ? gauss() * scale : 0;
  return found;
}

int main(int argc, char **argv) {
  if (argc != 6) return 2;
  layers = atoi(argv[1]), width = atoi(argv[2]), batch = atoi(argv[3]);
  int segments = strcmp(argv[5], "keep") ? atoi(argv[4]) : 1;
  run = (layers + segments - 1) / segments;
  void *library = dlopen("libopenblas.so.0", RTLD_NOW | RTLD_GLOBAL);
  sgemm = library ? (sgemm_t)dlsym(library, "cblas_sgemm") : 0;
  if (!sgemm) return fprintf(stderr, "there is no OpenBLAS\n"), 1;
  float *small = calloc(64 * 64, 4);
  sgemm(ROWS, PLAIN, PLAIN, 64, 64, 64, 1, small, 64, small, 64, 0, small, 64);
  long base = memory("VmRSS");
  size_t rows = (size_t)batch * width;
  w = calloc(layers, 8), bias = calloc(layers, 8), h = calloc(layers + 1, 8), labels = calloc(batch, 4);
  for (int i = 0; i < layers; i++) w[i] = drawn((size_t)width * width, sqrtf(2.0f / width)), bias[i] = drawn(width, 0);
  head = drawn(width * CLASSES, 1 / sqrtf(width)), head_bias = drawn(CLASSES, 0), z = take(batch * CLASSES);
  h[0] = drawn(rows, 1), delta[0] = take(rows), delta[1] = take(rows), delta[2] = take(rows);
  float *inner[run];
  for (int k = 0; k < run; k++) inner[k] = segments > 1 && k < run - 1 ? take(rows) : 0;
  for (int i = 0; i < layers; i++) h[i + 1] = segments > 1 && i % run != run - 1 ? inner[i % run] : take(rows);
  for (int r = 0; r < batch; r++) labels[r] = r % CLASSES;
  pthread_t thread;
  pthread_create(&thread, 0, helper, 0);
  double start = now();
  whole_step();
  double first = now() - start;
  for (int i = 0; i < 3; i++) whole_step();
  printf("{\"base\": %ld, \"peak\": %ld, \"first\": %f}\n", base, memory("VmHWM"), first);
  fflush(stdout);
  char line[64];
  while (fgets(line, sizeof line, stdin)) {
    long steps = 0;
    double begin = now(), end = begin + atof(line);
    do whole_step(); while (steps++, now() < end);
    printf("{\"steps\": %ld, \"seconds\": %f}\n", steps, now() - begin);
    fflush(stdout);
  }
  return 0;
}
