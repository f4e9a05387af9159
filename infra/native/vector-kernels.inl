// The kernels of vector-kernels.h for one instruction set: included in a namespace with Vector, kWidth, Load, Store,
// Same (one value in all places), MultiplyAdd (a·b + c) and kRows (how many rows of a product fit the registers beside
// one, two or three vectors of each).

// Products -----------------------------------------------------------------------------------------------------------

// rows × vectors of C stay in registers while k goes by.
template <int rows, int vectors, bool transposed>
INLINE void MultiplyBlock(const Product& p, const float* a, const float* b, float* c) {
  Vector sums[rows][vectors];
#pragma GCC unroll 16
  for (int row = 0; row < rows; row++) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) sums[row][v] = p.add ? Load(c + row * p.c_stride + v * kWidth) : Same(0);
  }
  for (int64_t k = 0; k < p.k; k++) {
    Vector right[vectors];
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) right[v] = Load(b + k * p.b_stride + v * kWidth);
#pragma GCC unroll 16
    for (int row = 0; row < rows; row++) {
      const Vector left = Same(transposed ? a[k * p.a_stride + row] : a[row * p.a_stride + k]);
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) sums[row][v] = MultiplyAdd(left, right[v], sums[row][v]);
    }
  }
#pragma GCC unroll 16
  for (int row = 0; row < rows; row++) {
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) Store(c + row * p.c_stride + v * kWidth, sums[row][v]);
  }
}

template <int most, int vectors, bool transposed>
void MultiplyRows(const Product& p, int64_t rows, const float* a, const float* b, float* c) {
  if (rows == most) return MultiplyBlock<most, vectors, transposed>(p, a, b, c);
  if constexpr (most > 1) MultiplyRows<most - 1, vectors, transposed>(p, rows, a, b, c);
}

// A panel of C: all rows, in blocks of nearly the same number, by `vectors` vectors.
template <int vectors, bool transposed>
void MultiplyPanel(const Product& p, const float* b, float* c) {
  constexpr int64_t most = kRows[vectors - 1];
  const int64_t blocks = (p.m + most - 1) / most;
  for (int64_t block = 0, row = 0; block < blocks; block++) {
    const int64_t end = p.m * (block + 1) / blocks;
    const float* const a = p.a + (transposed ? row : row * p.a_stride);
    MultiplyRows<most, vectors, transposed>(p, end - row, a, b, c + row * p.c_stride);
    row = end;
  }
}

template <bool transposed>
void MultiplyAll(const Product& p) {
  int64_t column = 0;
  for (int64_t left = p.n / kWidth; left > 0;) {
    // Two vectors are best; three rather than two and one.
    const int64_t vectors = left == 1 || left == 3 ? left : left == 5 ? 3 : 2;
    const float* const b = p.b + column;
    float* const c = p.c + column;
    if (vectors == 3) {
      MultiplyPanel<3, transposed>(p, b, c);
    } else if (vectors == 2) {
      MultiplyPanel<2, transposed>(p, b, c);
    } else {
      MultiplyPanel<1, transposed>(p, b, c);
    }
    left -= vectors;
    column += vectors * kWidth;
  }
}

void Multiply(const Product& p) { p.a_transposed ? MultiplyAll<true>(p) : MultiplyAll<false>(p); }

// Winograd's transforms, F(4×4, 3×3) at the points 0, ±a, ±2a, ∞ ------------------------------------------------------

// With a = 1 (Lavin and Gray 2016) results are five times as far from a convolution's as with 5/8, whose powers float32
// holds too: 0.7e-6 of their root mean square, where the sum itself is 0.4e-6 from the exact one.
constexpr float a1 = 5 / 8.f, a2 = a1 * a1, a3 = a2 * a1, a4 = a3 * a1;

// Bᵀd: six values of the input.
INLINE void InputPoints(const Vector* d, Vector* to) {
  const Vector even = MultiplyAdd(Same(-4 * a2), d[2], d[4]), odd = MultiplyAdd(Same(-4 * a2), d[1], d[3]);
  const Vector even2 = MultiplyAdd(Same(-a2), d[2], d[4]), odd2 = MultiplyAdd(Same(-a2), d[1], d[3]);
  to[0] = MultiplyAdd(Same(4 * a4), d[0], MultiplyAdd(Same(-5 * a2), d[2], d[4]));
  to[1] = MultiplyAdd(Same(a1), odd, even);
  to[2] = MultiplyAdd(Same(-a1), odd, even);
  to[3] = MultiplyAdd(Same(2 * a1), odd2, even2);
  to[4] = MultiplyAdd(Same(-2 * a1), odd2, even2);
  to[5] = MultiplyAdd(Same(4 * a4), d[1], MultiplyAdd(Same(-5 * a2), d[3], d[5]));
}

