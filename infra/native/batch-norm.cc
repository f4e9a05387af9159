// Batch normalisation by the batch's own statistics, ReLU and concatenation as one operation each way, for CPUs.
// TensorFlow's own operations go over an activation fifteen times on the way there and back (normalise, concatenate,
// split, ReLU's gradient, batch norm's gradient); these go over it eight times, and add up gradients on the way.
//
//   BatchNormReluConcat      xs: N × [R…, Cᵢ], shifts: N × [Cᵢ]
//                            -> y: [R…, ΣCᵢ], means, variances (unbiased), scales (1/√(biased variance + ε)): N × [Cᵢ]
//                            yᵢ = max((xᵢ − meanᵢ)·scaleᵢ + shiftᵢ, 0); an empty shift copies its x.
//   BatchNormReluConcatGrad  dys: M × [R…, ΣCᵢ], which are added up, xs, shifts, means, scales
//                            -> dxs: N × [R…, Cᵢ], dshifts: N × [Cᵢ]
//
// Rows are taken in blocks of fixed size, and what the blocks give is added up in their order: the bits do not depend
// on the number of threads.

#include "batch-norm.h"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <vector>

#include "kernel.h"
#include "thread-pool.h"

namespace {

constexpr int64_t kBlockRows = 256;  // with 96 channels of float32 an L2 cache holds a few of them

struct bfloat16 {
  uint16_t bits;
};

INLINE float Wide(float value) { return value; }
INLINE float Wide(bfloat16 value) {
  const uint32_t bits = static_cast<uint32_t>(value.bits) << 16;
  float wide;
  std::memcpy(&wide, &bits, sizeof wide);
  return wide;
}
INLINE void Narrow(float value, float* to) { *to = value; }
INLINE void Narrow(float value, bfloat16* to) {  // to nearest, ties to even; what is not a number stays that
  uint32_t bits;
  std::memcpy(&bits, &value, sizeof bits);
  to->bits = value != value ? 0x7fc0 : static_cast<uint16_t>((bits + 0x7fff + ((bits >> 16) & 1)) >> 16);
}

// A channel's place in its own tensor and in the concatenated one.
struct Lanes {
  int64_t channels, stride;
};

// sums[c] and squares[c] of x − origin over rows.
template <typename T>
INLINE void Moments(const T* __restrict x, int64_t rows, int64_t channels, const float* __restrict origin, float* __restrict sums, float* __restrict squares) {
  std::fill_n(sums, channels, 0.f);
  std::fill_n(squares, channels, 0.f);
  for (int64_t row = 0; row < rows; row++, x += channels) {
    for (int64_t c = 0; c < channels; c++) {
      const float value = Wide(x[c]) - origin[c];
      sums[c] += value;
      squares[c] += value * value;
    }
  }
}

template <typename T>
INLINE void Normalise(const T* __restrict x, int64_t rows, Lanes lanes, const float* __restrict mean, const float* __restrict scale,
                      const float* __restrict shift, T* __restrict y) {
  for (int64_t row = 0; row < rows; row++, x += lanes.channels, y += lanes.stride) {
    for (int64_t c = 0; c < lanes.channels; c++) {
      const float normal = (Wide(x[c]) - mean[c]) * scale[c] + shift[c];
      Narrow(normal > 0.f ? normal : 0.f, &y[c]);
    }
  }
}

// The gradient that reaches the normalised value: nothing where ReLU was flat.
template <typename T>
INLINE float Passed(const T* __restrict one, const T* __restrict other, int64_t c, float normal, float shift) {
  const float dy = other == nullptr ? Wide(one[c]) : Wide(one[c]) + Wide(other[c]);
  return normal + shift > 0.f ? dy : 0.f;
}

template <typename T>
INLINE void GradientSums(const T* __restrict x, const T* __restrict one, const T* __restrict other, int64_t rows, Lanes lanes, const float* __restrict mean,
                         const float* __restrict scale, const float* __restrict shift, float* __restrict sums, float* __restrict products) {
  std::fill_n(sums, lanes.channels, 0.f);
  std::fill_n(products, lanes.channels, 0.f);
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t c = 0; c < lanes.channels; c++) {
      const float normal = (Wide(x[c]) - mean[c]) * scale[c];
      const float passed = Passed(one, other, c, normal, shift[c]);
      sums[c] += passed;
      products[c] += passed * normal;
    }
    x += lanes.channels;
    one += lanes.stride;
    if (other != nullptr) other += lanes.stride;
  }
}

