/** TensorBoard's events, as far as they are written or read here; numbers of fields are those of tensorflow's
 *  event.proto and summary.proto. A wall time is seconds since 1970. */
import protobuf from 'protobufjs';
import { decodeRecords, encodeRecord } from './record-file.ts';

const { root } = protobuf.parse(`
  syntax = "proto3";

  message Event {
    double wall_time = 1;
    int64 step = 2;
    oneof what {
      string file_version = 3;
      Summary summary = 5;
      SessionLog session_log = 7;
    }
  }
  message Summary {
    message Value {
      string tag = 1;
      float simple_value = 2;
    }
    repeated Value value = 1;
  }
  message SessionLog {
    int32 status = 1;
  }
`);
const Event = root.lookupType('Event');
const START = 1; // of SessionLog's states

const encode = (event: object): Buffer => encodeRecord(Event.encode(Event.create(event)).finish());

/** What a file begins with. */
export const fileVersion = (wallTime: number): Buffer => encode({ wallTime, fileVersion: 'brain.Event:2' });

/** Work goes on: readers forget what was said of this step and later ones. */
export const sessionStart = (wallTime: number, step: number): Buffer =>
  encode({ wallTime, step, sessionLog: { status: START } });

export interface Scalar {
  tag: string;
  step: number;
  value: number;
  wallTime: number;
}

export const scalar = ({ tag, step, value, wallTime }: Scalar): Buffer =>
  encode({ wallTime, step, summary: { value: [{ tag, simpleValue: value }] } });

interface Read {
  step?: number;
  summary?: { value?: { tag: string }[] };
  sessionLog?: { status?: number };
}

/** Of each tag the last step that a reader of these files, in their order, would show. */
export function lastSteps(files: Iterable<Buffer>): Map<string, number> {
  const last = new Map<string, number>();
  for (const file of files) {
    for (const data of decodeRecords(file)) {
      const { step = 0, summary, sessionLog }: Read = Event.toObject(Event.decode(data), { longs: Number });
      if (sessionLog?.status === START) {
        for (const [tag, seen] of last) last.set(tag, Math.min(seen, step - 1));
      }
      for (const { tag } of summary?.value ?? []) last.set(tag, step);
    }
  }
  return last;
}
