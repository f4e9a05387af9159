/** The checkpoints of one run, or of one kernel system: immutable objects behind one mutable pointer. Whoever trains claims the pointer with
 *  a fencing token; every commit is a compare-and-swap on the version it saw last, so a zombie whose pointer was
 *  claimed by a newer attempt can neither go on nor overwrite. */
import { z } from 'zod';
import { ObjectRef, type PlannedRun } from '../contract.ts';
import { Failure } from '../failure/failure.ts';
import { contentId } from '../identity/identity.ts';
import * as keys from './keys.ts';
import { readOrSetAside } from './pointer.ts';
import type { Store } from './store.ts';

/** A checkpoint and the step it was taken after. */
export const Link = ObjectRef.extend({ step: z.int().nonnegative() });
export type Link = z.infer<typeof Link>;

const Pointer = z.strictObject({
  /** Who may write: set by the newest attempt. */
  token: z.string(),
  /** Attempts since the last commit. */
  claims: z.int(),
  /** Newest first. */
  links: z.array(Link),
});
type Pointer = z.infer<typeof Pointer>;

const ATTEMPT_DIGITS = 8;

// The newest and the one before, which is what a damaged newest one falls back to.
export const KEPT = 2;

/** An attempt that dies before its first checkpoint (out of memory, say) dies again: give up after this many. */
export const CLAIMS_WITHOUT_PROGRESS = 8;

/** Whose checkpoints they are, and their keys. */
export interface CheckpointPlace {
  /** As sentences begin with it: `Run 0123…`. */
  name: string;
  pointer: string;
  /** What the keys of all of them begin with. */
  checkpoints: string;
  checkpoint(step: number, attempt: string): string;
}

const placeOf = (planned: PlannedRun): CheckpointPlace => ({
  name: `Run ${planned.id}`,
  pointer: keys.checkpointPointer(planned),
  checkpoints: keys.checkpointsOfRun(planned),
  checkpoint: (step, attempt) => keys.checkpoint(planned, step, attempt),
});

export class CheckpointChain {
  readonly #store: Store;
  readonly #place: CheckpointPlace;
  #pointer: Pointer;
  #version: string;

  private constructor(store: Store, place: CheckpointPlace, pointer: Pointer, version: string) {
    this.#store = store;
    this.#place = place;
    this.#pointer = pointer;
    this.#version = version;
  }

  /** Takes the run over: from here on no earlier attempt can commit. Fails with NoProgress when too many attempts
   *  in a row brought no checkpoint forward (and forgets them, so that a person may start it again). */
  static claim(store: Store, planned: PlannedRun, token: string): Promise<CheckpointChain> {
    return CheckpointChain.claimAt(store, placeOf(planned), token);
  }

  static async claimAt(store: Store, place: CheckpointPlace, token: string): Promise<CheckpointChain> {
    const key = place.pointer;
    for (;;) {
      const found = await readOrSetAside(store, key);
      const before = found
        ? Pointer.parse(JSON.parse(found.bytes.toString()))
        : { claims: 0, links: await writtenLinks(store, place) };
      const tired = before.claims >= CLAIMS_WITHOUT_PROGRESS;
      const pointer: Pointer = { token, claims: tired ? 0 : before.claims + 1, links: before.links };
      const version = await store.swap(key, encode(pointer), found?.version ?? null);
      if (version === null) continue; // another attempt claims at the same moment; the later one wins
      if (tired) {
        throw new Failure(
          'NoProgress',
          `${place.name} was started ${before.claims} times without reaching a next checkpoint after step ` +
            `${before.links[0]?.step ?? 0}: look at the worker's log (memory?), then start it again.`,
        );
      }
      return new CheckpointChain(store, place, pointer, version);
    }
  }

  /** Checkpoints of this run, newest first. */
  get links(): readonly Link[] {
    return this.#pointer.links;
  }

