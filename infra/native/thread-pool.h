// Threads for our own operations: TensorFlow's C interface does not lend its own, which sleep meanwhile.
#pragma once

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <vector>

class ThreadPool {
 public:
  // As many as TF_NUM_INTRAOP_THREADS says, or as there are processors for this process, and never ended: they live as
  // long as it does.
  static ThreadPool& Shared();

  // With the one that asks.
  int64_t Threads() const { return helpers_ + 1; }

  // Calls work(i) for i = 0 … count − 1, on this thread and those that are free, and returns when all are done.
  void ForEach(int64_t count, const std::function<void(int64_t)>& work);

 private:
  struct Job {
    std::function<void(int64_t)> work;
    int64_t count;
    std::atomic<int64_t> next{0};
    std::atomic<int64_t> done{0};
    std::mutex mutex;
    std::condition_variable finished;

    void Help();
  };

  explicit ThreadPool(int threads);
  void Serve();

  int helpers_;
  std::mutex mutex_;
  std::condition_variable wanted_;
  std::queue<std::shared_ptr<Job>> jobs_;
  std::atomic<int64_t> waiting_{0};  // jobs in the queue, for those who look without the mutex
};
