/** Reads the pickles that hold CIFAR-10's python batches, as data: a pickle is a program, and here its calls are
 *  written down instead of made, so that no file can run anything. It knows the opcodes of protocol 2 that those
 *  files use and refuses any other. Python 2 strings come out as Buffers. */
import { Failure } from '../failure/failure.ts';

/** `callee(...args)` with the state that was given to the result; none of it executed. */
export interface RecordedCall {
  callee: string;
  args: Pickled[];
  state: Pickled;
}

export type Pickled = null | boolean | number | Buffer | Pickled[] | Map<string, Pickled> | RecordedCall;

const MARK = Symbol('mark');

export function readPickle(file: string, bytes: Buffer): Pickled {
  const stack: (Pickled | typeof MARK)[] = [];
  const memo = new Map<number, Pickled>();
  let at = 0;

  const refuse = (fact: string) =>
    new Failure('MalformedSource', `${file} ${fact}: expected a python batch of CIFAR-10.`);
  const take = (length: number) => {
    if (at + length > bytes.length) throw refuse('ends in the middle of its pickle');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const line = () => {
    const end = bytes.indexOf('\n', at);
    if (end === -1) throw refuse('ends in the middle of its pickle');
    const text = take(end - at).toString('latin1');
    take(1);
    return text;
  };
  const pop = (): Pickled => {
    const value = stack.pop();
    if (value === undefined || value === MARK) throw refuse('is not a well-formed pickle');
    return value;
  };
  const popToMark = (): Pickled[] => {
    const values: Pickled[] = [];
    for (let value = stack.pop(); value !== MARK; value = stack.pop()) {
      if (value === undefined) throw refuse('is not a well-formed pickle');
      values.push(value);
    }
    return values.reverse();
  };
  const tuple = (length: number) => Array.from({ length }, pop).reverse();
  const intoDict = (pairs: Pickled[]) => {
    const dict = pop();
    if (!(dict instanceof Map)) throw refuse('is not a well-formed pickle');
    for (let i = 0; i + 1 < pairs.length; i += 2) {
      const key = pairs[i];
      // A list that holds itself, or a list of lists of lists, has a text of any length.
      if (!Buffer.isBuffer(key)) throw refuse('has a dictionary whose keys are not texts');
      dict.set(key.toString('latin1'), pairs[i + 1]!);
    }
    return dict;
  };
  const intoList = (values: Pickled[]) => {
    const list = pop();
    if (!Array.isArray(list)) throw refuse('is not a well-formed pickle');
    for (const value of values) list.push(value);
    return list;
  };
  const memorise = (place: number) => {
    const value = pop();
    memo.set(place, value);
    return value;
  };
  const recall = (place: number): Pickled => {
    const value = memo.get(place);
    if (value === undefined) throw refuse('is not a well-formed pickle');
    return value;
  };
  const isCall = (value: Pickled): value is RecordedCall =>
    typeof value === 'object' && value !== null && 'callee' in value;
  const call = (args: Pickled) => {
    const callee = pop();
    if (!isCall(callee) || !Array.isArray(args)) throw refuse('is not a well-formed pickle');
    return { callee: callee.callee, args, state: null };
  };
  const giveState = (state: Pickled) => {
    const built = pop();
    if (!isCall(built)) throw refuse('is not a well-formed pickle');
    built.state = state;
    return built;
  };

  // By opcode: what it leaves on the stack.
  const opcodes: Record<string, () => Pickled | typeof MARK> = {
    '(': () => MARK,
    '}': () => new Map(),
    ']': () => [],
    ')': () => [],
    t: popToMark,
    '\x85': () => tuple(1),
    '\x86': () => tuple(2),
    '\x87': () => tuple(3),
    N: () => null,
    '\x88': () => true,
    '\x89': () => false,
    K: () => take(1).readUInt8(),
    M: () => take(2).readUInt16LE(),
    J: () => take(4).readInt32LE(),
    U: () => take(take(1).readUInt8()),
    T: () => take(take(4).readUInt32LE()),
    q: () => memorise(take(1).readUInt8()),
    r: () => memorise(take(4).readUInt32LE()),
    h: () => recall(take(1).readUInt8()),
    j: () => recall(take(4).readUInt32LE()),
    c: () => ({ callee: `${line()}.${line()}`, args: [], state: null }),
    R: () => call(pop()),
    b: () => giveState(pop()),
    s: () => intoDict(tuple(2)),
    u: () => intoDict(popToMark()),
    a: () => intoList(tuple(1)),
    e: () => intoList(popToMark()),
  };

  if (!take(2).equals(Buffer.from([0x80, 2]))) throw refuse('is not a pickle of protocol 2');
  for (;;) {
    const opcode = take(1).toString('latin1');
    if (opcode === '.') return pop();
    const run = Object.hasOwn(opcodes, opcode) ? opcodes[opcode] : undefined;
    if (!run) throw refuse(`has the pickle opcode ${JSON.stringify(opcode)}`);
    stack.push(run());
  }
}
