// Shuts the calling process in: limits of its own, no new privileges, and no calls of the system
// but those that computing on what it holds already needs.
#ifndef CSANDBOX_H
#define CSANDBOX_H

#include <stdint.h>
#include <sys/types.h>

// What a process may take.
struct csandbox_limits {
  uint64_t address_space;  // bytes
  uint64_t file_size;      // bytes of a file that it writes
  uint64_t seconds;        // of processor time: a backstop
  uint64_t descriptors;    // open files
  uint64_t processes;      // of its user, threads among them
};

// What is in force: bits.
enum {
  CSANDBOX_LIMITS = 1,      // setrlimit
  CSANDBOX_PRIVILEGES = 2,  // no new privileges
  CSANDBOX_CALLS = 4,       // a seccomp filter, of all threads
  CSANDBOX_ALL = 7,
};

// Shuts this process in, with all its threads, for ever, and gives what is in force. Nothing of it
// can be taken back.
int csandbox_enter(const struct csandbox_limits *limits);

// A process that was started, and the ends of its pipes that are not its own.
struct csandbox_process {
  pid_t identifier;
  int input;   // what is written here it reads
  int output;  // what it writes is read here
};

// Starts a program, words[0], with no environment, in a directory, with two pipes and nothing else
// open. Gives 0, or the error number. The last word is followed by a null.
int csandbox_spawn(char *const *words, const char *directory, struct csandbox_process *process);

#endif
