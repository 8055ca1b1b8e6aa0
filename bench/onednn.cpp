/* What oneDNN takes for the kernels of the models: the least time of many rounds, in nanoseconds.
 * Compiled and run by onednn.py. Products are row-major. Convolutions are 3×3, channels-last outside: "last" computes in that
 * layout, "own" in the layout that oneDNN likes best, without the time of reordering into it.
 *
 * usage: onednn     a line on standard input: product M N K | conv BATCH SIDE CHANNELS | norm ROWS SIZE */
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <functional>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>
#include <vector>

using namespace dnnl;
using tag = memory::format_tag;
using arguments = std::unordered_map<int, memory>;

static engine cpu(engine::kind::cpu, 0);
static dnnl::stream queue(cpu);

static double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

static double least(const std::function<void()> &body) {
  body();
  double best = 1e9;
  for (int round = 0; round < 30; round++) {
    double start = now();
    int turns = 0;
    do { body(); turns++; } while (now() - start < 0.005);
    best = std::min(best, (now() - start) / turns);
  }
  return best * 1e9;
}

static memory filled(const memory::desc &desc) {
  memory m(desc, cpu);
  float *x = static_cast<float *>(m.get_data_handle());
  for (size_t i = 0; i < desc.get_size() / 4; i++) x[i] = float(i % 13) / 13 - 0.4f;
  return m;
}

static double timed(const primitive &p, const arguments &a) {
  return least([&] { p.execute(queue, a); queue.wait(); });
}

static void product(int m, int n, int k) {
  std::vector<float> a(size_t(m) * k, 0.5f), b(size_t(k) * n, 0.25f), y(size_t(m) * n);
  printf("%.0f\n", least([&] { dnnl_sgemm('N', 'N', m, n, k, 1, a.data(), k, b.data(), n, 0, y.data(), n); }));
}

// Forward, gradient of the images, gradient of the weights.
static void convolution(int batch, int side, int channels, bool own) {
  memory::dims image{batch, channels, side, side}, window{channels, channels, 3, 3}, ones{1, 1};
  auto type = memory::data_type::f32;
  tag outer = own ? tag::any : tag::nhwc;
  memory::desc x(image, type, outer), w(window, type, tag::any), y(image, type, outer);
  auto way = algorithm::convolution_direct;
  convolution_forward::primitive_desc forward(
      {prop_kind::forward_training, way, x, w, y, ones, ones, ones}, cpu);
  convolution_backward_data::primitive_desc images({way, x, w, y, ones, ones, ones}, cpu, forward);
  convolution_backward_weights::primitive_desc weights({way, x, w, y, ones, ones, ones}, cpu, forward);
  double times[] = {
      timed(convolution_forward(forward), {{DNNL_ARG_SRC, filled(forward.src_desc())},
          {DNNL_ARG_WEIGHTS, filled(forward.weights_desc())}, {DNNL_ARG_DST, filled(forward.dst_desc())}}),
      timed(convolution_backward_data(images), {{DNNL_ARG_DIFF_DST, filled(images.diff_dst_desc())},
          {DNNL_ARG_WEIGHTS, filled(images.weights_desc())}, {DNNL_ARG_DIFF_SRC, filled(images.diff_src_desc())}}),
      timed(convolution_backward_weights(weights), {{DNNL_ARG_SRC, filled(weights.src_desc())},
          {DNNL_ARG_DIFF_DST, filled(weights.diff_dst_desc())},
          {DNNL_ARG_DIFF_WEIGHTS, filled(weights.diff_weights_desc())}})};
  printf("%.0f %.0f %.0f\n", times[0], times[1], times[2]);
}

static void norm(int rows, int size) {
  memory::desc x({rows, size}, memory::data_type::f32, tag::ab);
  auto flags = normalization_flags::use_scale_shift;
  layer_normalization_forward::primitive_desc d({prop_kind::forward_training, x, 1e-5f, flags}, cpu);
  printf("%.0f\n", timed(layer_normalization_forward(d), {{DNNL_ARG_SRC, filled(x)}, {DNNL_ARG_DST, filled(x)},
      {DNNL_ARG_MEAN, filled(d.mean_desc())}, {DNNL_ARG_VARIANCE, filled(d.variance_desc())},
      {DNNL_ARG_SCALE_SHIFT, filled(d.weights_desc())}}));
}

int main() {
  char what[16];
  int a, b, c;
  while (scanf("%15s %d %d", what, &a, &b) == 3) {
    if (!strcmp(what, "norm")) norm(a, b);
    else if (scanf("%d", &c) != 1) return 1;
    else if (!strcmp(what, "product")) product(a, b, c);
    else convolution(a, b, c, !strcmp(what, "conv-own"));
    fflush(stdout);
  }
}
