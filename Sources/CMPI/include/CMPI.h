// Messages between the processes that `mpirun` started, through Open MPI.
//
// Its headers are needed to build this, and its library only where a process was started by
// `mpirun`: it is loaded then, so that no other pays for it.
#ifndef CMPI_H
#define CMPI_H

#include <stddef.h>

enum cmpi_outcome {
  CMPI_OK = 0,
  // The headers were not there when this was built.
  CMPI_NOT_BUILT = 1,
  // The library is not there, or lacks something.
  CMPI_NO_LIBRARY = 2,
  // The library reports an error; the other process may be gone.
  CMPI_FAILED = 3,
  // The word said to stop.
  CMPI_STOPPED = 4,
};

// Joins the other processes: who of them this is, and how many there are.
int cmpi_begin(int *rank, int *size);

// Sends bytes to one process and receives as many as it sends from one, at once; a rank below 0
// stands for none. While neither is done `*stop` is looked at.
int cmpi_shift(
    int to, const void *out, size_t out_bytes, int from, void *in, size_t in_bytes,
    const volatile int *stop);

// Waits for all processes.
int cmpi_barrier(void);

// Ends all processes at once with a status.
void cmpi_abort(int status);

// Leaves the others: all have to.
void cmpi_end(void);

#endif
