// The template that TEMPLATE names, once for f32 and once for f64: T is the type, NAME(f) the name
// of f for it.
#define T f32
#define NAME(name) name##_f32
#include TEMPLATE
#undef T
#undef NAME

#define T f64
#define NAME(name) name##_f64
#include TEMPLATE
#undef T
#undef NAME

#undef TEMPLATE
