#include "thread-pool.h"

#include <chrono>
#include <cstdlib>

#ifdef __linux__
#include <sched.h>
#endif

namespace {

// As TensorFlow counts its own.
int Wanted() {
  const char* const told = std::getenv("TF_NUM_INTRAOP_THREADS");
  if (told != nullptr && std::atoi(told) > 0) return std::atoi(told);
#ifdef __linux__
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) == 0) return CPU_COUNT(&allowed);
#endif
  return static_cast<int>(std::thread::hardware_concurrency());
}

// The operations of a step follow each other faster than a sleeping thread wakes, so a thread looks for a while before it
// sleeps: longer than what is between two of them, short enough that nobody else misses the processor.
constexpr auto kPatience = std::chrono::microseconds(50);

void Pause() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

// Whether the condition came to hold before patience was over.
template <typename Condition>
bool SoonHolds(const Condition& condition) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  do {
    for (int i = 0; i < 16; i++) {
      if (condition()) return true;
      Pause();
    }
  } while (std::chrono::steady_clock::now() < end);
  return condition();
}

}  // namespace

ThreadPool& ThreadPool::Shared() {
  static ThreadPool* const pool = new ThreadPool(Wanted());
  return *pool;
}

ThreadPool::ThreadPool(int threads) : helpers_(threads - 1) {
  for (int i = 0; i < helpers_; i++) std::thread([this] { Serve(); }).detach();
}

void ThreadPool::ForEach(int64_t count, const std::function<void(int64_t)>& work) {
  const auto job = std::make_shared<Job>();
  job->work = work;
  job->count = count;
  const int64_t helpers = std::min<int64_t>(helpers_, count - 1);
  if (helpers > 0) {
    const std::lock_guard<std::mutex> lock(mutex_);
    for (int64_t i = 0; i < helpers; i++) jobs_.push(job);
    waiting_ += helpers;
  }
  for (int64_t i = 0; i < helpers; i++) wanted_.notify_one();
  job->Help();
  const auto done = [&] { return job->done == job->count; };
  if (SoonHolds(done)) return;
  std::unique_lock<std::mutex> lock(job->mutex);
  job->finished.wait(lock, done);
}

void ThreadPool::Job::Help() {
  for (int64_t i = next++; i < count; i = next++) {
    work(i);
    if (++done == count) {
      const std::lock_guard<std::mutex> lock(mutex);
      finished.notify_all();
    }
  }
}

void ThreadPool::Serve() {
  for (;;) {
    std::shared_ptr<Job> job;
    SoonHolds([this] { return waiting_ > 0; });
    {
      std::unique_lock<std::mutex> lock(mutex_);
      wanted_.wait(lock, [this] { return !jobs_.empty(); });
      job = jobs_.front();
      jobs_.pop();
      waiting_--;
    }
    job->Help();
  }
}
