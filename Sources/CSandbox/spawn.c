#define _GNU_SOURCE
#include "CSandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <unistd.h>

// Standard input and output are the pipes; the rest is closed, and the group a new one, so that
// Ctrl-C at the terminal is the grader's alone.
static int prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes,
                   const char *directory, int input, int output) {
  sigset_t none, pipe_only;
  sigemptyset(&none);
  sigemptyset(&pipe_only);
  sigaddset(&pipe_only, SIGPIPE);
  int code = posix_spawn_file_actions_adddup2(actions, input, 0);
  code = code ? code : posix_spawn_file_actions_adddup2(actions, output, 1);
  code = code ? code : posix_spawn_file_actions_addopen(actions, 2, "/dev/null", O_WRONLY, 0);
  code = code ? code : posix_spawn_file_actions_addchdir_np(actions, directory);
  code = code ? code : posix_spawn_file_actions_addclosefrom_np(actions, 3);
  code = code ? code : posix_spawnattr_setpgroup(attributes, 0);
  code = code ? code : posix_spawnattr_setsigmask(attributes, &none);
  code = code ? code : posix_spawnattr_setsigdefault(attributes, &pipe_only);
  return code ? code
              : posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETPGROUP |
                                                         POSIX_SPAWN_SETSIGMASK |
                                                         POSIX_SPAWN_SETSIGDEF);
}

static int spawn(char *const *words, const char *directory, int input, int output,
                 pid_t *process) {
  char *const nothing[] = {0};
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int code = posix_spawn_file_actions_init(&actions);
  if (code) return code;
  code = posix_spawnattr_init(&attributes);
  if (!code) {
    code = prepare(&actions, &attributes, directory, input, output);
    code = code ? code : posix_spawn(process, words[0], &actions, &attributes, words, nothing);
    posix_spawnattr_destroy(&attributes);
  }
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

int csandbox_spawn(char *const *words, const char *directory, struct csandbox_process *process) {
  int down[2], up[2];
  if (pipe2(down, O_CLOEXEC)) return errno;
  if (pipe2(up, O_CLOEXEC)) {
    int code = errno;
    close(down[0]);
    close(down[1]);
    return code;
  }
  int code = spawn(words, directory, down[0], up[1], &process->identifier);
  close(down[0]);
  close(up[1]);
  if (code) {
    close(down[1]);
    close(up[0]);
  }
  process->input = down[1];
  process->output = up[0];
  return code;
}
