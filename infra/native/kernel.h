// What our operations share: instruction sets, tensors of a call, registration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

// One build runs on every x64 machine and takes its widest vectors; contraction is off, so all give the same bits.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define WIDEST __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define WIDEST
#endif
#define INLINE static inline __attribute__((always_inline))

class Tensor {
 public:
  explicit Tensor(TF_Tensor* tensor) : tensor_(tensor) {}
  Tensor(Tensor&& other) : tensor_(other.tensor_) { other.tensor_ = nullptr; }
  Tensor(const Tensor&) = delete;
  ~Tensor() {
    if (tensor_ != nullptr) TF_DeleteTensor(tensor_);
  }

  template <typename T>
  T* Data() const {
    return static_cast<T*>(TF_TensorData(tensor_));
  }
  int64_t Elements() const { return TF_TensorElementCount(tensor_); }
  std::vector<int64_t> Shape() const {
    std::vector<int64_t> shape;
    for (int i = 0; i < TF_NumDims(tensor_); i++) shape.push_back(TF_Dim(tensor_, i));
    return shape;
  }

 private:
  TF_Tensor* tensor_;
};

// Inputs and outputs of one call, one after the other.
class Call {
 public:
  explicit Call(TF_OpKernelContext* context) : context_(context), status_(TF_NewStatus()) {}
  ~Call() { TF_DeleteStatus(status_); }

  Tensor Input() {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, input_++, &tensor, status_);
    return Tensor(tensor);
  }
  std::vector<Tensor> Inputs(int64_t count) {
    std::vector<Tensor> inputs;
    for (int64_t i = 0; i < count; i++) inputs.push_back(Input());
    return inputs;
  }
  Tensor Output(TF_DataType type, std::vector<int64_t> shape) {
    size_t bytes = TF_DataTypeSize(type);
    for (int64_t length : shape) bytes *= length;
    TF_Tensor* tensor = TF_AllocateOutput(context_, output_++, type, shape.data(), static_cast<int>(shape.size()),
                                          bytes, status_);
    if (tensor == nullptr) TF_OpKernelContext_Failure(context_, status_);
    return Tensor(tensor);
  }
  // Ends the call, and the run that it is part of.
  void Refuse(const std::string& why) {
    TF_SetStatus(status_, TF_INVALID_ARGUMENT, why.c_str());
    TF_OpKernelContext_Failure(context_, status_);
  }
  // Gone with the call.
  Tensor Temporary(int64_t floats) {
    TF_AllocatorAttributes attributes{TF_ALLOCATOR_ATTRIBUTES_STRUCT_SIZE, /*on_host=*/1};
    TF_Tensor* tensor = TF_AllocateTemp(context_, TF_FLOAT, &floats, 1, &attributes, status_);
    if (tensor == nullptr) TF_OpKernelContext_Failure(context_, status_);
    return Tensor(tensor);
  }

 private:
  TF_OpKernelContext* context_;
  TF_Status* status_;
  int input_ = 0, output_ = 0;
};

inline void UnknownShapes(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeInferenceContextSetUnknownShape(context, status);
}

// stateful: it changes what it is given, and so runs whenever it is asked for.
inline void RegisterOp(const char* name, const std::vector<const char*>& attributes, const std::vector<const char*>& inputs,
                       const std::vector<const char*>& outputs, bool stateful = false) {
  TF_OpDefinitionBuilder* builder = TF_NewOpDefinitionBuilder(name);
  for (const char* attribute : attributes) TF_OpDefinitionBuilderAddAttr(builder, attribute);
  for (const char* input : inputs) TF_OpDefinitionBuilderAddInput(builder, input);
  for (const char* output : outputs) TF_OpDefinitionBuilderAddOutput(builder, output);
  TF_OpDefinitionBuilderSetIsStateful(builder, stateful);
  TF_OpDefinitionBuilderSetShapeInferenceFunction(builder, UnknownShapes);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(builder, status);
  TF_DeleteStatus(status);
}

using Compute = void (*)(void*, TF_OpKernelContext*);

// A kernel for CPUs, whose state `create` makes of the operation's attributes.
inline void RegisterKernel(const char* op, Compute compute, void* (*create)(TF_OpKernelConstruction*), void (*destroy)(void*)) {
  TF_Status* status = TF_NewStatus();
  TF_RegisterKernelBuilder(op, TF_NewKernelBuilder(op, "CPU", create, compute, destroy), status);
  TF_DeleteStatus(status);
}

// Of an operation without attributes.
inline void RegisterKernel(const char* op, Compute compute) {
  RegisterKernel(op, compute, [](TF_OpKernelConstruction*) -> void* { return nullptr; }, [](void*) {});
}
