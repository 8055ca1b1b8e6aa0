// A library to be preloaded into the program: it fails the n-th call of a function of the system.
//
//   FAULT_CALL    the function: open, write, read, fsync, rename, close, fchmod, ftruncate, lseek,
//                 flock, stat, fstat, readlink, poll
//   FAULT_NUMBER  which of its calls fails, from 1; none where it is not set
//   FAULT_ERRNO   what it fails with
//   FAULT_LOG     a file that gets a byte for each call
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

static const char *chosen;
static const char *log_path;
static int number;
static int code;
static int calls;

__attribute__((constructor)) static void prepare(void) {
  chosen = getenv("FAULT_CALL");
  log_path = getenv("FAULT_LOG");
  number = getenv("FAULT_NUMBER") ? atoi(getenv("FAULT_NUMBER")) : 0;
  code = getenv("FAULT_ERRNO") ? atoi(getenv("FAULT_ERRNO")) : EIO;
}

// Declares `real`, the function of the system.
#define REAL(result, name, arguments)          \
  static result(*real) arguments;              \
  if (!real) real = dlsym(RTLD_NEXT, #name)

// Counts a call; gives 1 where it is to fail.
static int fails(const char *call) {
  // Other libraries may call before this one is prepared.
  if (!chosen || strcmp(call, chosen) != 0) return 0;
  int place = __sync_add_and_fetch(&calls, 1);
  if (log_path) {
    REAL(int, open, (const char *, int, ...));
    ssize_t (*put)(int, const void *, size_t) = dlsym(RTLD_NEXT, "write");
    int (*end)(int) = dlsym(RTLD_NEXT, "close");
    int file = real(log_path, O_WRONLY | O_CREAT | O_APPEND, 0600);
    if (file >= 0) {
      if (put(file, "x", 1) != 1) abort();
      end(file);
    }
  }
  if (place != number) return 0;
  errno = code;
  return 1;
}

int open(const char *path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  mode_t mode = va_arg(rest, mode_t);
  va_end(rest);
  REAL(int, open, (const char *, int, ...));
  return fails("open") ? -1 : real(path, flags, mode);
}

// A descriptor is closed, whatever `close` says.
int close(int file) {
  REAL(int, close, (int));
  int result = real(file);
  return fails("close") ? -1 : result;
}

#define WRAP(result, name, parameters, arguments) \
  result name parameters {                        \
    REAL(result, name, parameters);               \
    return fails(#name) ? -1 : real arguments;    \
  }

WRAP(ssize_t, write, (int file, const void *bytes, size_t count), (file, bytes, count))
WRAP(ssize_t, read, (int file, void *bytes, size_t count), (file, bytes, count))
WRAP(int, fsync, (int file), (file))
WRAP(int, rename, (const char *old, const char *new), (old, new))
WRAP(int, fchmod, (int file, mode_t mode), (file, mode))
WRAP(int, ftruncate, (int file, off_t size), (file, size))
WRAP(off_t, lseek, (int file, off_t offset, int origin), (file, offset, origin))
WRAP(int, flock, (int file, int operation), (file, operation))
WRAP(int, stat, (const char *path, struct stat *status), (path, status))
WRAP(int, fstat, (int file, struct stat *status), (file, status))
WRAP(ssize_t, readlink, (const char *path, char *target, size_t size), (path, target, size))
WRAP(int, poll, (struct pollfd *files, nfds_t count, int wait), (files, count, wait))
