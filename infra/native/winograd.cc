// Convolutions of 3×3 filters with stride 1, padded to the same size, by Winograd's algorithm F(4×4, 3×3) (Lavin and
// Gray 2016, "Fast Algorithms for Convolutional Neural Networks"): a tile of 4×4 outputs costs 36 multiplications a
// pair of channels where the sum costs 144. oneDNN has none for float32. For CPUs; channels in multiples of kLanes.
//
//   WinogradConv2D                x: [N, H, W, C], filter: [3, 3, C, O]          -> y: [N, H, W, O]
//   WinogradConv2DBackpropInput   dy: [N, H, W, O], filter: [3, 3, C, O]         -> dx: [N, H, W, C]
//   WinogradConv2DBackpropFilter  x: [N, H, W, C], dy: [N, H, W, O]              -> dfilter: [3, 3, C, O]
//
// With Bᵀ, G, Aᵀ the transforms of input, filter and output: y = Aᵀ[(G w Gᵀ) ⊙ (Bᵀ x B)]A, summed over channels before
// Aᵀ, so that the work is 36 products of matrices; dx is the same with the filter turned by half a circle and its
// channels exchanged; dw = Gᵀ[(Bᵀ x B) ⊙ (A dy Aᵀ)]G, summed over tiles.
//
// Tiles go through the three stages in runs that fit a core's cache. The bits depend neither on the runs' length nor on
// the number of threads.

#include "winograd.h"

#include <algorithm>

#include "kernel.h"
#include "scratch.h"
#include "thread-pool.h"
#include "vector-kernels.h"

