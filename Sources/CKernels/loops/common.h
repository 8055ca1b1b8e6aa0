// What every kernel file shares: code for several processors from one source (`set.h` includes the
// files once for each), and one rounding on all of them: no fused products but those of
// `product.c`, which are fused in every set, and no sum whose order depends on the length of a
// vector.
#pragma once


// A loop whose iterations are independent, except that an output may be exactly an input.
#define LOOP _Pragma("clang loop vectorize(assume_safety)")

#define INLINE static inline __attribute__((always_inline))

// Buffers of one width may be read as one type and written as another in the same place.
typedef float __attribute__((may_alias)) f32;
typedef double __attribute__((may_alias)) f64;
typedef int32_t __attribute__((may_alias)) i32;
typedef uint8_t __attribute__((may_alias)) u8;
typedef uint32_t __attribute__((may_alias)) u32;
typedef uint64_t __attribute__((may_alias)) u64;

// One of several statements, by an element type: a new type does not compile until it is named
// here.
#define BY_TYPE(type, on_f32, on_f64, on_i32, on_bool) \
  switch ((enum ck_type)(type)) { \
  case CK_F32: on_f32; break; \
  case CK_F64: on_f64; break; \
  case CK_I32: on_i32; break; \
  case CK_BOOL: on_bool; break; \
  }
// The same where only floats have a meaning: nothing is done for others.
#define BY_FLOAT(type, on_f32, on_f64) \
  switch ((enum ck_type)(type)) { \
  case CK_F32: on_f32; break; \
  case CK_F64: on_f64; break; \
  case CK_I32: \
  case CK_BOOL: break; \
  }

// Bytes of an element.
INLINE size_t width_of(int type) {
  BY_TYPE(type, return sizeof(f32), return sizeof(f64), return sizeof(i32), return sizeof(u8))
  return 0;
}

// Elements between two looks at `stop`: some microseconds of work.
#define CK_STRETCH 8192

// Stretches `from..<to` that together are 0..<n, as long as nothing asks to stop.
#define IN_STRETCHES(from, to, n) \
  for (size_t from = 0, to; from < (n) && !*stop && \
       ((to = (n) - from < CK_STRETCH ? (n) : from + CK_STRETCH), 1); \
       from = to)

// The type of `stop`: a word that another thread, or a signal handler, may set at any time.
typedef const volatile int32_t *stop_word;
