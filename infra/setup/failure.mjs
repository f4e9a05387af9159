/** What a user can act on: one sentence with the fact and the way out. Anything else that is thrown is a bug. */
export class SetupFailure extends Error {}

/** A person ended it; nothing is wrong. */
export class SetupInterrupted extends SetupFailure {}
