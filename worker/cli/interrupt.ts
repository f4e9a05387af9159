/** Resolves at Ctrl-C or SIGTERM; a second one ends the process at once. */
export function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    const first = () => {
      resolve();
      for (const signal of ['SIGINT', 'SIGTERM'] as const) {
        process.off(signal, first);
        process.once(signal, () => process.exit(130));
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, first);
  });
}
