// Memory, and what happens where the system refuses it.
//
// Who asks here is told of a refusal and can say what it was for. All others, the runtime of the
// language first of all, do not bear one: they would end the program by a signal, somewhere later.
// So `malloc` and its kin are this library's in the whole process: where the system refuses them
// memory, the process ends at once, with a line that says so and a status.
#ifndef CMEMORY_H
#define CMEMORY_H

#include <stddef.h>

// `malloc` for who bears a refusal: NULL. The block goes back with `free`.
void *cm_ask(size_t bytes);

// `aligned_alloc` for who bears a refusal: NULL. The block goes back with `free`.
void *cm_ask_aligned(size_t alignment, size_t bytes);

// From here on a refusal that nobody bears ends the process with `status`: `before`, the number of
// bytes and `after` stand on standard error, and `last` has run, which must ask for no memory. Both
// texts stay where they are.
void cm_end_where_refused(
    const char *before, const char *after, int status, void (*last)(void));

// From here on all threads share one heap. A heap of a thread's own grows by a page at a time, with
// a call of the system for each.
void cm_use_one_heap(void);

// Gives whole pages of freed blocks back to the system. It looks at every freed block.
void cm_return_freed(void);

#endif
