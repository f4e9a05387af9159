/** TensorFlow's own messages, as far as they are written or read here. Field names and numbers are those of
 *  tensorflow/core/{framework,protobuf}/*.proto. */
import protobuf from 'protobufjs';

const { root } = protobuf.parse(
  `
  syntax = "proto3";

  message TensorShapeProto {
    message Dim { int64 size = 1; }
    repeated Dim dim = 2;
    bool unknown_rank = 3;
  }
  message TensorProto {
    int32 dtype = 1;
    TensorShapeProto tensor_shape = 2;
    bytes tensor_content = 4;
    repeated float float_val = 5;
    repeated int32 int_val = 7;
    repeated bool bool_val = 11;
  }
  message AttrValue {
    message ListValue {
      repeated bytes s = 2;
      repeated int64 i = 3;
      repeated float f = 4;
      repeated bool b = 5;
      repeated int32 type = 6;
      repeated TensorShapeProto shape = 7;
    }
    oneof value {
      bytes s = 2;
      int64 i = 3;
      float f = 4;
      bool b = 5;
      int32 type = 6;
      TensorShapeProto shape = 7;
      TensorProto tensor = 8;
      ListValue list = 1;
    }
  }
  message NodeDef {
    string name = 1;
    string op = 2;
    repeated string input = 3;
    map<string, AttrValue> attr = 5;
  }
  message VersionDef { int32 producer = 1; }
  message GraphDef {
    repeated NodeDef node = 1;
    VersionDef versions = 4;
  }

  message OpDef {
    message ArgDef {
      string name = 1;
      int32 type = 3;
      string type_attr = 4;
      string number_attr = 5;
      string type_list_attr = 6;
    }
    message AttrDef { string name = 1; string type = 2; AttrValue default_value = 3; }
    string name = 1;
    repeated ArgDef input_arg = 2;
    repeated AttrDef attr = 4;
  }

  message ConfigProto {
    message GPUOptions { bool allow_growth = 4; }
    GPUOptions gpu_options = 6;
    bool allow_soft_placement = 7;
  }
  message RunOptions { int32 trace_level = 1; int32 inter_op_thread_pool = 3; }
  message NodeExecStats {
    string node_name = 1;
    int64 all_start_micros = 2;
    int64 op_start_rel_micros = 3;
    int64 op_end_rel_micros = 4;
    int64 all_end_rel_micros = 5;
    string timeline_label = 8;
  }
  message DeviceStepStats { string device = 1; repeated NodeExecStats node_stats = 2; }
  message StepStats { repeated DeviceStepStats dev_stats = 1; }
  message RunMetadata { StepStats step_stats = 1; }
`,
  { keepCase: true },
);

/** How a message looks as a plain object; fields that are left out keep their defaults. */
export interface TensorShapeProto {
  dim: { size: number }[];
}
export interface TensorProto {
  dtype: number;
  tensor_shape: TensorShapeProto;
  tensor_content?: Uint8Array;
  float_val?: number[];
  int_val?: number[];
  bool_val?: boolean[];
}
export type AttrValue =
  | { s: Uint8Array }
  | { i: number }
  | { f: number }
  | { b: boolean }
  | { type: number }
  | { shape: TensorShapeProto }
  | { tensor: TensorProto }
  | { list: { i?: number[]; type?: number[]; f?: number[]; shape?: TensorShapeProto[] } };
export interface NodeDef {
  name: string;
  op: string;
  /** `node:1` is the second output of a node, `^node` waits for it. */
  input: string[];
  attr: Record<string, AttrValue>;
}
export interface OpDef {
  input_arg: { name: string; type_attr: string; number_attr: string; type_list_attr: string }[];
  attr: { name: string; type: string; default_value: object | null }[];
}
export interface NodeExecStats {
  node_name: string;
  all_start_micros: number;
  op_start_rel_micros: number;
  op_end_rel_micros: number;
  timeline_label: string;
}

/** Of the library's nodes: those of before this producer are read with the rules of their time. */
const PRODUCER = 1882; // TensorFlow 2.17

export const encodeGraph = (node: readonly NodeDef[]): Uint8Array =>
  encode('GraphDef', { node, versions: { producer: PRODUCER } });

export const encodeConfig = (config: object): Uint8Array => encode('ConfigProto', config);

const FULL_TRACE = 3;
const CALLERS_THREAD = -1;

/** traced: asks for the times of every node; serial: operations one after the other on the thread that calls, which
 *  their own threads help. */
export const encodeRunOptions = ({ traced, serial }: { traced: boolean; serial: boolean }): Uint8Array =>
  encode('RunOptions', {
    ...(traced ? { trace_level: FULL_TRACE } : {}),
    ...(serial ? { inter_op_thread_pool: CALLERS_THREAD } : {}),
  });

export function decodeOpDef(bytes: Uint8Array): OpDef {
  const type = root.lookupType('OpDef');
  return type.toObject(type.decode(bytes), { defaults: true, arrays: true }) as OpDef;
}

/** The times of every node, device by device. */
export function decodeStepStats(bytes: Uint8Array): { device: string; node_stats: NodeExecStats[] }[] {
  const type = root.lookupType('RunMetadata');
  const { step_stats } = type.toObject(type.decode(bytes), { defaults: true, arrays: true, longs: Number });
  return step_stats.dev_stats;
}

function encode(name: string, message: object): Uint8Array {
  const type = root.lookupType(name);
  return type.encode(type.fromObject(message)).finish();
}
