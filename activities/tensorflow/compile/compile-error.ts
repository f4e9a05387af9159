/** A function that cannot be compiled, or a call that it was not compiled for. */
export class CompileError extends Error {
  override name = 'CompileError';
}
