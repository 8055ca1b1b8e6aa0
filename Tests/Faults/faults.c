// A library to be preloaded into the program: it fails the n-th call of a function of the system,
// or all from the n-th on.
//
//   FAULT_CALL    the kind of call, one of `kinds` below
//   FAULT_NUMBER  which of its calls fails, from 1; none where it is not set
//   FAULT_EACH    every so many-th of its calls fails in a copy of the process that is made for it;
//                 the process itself goes on. A copy shows how it ends where it only says something
//                 and ends; where it would do more, it ends with OWN_RUN
//   FAULT_USUAL   the status that copies end with as a rule
//   FAULT_ERRNO   what a call fails with; EIO where it is not set
//   FAULT_LASTS   1 where all calls behind that one fail too
//   FAULT_SIGNAL  a signal that the process gets at that call, which then does not fail
//   FAULT_LOG     a file that holds numbers, however the program ends (`struct log`)
//
// What the loader and the libraries do before `main` is not counted.
#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

// What counts together: `openat` with `open`, `calloc` with `malloc`, and so on. A block is an
// allocation of at least BLOCK_BYTES, which counts as both.
#define KINDS(each)                                                                     \
  each(open) each(write) each(read) each(fsync) each(rename) each(close) each(fchmod)   \
  each(ftruncate) each(lseek) each(flock) each(stat) each(fstat) each(readlink)         \
  each(poll) each(mmap) each(pthread_create) each(block) each(malloc)
#define BLOCK_BYTES (64 << 10)

#define NUMBER(name) kind_##name,
#define NAME(name) #name,
enum kind { KINDS(NUMBER) kind_count };
static const char *const names[kind_count] = {KINDS(NAME)};

// Numbers of eight bytes each.
struct log {
  // How many calls of each kind there were, in the order of `kinds`.
  long calls[kind_count];
  // How many copies there were; the numbers of the calls whose copies ended with another status
  // than the usual one, and how many those are.
  long copies, unusual_count, unusual[1 << 16];
};
static struct log unread;
static struct log *log_file = &unread;

#define OWN_RUN 99
// Seconds that a copy has.
#define DEADLINE 10

static int chosen = kind_count;
static long number, each;
static int usual;
static int code;
static int lasts;
static int sent;
static int is_ready;
static int is_copy;

// The function of the system that a wrapper stands before.
static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

// Makes a copy in which the call of that number fails: gives 1 there. The copy has one thread, and
// what it changes outside of itself would be changed for the process too.
static int fails_in_copy(long place) {
  long copy = syscall(SYS_fork);
  if (copy == 0) {
    is_copy = 1;
    alarm(DEADLINE);
    return 1;
  }
  int status = -1;
  while (syscall(SYS_wait4, copy, &status, 0, 0) < 0 && errno == EINTR) {
  }
  __sync_add_and_fetch(&log_file->copies, 1);
  if (!WIFEXITED(status) || WEXITSTATUS(status) != usual) {
    long found = __sync_fetch_and_add(&log_file->unusual_count, 1);
    log_file->unusual[found & ((1 << 16) - 1)] = place;
  }
  return 0;
}

// To be called before what a copy must not do.
static void only_in_process(void) {
  if (is_copy) _exit(OWN_RUN);
}

// Counts a call; gives 1 where it is to fail, and sets `errno`.
static int fails(enum kind kind) {
  if (!is_ready || is_copy) return 0;
  long place = __sync_add_and_fetch(&log_file->calls[kind], 1);
  if ((int)kind != chosen) return 0;
  int kept = errno;
  int is_failing = number > 0 && (lasts ? place >= number : place == number);
  if (is_failing && sent) {
    kill(getpid(), sent);
    is_failing = 0;
  }
  if (each > 0 && place % each == 0) is_failing = fails_in_copy(place);
  errno = is_failing ? code : kept;
  return is_failing;
}

static int fails_with_bytes(size_t bytes) {
  int is_failing = bytes >= BLOCK_BYTES && fails(kind_block);
  return fails(kind_malloc) || is_failing;
}

// MARK: Start

static int (*program)(int, char **, char **);

static int start(int count, char **arguments, char **environment) {
  is_ready = 1;
  return program(count, arguments, environment);
}

static long number_of(const char *name, long usual) {
  const char *text = getenv(name);
  return text ? atol(text) : usual;
}

static void prepare(void) {
  const char *name = getenv("FAULT_CALL");
  for (int kind = 0; name && kind < kind_count; kind++) {
    if (strcmp(names[kind], name) == 0) chosen = kind;
  }
  if (name && chosen == kind_count) abort();
  number = number_of("FAULT_NUMBER", 0);
  each = number_of("FAULT_EACH", 0);
  usual = (int)number_of("FAULT_USUAL", 0);
  code = (int)number_of("FAULT_ERRNO", EIO);
  lasts = (int)number_of("FAULT_LASTS", 0);
  sent = (int)number_of("FAULT_SIGNAL", 0);
  const char *path = getenv("FAULT_LOG");
  if (!path) return;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || syscall(SYS_ftruncate, file, sizeof(struct log)) != 0) abort();
  void *log = (void *)syscall(
      SYS_mmap, NULL, sizeof(struct log), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0L);
  if (log == MAP_FAILED) abort();
  log_file = log;
  syscall(SYS_close, file);
}

int __libc_start_main(
    int (*main)(int, char **, char **), int count, char **arguments, void (*init)(void),
    void (*fini)(void), void (*rtld_fini)(void), void *stack_end) {
  int (*real)(
      int (*)(int, char **, char **), int, char **, void (*)(void), void (*)(void),
      void (*)(void), void *) = next("__libc_start_main");
  prepare();
  program = main;
  return real(start, count, arguments, init, fini, rtld_fini, stack_end);
}

