// Calls of the system for files that Swift's Glibc module leaves out: extended attributes, and room
// made before it is written to.
#include <sys/types.h>
#include <sys/xattr.h>

int fallocate(int descriptor, int mode, off_t offset, off_t length);
