#define _GNU_SOURCE
#include "CMemory.h"

#include <dlfcn.h>
#include <errno.h>
#include <malloc.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// What a sanitizer watches is its own.
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || \
    __has_feature(memory_sanitizer)

void *cm_ask(size_t bytes) { return malloc(bytes); }

void *cm_ask_aligned(size_t alignment, size_t bytes) {
  void *block = 0;
  return posix_memalign(&block, alignment, bytes) ? 0 : block;
}

void cm_end_where_refused(
    const char *before, const char *after, int status, void (*last)(void)) {
  (void)before, (void)after, (void)status, (void)last;
}

void cm_use_one_heap(void) {}

void cm_return_freed(void) {}

#else

// MARK: The system's functions

// Those of the library that comes next, which need not be the system's own. The first to ask is the
// loader, before there are threads.
static struct {
  void *(*allocate)(size_t);
  void *(*clear)(size_t, size_t);
  void *(*change)(void *, size_t);
  void *(*align)(size_t, size_t);
  int (*place)(void **, size_t, size_t);
} next;

static int is_looking;

// False while they are looked up: what looks them up bears a refusal.
static int is_found(void) {
  if (__builtin_expect(next.place != 0, 1)) return 1;
  if (is_looking) return 0;
  is_looking = 1;
  *(void **)&next.allocate = dlsym(RTLD_NEXT, "malloc");
  *(void **)&next.clear = dlsym(RTLD_NEXT, "calloc");
  *(void **)&next.change = dlsym(RTLD_NEXT, "realloc");
  *(void **)&next.align = dlsym(RTLD_NEXT, "aligned_alloc");
  *(void **)&next.place = dlsym(RTLD_NEXT, "posix_memalign");
  is_looking = 0;
  return 1;
}

void *cm_ask(size_t bytes) { return is_found() ? next.allocate(bytes) : 0; }

void *cm_ask_aligned(size_t alignment, size_t bytes) {
  void *block = 0;
  return is_found() && next.place(&block, alignment, bytes) == 0 ? block : 0;
}

// MARK: Refusals

static struct {
  const char *before, *after;
  int status;
  void (*last)(void);
} words;

static atomic_flag is_ending = ATOMIC_FLAG_INIT;
static _Thread_local int ends;

void cm_end_where_refused(
    const char *before, const char *after, int status, void (*last)(void)) {
  words.after = after;
  words.status = status;
  words.last = last;
  words.before = before;
}

static void end(size_t bytes) {
  // What is done last may be refused memory too; of several threads one speaks.
  if (ends) _exit(words.status);
  ends = 1;
  while (atomic_flag_test_and_set(&is_ending)) pause();
  char line[1024];
  int count = snprintf(line, sizeof line, "%s%zu%s", words.before, bytes, words.after);
  ssize_t written = write(STDERR_FILENO, line, (size_t)count);
  (void)written;
  if (words.last) words.last();
  _exit(words.status);
}

// A call that was given nothing, though it asked for something.
static __attribute__((noinline, cold)) void *none(size_t bytes) {
  if (bytes > 0 && words.before) end(bytes);
  return 0;
}

static void *or_end(void *block, size_t bytes) {
  return __builtin_expect(block != 0, 1) ? block : none(bytes);
}

// MARK: What all others call

void *malloc(size_t bytes) {
  return is_found() ? or_end(next.allocate(bytes), bytes) : 0;
}

void *calloc(size_t count, size_t bytes) {
  if (!is_found()) return 0;
  void *block = next.clear(count, bytes);
  if (__builtin_expect(block != 0, 1)) return block;
  size_t all;
  return none(__builtin_mul_overflow(count, bytes, &all) ? SIZE_MAX : all);
}

void *realloc(void *block, size_t bytes) {
  return is_found() ? or_end(next.change(block, bytes), bytes) : 0;
}

void *aligned_alloc(size_t alignment, size_t bytes) {
  return is_found() ? or_end(next.align(alignment, bytes), bytes) : 0;
}

int posix_memalign(void **block, size_t alignment, size_t bytes) {
  if (!is_found()) return ENOMEM;
  int problem = next.place(block, alignment, bytes);
  if (__builtin_expect(problem == ENOMEM, 0)) none(bytes);
  return problem;
}

// MARK: The heap

void cm_use_one_heap(void) {
#ifdef __GLIBC__
  mallopt(M_ARENA_MAX, 1);
#endif
}

void cm_return_freed(void) {
#ifdef __GLIBC__
  malloc_trim(0);
#endif
}

#endif