// A·y: four values of the output's gradient.
INLINE void GradientPoints(const Vector* y, Vector* to) {
  const Vector even = MultiplyAdd(Same(a2), y[2], y[0]), odd = MultiplyAdd(Same(a2), y[3], y[1]);
  const Vector even2 = MultiplyAdd(Same(4 * a2), y[2], y[0]), odd2 = MultiplyAdd(Same(4 * a2), y[3], y[1]);
  to[0] = y[0];
  to[1] = MultiplyAdd(Same(a1), odd, even);
  to[2] = MultiplyAdd(Same(-a1), odd, even);
  to[3] = MultiplyAdd(Same(2 * a1), odd2, even2);
  to[4] = MultiplyAdd(Same(-2 * a1), odd2, even2);
  to[5] = y[3];
}

// Aᵀm: six points of the output.
INLINE void Outputs(const Vector* m, Vector* to) {
  const Vector sum = m[1] + m[2], difference = m[1] - m[2], sum2 = m[3] + m[4], difference2 = m[3] - m[4];
  to[0] = m[0] + sum + sum2;
  to[1] = Same(a1) * MultiplyAdd(Same(2), difference2, difference);
  to[2] = Same(a2) * MultiplyAdd(Same(4), sum2, sum);
  to[3] = MultiplyAdd(Same(a3), MultiplyAdd(Same(8), difference2, difference), m[5]);
}

// G·w: three values of a filter.
INLINE void FilterPoints(const Vector* w, Vector* to) {
  const Vector near = Same(-1 / (6 * a4)), far = Same(1 / (24 * a4));
  const Vector even = MultiplyAdd(Same(a2), w[2], w[0]), even2 = MultiplyAdd(Same(4 * a2), w[2], w[0]);
  to[0] = Same(1 / (4 * a4)) * w[0];
  to[1] = near * MultiplyAdd(Same(a1), w[1], even);
  to[2] = near * MultiplyAdd(Same(-a1), w[1], even);
  to[3] = far * MultiplyAdd(Same(2 * a1), w[1], even2);
  to[4] = far * MultiplyAdd(Same(-2 * a1), w[1], even2);
  to[5] = w[2];
}

// Gᵀm: six points of a filter's gradient.
INLINE void FilterGradient(const Vector* m, Vector* to) {
  const Vector near = Same(-1 / (6 * a4)), far = Same(1 / (24 * a4));
  const Vector even = near * (m[1] + m[2]), even2 = far * (m[3] + m[4]);
  const Vector odd = near * (m[1] - m[2]), odd2 = far * (m[3] - m[4]);
  to[0] = MultiplyAdd(Same(1 / (4 * a4)), m[0], even + even2);
  to[1] = Same(a1) * MultiplyAdd(Same(2), odd2, odd);
  to[2] = MultiplyAdd(Same(a2), MultiplyAdd(Same(4), even2, even), m[5]);
}

// Where the values of a tile lie that begins `margin` before its place: zeros outside of the image.
template <int side, int margin>
INLINE void Locate(const TileGrid& grid, const float* images, int64_t tile, const float* zeros, const float** values) {
  const int64_t image = tile / grid.Tiles(), within = tile % grid.Tiles();
  const int64_t top = within / grid.Columns() * TileGrid::kSide - margin;
  const int64_t left = within % grid.Columns() * TileGrid::kSide - margin;
  for (int row = 0; row < side; row++) {
    for (int column = 0; column < side; column++) {
      const int64_t y = top + row, x = left + column;
      const bool inside = y >= 0 && y < grid.height && x >= 0 && x < grid.width;
      values[row * side + column] =
          inside ? images + ((image * grid.height + y) * grid.width + x) * grid.channels : zeros;
    }
  }
}

