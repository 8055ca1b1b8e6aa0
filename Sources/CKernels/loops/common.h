// What every kernel file shares: code for several processors from one source (`set.h` includes the
// files once for each), and one rounding on all of them: no fused products but those of
// `product.c`, which are fused in every set, and no sum whose order depends on the length of a
// vector.
#pragma once


// A loop whose iterations are independent, except that an output may be exactly an input.
#define LOOP _Pragma("clang loop vectorize(assume_safety)")

// The same for much arithmetic on floats, with a body that is written once and compiled twice: for
// whole groups of elements, so that the long chains of several overlap, and for the rest.
#define IN_GROUPS(i, from, to, ...) \
  do { \
    size_t i = (from), whole = i + ((to) - i) / CK_GROUP * CK_GROUP; \
    CK_WIDE_LOOP for (; i < whole; i++) __VA_ARGS__ \
    LOOP for (; i < (to); i++) __VA_ARGS__ \
  } while (0)
#define CK_GROUP 16

// The same, element by element.
#define ONE_BY_ONE(i, from, to, ...) \
  for (size_t i = (from); i < (to); i++) __VA_ARGS__

#define INLINE static inline __attribute__((always_inline))

// Buffers of one width may be read as one type and written as another in the same place.
typedef float __attribute__((may_alias)) f32;
typedef double __attribute__((may_alias)) f64;
typedef int32_t __attribute__((may_alias)) i32;
typedef int64_t __attribute__((may_alias)) i64;
typedef uint8_t __attribute__((may_alias)) u8;
typedef uint16_t __attribute__((may_alias)) u16;
typedef uint32_t __attribute__((may_alias)) u32;
typedef uint64_t __attribute__((may_alias)) u64;

// One of several statements, by an element type: a new type does not compile until it is named
// here. Short floats do not come here: what takes them turns them to f32 before (`short.h`).
#define BY_TYPE(type, on_f32, on_f64, on_i32, on_i64, on_bool) \
  switch ((enum ck_type)(type)) { \
  case CK_F32: on_f32; break; \
  case CK_F64: on_f64; break; \
  case CK_I32: on_i32; break; \
  case CK_I64: on_i64; break; \
  case CK_BOOL: on_bool; break; \
  case CK_F16: \
  case CK_BF16: break; \
  }
// The same where only floats have a meaning: nothing is done for others.
#define BY_FLOAT(type, on_f32, on_f64) \
  switch ((enum ck_type)(type)) { \
  case CK_F32: on_f32; break; \
  case CK_F64: on_f64; break; \
  case CK_F16: \
  case CK_BF16: \
  case CK_I32: \
  case CK_I64: \
  case CK_BOOL: break; \
  }

// Bytes of an element.
INLINE size_t width_of(int type) {
  BY_TYPE(
      type, return sizeof(f32), return sizeof(f64), return sizeof(i32), return sizeof(i64),
      return sizeof(u8))
  return sizeof(u16);
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