template <typename T>
INLINE void Gradient(const T* __restrict x, const T* __restrict one, const T* __restrict other, int64_t rows, Lanes lanes, const float* __restrict mean,
                     const float* __restrict scale, const float* __restrict shift, const float* __restrict along, const float* __restrict across, T* __restrict dx) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t c = 0; c < lanes.channels; c++) {
      const float normal = (Wide(x[c]) - mean[c]) * scale[c];
      const float passed = Passed(one, other, c, normal, shift[c]);
      Narrow(scale[c] * (passed - along[c] - normal * across[c]), &dx[c]);
    }
    x += lanes.channels;
    dx += lanes.channels;
    one += lanes.stride;
    if (other != nullptr) other += lanes.stride;
  }
}

template <typename T>
INLINE void Sum(const T* __restrict one, const T* __restrict other, int64_t rows, Lanes lanes, T* __restrict to) {
  for (int64_t row = 0; row < rows; row++, to += lanes.channels) {
    for (int64_t c = 0; c < lanes.channels; c++) {
      if (other == nullptr) {
        to[c] = one[c];
      } else {
        Narrow(Wide(one[c]) + Wide(other[c]), &to[c]);
      }
    }
    one += lanes.stride;
    if (other != nullptr) other += lanes.stride;
  }
}

// Each for both types, built for several instruction sets.
#define FOR_BOTH(name, parameters, arguments)                   \
  WIDEST void name##Of parameters(float) { name arguments; }    \
  WIDEST void name##Of parameters(bfloat16) { name arguments; }

#define MOMENTS(T) (const T* __restrict x, int64_t rows, int64_t channels, const float* __restrict origin, float* __restrict sums, float* __restrict squares)
#define NORMALISE(T) \
  (const T* __restrict x, int64_t rows, Lanes lanes, const float* __restrict mean, const float* __restrict scale, const float* __restrict shift, T* __restrict y)
#define SUMS(T)                                                                                              \
  (const T* __restrict x, const T* __restrict one, const T* __restrict other, int64_t rows, Lanes lanes, const float* __restrict mean, const float* __restrict scale, \
   const float* __restrict shift, float* __restrict sums, float* __restrict products)
#define GRADIENT(T)                                                                                          \
  (const T* __restrict x, const T* __restrict one, const T* __restrict other, int64_t rows, Lanes lanes, const float* __restrict mean, const float* __restrict scale, \
   const float* __restrict shift, const float* __restrict along, const float* __restrict across, T* __restrict dx)
#define SUM(T) (const T* __restrict one, const T* __restrict other, int64_t rows, Lanes lanes, T* __restrict to)

FOR_BOTH(Moments, MOMENTS, (x, rows, channels, origin, sums, squares))
FOR_BOTH(Normalise, NORMALISE, (x, rows, lanes, mean, scale, shift, y))
FOR_BOTH(GradientSums, SUMS, (x, one, other, rows, lanes, mean, scale, shift, sums, products))
FOR_BOTH(Gradient, GRADIENT, (x, one, other, rows, lanes, mean, scale, shift, along, across, dx))
FOR_BOTH(Sum, SUM, (one, other, rows, lanes, to))


// An x within the concatenation.
struct Branch {
  Lanes lanes;
  int64_t offset;
  bool normed;
};

std::vector<Branch> Branches(const std::vector<Tensor>& xs, const std::vector<Tensor>& shifts) {
  std::vector<Branch> branches;
  int64_t stride = 0;
  for (size_t i = 0; i < xs.size(); i++) {
    const int64_t channels = xs[i].Shape().back();
    branches.push_back({{channels, 0}, stride, shifts[i].Elements() > 0});
    stride += channels;
  }
  for (Branch& branch : branches) branch.lanes.stride = stride;
  return branches;
}

// Blocks of rows of all branches, so that small ones fill up the threads too.
struct Block {
  size_t branch;
  int64_t index, row, rows;
};

std::vector<Block> Blocks(int64_t rows, size_t branches) {
  std::vector<Block> blocks;
  for (size_t branch = 0; branch < branches; branch++) {
    for (int64_t row = 0; row < rows; row += kBlockRows) {
      blocks.push_back({branch, row / kBlockRows, row, std::min(kBlockRows, rows - row)});
    }
  }
  return blocks;
}

template <typename Work>
void ForEachBlock(int64_t rows, size_t branches, Work work) {
  const std::vector<Block> blocks = Blocks(rows, branches);
  constexpr int64_t kAtOnce = 8;
  const int64_t count = (static_cast<int64_t>(blocks.size()) + kAtOnce - 1) / kAtOnce;
  ThreadPool::Shared().ForEach(count, [&](int64_t i) {
    const int64_t end = std::min<int64_t>(blocks.size(), (i + 1) * kAtOnce);
    for (int64_t k = i * kAtOnce; k < end; k++) work(blocks[k]);
  });
}

