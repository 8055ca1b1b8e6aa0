// One set of kernels: all files of loops, compiled for the processors of CK_TARGET (for all of the
// architecture where it is not defined). The file that includes this names the set in CK_SET, bytes
// of a vector in CK_VECTOR, and the rows of a product's tile in CK_TILE_ROWS: two vectors for each
// row have to fit the registers, and something more. CK_WIDE_ATTRIBUTE lets a function use its
// widest vectors, and CK_WIDE_LOOP has a loop do as much at once as `IN_GROUPS` wants.
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// The name of a function of this set of kernels.
#define IN_SET_(name, set) name##_##set
#define IN_SET_OF(name, set) IN_SET_(name, set)
#define IN_SET(name) IN_SET_OF(name, CK_SET)

#define CK_FUNCTION(result, name, parameters, arguments) result IN_SET(name) parameters;

#include "CKernels.h"

#ifdef CK_TARGET
#pragma clang attribute push(__attribute__((target(CK_TARGET))), apply_to = function)
#endif

#include "binary.c"
#include "cells.c"
#include "channels.c"
#include "gather.c"
#include "losses.c"
#include "move.c"
#include "norm.c"
#include "groups.c"
#include "product.c"
#include "conv.c"
#include "pool.c"
#include "random.c"
#include "reduce.c"
#include "rows.c"
#include "attention.c"
#include "select.c"
#include "unary.c"
#include "update.c"
#include "tail.c"

#ifdef CK_TARGET
#pragma clang attribute pop
#endif
