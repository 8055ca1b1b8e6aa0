// A library to be preloaded into the program: it fails the n-th call of a function of the system,
// or all from the n-th on.
//
//   FAULT_CALL    the function: open, write, read, fsync, rename, close, fchmod, ftruncate, lseek,
//                 flock, stat, fstat, readlink, poll, mmap, pthread_create, malloc; those that do
//                 the same count with it (openat with open, calloc with malloc)
//   FAULT_NUMBER  which of its calls fails, from 1; none where it is not set
//   FAULT_ERRNO   what it fails with; EIO where it is not set
//   FAULT_LASTS   1 where all calls behind that one fail too
//   FAULT_SIGNAL  a signal that the process gets at that call, which then does not fail
//   FAULT_LEAST   mappings and allocations of fewer bytes are not counted
//   FAULT_LOG     a file that holds how many were called, as eight bytes, however the program ends
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
#include <unistd.h>

static const char *chosen;
static long number;
static size_t least;
static int code;
static int lasts;
static int sent;
static int is_ready;

static long uncounted;
// How many calls there were: in the log, where there is one.
static long *calls = &uncounted;

// The function of the system that a wrapper stands before.
static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

// Counts a call; gives 1 where it is to fail, and sets `errno`.
static int fails(const char *call) {
  if (!is_ready || !chosen || strcmp(call, chosen) != 0) return 0;
  long place = __sync_add_and_fetch(calls, 1);
  if (number == 0 || (lasts ? place < number : place != number)) return 0;
  if (sent) {
    kill(getpid(), sent);
    return 0;
  }
  errno = code;
  return 1;
}

static int fails_with_bytes(const char *call, size_t bytes) {
  return bytes >= least && fails(call);
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
  chosen = getenv("FAULT_CALL");
  number = number_of("FAULT_NUMBER", 0);
  least = (size_t)number_of("FAULT_LEAST", 0);
  code = (int)number_of("FAULT_ERRNO", EIO);
  lasts = (int)number_of("FAULT_LASTS", 0);
  sent = (int)number_of("FAULT_SIGNAL", 0);
  const char *path = getenv("FAULT_LOG");
  if (!path) return;
  int file = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (file < 0 || syscall(SYS_ftruncate, file, sizeof(long)) != 0) abort();
  void *log = (void *)syscall(
      SYS_mmap, NULL, sizeof(long), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0L);
  if (log == MAP_FAILED) abort();
  calls = log;
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
  return fails("open") ? -1 : (int)syscall(SYS_openat, folder, path, flags, mode);
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

#define WRAP(result, failure, call, name, parameters, arguments) \
  result name parameters {                                       \
    REAL(result, name, parameters);                              \
    return fails(call) ? failure : real arguments;               \
  }

WRAP(int, -1, "open", mkstemp, (char *path), (path))
WRAP(DIR *, NULL, "open", opendir, (const char *path), (path))
WRAP(ssize_t, -1, "write", write, (int file, const void *bytes, size_t count), (file, bytes, count))
WRAP(ssize_t, -1, "write", writev, (int file, const struct iovec *pieces, int count),
     (file, pieces, count))
WRAP(ssize_t, -1, "write", pwrite, (int file, const void *bytes, size_t count, off_t place),
     (file, bytes, count, place))
WRAP(ssize_t, -1, "write", pwrite64, (int file, const void *bytes, size_t count, off64_t place),
     (file, bytes, count, place))
WRAP(ssize_t, -1, "read", read, (int file, void *bytes, size_t count), (file, bytes, count))
WRAP(ssize_t, -1, "read", pread, (int file, void *bytes, size_t count, off_t place),
     (file, bytes, count, place))
WRAP(ssize_t, -1, "read", pread64, (int file, void *bytes, size_t count, off64_t place),
     (file, bytes, count, place))
WRAP(int, -1, "fsync", fsync, (int file), (file))
WRAP(int, -1, "fsync", fdatasync, (int file), (file))
WRAP(int, -1, "rename", rename, (const char *old, const char *new), (old, new))
WRAP(int, -1, "rename", renameat, (int from, const char *old, int to, const char *new),
     (from, old, to, new))
WRAP(int, -1, "fchmod", fchmod, (int file, mode_t mode), (file, mode))
WRAP(int, -1, "ftruncate", ftruncate, (int file, off_t size), (file, size))
WRAP(off_t, -1, "lseek", lseek, (int file, off_t offset, int origin), (file, offset, origin))
WRAP(int, -1, "flock", flock, (int file, int operation), (file, operation))
WRAP(int, -1, "stat", stat, (const char *path, struct stat *status), (path, status))
WRAP(int, -1, "fstat", fstat, (int file, struct stat *status), (file, status))
WRAP(ssize_t, -1, "readlink", readlink, (const char *path, char *target, size_t size),
     (path, target, size))
WRAP(int, -1, "poll", poll, (struct pollfd *files, nfds_t count, int wait), (files, count, wait))

// A descriptor is closed, whatever `close` says.
int close(int file) {
  int result = (int)syscall(SYS_close, file);
  return fails("close") ? -1 : result;
}

// MARK: Memory and threads

void *mmap(void *place, size_t bytes, int rights, int flags, int file, off_t offset) {
  if (fails_with_bytes("mmap", bytes)) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, place, bytes, rights, flags, file, offset);
}

void *mmap64(void *place, size_t bytes, int rights, int flags, int file, off64_t offset) {
  return mmap(place, bytes, rights, flags, file, offset);
}

int pthread_create(
    pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
  REAL(int, pthread_create,
       (pthread_t *, const pthread_attr_t *, void *(*)(void *), void *));
  return fails("pthread_create") ? code : real(thread, attributes, body, argument);
}

void *__libc_malloc(size_t bytes);
void *__libc_calloc(size_t count, size_t bytes);
void *__libc_realloc(void *block, size_t bytes);
void *__libc_memalign(size_t alignment, size_t bytes);

void *malloc(size_t bytes) {
  return fails_with_bytes("malloc", bytes) ? NULL : __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  return fails_with_bytes("malloc", count * bytes) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *block, size_t bytes) {
  return fails_with_bytes("malloc", bytes) ? NULL : __libc_realloc(block, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  return fails_with_bytes("malloc", bytes) ? NULL : __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void **block, size_t alignment, size_t bytes) {
  void *found = memalign(alignment, bytes);
  if (found) *block = found;
  return found ? 0 : ENOMEM;
}
