// A batch out of a data set, by the threads that compute on it next: TensorFlow's own have to be woken for it. For CPUs.
//
//   GatherRows   x: [N, …], indices: [B], each below N -> y: [B, …], the rows of x that they name

#include "gather-rows.h"

#include <algorithm>
#include <string>

#include "kernel.h"
#include "thread-pool.h"

namespace {

constexpr int64_t kTaskFloats = 32'768;  // 128 kB: far more than handing out a task costs

void Gather(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Tensor x = call.Input(), indices = call.Input();
  std::vector<int64_t> shape = x.Shape();
  const int64_t rows = shape[0], count = indices.Elements();
  const int32_t* const index = indices.Data<int32_t>();
  for (int64_t i = 0; i < count; i++) {
    if (index[i] >= 0 && index[i] < rows) continue;
    return call.Refuse("indices[" + std::to_string(i) + "] is " + std::to_string(index[i]) + ", and there are rows 0 to " +
                       std::to_string(rows - 1));
  }
  shape[0] = count;
  const Tensor y = call.Output(TF_FLOAT, shape);
  const int64_t floats = rows > 0 ? x.Elements() / rows : 0;
  const int64_t tasks = std::clamp<int64_t>(count * floats / kTaskFloats, 1, std::max<int64_t>(count, 1));
  ThreadPool::Shared().ForEach(tasks, [&](int64_t task) {
    for (int64_t i = count * task / tasks; i < count * (task + 1) / tasks; i++) {
      std::copy_n(x.Data<float>() + index[i] * floats, floats, y.Data<float>() + i * floats);
    }
  });
}

}  // namespace

void RegisterGatherRows() {
  RegisterOp("GatherRows", {}, {"x: float", "indices: int32"}, {"y: float"});
  RegisterKernel("GatherRows", Gather);
}
