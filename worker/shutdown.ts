/** How a worker ends at SIGTERM. Whoever starts one (a container, a unit of systemd) has to wait longer than this. */
export const FORCE_SECONDS = 120; // longer than a checkpoint takes

export const SHUTDOWN = {
  shutdownGraceTime: 0, // there is no signal before it ends, and a trainer should checkpoint at once
  shutdownForceTime: FORCE_SECONDS * 1000,
} as const;
