#include "CMPI.h"

#if __has_include(<mpi.h>)

#include <dlfcn.h>
#include <mpi.h>
#include <stdlib.h>
#include <time.h>

// What is taken from the library.
static struct {
  __typeof__(&MPI_Init_thread) init;
  __typeof__(&MPI_Comm_rank) rank;
  __typeof__(&MPI_Comm_size) size;
  __typeof__(&MPI_Comm_set_errhandler) set_errhandler;
  __typeof__(&MPI_Isend) isend;
  __typeof__(&MPI_Irecv) irecv;
  __typeof__(&MPI_Test) test;
  __typeof__(&MPI_Cancel) cancel;
  __typeof__(&MPI_Request_free) request_free;
  __typeof__(&MPI_Barrier) barrier;
  __typeof__(&MPI_Abort) abort;
  __typeof__(&MPI_Finalize) finalize;
  MPI_Comm world;
  MPI_Datatype byte;
  MPI_Errhandler errors_return;
  MPI_Request none;
} mpi;

static int load(void) {
  void *library = dlopen("libmpi.so.40", RTLD_NOW | RTLD_GLOBAL);
  if (!library) library = dlopen("libmpi.so", RTLD_NOW | RTLD_GLOBAL);
  if (!library) return CMPI_NO_LIBRARY;
#define TAKE(field, name) \
  if (!(*(void **)&mpi.field = dlsym(library, name))) return CMPI_NO_LIBRARY
  TAKE(init, "MPI_Init_thread");
  TAKE(rank, "MPI_Comm_rank");
  TAKE(size, "MPI_Comm_size");
  TAKE(set_errhandler, "MPI_Comm_set_errhandler");
  TAKE(isend, "MPI_Isend");
  TAKE(irecv, "MPI_Irecv");
  TAKE(test, "MPI_Test");
  TAKE(cancel, "MPI_Cancel");
  TAKE(request_free, "MPI_Request_free");
  TAKE(barrier, "MPI_Barrier");
  TAKE(abort, "MPI_Abort");
  TAKE(finalize, "MPI_Finalize");
  // What the header's constants stand for.
  TAKE(world, "ompi_mpi_comm_world");
  TAKE(byte, "ompi_mpi_byte");
  TAKE(errors_return, "ompi_mpi_errors_return");
  TAKE(none, "ompi_request_null");
#undef TAKE
  return CMPI_OK;
}

int cmpi_begin(int *rank, int *size) {
  int outcome = load();
  if (outcome != CMPI_OK) return outcome;
  int level = 0;
  if (mpi.init(NULL, NULL, MPI_THREAD_SERIALIZED, &level) != MPI_SUCCESS) return CMPI_FAILED;
  mpi.set_errhandler(mpi.world, mpi.errors_return);
  if (mpi.rank(mpi.world, rank) != MPI_SUCCESS) return CMPI_FAILED;
  if (mpi.size(mpi.world, size) != MPI_SUCCESS) return CMPI_FAILED;
  return CMPI_OK;
}

// Bytes of a message, most: the library counts in int.
static const size_t most = (size_t)1 << 30;

// Waits for both requests. A process that waits for long sleeps between two looks, so that several
// on one core get on.
static int wait_for(MPI_Request requests[2], const volatile int *stop) {
  int done[2] = {0, 0};
  for (long look = 0;; look++) {
    for (int i = 0; i < 2; i++)
      if (!done[i] && mpi.test(&requests[i], &done[i], MPI_STATUS_IGNORE) != MPI_SUCCESS)
        return CMPI_FAILED;
    if (done[0] && done[1]) return CMPI_OK;
    if (stop && *stop) return CMPI_STOPPED;
    if (look > 200) {
      struct timespec pause = {0, look > 2000 ? 200000 : 10000};
      nanosleep(&pause, NULL);
    }
  }
}

int cmpi_shift(
    int to, const void *out, size_t out_bytes, int from, void *in, size_t in_bytes,
    const volatile int *stop) {
  const char *source = out;
  char *target = in;
  int isSending = to >= 0, isReceiving = from >= 0;
  do {
    size_t sent = isSending ? (out_bytes < most ? out_bytes : most) : 0;
    size_t taken = isReceiving ? (in_bytes < most ? in_bytes : most) : 0;
    MPI_Request requests[2] = {mpi.none, mpi.none};
    if (isReceiving
        && mpi.irecv(target, (int)taken, mpi.byte, from, 0, mpi.world, &requests[0])
            != MPI_SUCCESS)
      return CMPI_FAILED;
    if (isSending
        && mpi.isend(source, (int)sent, mpi.byte, to, 0, mpi.world, &requests[1]) != MPI_SUCCESS)
      return CMPI_FAILED;
    int outcome = wait_for(requests, stop);
    if (outcome != CMPI_OK) return outcome;
    source += sent;
    target += taken;
    out_bytes -= sent;
    in_bytes -= taken;
    isSending = isSending && out_bytes > 0;
    isReceiving = isReceiving && in_bytes > 0;
  } while (isSending || isReceiving);
  return CMPI_OK;
}

int cmpi_barrier(void) {
  return mpi.barrier(mpi.world) == MPI_SUCCESS ? CMPI_OK : CMPI_FAILED;
}

void cmpi_abort(int status) { mpi.abort(mpi.world, status); }

void cmpi_end(void) { mpi.finalize(); }

#else

#include <stdlib.h>

int cmpi_begin(int *rank, int *size) {
  *rank = 0;
  *size = 1;
  return CMPI_NOT_BUILT;
}

int cmpi_shift(
    int to, const void *out, size_t out_bytes, int from, void *in, size_t in_bytes,
    const volatile int *stop) {
  (void)to, (void)out, (void)out_bytes, (void)from, (void)in, (void)in_bytes, (void)stop;
  return CMPI_NOT_BUILT;
}

int cmpi_barrier(void) { return CMPI_NOT_BUILT; }

void cmpi_abort(int status) { exit(status); }

void cmpi_end(void) {}

#endif
