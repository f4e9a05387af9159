// Arithmetic on vectors of float32 for our operations, built once for every instruction set that has vectors worth it
// (vector-kernels.inl) and chosen when the process starts. All sets give the same bits: every number is computed by the
// same fused multiply-adds in the same order, whatever the length of a vector.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

// C = A·B, or C + A·B, for A: [m, k], B: [k, n], C: [m, n]; n is a multiple of kLanes. Sums go along k, one after the
// other, so that a product cut along k gives the bits of the whole one.
struct Product {
  int64_t m, n, k;
  const float* a;
  int64_t a_stride;
  bool a_transposed;  // A is stored as [k, m]
  const float* b;
  int64_t b_stride;
  float* c;
  int64_t c_stride;
  bool add;
};

// Images of [height, width, channels], one after the other, cut into tiles of 4×4; those at the edges may reach over.
struct TileGrid {
  static constexpr int64_t kSide = 4;

  int64_t height, width, channels;

  int64_t Rows() const { return (height + kSide - 1) / kSide; }
  int64_t Columns() const { return (width + kSide - 1) / kSide; }
  int64_t Tiles() const { return Rows() * Columns(); }
};

// A run of a grid's tiles, transformed: 6×6 planes of [count, channels], `plane` floats apart.
struct Tiles {
  TileGrid grid;
  int64_t first, count;
  int64_t plane;
};

// Winograd's transforms between tiles of 4×4, filters of 3×3 and their 6×6 points (winograd.cc).
struct VectorKernels {
  void (*multiply)(const Product&);
  // Only rows 2·pair and 2·pair + 1 of the six, or all for kAllRows; plane 0 is that of the first row asked for.
  void (*input_points)(const Tiles&, const float* images, int64_t pair, float* points);
  void (*gradient_points)(const Tiles&, const float* gradients, int64_t pair, float* points);
  void (*outputs)(const Tiles&, const float* points, float* images);
  // filter: 3×3 of `count` values, `stride` apart -> 6×6, `plane` apart; and back.
  void (*filter_points)(int64_t count, const float* filter, int64_t stride, float* points, int64_t plane);
  void (*filter_gradient)(int64_t count, const float* points, int64_t plane, float* filter, int64_t stride);
};

constexpr int64_t kAllRows = -1;

// Channels come in multiples of this.
constexpr int64_t kLanes = 16;

// The names of this processor's sets, the best one first.
std::vector<std::string> VectorSets();
// Of the best one, or the one that was chosen since; there must be one.
const VectorKernels& Kernels();
void ChooseVectorSet(const std::string& name);