// MARK: Files

static int open_at(int folder, const char *path, int flags, va_list rest) {
  mode_t mode = flags & (O_CREAT | __O_TMPFILE) ? va_arg(rest, mode_t) : 0;
  if (flags & (O_CREAT | O_WRONLY | O_RDWR)) only_in_process();
  return fails(kind_open) ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
}

#define OPEN(name, parameters, folder)                 \
  int name parameters {                                \
    va_list rest;                                      \
    va_start(rest, flags);                             \
    int file = open_at(folder, path, flags, rest);     \
    va_end(rest);                                      \
    return file;                                       \
  }

OPEN(open, (const char *path, int flags, ...), AT_FDCWD)
OPEN(open64, (const char *path, int flags, ...), AT_FDCWD)
OPEN(openat, (int folder, const char *path, int flags, ...), folder)
OPEN(openat64, (int folder, const char *path, int flags, ...), folder)

// Declares `real`, the function of the system.
#define REAL(result, name, arguments)            \
  static result(*real) arguments;                \
  if (!real) real = (result(*) arguments)next(#name)

#define WRAP(result, failure, kind, name, parameters, arguments) \
  result name parameters {                                       \
    REAL(result, name, parameters);                              \
    return fails(kind_##kind) ? failure : real arguments;        \
  }

// The same for what a copy must not do.
#define KEEP(result, failure, kind, name, parameters, arguments) \
  result name parameters {                                       \
    REAL(result, name, parameters);                              \
    only_in_process();                                           \
    return fails(kind_##kind) ? failure : real arguments;        \
  }

KEEP(int, -1, open, mkstemp, (char *path), (path))
WRAP(DIR *, NULL, open, opendir, (const char *path), (path))

ssize_t write(int file, const void *bytes, size_t count) {
  REAL(ssize_t, write, (int, const void *, size_t));
  if (file != STDERR_FILENO) only_in_process();
  return fails(kind_write) ? -1 : real(file, bytes, count);
}

KEEP(ssize_t, -1, write, writev, (int file, const struct iovec *pieces, int count),
     (file, pieces, count))
KEEP(ssize_t, -1, write, pwrite, (int file, const void *bytes, size_t count, off_t place),
     (file, bytes, count, place))
KEEP(ssize_t, -1, write, pwrite64, (int file, const void *bytes, size_t count, off64_t place),
     (file, bytes, count, place))
KEEP(ssize_t, -1, write, pwritev, (int file, const struct iovec *pieces, int count, off_t place),
     (file, pieces, count, place))
KEEP(ssize_t, -1, write, pwritev64,
     (int file, const struct iovec *pieces, int count, off64_t place), (file, pieces, count, place))
KEEP(ssize_t, -1, read, read, (int file, void *bytes, size_t count), (file, bytes, count))
KEEP(ssize_t, -1, read, pread, (int file, void *bytes, size_t count, off_t place),
     (file, bytes, count, place))
KEEP(ssize_t, -1, read, pread64, (int file, void *bytes, size_t count, off64_t place),
     (file, bytes, count, place))
WRAP(int, -1, fsync, fsync, (int file), (file))
WRAP(int, -1, fsync, fdatasync, (int file), (file))
KEEP(int, -1, rename, rename, (const char *old, const char *new), (old, new))
KEEP(int, -1, rename, renameat, (int from, const char *old, int to, const char *new),
     (from, old, to, new))
KEEP(int, -1, fchmod, fchmod, (int file, mode_t mode), (file, mode))
KEEP(int, -1, ftruncate, ftruncate, (int file, off_t size), (file, size))
KEEP(off_t, -1, lseek, lseek, (int file, off_t offset, int origin), (file, offset, origin))
KEEP(int, -1, flock, flock, (int file, int operation), (file, operation))
WRAP(int, -1, stat, stat, (const char *path, struct stat *status), (path, status))
WRAP(int, -1, fstat, fstat, (int file, struct stat *status), (file, status))
WRAP(ssize_t, -1, readlink, readlink, (const char *path, char *target, size_t size),
     (path, target, size))
KEEP(int, -1, poll, poll, (struct pollfd *files, nfds_t count, int wait), (files, count, wait))

// A descriptor is closed, whatever `close` says.
int close(int file) {
  int result = (int)syscall(SYS_close, file);
  return fails(kind_close) ? -1 : result;
}

// MARK: Memory and threads

void *mmap(void *place, size_t bytes, int rights, int flags, int file, off_t offset) {
  if (fails(kind_mmap)) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, place, bytes, rights, flags, file, offset);
}

void *mmap64(void *place, size_t bytes, int rights, int flags, int file, off64_t offset) {
  return mmap(place, bytes, rights, flags, file, offset);
}

int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  REAL(int, pthread_create,
       (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *));
  only_in_process();
  return fails(kind_pthread_create) ? code : real(thread, attributes, body, argument);
}

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *block, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

void *malloc(size_t bytes) {
  return fails_with_bytes(bytes) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  return fails_with_bytes(count * bytes) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *block, size_t bytes) {
  return fails_with_bytes(bytes) ? NULL : __libc_realloc(block, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  return fails_with_bytes(bytes) ? NULL : __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void **block, size_t alignment, size_t bytes) {
  void *found = memalign(alignment, bytes);
  if (found) *block = found;
  return found ? 0 : ENOMEM;
}

// MARK: What copies must not do

#define ONLY(result, name, parameters, arguments) \
  result name parameters {                        \
    REAL(result, name, parameters);               \
    only_in_process();                            \
    return real arguments;                        \
  }

ONLY(int, unlink, (const char *path), (path))
// The threads that it would wait for, or tell, are not there.
ONLY(int, pthread_mutex_lock, (pthread_mutex_t *lock), (lock))
