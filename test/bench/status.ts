/** Where it is: on a terminal one line that is drawn anew, with the time; in a pipe a line whenever something new
 *  begins. */
const REFRESH_MS = 500;

export interface Status {
  /** What begins now. detail: what changes often, for terminals alone. */
  at(text: string, detail?: string): void;
  end(): void;
}

export function createStatus(out: NodeJS.WriteStream): Status {
  const started = Date.now();
  let shown = '';
  let line = '';
  const draw = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    out.write(`\r\x1b[2K${`${seconds} s  ${line}`.slice(0, out.columns - 1)}`);
  };
  const timer = out.isTTY ? setInterval(draw, REFRESH_MS) : null;
  return {
    at(text, detail = '') {
      line = detail ? `${text}: ${detail}` : text;
      if (out.isTTY) draw();
      else if (text !== shown) out.write(`${text}\n`);
      shown = text;
    },
    end() {
      if (!timer) return;
      clearInterval(timer);
      out.write('\r\x1b[2K');
    },
  };
}
