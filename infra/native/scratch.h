// Memory that a thread keeps from one call of our operations to the next.
#pragma once

#include <cstdint>
#include <cstdlib>

// `floats` of it, aligned to cache lines; the next call of this thread may give the same.
inline float* Scratch(int64_t floats) {
  struct Buffer {
    float* data = nullptr;
    int64_t floats = 0;
    ~Buffer() { std::free(data); }
  };
  thread_local Buffer buffer;
  if (buffer.floats < floats) {
    std::free(buffer.data);
    buffer.data = static_cast<float*>(std::aligned_alloc(64, (floats * sizeof(float) + 63) / 64 * 64));
    buffer.floats = floats;
  }
  return buffer.data;
}