// Two sums a channel from every block, and their totals in the blocks' order.
class Totals {
 public:
  Totals(int64_t rows, const std::vector<Branch>& branches) : blocks_((rows + kBlockRows - 1) / kBlockRows) {
    for (const Branch& branch : branches) parts_.emplace_back(blocks_ * 2 * branch.lanes.channels);
  }
  float* Of(const Block& block) {
    std::vector<float>& part = parts_[block.branch];
    return part.data() + block.index * (part.size() / blocks_);
  }
  std::vector<double> Total(size_t branch) const {
    const std::vector<float>& part = parts_[branch];
    std::vector<double> total(part.size() / blocks_);
    for (size_t i = 0; i < part.size(); i++) total[i % total.size()] += part[i];
    return total;
  }

 private:
  int64_t blocks_;
  std::vector<std::vector<float>> parts_;
};

struct Kernel {
  int64_t branches = 0, gradients = 0;
  float epsilon = 0;
};

template <typename T>
constexpr TF_DataType kType = TF_FLOAT;
template <>
constexpr TF_DataType kType<bfloat16> = TF_BFLOAT16;

template <typename T>
void Forward(void* kernel, TF_OpKernelContext* context) {
  const auto& [n, gradients, epsilon] = *static_cast<Kernel*>(kernel);
  Call call(context);
  const std::vector<Tensor> xs = call.Inputs(n), shifts = call.Inputs(n);
  const std::vector<Branch> branches = Branches(xs, shifts);
  std::vector<int64_t> shape = xs[0].Shape();
  const int64_t rows = xs[0].Elements() / shape.back();
  shape.back() = branches[0].lanes.stride;
  const Tensor y = call.Output(kType<T>, shape);
  const auto outputs = [&] {
    std::vector<Tensor> tensors;
    for (int64_t i = 0; i < n; i++) tensors.push_back(call.Output(TF_FLOAT, shifts[i].Shape()));
    return tensors;
  };
  const std::vector<Tensor> means = outputs(), variances = outputs(), scales = outputs();

  // Sums of differences from the first row: of values that lie far from 0 the squares would cancel.
  std::vector<std::vector<float>> origins;
  for (int64_t i = 0; i < n; i++) {
    origins.emplace_back(branches[i].lanes.channels);
    for (int64_t c = 0; c < branches[i].lanes.channels; c++) origins[i][c] = Wide(xs[i].Data<T>()[c]);
  }
  Totals totals(rows, branches);
  ForEachBlock(rows, n, [&](const Block& block) {
    const int64_t channels = branches[block.branch].lanes.channels;
    if (!branches[block.branch].normed) return;
    float* sums = totals.Of(block);
    MomentsOf(xs[block.branch].Data<T>() + block.row * channels, block.rows, channels,
              origins[block.branch].data(), sums, sums + channels);
  });
  for (int64_t i = 0; i < n; i++) {
    if (!branches[i].normed) continue;
    const int64_t channels = branches[i].lanes.channels;
    const std::vector<double> total = totals.Total(i);
    for (int64_t c = 0; c < channels; c++) {
      const double difference = total[c] / rows;
      const double variance = std::max(total[channels + c] / rows - difference * difference, 0.0);
      means[i].Data<float>()[c] = static_cast<float>(origins[i][c] + difference);
      variances[i].Data<float>()[c] = static_cast<float>(variance * rows / std::max<int64_t>(rows - 1, 1));
      scales[i].Data<float>()[c] = static_cast<float>(1 / std::sqrt(variance + epsilon));
    }
  }
  ForEachBlock(rows, n, [&](const Block& block) {
    const size_t i = block.branch;
    const auto& [lanes, offset, normed] = branches[i];
    const T* x = xs[i].Data<T>() + block.row * lanes.channels;
    T* to = y.Data<T>() + block.row * lanes.stride + offset;
    if (normed) {
      NormaliseOf(x, block.rows, lanes, means[i].Data<float>(), scales[i].Data<float>(), shifts[i].Data<float>(), to);
    } else {
      for (int64_t row = 0; row < block.rows; row++) {
        std::memcpy(to + row * lanes.stride, x + row * lanes.channels, lanes.channels * sizeof(T));
      }
    }
  });
}