namespace {

constexpr int64_t kPoints = 36;
constexpr int64_t kCacheFloats = 150'000;  // 600 kB: half of a small L2 cache, the other half for what comes by
// A run is worth fetching filters that do not fit the cache beside it when it has a tile for every so many of their points.
constexpr int64_t kFilterPointsATile = 6000;
constexpr int64_t kSumsFloats = 4'000'000;  // 16 MB of partial sums of a filter's gradient, less than its activations
constexpr int64_t kPlaneGap = 16;          // planes a power of two apart would share their places in the cache

int64_t PlaneOf(int64_t tiles, int64_t channels) { return tiles * channels + kPlaneGap; }

// Part i of [0, count) cut into `parts`.
int64_t Cut(int64_t count, int64_t parts, int64_t i) { return count * i / parts; }

// points: [36, from, to] of a filter's [3, 3, from, to].
void FilterPoints(const float* filter, int64_t from, int64_t to, float* points) {
  ThreadPool::Shared().ForEach(from / kLanes, [&](int64_t block) {
    const int64_t at = block * kLanes * to;
    Kernels().filter_points(kLanes * to, filter + at, from * to, points + at, from * to);
  });
}

// [3, 3, from, to] of a filter's [3, 3, to, from], turned by half a circle.
void Turn(const float* filter, int64_t from, int64_t to, float* turned) {
  ThreadPool::Shared().ForEach(from / kLanes, [&](int64_t block) {
    for (int64_t place = 0; place < 9; place++) {
      const float* const source = filter + (8 - place) * from * to + block * kLanes;
      float* const target = turned + (place * from + block * kLanes) * to;
      for (int64_t row = 0; row < kLanes; row++) {
        for (int64_t column = 0; column < to; column++) target[row * to + column] = source[column * from + row];
      }
    }
  });
}

// filter_points: [36, from, to].
void Convolve(const float* images, int64_t count, int64_t height, int64_t width, int64_t from, int64_t to,
              const float* filter_points, float* results) {
  const TileGrid in{height, width, from}, out{height, width, to};
  const int64_t tiles = count * in.Tiles();
  const int64_t fitting = kCacheFloats / (kPoints * (from + to)), worth = kPoints * from * to / kFilterPointsATile;
  const int64_t run = std::max<int64_t>({fitting, worth, 12});
  const int64_t runs = (tiles + run - 1) / run;
  ThreadPool::Shared().ForEach(runs, [&](int64_t i) {
    const int64_t first = Cut(tiles, runs, i), length = Cut(tiles, runs, i + 1) - first;
    const Tiles inputs{in, first, length, PlaneOf(length, from)}, outputs{out, first, length, PlaneOf(length, to)};
    float* const points = Scratch(kPoints * (inputs.plane + outputs.plane));
    float* const products = points + kPoints * inputs.plane;
    Kernels().input_points(inputs, images, kAllRows, points);
    for (int64_t point = 0; point < kPoints; point++) {
      Kernels().multiply({length, to, from, points + point * inputs.plane, from, /*a_transposed=*/false,
                         filter_points + point * from * to, to, products + point * outputs.plane, to, /*add=*/false});
    }
    Kernels().outputs(outputs, products, results);
  });
}

void Forward(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.Input(), filter = call.Input();
  const std::vector<int64_t> shape = x.Shape();
  const int64_t from = shape[3], to = filter.Shape()[3];
  const Tensor y = call.Output(TF_FLOAT, {shape[0], shape[1], shape[2], to});
  const Tensor points = call.Temporary(kPoints * from * to);
  FilterPoints(filter.Data<float>(), from, to, points.Data<float>());
  Convolve(x.Data<float>(), shape[0], shape[1], shape[2], from, to, points.Data<float>(), y.Data<float>());
}

void BackwardInput(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor dy = call.Input(), filter = call.Input();
  const std::vector<int64_t> shape = dy.Shape();
  const int64_t from = shape[3], to = filter.Shape()[2];
  const Tensor dx = call.Output(TF_FLOAT, {shape[0], shape[1], shape[2], to});
  const Tensor turned = call.Temporary(9 * from * to), points = call.Temporary(kPoints * from * to);
  Turn(filter.Data<float>(), from, to, turned.Data<float>());
  FilterPoints(turned.Data<float>(), from, to, points.Data<float>());
  Convolve(dy.Data<float>(), shape[0], shape[1], shape[2], from, to, points.Data<float>(), dx.Data<float>());
}

void BackwardFilter(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.Input(), dy = call.Input();
  const std::vector<int64_t> shape = x.Shape();
  const int64_t from = shape[3], to = dy.Shape()[3], matrix = from * to;
  const Tensor dfilter = call.Output(TF_FLOAT, {3, 3, from, to});
  const TileGrid in{shape[1], shape[2], from}, out{shape[1], shape[2], to};
  const int64_t tiles = shape[0] * in.Tiles();

  // Sums of a share of the tiles each, for two of the six rows of points: tasks enough for some cores, and as many
  // whatever their number, since the order of a sum is part of its bits.
  const int64_t shares = std::min(std::clamp<int64_t>(kSumsFloats / (kPoints * matrix), 2, 8), tiles);
  const Tensor sums = call.Temporary(shares * kPoints * matrix);
  ThreadPool::Shared().ForEach(shares * 3, [&](int64_t i) {
    const int64_t share = i / 3, pair = i % 3;
    const int64_t begin = Cut(tiles, shares, share), end = Cut(tiles, shares, share + 1);
    float* const sum = sums.Data<float>() + (share * kPoints + pair * 12) * matrix;
    // Longer where the sums do not fit the cache: they come by once a run.
    const int64_t run = std::max<int64_t>(kCacheFloats / (12 * (from + to)), 64);
    const int64_t runs = (end - begin + run - 1) / run;
    for (int64_t k = 0; k < runs; k++) {
      const int64_t first = begin + Cut(end - begin, runs, k), length = begin + Cut(end - begin, runs, k + 1) - first;
      const Tiles inputs{in, first, length, PlaneOf(length, from)}, outputs{out, first, length, PlaneOf(length, to)};
      float* const points = Scratch(12 * (inputs.plane + outputs.plane));
      float* const gradients = points + 12 * inputs.plane;
      Kernels().input_points(inputs, x.Data<float>(), pair, points);
      Kernels().gradient_points(outputs, dy.Data<float>(), pair, gradients);
      for (int64_t point = 0; point < 12; point++) {
        Kernels().multiply({from, to, length, points + point * inputs.plane, from, /*a_transposed=*/true,
                           gradients + point * outputs.plane, to, sum + point * matrix, to, /*add=*/k > 0});
      }
    }
  });
  ThreadPool::Shared().ForEach(from / kLanes, [&](int64_t block) {
    const int64_t at = block * kLanes * to, count = kLanes * to;
    float* const total = sums.Data<float>() + at;
    for (int64_t point = 0; point < kPoints; point++) {
      for (int64_t share = 1; share < shares; share++) {
        const float* const part = total + (share * kPoints + point) * matrix;
        for (int64_t k = 0; k < count; k++) total[point * matrix + k] += part[k];
      }
    }
    Kernels().filter_gradient(count, total, matrix, dfilter.Data<float>() + at, matrix);
  });
}

void Register(const char* op, const std::vector<const char*>& inputs, const char* output, Compute compute) {
  RegisterOp(op, {}, inputs, {output});
  RegisterKernel(op, compute);
}

}  // namespace

void RegisterWinograd() {
  if (VectorSets().empty()) return;
  Register("WinogradConv2D", {"x: float", "filter: float"}, "y: float", Forward);
  Register("WinogradConv2DBackpropInput", {"dy: float", "filter: float"}, "dx: float", BackwardInput);
  Register("WinogradConv2DBackpropFilter", {"x: float", "dy: float"}, "dfilter: float", BackwardFilter);
}
