/** What a person sees of steps that run side by side: on a terminal one live line each, in a pipe one line when a
 *  step changes what it does and one when it ends. */

const REFRESH_MS = 200;
const NAME_COLUMNS = 22;

/**
 * @typedef {object} Report how a step tells where it is
 * @property {(text: string) => void} doing
 * @property {(bytes: number, total: number) => void} moved
 */

/** @param {number} bytes */
export const size = (bytes) =>
  bytes < 1e9 ? `${Math.round(bytes / 1e6)} MB` : `${(bytes / 1e9).toFixed(1)} GB`;

/** @param {Pick<NodeJS.WriteStream, 'write' | 'isTTY' | 'columns'>} out */
export function createProgress(out) {
  /** @type {{ name: string, text: string, amount: string, started: number, ended: number | null }[]} */
  const steps = [];
  let shown = 0;
  const timer = out.isTTY ? setInterval(draw, REFRESH_MS) : null;

  function draw() {
    const lines = steps.map(({ name, text, amount, started, ended }) => {
      const seconds = `${Math.round(((ended ?? Date.now()) - started) / 1000)} s`;
      const mark = ended === null ? '…' : '✓';
      return `${mark} ${name.padEnd(NAME_COLUMNS)} ${[text, amount, seconds].filter(Boolean).join(', ')}`;
    });
    const up = shown > 0 ? `\x1b[${shown}A` : '';
    out.write(up + lines.map((line) => `\x1b[2K${line.slice(0, out.columns - 1)}\n`).join(''));
    shown = lines.length;
  }

  return {
    /** @template T
     *  @param {string} name
     *  @param {(report: Report) => Promise<T>} work
     *  @returns {Promise<T>} */
    async step(name, work) {
      const started = Date.now();
      const step = { name, text: 'waiting', amount: '', started, ended: /** @type {number | null} */ (null) };
      steps.push(step);
      const result = await work({
        doing(text) {
          step.text = text;
          step.amount = '';
          if (!out.isTTY) out.write(`${name}: ${text}\n`);
        },
        moved(bytes, total) {
          step.amount = `${size(bytes)} of ${size(total)}`;
        },
      });
      step.ended = Date.now();
      step.text = 'done';
      step.amount = '';
      if (!out.isTTY) out.write(`${name}: done in ${Math.round((step.ended - started) / 1000)} s\n`);
      return result;
    },
    /** Leaves the last state on the screen. */
    end() {
      if (timer) {
        clearInterval(timer);
        draw();
      }
    },
  };
}
