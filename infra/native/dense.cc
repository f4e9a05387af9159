// Fully connected layers in float32, each direction in one operation: the products of an MLP's step are so small that
// waking threads for one, and going over its result again for the bias, the ReLU and the momentum, costs as much as it
// saves to compute it. For CPUs.
//
//   Dense                 x: [M, K], w: [K, N], b: [N]      -> y: [M, N] = x·w + b, or max(x·w + b, 0) with relu; w may
//                                                              also be what DensePanels makes of it
//   DensePanels           w: [K, N]                         -> [N / kPanel, K, kPanel], its columns side by side, then zeros
//   DenseBackpropInput    dy: [M, N], w: [K, N], y: [M, K]  -> dx: [M, K] = dy·wᵀ, and where y: 0 where y is not positive
//   DenseBackpropKernel   x: [M, K], dy: [M, N]             -> dw: [K, N] = xᵀ·dy; db: [N], the sums of dy's rows
//   DenseMomentum         x, dy, w: [K, N], v: [K, N], rate, momentum -> db
//                         in place, without a dw: v ← v·momentum + xᵀ·dy, w ← w − v·rate
//
// A product is computed in panels of kPanel columns, for which its right factor is copied side by side. Sums go along
// the inner dimension, one after the other, so bits depend neither on the instruction set nor on threads.

#include "dense.h"

#include <algorithm>

#include "kernel.h"
#include "scratch.h"
#include "thread-pool.h"
#include "vector-kernels.h"

namespace {

constexpr int64_t kPanel = 2 * kLanes;  // columns: two vectors of the longest kind
constexpr int64_t kDepth = 256;         // rows of a panel that stay in the first cache, 32 kB, while the left factor goes by
constexpr int64_t kTall = 128;          // rows of a result computed by one task when they go along a batch
constexpr int64_t kShort = 32;          // and at least, if there are as many
constexpr int64_t kFlat = 24;           // and when they are those of a kernel, whose variables are updated behind it

int64_t Ceiling(int64_t count, int64_t by) { return (count + by - 1) / by; }

// A matrix in rows `stride` floats apart.
struct Matrix {
  const float* data;
  int64_t rows, columns, stride;
};

// rows × kPanel, side by side: `columns` of the matrix from its place on, then zeros.
WIDEST void CopyPanel(const float* from, int64_t rows, int64_t columns, int64_t stride, float* panel) {
  if (columns >= kPanel) {
    for (int64_t row = 0; row < rows; row++) {
      for (int64_t column = 0; column < kPanel; column++) panel[row * kPanel + column] = from[row * stride + column];
    }
    return;
  }
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < kPanel; column++) {
      panel[row * kPanel + column] = column < columns ? from[row * stride + column] : 0;
    }
  }
}

// The same of the matrix's transpose: row r of the panel is column r of the matrix, of which `columns` rows are taken.
WIDEST void TransposePanel(const float* from, int64_t rows, int64_t columns, int64_t stride, float* panel) {
  constexpr int64_t kBlock = 8;
  const int64_t taken = std::min(columns, kPanel);
  for (int64_t row = 0; row < rows; row += kBlock) {
    const int64_t height = std::min(kBlock, rows - row);
    for (int64_t column = 0; column < kPanel; column++) {
      const float* const line = from + column * stride + row;
      for (int64_t i = 0; i < height; i++) panel[(row + i) * kPanel + column] = column < taken ? line[i] : 0;
    }
  }
}

// kPanel columns of a·b into `tile`, a.rows × kPanel, where pack(k, depth) gives rows k … k + depth of b side by side.
template <typename Pack>
void MultiplyPanel(const Matrix& a, const Pack& pack, float* tile) {
  const int64_t pieces = Ceiling(a.columns, kDepth);
  for (int64_t piece = 0; piece < pieces; piece++) {
    const int64_t k = a.columns * piece / pieces, depth = a.columns * (piece + 1) / pieces - k;
    Kernels().multiply({a.rows, kPanel, depth, a.data + k, a.stride, /*a_transposed=*/false, pack(k, depth), kPanel, tile,
                        kPanel, /*add=*/piece > 0});
  }
}

// Calls work(row, rows, column, columns) for every block of a result of rows × columns.
template <typename Work>
void ForBlocks(int64_t rows, int64_t columns, const Work& work) {
  const int64_t across = Ceiling(columns, kPanel);
  int64_t tall = kTall;  // less where there would not be two blocks for every thread, though panels are copied more often
  while (tall > kShort && across * Ceiling(rows, tall) < 2 * ThreadPool::Shared().Threads()) tall /= 2;
  const int64_t down = Ceiling(rows, tall);
  ThreadPool::Shared().ForEach(down * across, [&](int64_t i) {
    const int64_t row = i % down * tall, column = i / down * kPanel;
    work(row, std::min(tall, rows - row), column, std::min(kPanel, columns - column));
  });
}

