// TensorFlow graphs and sessions for Node: what `activities/tensorflow/compile` builds on. The package's own binding
// runs single operations and saved models with empty session options; this one imports nodes, tells the shapes that
// TensorFlow infers for them, and runs a session on a thread of its own, with options and, when asked, statistics.
// Graphs and options cross as serialised protocol buffers, tensors as plain typed arrays.

#include <node_api.h>

#include <cstdint>
#include <cstring>
#include <map>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "batch-norm.h"
#include "dense.h"
#include "gather-rows.h"
#include "response-norm.h"
#include "vector-kernels.h"
#include "winograd.h"
#include "tensorflow/c/c_api.h"

namespace tsl {  // exported by the library; its header is not among those of the C interface
void enable_tensor_float_32_execution(bool enabled);
}

namespace {

using Status = std::unique_ptr<TF_Status, decltype(&TF_DeleteStatus)>;
using Tensor = std::unique_ptr<TF_Tensor, decltype(&TF_DeleteTensor)>;
using Buffer = std::unique_ptr<TF_Buffer, decltype(&TF_DeleteBuffer)>;

Status NewStatus() { return Status(TF_NewStatus(), TF_DeleteStatus); }

void Check(const Status& status) {
  if (TF_GetCode(status.get()) != TF_OK) throw std::runtime_error(TF_Message(status.get()));
}

void Check(napi_env env, napi_status status) {
  if (status == napi_ok) return;
  const napi_extended_error_info* info = nullptr;
  napi_get_last_error_info(env, &info);
  throw std::runtime_error(info && info->error_message ? info->error_message : "unexpected argument");
}

// Arguments and results ------------------------------------------------------------------------------------------

template <size_t N>
void Arguments(napi_env env, napi_callback_info info, napi_value (&values)[N]) {
  size_t count = N;
  Check(env, napi_get_cb_info(env, info, &count, values, nullptr, nullptr));
  if (count != N) throw std::runtime_error("expected " + std::to_string(N) + " arguments");
}

std::string String(napi_env env, napi_value value) {
  size_t length = 0;
  Check(env, napi_get_value_string_utf8(env, value, nullptr, 0, &length));
  std::string text(length, '\0');
  Check(env, napi_get_value_string_utf8(env, value, text.data(), length + 1, &length));
  return text;
}

int64_t Integer(napi_env env, napi_value value) {
  int64_t number = 0;
  Check(env, napi_get_value_int64(env, value, &number));
  return number;
}

napi_value Property(napi_env env, napi_value object, const char* name) {
  napi_value value;
  Check(env, napi_get_named_property(env, object, name, &value));
  return value;
}

template <typename Visit>
void ForEach(napi_env env, napi_value array, Visit visit) {
  uint32_t length = 0;
  Check(env, napi_get_array_length(env, array, &length));
  for (uint32_t i = 0; i < length; i++) {
    napi_value element;
    Check(env, napi_get_element(env, array, i, &element));
    visit(element, i);
  }
}

struct Bytes {
  const void* data;
  size_t length;
};

Bytes TypedArray(napi_env env, napi_value value) {
  napi_typedarray_type type;
  size_t length = 0;
  void* data = nullptr;
  Check(env, napi_get_typedarray_info(env, value, &type, &length, &data, nullptr, nullptr));
  static const std::map<napi_typedarray_type, size_t> kBytes = {
      {napi_int8_array, 1},    {napi_uint8_array, 1},   {napi_uint8_clamped_array, 1}, {napi_int16_array, 2},
      {napi_uint16_array, 2},  {napi_int32_array, 4},   {napi_uint32_array, 4},        {napi_float32_array, 4},
      {napi_float64_array, 8}, {napi_bigint64_array, 8}};
  return {data, length * kBytes.at(type)};
}

template <typename T>
T* External(napi_env env, napi_value value) {
  void* pointer = nullptr;
  Check(env, napi_get_value_external(env, value, &pointer));
  return static_cast<T*>(pointer);
}

napi_value Number(napi_env env, double number) {
  napi_value value;
  Check(env, napi_create_double(env, number, &value));
  return value;
}

napi_value Text(napi_env env, const std::string& text) {
  napi_value value;
  Check(env, napi_create_string_utf8(env, text.data(), text.size(), &value));
  return value;
}

napi_value Array(napi_env env, const std::vector<napi_value>& elements) {
  napi_value array;
  Check(env, napi_create_array_with_length(env, elements.size(), &array));
  for (uint32_t i = 0; i < elements.size(); i++) Check(env, napi_set_element(env, array, i, elements[i]));
  return array;
}

napi_value Object(napi_env env, const std::vector<std::pair<const char*, napi_value>>& fields) {
  napi_value object;
  Check(env, napi_create_object(env, &object));
  for (const auto& [name, value] : fields) Check(env, napi_set_named_property(env, object, name, value));
  return object;
}

napi_value Undefined(napi_env env) {
  napi_value value;
  Check(env, napi_get_undefined(env, &value));
  return value;
}

napi_value CopiedBytes(napi_env env, const void* data, size_t length) {
  void* copy = nullptr;
  napi_value buffer, bytes;
  Check(env, napi_create_arraybuffer(env, length, &copy, &buffer));
  if (length > 0) std::memcpy(copy, data, length);
  Check(env, napi_create_typedarray(env, napi_uint8_array, length, buffer, 0, &bytes));
  return bytes;
}

napi_value Shape(napi_env env, const std::vector<int64_t>& shape) {
  std::vector<napi_value> lengths;
  for (int64_t length : shape) lengths.push_back(Number(env, static_cast<double>(length)));
  return Array(env, lengths);
}

// Graphs ---------------------------------------------------------------------------------------------------------

TF_Operation* Find(TF_Graph* graph, const std::string& name) {
  TF_Operation* operation = TF_GraphOperationByName(graph, name.c_str());
  if (operation == nullptr) throw std::runtime_error("the graph has no node " + name);
  return operation;
}

// "node:1", or "node" for its first output.
TF_Output Output(TF_Graph* graph, const std::string& name) {
  const size_t colon = name.rfind(':');
  if (colon == std::string::npos) return {Find(graph, name), 0};
  return {Find(graph, name.substr(0, colon)), std::stoi(name.substr(colon + 1))};
}

napi_value CreateGraph(napi_env env, napi_callback_info) {
  napi_value graph;
  const auto free = [](napi_env, void* graph, void*) { TF_DeleteGraph(static_cast<TF_Graph*>(graph)); };
  Check(env, napi_create_external(env, TF_NewGraph(), free, nullptr, &graph));
  return graph;
}

// importNodes(graph, GraphDef, outside): adds nodes; `outside` names the outputs of the graph that they read.
napi_value ImportNodes(napi_env env, napi_callback_info info) {
  napi_value arguments[3];
  Arguments(env, info, arguments);
  TF_Graph* graph = External<TF_Graph>(env, arguments[0]);
  const Bytes bytes = TypedArray(env, arguments[1]);
  const std::unique_ptr<TF_ImportGraphDefOptions, decltype(&TF_DeleteImportGraphDefOptions)> options(
      TF_NewImportGraphDefOptions(), TF_DeleteImportGraphDefOptions);
  ForEach(env, arguments[2], [&](napi_value element, uint32_t) {
    const std::string name = String(env, element);
    const TF_Output output = Output(graph, name);
    TF_ImportGraphDefOptionsAddInputMapping(options.get(), TF_OperationName(output.oper), output.index, output);
  });
  const Buffer definition(TF_NewBufferFromString(bytes.data, bytes.length), TF_DeleteBuffer);
  const Status status = NewStatus();
  TF_GraphImportGraphDef(graph, definition.get(), options.get(), status.get());
  Check(status);
  return Undefined(env);
}

// outputs(graph, node): what TensorFlow infers of each output; −1 for an unknown length, null for an unknown rank.
napi_value Outputs(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  Arguments(env, info, arguments);
  TF_Graph* graph = External<TF_Graph>(env, arguments[0]);
  TF_Operation* operation = Find(graph, String(env, arguments[1]));
  std::vector<napi_value> outputs;
  for (int i = 0; i < TF_OperationNumOutputs(operation); i++) {
    const TF_Output output = {operation, i};
    const Status status = NewStatus();
    const int rank = TF_GraphGetTensorNumDims(graph, output, status.get());
    Check(status);
    napi_value shape;
    if (rank < 0) {
      Check(env, napi_get_null(env, &shape));
    } else {
      std::vector<int64_t> lengths(rank);
      TF_GraphGetTensorShape(graph, output, lengths.data(), rank, status.get());
      Check(status);
      shape = Shape(env, lengths);
    }
    outputs.push_back(
        Object(env, {{"dtype", Number(env, TF_OperationOutputType(output))}, {"shape", shape}}));
  }
  return Array(env, outputs);
}

// opDefinition(graph, type): the serialised OpDef of an operation.
napi_value OpDefinition(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  Arguments(env, info, arguments);
  const Buffer definition(TF_NewBuffer(), TF_DeleteBuffer);
  const Status status = NewStatus();
  TF_GraphGetOpDef(External<TF_Graph>(env, arguments[0]), String(env, arguments[1]).c_str(), definition.get(),
                   status.get());
  Check(status);
  return CopiedBytes(env, definition->data, definition->length);
}

// Sessions -------------------------------------------------------------------------------------------------------

struct Session {  // the external's and of runs under way, whoever ends later
  TF_Session* session;
  TF_Graph* graph;
  std::mutex running;  // one run at a time: some operations change variables where they lie (dense.cc)
};

using SharedSession = std::shared_ptr<Session>;

// createSession(graph, ConfigProto). The graph must outlive it.
napi_value CreateSession(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  Arguments(env, info, arguments);
  TF_Graph* graph = External<TF_Graph>(env, arguments[0]);
  const Bytes config = TypedArray(env, arguments[1]);
  const Status status = NewStatus();
  const std::unique_ptr<TF_SessionOptions, decltype(&TF_DeleteSessionOptions)> options(TF_NewSessionOptions(),
                                                                                       TF_DeleteSessionOptions);
  TF_SetConfig(options.get(), config.data, config.length, status.get());
  Check(status);
  TF_Session* session = TF_NewSession(graph, options.get(), status.get());
  Check(status);
  napi_value external;
  const auto free = [](napi_env, void* session, void*) { delete static_cast<SharedSession*>(session); };
  auto* shared = new SharedSession(new Session{session, graph, {}});
  Check(env, napi_create_external(env, shared, free, nullptr, &external));
  return external;
}

// closeSession(session): frees its variables. Not while a run is under way.
napi_value CloseSession(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  Arguments(env, info, arguments);
  const SharedSession session = *External<SharedSession>(env, arguments[0]);
  const Status status = NewStatus();
  TF_CloseSession(session->session, status.get());
  Check(status);
  TF_DeleteSession(session->session, status.get());
  Check(status);
  session->session = nullptr;
  return Undefined(env);
}

// devices(session): what it can compute on.
napi_value Devices(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  Arguments(env, info, arguments);
  const Status status = NewStatus();
  const std::unique_ptr<TF_DeviceList, decltype(&TF_DeleteDeviceList)> list(
      TF_SessionListDevices((*External<SharedSession>(env, arguments[0]))->session, status.get()), TF_DeleteDeviceList);
  Check(status);
  std::vector<napi_value> devices;
  for (int i = 0; i < TF_DeviceListCount(list.get()); i++) {
    const std::string name = TF_DeviceListName(list.get(), i, status.get());
    Check(status);
    const std::string type = TF_DeviceListType(list.get(), i, status.get());
    Check(status);
    devices.push_back(Object(env, {{"name", Text(env, name)}, {"type", Text(env, type)}}));
  }
  return Array(env, devices);
}

struct Run {
  SharedSession session;
  std::vector<TF_Output> inputs, outputs;
  std::vector<TF_Operation*> targets;
  std::vector<Tensor> fed;
  std::vector<TF_Tensor*> fetched;
  Buffer options{nullptr, TF_DeleteBuffer};
  Buffer metadata{nullptr, TF_DeleteBuffer};
  std::string error;
  napi_async_work work = nullptr;
  napi_deferred deferred = nullptr;