// Tiles of side×side through a transform of both dimensions; rows [begin, end) of the six.
template <int side, int margin, void (*transform)(const Vector*, Vector*), int begin, int end>
void Points(const Tiles& tiles, const float* images, float* points) {
  const int64_t channels = tiles.grid.channels;
  const std::vector<float> zeros(channels);
  for (int64_t i = 0; i < tiles.count; i++) {
    const float* values[side * side];
    Locate<side, margin>(tiles.grid, images, tiles.first + i, zeros.data(), values);
    float* const to = points + i * channels;
    for (int64_t c = 0; c < channels; c += kWidth) {
      Vector half[6][side];
#pragma GCC unroll 6
      for (int column = 0; column < side; column++) {
        Vector from[side], transformed[6];
#pragma GCC unroll 6
        for (int row = 0; row < side; row++) from[row] = Load(values[row * side + column] + c);
        transform(from, transformed);
#pragma GCC unroll 6
        for (int row = begin; row < end; row++) half[row][column] = transformed[row];
      }
#pragma GCC unroll 6
      for (int row = begin; row < end; row++) {
        Vector transformed[6];
        transform(half[row], transformed);
#pragma GCC unroll 6
        for (int column = 0; column < 6; column++) {
          Store(to + ((row - begin) * 6 + column) * tiles.plane + c, transformed[column]);
        }
      }
    }
  }
}

template <int side, int margin, void (*transform)(const Vector*, Vector*)>
void PointsOf(const Tiles& tiles, const float* images, int64_t pair, float* points) {
  switch (pair) {
    case 0:
      return Points<side, margin, transform, 0, 2>(tiles, images, points);
    case 1:
      return Points<side, margin, transform, 2, 4>(tiles, images, points);
    case 2:
      return Points<side, margin, transform, 4, 6>(tiles, images, points);
    default:
      return Points<side, margin, transform, 0, 6>(tiles, images, points);
  }
}

void OutputTiles(const Tiles& tiles, const float* points, float* images) {
  const TileGrid& grid = tiles.grid;
  for (int64_t i = 0; i < tiles.count; i++) {
    const int64_t image = (tiles.first + i) / grid.Tiles(), within = (tiles.first + i) % grid.Tiles();
    const int64_t top = within / grid.Columns() * TileGrid::kSide, left = within % grid.Columns() * TileGrid::kSide;
    const int64_t rows = std::min(TileGrid::kSide, grid.height - top);
    const int64_t columns = std::min(TileGrid::kSide, grid.width - left);
    float* const to = images + ((image * grid.height + top) * grid.width + left) * grid.channels;
    const float* const from = points + i * grid.channels;
    for (int64_t c = 0; c < grid.channels; c += kWidth) {
      Vector half[4][6];
#pragma GCC unroll 6
      for (int column = 0; column < 6; column++) {
        Vector values[6], transformed[4];
#pragma GCC unroll 6
        for (int row = 0; row < 6; row++) values[row] = Load(from + (row * 6 + column) * tiles.plane + c);
        Outputs(values, transformed);
#pragma GCC unroll 4
        for (int row = 0; row < 4; row++) half[row][column] = transformed[row];
      }
      for (int64_t row = 0; row < rows; row++) {
        Vector transformed[4];
        Outputs(half[row], transformed);
        for (int64_t column = 0; column < columns; column++) {
          Store(to + (row * grid.width + column) * grid.channels + c, transformed[column]);
        }
      }
    }
  }
}

// `from`×`from` planes to `to`×`to` ones.
template <int from, int to, void (*transform)(const Vector*, Vector*)>
void Filter(int64_t count, const float* values, int64_t value_plane, float* results, int64_t result_plane) {
  for (int64_t i = 0; i < count; i += kWidth) {
    Vector half[to][from];
#pragma GCC unroll 6
    for (int column = 0; column < from; column++) {
      Vector before[from], after[to];
#pragma GCC unroll 6
      for (int row = 0; row < from; row++) before[row] = Load(values + (row * from + column) * value_plane + i);
      transform(before, after);
#pragma GCC unroll 6
      for (int row = 0; row < to; row++) half[row][column] = after[row];
    }
#pragma GCC unroll 6
    for (int row = 0; row < to; row++) {
      Vector after[to];
      transform(half[row], after);
#pragma GCC unroll 6
      for (int column = 0; column < to; column++) {
        Store(results + (row * to + column) * result_plane + i, after[column]);
      }
    }
  }
}

const VectorKernels kKernels = {
    Multiply,
    PointsOf<6, 1, InputPoints>,
    PointsOf<4, 0, GradientPoints>,
    OutputTiles,
    Filter<3, 6, FilterPoints>,
    Filter<6, 3, FilterGradient>,
};