template <typename T>
void Backward(void* kernel, TF_OpKernelContext* context) {
  const auto& [n, gradients, epsilon] = *static_cast<Kernel*>(kernel);
  Call call(context);
  const std::vector<Tensor> dys = call.Inputs(gradients), xs = call.Inputs(n), shifts = call.Inputs(n),
                            means = call.Inputs(n), scales = call.Inputs(n);
  const std::vector<Branch> branches = Branches(xs, shifts);
  const int64_t rows = xs[0].Elements() / branches[0].lanes.channels;
  std::vector<Tensor> dxs, dshifts;
  for (const Tensor& x : xs) dxs.push_back(call.Output(kType<T>, x.Shape()));
  for (const Tensor& shift : shifts) dshifts.push_back(call.Output(TF_FLOAT, shift.Shape()));
  const auto gradient = [&](const Block& block, int64_t which) -> const T* {
    if (which >= gradients) return nullptr;
    const Branch& branch = branches[block.branch];
    return dys[which].Data<T>() + block.row * branch.lanes.stride + branch.offset;
  };

  Totals totals(rows, branches);
  ForEachBlock(rows, n, [&](const Block& block) {
    const size_t i = block.branch;
    const Lanes lanes = branches[i].lanes;
    const T* x = xs[i].Data<T>() + block.row * lanes.channels;
    if (!branches[i].normed) {
      return SumOf(gradient(block, 0), gradient(block, 1), block.rows, lanes,
                   dxs[i].Data<T>() + block.row * lanes.channels);
    }
    float* sums = totals.Of(block);
    GradientSumsOf(x, gradient(block, 0), gradient(block, 1), block.rows, lanes, means[i].Data<float>(),
                   scales[i].Data<float>(), shifts[i].Data<float>(), sums, sums + lanes.channels);
  });
  std::vector<std::vector<float>> along(n), across(n);
  for (int64_t i = 0; i < n; i++) {
    if (!branches[i].normed) continue;
    const int64_t channels = branches[i].lanes.channels;
    const std::vector<double> total = totals.Total(i);
    for (int64_t c = 0; c < channels; c++) {
      dshifts[i].Data<float>()[c] = static_cast<float>(total[c]);
      along[i].push_back(static_cast<float>(total[c] / rows));
      across[i].push_back(static_cast<float>(total[channels + c] / rows));
    }
  }
  ForEachBlock(rows, n, [&](const Block& block) {
    const size_t i = block.branch;
    if (!branches[i].normed) return;
    const Lanes lanes = branches[i].lanes;
    GradientOf(xs[i].Data<T>() + block.row * lanes.channels, gradient(block, 0), gradient(block, 1), block.rows,
               lanes, means[i].Data<float>(), scales[i].Data<float>(), shifts[i].Data<float>(), along[i].data(),
               across[i].data(), dxs[i].Data<T>() + block.row * lanes.channels);
  });
}

// Registration -------------------------------------------------------------------------------------------------------

void* Create(TF_OpKernelConstruction* construction) {
  auto* kernel = new Kernel;
  TF_Status* status = TF_NewStatus();
  TF_OpKernelConstruction_GetAttrInt64(construction, "N", &kernel->branches, status);
  // Each of the two operations has one of them.
  TF_OpKernelConstruction_GetAttrInt64(construction, "M", &kernel->gradients, status);
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", &kernel->epsilon, status);
  TF_DeleteStatus(status);
  return kernel;
}

void Destroy(void* kernel) { delete static_cast<Kernel*>(kernel); }

void RegisterKernel(const char* op, TF_DataType type, void (*compute)(void*, TF_OpKernelContext*)) {
  TF_Status* status = TF_NewStatus();
  TF_KernelBuilder* builder = TF_NewKernelBuilder(op, "CPU", Create, compute, Destroy);
  TF_KernelBuilder_TypeConstraint(builder, "T", type, status);
  TF_RegisterKernelBuilder(op, builder, status);
  TF_DeleteStatus(status);
}

}  // namespace

void RegisterBatchNorm() {
  const char* const forward = "BatchNormReluConcat";
  const char* const backward = "BatchNormReluConcatGrad";
  RegisterOp(forward, {"N: int >= 1", "T: {float, bfloat16}", "epsilon: float"}, {"xs: N * T", "shifts: N * float"},
             {"y: T", "means: N * float", "variances: N * float", "scales: N * float"});
  RegisterOp(backward, {"N: int >= 1", "M: int >= 1", "T: {float, bfloat16}"},
             {"dys: M * T", "xs: N * T", "shifts: N * float", "means: N * float", "scales: N * float"},
             {"dxs: N * T", "dshifts: N * float"});
  RegisterKernel(forward, TF_FLOAT, Forward<float>);
  RegisterKernel(forward, TF_BFLOAT16, Forward<bfloat16>);
  RegisterKernel(backward, TF_FLOAT, Backward<float>);
  RegisterKernel(backward, TF_BFLOAT16, Backward<bfloat16>);
}