  /** Writes a checkpoint, then moves the pointer to it. Fails with Fenced when a newer attempt has claimed the run,
   *  and leaves nothing behind then. */
  async commit(step: number, bytes: Uint8Array): Promise<Link> {
    await this.#ensureOurs();
    const attempt = contentId(this.#pointer.token).slice(0, ATTEMPT_DIGITS);
    const ref = await this.#store.putIfAbsent(this.#place.checkpoint(step, attempt), bytes);
    const link = { ...ref, step };
    const links = [link, ...this.#pointer.links.filter(({ key }) => key !== link.key)];
    try {
      await this.#move({ ...this.#pointer, claims: 0, links: links.slice(0, KEPT) });
    } catch (error) {
      if (error instanceof Failure && error.type === 'Fenced') await this.#store.delete([link.key]);
      throw error;
    }
    await this.#store.delete(links.slice(KEPT).map(({ key }) => key));
    return link;
  }

  /** Takes a damaged checkpoint out of the chain, and its bytes out of the way. */
  async setAside(link: Link): Promise<void> {
    await this.#move({ ...this.#pointer, links: this.#pointer.links.filter(({ key }) => key !== link.key) });
    await this.#store.setAside(link.key);
  }

  async #ensureOurs(): Promise<void> {
    const found = await this.#store.read(this.#place.pointer);
    if (found?.version !== this.#version) throw this.#fenced();
  }

  #fenced(): Failure {
    return new Failure('Fenced', `${this.#place.name} was taken over by a newer attempt: this one ends.`);
  }

  async #move(pointer: Pointer): Promise<void> {
    const key = this.#place.pointer;
    const version = await this.#store.swap(key, encode(pointer), this.#version);
    if (version === null) throw this.#fenced();
    this.#pointer = pointer;
    this.#version = version;
  }
}

/** The checkpoints that a run's pointer names, newest first, for who only looks. */
export async function readLinks(store: Store, pointerKey: string): Promise<Link[]> {
  const found = await store.read(pointerKey);
  return found ? Pointer.parse(JSON.parse(found.bytes.toString())).links : [];
}

/** Takes checkpoints out of a run's pointer. False when somebody claimed the run or committed at the same moment: then
 *  nothing has changed. */
export async function forgetLinks(store: Store, pointerKey: string, gone: string[]): Promise<boolean> {
  const found = await store.read(pointerKey);
  if (!found) return true;
  const pointer = Pointer.parse(JSON.parse(found.bytes.toString()));
  const links = pointer.links.filter(({ key }) => !gone.includes(key));
  if (links.length === pointer.links.length) return true;
  return (await store.swap(pointerKey, encode({ ...pointer, links }), found.version)) !== null;
}

/** Without a pointer: what is there says by its name which step it is of. A run that begins has none; one whose pointer
 *  was damaged goes on from the newest. */
async function writtenLinks(store: Store, { checkpoints }: CheckpointPlace): Promise<Link[]> {
  const links: Link[] = [];
  for await (const { key } of store.list(checkpoints)) {
    const ref = await store.head(key);
    if (ref) links.push({ ...ref, step: keys.stepOfCheckpoint(key) });
  }
  return links.sort((one, other) => other.step - one.step).slice(0, KEPT);
}

/** Checkpoints that other runs of the same trajectory left, newest first: a longer run goes on from a shorter one's. */
export async function linksOfSiblings(store: Store, planned: PlannedRun): Promise<Link[]> {
  const links: Link[] = [];
  for await (const { key } of store.list(keys.runsOfTrajectory(planned))) {
    if (!key.endsWith('/checkpoint.json') || key === keys.checkpointPointer(planned)) continue;
    const found = await readOrSetAside(store, key);
    if (found) links.push(...Pointer.parse(JSON.parse(found.bytes.toString())).links);
  }
  return links
    .filter(({ step }) => step <= planned.run.stop.steps)
    .sort((one, other) => other.step - one.step);
}

const encode = (pointer: Pointer) => Buffer.from(JSON.stringify(pointer));
