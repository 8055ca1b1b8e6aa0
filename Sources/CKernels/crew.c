// Threads that do the parts of a piece of work together. A thread that has nothing to do looks for
// work for some microseconds and then sleeps: a program that waits costs nothing, and another one
// on the same processor loses little.
#define _GNU_SOURCE
#include "CKernels.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

// Most threads beside the callers; bytes of a thread's stack; looks before a thread sleeps, which
// take some 20 to 50 microseconds.
#define MOST 255
#define STACK (1 << 20)
#define LOOKS 1000

// The work in hand. `ticket` holds its number (32 bits) and the parts that nobody has taken (32
// bits), so that who takes a part takes it of the work that is there; the other fields stay as they
// are until all parts are done.
static _Alignas(64) _Atomic uint64_t ticket;
static void (*work)(void *context, int part);
static void *work_context;
static int work_parts;

static _Alignas(64) _Atomic uint32_t undone;
static _Atomic int caller_sleeps;

// Counts up with every piece of work: sleeping threads wait for it to change.
static _Alignas(64) _Atomic uint32_t calls;
static _Atomic int sleepers;

// Short work, of less than so many nanoseconds, is shared only while that pays: handing it over may
// cost more than it takes, where threads sleep or wait for a core, or where cores are far apart.
// Which thread computes something changes no bit of it, so that a clock may decide.
#define SHORT 60000
// Calls of short work in a row that are judged together; the fewest and the most that are then done
// alone where sharing did not pay.
#define TRIAL 32
#define LEAST_PAUSE 64
#define MOST_PAUSE 8192
static struct {
  int calls;                // of the trial so far
  int64_t gained, offered;  // nanoseconds in it: saved by the others, and of all work
  int pause, alone;         // calls done alone after a bad trial, and left of them
} habit = {0, 0, 0, LEAST_PAUSE, 0};

static pthread_mutex_t in_use = PTHREAD_MUTEX_INITIALIZER;
static int started, refused;

static void rest(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void sleep_while(_Atomic uint32_t *word, uint32_t value) {
  int kept = errno;
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, value, 0, 0, 0);
  errno = kept;
}

static void wake(_Atomic uint32_t *word, int count) {
  int kept = errno;
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count, 0, 0, 0);
  errno = kept;
}

// Does one part, if there is one that nobody has taken.
static int do_part(void) {
  uint64_t seen = atomic_load(&ticket);
  do {
    if ((uint32_t)seen == 0) return 0;
  } while (!atomic_compare_exchange_weak(&ticket, &seen, seen - 1));
  work(work_context, work_parts - (int)(uint32_t)seen);
  if (atomic_fetch_sub(&undone, 1) == 1 && atomic_load(&caller_sleeps)) wake(&undone, 1);
  return 1;
}

static void *help(void *unused) {
  (void)unused;
  for (;;) {
    int looks = 0;
    while (looks < LOOKS) {
      if (do_part()) {
        looks = 0;
      } else {
        looks++;
        rest();
      }
    }
    uint32_t seen = atomic_load(&calls);
    atomic_fetch_add(&sleepers, 1);
    if ((uint32_t)atomic_load(&ticket) == 0) sleep_while(&calls, seen);
    atomic_fetch_sub(&sleepers, 1);
  }
  return 0;
}

// Starts threads until there are `count`, as far as the system gives them. They take no signals,
// which are for the threads that know what to do with them.
static void start(int count) {
  if (count > MOST) count = MOST;
  if (started >= count || refused) return;
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  sigset_t all, kept;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &kept);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, STACK);
  pthread_t thread;
  while (started < count && !refused) {
    if (pthread_create(&thread, &attributes, help, 0) == 0)
      started++;
    else
      refused = 1;
  }
  pthread_sigmask(SIG_SETMASK, &kept, 0);
  pthread_attr_destroy(&attributes);
}

static void do_alone(int parts, void (*body)(void *context, int part), void *context) {
  for (int part = 0; part < parts; part++) body(context, part);
}

static int64_t now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

// Notes what sharing a piece of short work saved, and after a trial decides how to go on.
static void learn(int64_t nanoseconds, int64_t gain) {
  int64_t most = nanoseconds, least = -4 * nanoseconds;
  habit.gained += gain > most ? most : gain < least ? least : gain;
  habit.offered += nanoseconds;
  if (++habit.calls < TRIAL) return;
  if (habit.gained * 16 < habit.offered) {
    habit.alone = habit.pause;
    habit.pause = habit.pause < MOST_PAUSE ? 2 * habit.pause : MOST_PAUSE;
  } else {
    habit.pause = LEAST_PAUSE;
  }
  habit.calls = 0;
  habit.gained = habit.offered = 0;
}

// Hands the work out, does what is left of it, waits for the others, and gives the nanoseconds that
// they saved: the time of their parts, were they done here, less what handing out and waiting took.
static int64_t share(
    int helpers, int parts, void (*body)(void *context, int part), void *context) {
  int64_t begun = now();
  work = body;
  work_context = context;
  work_parts = parts;
  atomic_store(&undone, (uint32_t)parts);
  uint64_t number = (atomic_load(&ticket) >> 32) + 1;
  atomic_store(&ticket, number << 32 | (uint32_t)parts);
  atomic_fetch_add(&calls, 1);
  if (atomic_load(&sleepers) > 0) wake(&calls, helpers);
  int64_t handed = now();
  int own = 0;
  while (do_part()) own++;
  int64_t done = now();
  for (int looks = 0; looks < LOOKS && atomic_load(&undone) != 0; looks++) rest();
  atomic_store(&caller_sleeps, 1);
  for (uint32_t left; (left = atomic_load(&undone)) != 0;) sleep_while(&undone, left);
  atomic_store(&caller_sleeps, 0);
  int64_t saved = own > 0 ? (done - handed) / own * (parts - own) : done - handed;
  return saved - (handed - begun) - (now() - done);
}

void ck_crew_run(
    int threads, int parts, int64_t nanoseconds, void (*body)(void *context, int part),
    void *context) {
  if (threads < 2 || parts < 2 || pthread_mutex_trylock(&in_use) != 0) {
    do_alone(parts, body, context);
    return;
  }
  int is_short = nanoseconds < SHORT;
  if (is_short && habit.alone > 0) {
    habit.alone--;
    pthread_mutex_unlock(&in_use);
    do_alone(parts, body, context);
    return;
  }
  int helpers = (threads < parts ? threads : parts) - 1;
  start(helpers);
  int64_t gain = share(helpers, parts, body, context);
  if (is_short) learn(nanoseconds, gain);
  pthread_mutex_unlock(&in_use);
}