WIDEST void Shift(const float* tile, int64_t rows, int64_t columns, const float* bias, float* y, int64_t stride) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      y[row * stride + column] = tile[row * kPanel + column] + bias[column];
    }
  }
}

WIDEST void ShiftAndClip(const float* tile, int64_t rows, int64_t columns, const float* bias, float* y, int64_t stride) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      const float sum = tile[row * kPanel + column] + bias[column];
      y[row * stride + column] = sum > 0 ? sum : 0;
    }
  }
}

WIDEST void Mask(const float* tile, int64_t rows, int64_t columns, const float* y, float* dx, int64_t stride) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      dx[row * stride + column] = y[row * stride + column] > 0 ? tile[row * kPanel + column] : 0;
    }
  }
}

WIDEST void Place(const float* tile, int64_t rows, int64_t columns, float* to, int64_t stride) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) to[row * stride + column] = tile[row * kPanel + column];
  }
}

struct Step {
  float rate, momentum;
};

WIDEST void Descend(const float* tile, int64_t rows, int64_t columns, Step step, float* w, float* v, int64_t stride) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < columns; column++) {
      const int64_t at = row * stride + column;
      v[at] = v[at] * step.momentum + tile[row * kPanel + column];
      w[at] = w[at] - v[at] * step.rate;
    }
  }
}

WIDEST void AddRows(const float* panel, int64_t rows, float* sums) {
  for (int64_t row = 0; row < rows; row++) {
    for (int64_t column = 0; column < kPanel; column++) sums[column] += panel[row * kPanel + column];
  }
}

// w: [K, N], or its panels.
void DenseForward(const float* x, const float* w, bool in_panels, const float* b, int64_t m, int64_t k, int64_t n, bool relu,
                  float* y) {
  ForBlocks(m, n, [&](int64_t row, int64_t rows, int64_t column, int64_t columns) {
    float* const panel = Scratch(kDepth * kPanel + rows * kPanel);
    float* const tile = panel + kDepth * kPanel;
    const auto pack = [&](int64_t from, int64_t depth) -> const float* {
      if (in_panels) return w + column * k + from * kPanel;
      CopyPanel(w + from * n + column, depth, columns, n, panel);
      return panel;
    };
    MultiplyPanel({x + row * k, rows, k, k}, pack, tile);
    (relu ? ShiftAndClip : Shift)(tile, rows, columns, b + column, y + row * n + column, n);
  });
}

// panels: [N / kPanel, K, kPanel].
void Panels(const float* w, int64_t k, int64_t n, float* panels) {
  ThreadPool::Shared().ForEach(Ceiling(n, kPanel), [&](int64_t i) {
    CopyPanel(w + i * kPanel, k, std::min(kPanel, n - i * kPanel), n, panels + i * k * kPanel);
  });
}

// y: null, or what the mask is of.
void DenseGradient(const float* dy, const float* w, const float* y, int64_t m, int64_t k, int64_t n, float* dx) {
  ForBlocks(m, k, [&](int64_t row, int64_t rows, int64_t column, int64_t columns) {
    float* const panel = Scratch(kDepth * kPanel + rows * kPanel);
    float* const tile = panel + kDepth * kPanel;
    const auto pack = [&](int64_t from, int64_t depth) -> const float* {
      TransposePanel(w + column * n + from, depth, columns, n, panel);
      return panel;
    };
    MultiplyPanel({dy + row * n, rows, n, n}, pack, tile);
    float* const to = dx + row * k + column;
    if (y != nullptr) {
      Mask(tile, rows, columns, y + row * k + column, to, k);
    } else {
      Place(tile, rows, columns, to, k);
    }
  });
}

// panels: memory for dy, [panels of N, M, kPanel]. finish(tile, rows, columns, place) gets xᵀ·dy by blocks.
template <typename Finish>
void KernelGradient(const float* x, const float* dy, int64_t m, int64_t k, int64_t n, float* panels, float* db,
                    const Finish& finish) {
  const int64_t across = Ceiling(n, kPanel);
  ThreadPool::Shared().ForEach(across, [&](int64_t i) {
    const int64_t column = i * kPanel, columns = std::min(kPanel, n - column);
    float* const panel = panels + i * m * kPanel;
    CopyPanel(dy + column, m, columns, n, panel);
    float sums[kPanel] = {};
    AddRows(panel, m, sums);
    std::copy_n(sums, columns, db + column);
  });
  ThreadPool::Shared().ForEach(Ceiling(k, kFlat), [&](int64_t i) {
    const int64_t row = i * kFlat, rows = std::min(kFlat, k - row);
    float* const left = Scratch(m * kFlat + kFlat * kPanel);
    float* const tile = left + m * kFlat;
    for (int64_t image = 0; image < m; image++) std::copy_n(x + image * k + row, rows, left + image * kFlat);
    for (int64_t j = 0; j < across; j++) {
      const int64_t column = j * kPanel;
      Kernels().multiply({rows, kPanel, m, left, kFlat, /*a_transposed=*/true, panels + j * m * kPanel, kPanel, tile,
                          kPanel, /*add=*/false});
      finish(tile, rows, std::min(kPanel, n - column), row * n + column);
    }
  });
}

