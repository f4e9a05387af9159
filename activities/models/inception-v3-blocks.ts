/** The blocks of Inception V3, as TF-Slim has them: branches side by side, each a chain of convolutions with batch
 *  norm. Named by the resolution they work at. */
import { concat, type Layer4D } from './convolution.ts';
import {
  averagePooling,
  type Filter,
  factorisedConv,
  maxPooling,
  type Window,
} from './factorised-convolution.ts';
import { sequence } from './layer.ts';

const SAME: Window = { stride: 1, padding: 'same' };
const REDUCING: Window = { stride: 2, padding: 'valid' };

/** A convolution of a branch: its filter and output channels; SAME padding and stride 1 unless a window is given. */
type Link = readonly [filter: Filter, out: number, window?: Window];

/** Convolutions one after the other, `<name>-1`, `<name>-2`, …. */
function chain(name: string, from: number, ...links: Link[]): Layer4D {
  const inputs = [from, ...links.map(([, out]) => out)];
  return sequence(
    ...links.map(([filter, out, window = SAME], i) =>
      factorisedConv(`${name}-${i + 1}`, filter, window, { in: inputs[i]!, out }),
    ),
  );
}

const pooled = (name: string, from: number, out: number): Layer4D =>
  sequence(averagePooling(3, SAME), chain(`${name}/pool`, from, [[1, 1], out]));

/** [B, 35, 35, from] -> [B, 35, 35, 224 + pool] */
export function block35(name: string, from: number, pool: number): Layer4D {
  return concat(
    chain(`${name}/one`, from, [[1, 1], 64]),
    chain(`${name}/five`, from, [[1, 1], 48], [[5, 5], 64]),
    chain(`${name}/three`, from, [[1, 1], 64], [[3, 3], 96], [[3, 3], 96]),
    pooled(name, from, pool),
  );
}

/** [B, 35, 35, from] -> [B, 17, 17, 480 + from] */
export function reductionTo17(name: string, from: number): Layer4D {
  return concat(
    chain(`${name}/three`, from, [[3, 3], 384, REDUCING]),
    chain(`${name}/double`, from, [[1, 1], 64], [[3, 3], 96], [[3, 3], 96, REDUCING]),
    maxPooling(3, REDUCING),
  );
}

/** A 7×7 filter as a row and a column: [B, 17, 17, 768] -> [B, 17, 17, 768]. inner: channels within a branch. */
export function block17(name: string, inner: number): Layer4D {
  const row: Link = [[1, 7], inner];
  const column: Link = [[7, 1], inner];
  return concat(
    chain(`${name}/one`, 768, [[1, 1], 192]),
    chain(`${name}/seven`, 768, [[1, 1], inner], row, [[7, 1], 192]),
    chain(`${name}/double`, 768, [[1, 1], inner], column, row, column, [[1, 7], 192]),
    pooled(name, 768, 192),
  );
}

/** [B, 17, 17, 768] -> [B, 8, 8, 1280] */
export function reductionTo8(name: string): Layer4D {
  return concat(
    chain(`${name}/three`, 768, [[1, 1], 192], [[3, 3], 320, REDUCING]),
    chain(`${name}/seven`, 768, [[1, 1], 192], [[1, 7], 192], [[7, 1], 192], [[3, 3], 192, REDUCING]),
    maxPooling(3, REDUCING),
  );
}

/** 3×3 filters spread into a row beside a column: [B, 8, 8, from] -> [B, 8, 8, 2048]. */
export function block8(name: string, from: number): Layer4D {
  const spread = (branch: string): Layer4D =>
    concat(chain(`${branch}/row`, 384, [[1, 3], 384]), chain(`${branch}/column`, 384, [[3, 1], 384]));
  return concat(
    chain(`${name}/one`, from, [[1, 1], 320]),
    sequence(chain(`${name}/three`, from, [[1, 1], 384]), spread(`${name}/three`)),
    sequence(chain(`${name}/double`, from, [[1, 1], 448], [[3, 3], 384]), spread(`${name}/double`)),
    pooled(name, from, 192),
  );
}
