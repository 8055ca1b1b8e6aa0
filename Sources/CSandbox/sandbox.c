#define _GNU_SOURCE
#include "CSandbox.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

// The library is loaded where it is needed: whoever runs a script does not wait for it.
static struct {
  scmp_filter_ctx (*init)(uint32_t);
  int (*add)(scmp_filter_ctx, uint32_t, int, unsigned, const struct scmp_arg_cmp *);
  int (*set)(scmp_filter_ctx, enum scmp_filter_attr, uint32_t);
  int (*resolve)(const char *);
  int (*load)(const scmp_filter_ctx);
  void (*release)(scmp_filter_ctx);
} seccomp;

static bool find_library(void) {
  void *library = dlopen("libseccomp.so.2", RTLD_NOW);
  if (!library) return false;
#define TAKE(field, name) \
  if (!(*(void **)&seccomp.field = dlsym(library, name))) return false
  TAKE(init, "seccomp_init");
  TAKE(add, "seccomp_rule_add_array");
  TAKE(set, "seccomp_attr_set");
  TAKE(resolve, "seccomp_syscall_resolve_name");
  TAKE(load, "seccomp_load");
  TAKE(release, "seccomp_release");
#undef TAKE
  return true;
}

// Calls that see and change nothing but the process itself.
static const char *const harmless[] = {
    "read", "readv", "write", "writev", "close", "lseek", "fstat", "poll", "ppoll", "select",
    "pselect6", "mmap", "munmap", "mremap", "mprotect", "madvise", "brk", "mincore", "membarrier",
    "rt_sigaction", "rt_sigprocmask", "rt_sigreturn", "rt_sigpending", "sigaltstack", "futex",
    "set_robust_list", "get_robust_list", "set_tid_address", "rseq", "restart_syscall",
    "sched_yield", "sched_getaffinity", "sched_getparam", "sched_getscheduler", "nanosleep",
    "clock_nanosleep", "clock_gettime", "clock_getres", "gettimeofday", "time", "times",
    "getrusage", "getcpu", "getpid", "gettid", "getppid", "getuid", "geteuid", "getgid", "getegid",
    "getrandom", "sysinfo", "uname", "arch_prctl", "exit", "exit_group", "dup", "alarm",
    "setitimer", "getrlimit",
};

static int permit(scmp_filter_ctx filter, const char *name, unsigned count,
                  const struct scmp_arg_cmp *arguments) {
  int number = seccomp.resolve(name);
  // A call that this architecture or library does not know needs no rule.
  if (number == __NR_SCMP_ERROR) return 0;
  int code = seccomp.add(filter, SCMP_ACT_ALLOW, number, count, arguments);
  return code == -EDOM || code == -EOPNOTSUPP ? 0 : code;
}

static int add_rules(scmp_filter_ctx filter) {
  for (unsigned place = 0; place < sizeof harmless / sizeof *harmless; place++) {
    int code = permit(filter, harmless[place], 0, 0);
    if (code) return code;
  }
  int code = 0;
  // A thread, and no process.
  struct scmp_arg_cmp thread = SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_THREAD | CLONE_VM,
                                       CLONE_THREAD | CLONE_VM);
  code = code ? code : permit(filter, "clone", 1, &thread);
  // A signal to itself, as `abort` sends one.
  struct scmp_arg_cmp self = SCMP_A0(SCMP_CMP_EQ, (uint64_t)getpid(), 0);
  code = code ? code : permit(filter, "tgkill", 1, &self);
  // Limits are read, and not set.
  struct scmp_arg_cmp reading = SCMP_A2(SCMP_CMP_EQ, 0, 0);
  code = code ? code : permit(filter, "prlimit64", 1, &reading);
  // The name of a thread.
  struct scmp_arg_cmp naming = SCMP_A0(SCMP_CMP_EQ, PR_SET_NAME, 0);
  code = code ? code : permit(filter, "prctl", 1, &naming);
  struct scmp_arg_cmp flags = SCMP_A1(SCMP_CMP_EQ, F_GETFL, 0);
  code = code ? code : permit(filter, "fcntl", 1, &flags);
  // The C library then takes `clone`, whose flags can be looked at.
  int number = seccomp.resolve("clone3");
  if (!code && number != __NR_SCMP_ERROR) {
    code = seccomp.add(filter, SCMP_ACT_ERRNO(ENOSYS), number, 0, 0);
  }
  return code;
}

static bool filter_calls(void) {
  if (!find_library()) return false;
  // What is not permitted fails, as it would on a machine that has none of it.
  scmp_filter_ctx filter = seccomp.init(SCMP_ACT_ERRNO(EPERM));
  if (!filter) return false;
  bool is_done = seccomp.set(filter, SCMP_FLTATR_CTL_TSYNC, 1) == 0 && add_rules(filter) == 0 &&
                 seccomp.load(filter) == 0;
  seccomp.release(filter);
  return is_done;
}

// Behind the limit there may be room for more, in which the process hears that it is over.
static bool limit(int resource, uint64_t most, uint64_t room) {
  struct rlimit known;
  if (getrlimit(resource, &known)) return false;
  if (known.rlim_max != RLIM_INFINITY && known.rlim_max < most) most = known.rlim_max;
  struct rlimit wanted = {most, most + room};
  if (known.rlim_max != RLIM_INFINITY && known.rlim_max < wanted.rlim_max) {
    wanted.rlim_max = known.rlim_max;
  }
  return setrlimit(resource, &wanted) == 0;
}

static bool set_limits(const struct csandbox_limits *limits) {
  // Over its processor time it gets SIGXCPU first: SIGKILL is what others send.
  return limit(RLIMIT_CORE, 0, 0) && limit(RLIMIT_AS, limits->address_space, 0) &&
         limit(RLIMIT_FSIZE, limits->file_size, 0) && limit(RLIMIT_CPU, limits->seconds, 10) &&
         limit(RLIMIT_NOFILE, limits->descriptors, 0) &&
         limit(RLIMIT_NPROC, limits->processes, 0);
}

int csandbox_enter(const struct csandbox_limits *limits) {
  int in_force = 0;
  if (set_limits(limits)) in_force |= CSANDBOX_LIMITS;
  // No core, no debugger, and no end later than that of whoever asked.
  if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) == 0 &&
      prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0) {
    in_force |= CSANDBOX_PRIVILEGES;
  }
  if (filter_calls()) in_force |= CSANDBOX_CALLS;
  return in_force;
}
