// Local response normalisation over channels, for CPUs. TensorFlow's own gradient takes a fifth of AlexNet's step.
//
//   LocalResponseNorm      x: [R…, C] -> y = x·s^−β,  s = bias + α·Σ x² over the channel and `depth_radius` to each side
//   LocalResponseNormGrad  dy, x, y: [R…, C] -> dx = dy·s^−β − 2αβ·x·Σ dy·y/s over the same channels

#include "response-norm.h"

#include <algorithm>
#include <cmath>

#include "kernel.h"
#include "thread-pool.h"

namespace {

constexpr int64_t kBlockRows = 256;

struct Norm {
  int64_t radius = 0;
  float bias = 0, alpha = 0, beta = 0;
};

// A row with `radius` zeros at each end, so that every channel has the same neighbours.
class Padded {
 public:
  Padded(int64_t channels, int64_t radius) : values_(channels + 2 * radius), radius_(radius) {}
  float* Row() { return values_.data() + radius_; }

 private:
  std::vector<float> values_;
  int64_t radius_;
};

INLINE void WindowSums(const float* __restrict padded, int64_t channels, int64_t radius, float* __restrict sums) {
  std::fill_n(sums, channels, 0.f);
  for (int64_t offset = -radius; offset <= radius; offset++) {
    for (int64_t c = 0; c < channels; c++) sums[c] += padded[c + offset];
  }
}

INLINE void Scales(const float* __restrict x, int64_t channels, const Norm& norm, float* __restrict squares,
                   float* __restrict scales) {
  for (int64_t c = 0; c < channels; c++) squares[c] = x[c] * x[c];
  WindowSums(squares, channels, norm.radius, scales);
  for (int64_t c = 0; c < channels; c++) scales[c] = norm.bias + norm.alpha * scales[c];
}

// powers[c] = scales[c]^−β; for β = ¾, the usual one, by roots, which vectors have.
INLINE void Powers(const float* __restrict scales, int64_t channels, float beta, float* __restrict powers) {
  if (beta == 0.75f) {
    for (int64_t c = 0; c < channels; c++) {
      const float root = std::sqrt(scales[c]);
      powers[c] = 1.f / (root * std::sqrt(root));
    }
  } else {
    for (int64_t c = 0; c < channels; c++) powers[c] = std::pow(scales[c], -beta);
  }
}

WIDEST void Forward(const float* x, int64_t rows, int64_t channels, const Norm& norm, float* y) {
  Padded squares(channels, norm.radius);
  std::vector<float> scales(channels), powers(channels);
  for (int64_t row = 0; row < rows; row++, x += channels, y += channels) {
    Scales(x, channels, norm, squares.Row(), scales.data());
    Powers(scales.data(), channels, norm.beta, powers.data());
    for (int64_t c = 0; c < channels; c++) y[c] = x[c] * powers[c];
  }
}

WIDEST void Backward(const float* dy, const float* x, const float* y, int64_t rows, int64_t channels,
                     const Norm& norm, float* dx) {
  Padded squares(channels, norm.radius), shares(channels, norm.radius);
  std::vector<float> scales(channels), powers(channels), sums(channels);
  for (int64_t row = 0; row < rows; row++, dy += channels, x += channels, y += channels, dx += channels) {
    Scales(x, channels, norm, squares.Row(), scales.data());
    Powers(scales.data(), channels, norm.beta, powers.data());
    float* const share = shares.Row();
    for (int64_t c = 0; c < channels; c++) share[c] = dy[c] * y[c] / scales[c];
    WindowSums(share, channels, norm.radius, sums.data());
    const float factor = 2.f * norm.alpha * norm.beta;
    for (int64_t c = 0; c < channels; c++) dx[c] = dy[c] * powers[c] - factor * x[c] * sums[c];
  }
}

template <typename Work>
void ForEachBlock(const Tensor& x, Work work) {
  const int64_t channels = x.Shape().back(), rows = x.Elements() / channels;
  ThreadPool::Shared().ForEach((rows + kBlockRows - 1) / kBlockRows, [&](int64_t block) {
    const int64_t row = block * kBlockRows;
    work(row * channels, std::min(kBlockRows, rows - row), channels);
  });
}

void ComputeForward(void* kernel, TF_OpKernelContext* context) {
  const Norm& norm = *static_cast<Norm*>(kernel);
  Call call(context);
  const Tensor x = call.Input();
  const Tensor y = call.Output(TF_FLOAT, x.Shape());
  ForEachBlock(x, [&](int64_t at, int64_t rows, int64_t channels) {
    Forward(x.Data<float>() + at, rows, channels, norm, y.Data<float>() + at);
  });
}

void ComputeBackward(void* kernel, TF_OpKernelContext* context) {
  const Norm& norm = *static_cast<Norm*>(kernel);
  Call call(context);
  const Tensor dy = call.Input(), x = call.Input(), y = call.Input();
  const Tensor dx = call.Output(TF_FLOAT, x.Shape());
  ForEachBlock(x, [&](int64_t at, int64_t rows, int64_t channels) {
    Backward(dy.Data<float>() + at, x.Data<float>() + at, y.Data<float>() + at, rows, channels, norm,
             dx.Data<float>() + at);
  });
}

void* Create(TF_OpKernelConstruction* construction) {
  auto* norm = new Norm;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "depth_radius", &norm->radius, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "bias", &norm->bias, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "alpha", &norm->alpha, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "beta", &norm->beta, status);
  TF_DeleteStatus(status);
  return norm;
}

void Destroy(void* kernel) { delete static_cast<Norm*>(kernel); }

void Register(const char* op, const std::vector<const char*>& inputs, const char* output, Compute compute) {
  RegisterOp(op, {"depth_radius: int", "bias: float", "alpha: float", "beta: float"}, inputs, {output});
  RegisterKernel(op, compute, Create, Destroy);
}

}  // namespace

void RegisterResponseNorm() {
  Register("LocalResponseNorm", {"x: float"}, "y: float", ComputeForward);
  Register("LocalResponseNormGrad", {"dy: float", "x: float", "y: float"}, "dx: float", ComputeBackward);
}
