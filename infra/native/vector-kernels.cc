#include "vector-kernels.h"

#include <algorithm>
#include <atomic>
#include <vector>

#include "kernel.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define PRAGMA(text) _Pragma(#text)
#if defined(__clang__)
#define BEGIN_SET(set) PRAGMA(clang attribute push(__attribute__((target(set))), apply_to = function))
#define END_SET PRAGMA(clang attribute pop)
#else
#define BEGIN_SET(set) PRAGMA(GCC push_options) PRAGMA(GCC target(set))
#define END_SET PRAGMA(GCC pop_options)
#endif

#if defined(__x86_64__)

BEGIN_SET("avx512f,avx2,fma")
namespace with_avx512 {
using Vector = __m512;
constexpr int64_t kWidth = 16;
constexpr int kRows[] = {14, 12, 8};
INLINE Vector Load(const float* from) { return _mm512_loadu_ps(from); }
INLINE void Store(float* to, Vector value) { _mm512_storeu_ps(to, value); }
INLINE Vector Same(float value) { return _mm512_set1_ps(value); }
INLINE Vector MultiplyAdd(Vector a, Vector b, Vector c) { return _mm512_fmadd_ps(a, b, c); }
#include "vector-kernels.inl"
}  // namespace with_avx512
END_SET

BEGIN_SET("avx2,fma")
namespace with_avx2 {
using Vector = __m256;
constexpr int64_t kWidth = 8;
constexpr int kRows[] = {12, 6, 4};
INLINE Vector Load(const float* from) { return _mm256_loadu_ps(from); }
INLINE void Store(float* to, Vector value) { _mm256_storeu_ps(to, value); }
INLINE Vector Same(float value) { return _mm256_set1_ps(value); }
INLINE Vector MultiplyAdd(Vector a, Vector b, Vector c) { return _mm256_fmadd_ps(a, b, c); }
#include "vector-kernels.inl"
}  // namespace with_avx2
END_SET

#endif

namespace {

struct Set {
  const char* name;
  const VectorKernels* kernels;
};

const std::vector<Set>& Sets() {
  static const std::vector<Set> sets = [] {
    std::vector<Set> here;
#if defined(__x86_64__)
    const bool fused = __builtin_cpu_supports("fma");
    if (fused && __builtin_cpu_supports("avx512f")) here.push_back({"avx512", &with_avx512::kKernels});
    if (fused && __builtin_cpu_supports("avx2")) here.push_back({"avx2", &with_avx2::kKernels});
#endif
    return here;
  }();
  return sets;
}

std::atomic<const VectorKernels*> chosen{nullptr};

}  // namespace

std::vector<std::string> VectorSets() {
  std::vector<std::string> names;
  for (const Set& set : Sets()) names.push_back(set.name);
  return names;
}

const VectorKernels& Kernels() {
  const VectorKernels* const kernels = chosen;
  return kernels != nullptr ? *kernels : *Sets().front().kernels;
}

void ChooseVectorSet(const std::string& name) {
  for (const Set& set : Sets()) {
    if (set.name == name) chosen = set.kernels;
  }
}
