/** Numbers as people read them. */

export const ms = (seconds: number) => plain(1000 * seconds);
export const giga = (flops: number) => plain(flops / 1e9);
export const percent = (part: number) => `${Math.round(100 * part)} %`;
/** Of parts around a hundredth. */
export const finePercent = (part: number) => `${(100 * part).toFixed(2)} %`;

/** Three figures, or all before the point. */
export const plain = (value: number) => (value >= 100 ? value.toFixed(0) : value.toPrecision(3));
