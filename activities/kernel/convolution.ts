/** Convolutions of the fixed features, float32: images as [n, height, width, channels], filters as
 *  [height, width, channels, filters]. */
import { constant, type Ref, type Session, typeAttr } from './session.ts';

export interface Convolutions {
  reshape(a: Ref, shape: number[]): Ref;
  convolve(images: Ref, filters: Ref, padding: 'SAME' | 'VALID'): Ref;
  /** Means over windows of `size`, `stride` apart, inside the image. */
  average(images: Ref, size: number, stride: number): Ref;
  /** Element by element; √ of what is below 0 is not a number. */
  root(a: Ref): Ref;
  relu(a: Ref): Ref;
  divide(a: Ref, b: Ref): Ref;
  /** Channels behind channels, of one or more. */
  concatenate(parts: Ref[]): Ref;
}

export function convolutions(session: Session): Convolutions {
  const { node } = session;
  const T = typeAttr('float32');
  const padded = (padding: string) => ({ s: Buffer.from(padding) });
  const int32 = (...values: number[]) => constant(session, 'int32', [values.length], values);
  return {
    reshape: (a, shape) => node('Reshape', [a, int32(...shape)], { T, Tshape: typeAttr('int32') }),
    convolve: (images, filters, padding) =>
      node('Conv2D', [images, filters], {
        T,
        strides: { list: { i: [1, 1, 1, 1] } },
        padding: padded(padding),
      }),
    average: (images, size, stride) =>
      node('AvgPool', [images], {
        T,
        ksize: { list: { i: [1, size, size, 1] } },
        strides: { list: { i: [1, stride, stride, 1] } },
        padding: padded('VALID'),
      }),
    root: (a) => node('Sqrt', [a], { T }),
    relu: (a) => node('Relu', [a], { T }),
    divide: (a, b) => node('RealDiv', [a, b], { T }),
    concatenate: (parts) =>
      parts.length === 1
        ? parts[0]!
        : node('ConcatV2', [...parts, constant(session, 'int32', [], [3])], {
            T,
            N: { i: parts.length },
            Tidx: typeAttr('int32'),
          }),
  };
}