  ~Run() {
    for (TF_Tensor* tensor : fetched) {
      if (tensor != nullptr) TF_DeleteTensor(tensor);
    }
  }
};

Tensor Fed(napi_env env, napi_value value) {
  const auto type = static_cast<TF_DataType>(Integer(env, Property(env, value, "dtype")));
  std::vector<int64_t> shape;
  ForEach(env, Property(env, value, "shape"),
          [&](napi_value length, uint32_t) { shape.push_back(Integer(env, length)); });
  int64_t elements = 1;
  for (int64_t length : shape) elements *= length;
  const Bytes bytes = TypedArray(env, Property(env, value, "data"));
  if (bytes.length != elements * TF_DataTypeSize(type)) {
    throw std::runtime_error("a tensor has " + std::to_string(bytes.length) + " bytes, its shape and type want " +
                             std::to_string(elements * TF_DataTypeSize(type)));
  }
  Tensor tensor(TF_AllocateTensor(type, shape.data(), static_cast<int>(shape.size()), bytes.length),
                TF_DeleteTensor);
  if (bytes.length > 0) std::memcpy(TF_TensorData(tensor.get()), bytes.data, bytes.length);
  return tensor;
}

// A tensor's own copy, in its place: what was fetched may be a variable's memory, which the next run changes.
TF_Tensor* Copied(TF_Tensor* tensor) {
  std::vector<int64_t> shape;
  for (int i = 0; i < TF_NumDims(tensor); i++) shape.push_back(TF_Dim(tensor, i));
  const size_t bytes = TF_TensorByteSize(tensor);
  TF_Tensor* copy = TF_AllocateTensor(TF_TensorType(tensor), shape.data(), static_cast<int>(shape.size()), bytes);
  if (bytes > 0) std::memcpy(TF_TensorData(copy), TF_TensorData(tensor), bytes);
  TF_DeleteTensor(tensor);
  return copy;
}

void Execute(napi_env, void* data) {
  Run* run = static_cast<Run*>(data);
  std::vector<TF_Tensor*> fed;
  for (const Tensor& tensor : run->fed) fed.push_back(tensor.get());
  const Status status = NewStatus();
  const std::lock_guard<std::mutex> lock(run->session->running);
  TF_SessionRun(run->session->session, run->options.get(), run->inputs.data(), fed.data(), static_cast<int>(fed.size()),
                run->outputs.data(), run->fetched.data(), static_cast<int>(run->outputs.size()),
                run->targets.data(), static_cast<int>(run->targets.size()), run->metadata.get(), status.get());
  if (TF_GetCode(status.get()) != TF_OK) {
    run->error = TF_Message(status.get());
    return;
  }
  for (TF_Tensor*& tensor : run->fetched) tensor = Copied(tensor);
}

napi_value Fetched(napi_env env, TF_Tensor* tensor) {
  std::vector<int64_t> shape;
  for (int i = 0; i < TF_NumDims(tensor); i++) shape.push_back(TF_Dim(tensor, i));
  return Object(env, {{"dtype", Number(env, TF_TensorType(tensor))},
                      {"shape", Shape(env, shape)},
                      {"data", CopiedBytes(env, TF_TensorData(tensor), TF_TensorByteSize(tensor))}});
}

void Complete(napi_env env, napi_status, void* data) {
  const std::unique_ptr<Run> run(static_cast<Run*>(data));
  napi_delete_async_work(env, run->work);
  try {
    if (!run->error.empty()) throw std::runtime_error(run->error);
    std::vector<napi_value> outputs;
    for (TF_Tensor* tensor : run->fetched) outputs.push_back(Fetched(env, tensor));
    napi_value metadata = Undefined(env);
    if (run->metadata) metadata = CopiedBytes(env, run->metadata->data, run->metadata->length);
    const napi_value result = Object(env, {{"outputs", Array(env, outputs)}, {"metadata", metadata}});
    Check(env, napi_resolve_deferred(env, run->deferred, result));
  } catch (const std::exception& failure) {
    napi_value error;
    napi_create_error(env, nullptr, Text(env, failure.what()), &error);
    napi_reject_deferred(env, run->deferred, error);
  }
}

// run(session, feeds, fetches, targets, RunOptions | null): a promise of { outputs, metadata }. Feeds are
// { name, dtype, shape, data }; they are copied before it returns. metadata: a serialised RunMetadata if there
// were options.
napi_value RunSession(napi_env env, napi_callback_info info) {
  napi_value arguments[5];
  Arguments(env, info, arguments);
  const SharedSession session = *External<SharedSession>(env, arguments[0]);
  if (session->session == nullptr) throw std::runtime_error("the session is closed");
  auto run = std::make_unique<Run>();
  run->session = session;
  ForEach(env, arguments[1], [&](napi_value feed, uint32_t) {
    run->inputs.push_back(Output(session->graph, String(env, Property(env, feed, "name"))));
    run->fed.push_back(Fed(env, feed));
  });
  ForEach(env, arguments[2], [&](napi_value name, uint32_t) {
    run->outputs.push_back(Output(session->graph, String(env, name)));
  });
  ForEach(env, arguments[3], [&](napi_value name, uint32_t) {
    run->targets.push_back(Find(session->graph, String(env, name)));
  });
  run->fetched.resize(run->outputs.size(), nullptr);
  napi_valuetype type;
  Check(env, napi_typeof(env, arguments[4], &type));
  if (type != napi_null) {
    const Bytes options = TypedArray(env, arguments[4]);
    run->options.reset(TF_NewBufferFromString(options.data, options.length));
    run->metadata.reset(TF_NewBuffer());
  }
  napi_value promise;
  Check(env, napi_create_promise(env, &run->deferred, &promise));
  Check(env, napi_create_async_work(env, nullptr, Text(env, "TF_SessionRun"), Execute, Complete, run.get(),
                                    &run->work));
  Check(env, napi_queue_async_work(env, run->work));
  run.release();  // Complete's from here on
  return promise;
}

// allowTensorFloat32(allowed): whether matrix products and convolutions of float32 may round their inputs to
// TensorFloat-32 on GPUs that know it. For the whole process.
napi_value AllowTensorFloat32(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  Arguments(env, info, arguments);
  bool allowed = false;
  Check(env, napi_get_value_bool(env, arguments[0], &allowed));
  tsl::enable_tensor_float_32_execution(allowed);
  return Undefined(env);
}

// vectorSets(): the instruction sets for operations that need vectors (Winograd…), the best one first.
napi_value GetVectorSets(napi_env env, napi_callback_info) {
  const std::vector<std::string> sets = VectorSets();
  napi_value names;
  Check(env, napi_create_array_with_length(env, sets.size(), &names));
  for (size_t i = 0; i < sets.size(); i++) Check(env, napi_set_element(env, names, i, Text(env, sets[i])));
  return names;
}

// chooseVectorSet(name): of vectorSets(), for the whole process.
napi_value ChooseVectors(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  Arguments(env, info, arguments);
  ChooseVectorSet(String(env, arguments[0]));
  return Undefined(env);
}

template <napi_value (*Function)(napi_env, napi_callback_info)>
napi_value Guarded(napi_env env, napi_callback_info info) {
  try {
    return Function(env, info);
  } catch (const std::exception& failure) {
    napi_throw_error(env, nullptr, failure.what());
    return nullptr;
  }
}

template <napi_value (*Function)(napi_env, napi_callback_info)>
void Export(napi_env env, napi_value exports, const char* name) {
  napi_value function;
  Check(env, napi_create_function(env, name, NAPI_AUTO_LENGTH, Guarded<Function>, nullptr, &function));
  Check(env, napi_set_named_property(env, exports, name, function));
}

napi_value Initialise(napi_env env, napi_value exports) {
  RegisterBatchNorm();
  RegisterDense();
  RegisterGatherRows();
  RegisterResponseNorm();
  RegisterWinograd();
  Export<CreateGraph>(env, exports, "createGraph");
  Export<ImportNodes>(env, exports, "importNodes");
  Export<Outputs>(env, exports, "outputs");
  Export<OpDefinition>(env, exports, "opDefinition");
  Export<CreateSession>(env, exports, "createSession");
  Export<CloseSession>(env, exports, "closeSession");
  Export<Devices>(env, exports, "devices");
  Export<RunSession>(env, exports, "run");
  Export<AllowTensorFloat32>(env, exports, "allowTensorFloat32");
  Export<GetVectorSets>(env, exports, "vectorSets");
  Export<ChooseVectors>(env, exports, "chooseVectorSet");
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, Initialise)