// Calls ------------------------------------------------------------------------------------------------------------

struct Kernel {
  bool relu = false;   // of Dense
  int64_t masks = 0;  // of DenseBackpropInput
};

void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.Input(), w = call.Input(), b = call.Input();
  const int64_t m = x.Shape()[0], k = x.Shape()[1], n = b.Shape()[0];
  const Tensor y = call.Output(TF_FLOAT, {m, n});
  DenseForward(x.Data<float>(), w.Data<float>(), /*in_panels=*/w.Shape().size() == 3, b.Data<float>(), m, k, n,
               static_cast<Kernel*>(kernel)->relu, y.Data<float>());
}

void SideBySide(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor w = call.Input();
  const int64_t k = w.Shape()[0], n = w.Shape()[1];
  const Tensor panels = call.Output(TF_FLOAT, {Ceiling(n, kPanel), k, kPanel});
  Panels(w.Data<float>(), k, n, panels.Data<float>());
}

void BackwardInput(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor dy = call.Input(), w = call.Input();
  const std::vector<Tensor> masks = call.Inputs(static_cast<Kernel*>(kernel)->masks);
  const int64_t m = dy.Shape()[0], k = w.Shape()[0], n = w.Shape()[1];
  const Tensor dx = call.Output(TF_FLOAT, {m, k});
  DenseGradient(dy.Data<float>(), w.Data<float>(), masks.empty() ? nullptr : masks[0].Data<float>(), m, k, n,
                dx.Data<float>());
}

void BackwardKernel(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.Input(), dy = call.Input();
  const int64_t m = x.Shape()[0], k = x.Shape()[1], n = dy.Shape()[1];
  const Tensor dw = call.Output(TF_FLOAT, {k, n}), db = call.Output(TF_FLOAT, {n});
  const Tensor panels = call.Temporary(Ceiling(n, kPanel) * m * kPanel);
  KernelGradient(x.Data<float>(), dy.Data<float>(), m, k, n, panels.Data<float>(), db.Data<float>(),
                 [&](const float* tile, int64_t rows, int64_t columns, int64_t place) {
                   Place(tile, rows, columns, dw.Data<float>() + place, n);
                 });
}

void Momentum(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.Input(), dy = call.Input(), w = call.Input(), v = call.Input();
  const Tensor rate = call.Input(), momentum = call.Input();
  const Step step{rate.Data<float>()[0], momentum.Data<float>()[0]};
  const int64_t m = x.Shape()[0], k = x.Shape()[1], n = dy.Shape()[1];
  const Tensor db = call.Output(TF_FLOAT, {n});
  const Tensor panels = call.Temporary(Ceiling(n, kPanel) * m * kPanel);
  KernelGradient(x.Data<float>(), dy.Data<float>(), m, k, n, panels.Data<float>(), db.Data<float>(),
                 [&](const float* tile, int64_t rows, int64_t columns, int64_t place) {
                   Descend(tile, rows, columns, step, w.Data<float>() + place, v.Data<float>() + place, n);
                 });
}

void* Create(TF_OpKernelConstruction* construction) {
  auto* kernel = new Kernel;
  TF_Status* status = TF_NewStatus();
  unsigned char relu = 0;
  // Each of the operations has one of them at the most.
  TF_OpKernelConstruction_GetAttrBool(construction, "relu", &relu, status);
  kernel->relu = relu != 0;
  TF_OpKernelConstruction_GetAttrInt64(construction, "N", &kernel->masks, status);
  TF_DeleteStatus(status);
  return kernel;
}

void Destroy(void* kernel) { delete static_cast<Kernel*>(kernel); }

}  // namespace

void RegisterDense() {
  if (VectorSets().empty()) return;
  RegisterOp("Dense", {"relu: bool"}, {"x: float", "w: float", "b: float"}, {"y: float"});
  RegisterOp("DensePanels", {}, {"w: float"}, {"panels: float"});
  RegisterOp("DenseBackpropInput", {"N: int >= 0"}, {"dy: float", "w: float", "y: N * float"}, {"dx: float"});
  RegisterOp("DenseBackpropKernel", {}, {"x: float", "dy: float"}, {"dw: float", "db: float"});
  RegisterOp("DenseMomentum", {},
             {"x: float", "dy: float", "w: float", "v: float", "rate: float", "momentum: float"}, {"db: float"},
             /*stateful=*/true);
  RegisterKernel("Dense", Forward, Create, Destroy);
  RegisterKernel("DensePanels", SideBySide);
  RegisterKernel("DenseBackpropInput", BackwardInput, Create, Destroy);
  RegisterKernel("DenseBackpropKernel", BackwardKernel);
  RegisterKernel("DenseMomentum", Momentum);
}
