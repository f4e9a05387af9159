/** The trainer process. */
import { loadDevice } from './load-device.ts';
import { serveTrainer } from './serve-trainer.ts';

serveTrainer(loadDevice);
