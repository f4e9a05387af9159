/** `npm run doctor`: what is there, what is not, and what to do. Exit code 0 only if a run would work. */
import { diagnose } from './doctor/diagnose.mjs';
import { paths } from './setup/paths.mjs';

const MARKS = { good: '✓', note: '·', bad: '✗' };

const findings = await diagnose(paths);
for (const { state, what, found, remedy } of findings) {
  console.log(`${MARKS[state]} ${what.padEnd(22)} ${found}`);
  if (remedy) console.log(`${' '.repeat(25)}${remedy}`);
}
const bad = findings.filter(({ state }) => state === 'bad').length;
console.log(
  bad === 0 ? 'A run would work.' : `A run would not work: see the ${bad === 1 ? 'line' : 'lines'} with ✗.`,
);
process.exitCode = bad === 0 ? 0 : 1;
