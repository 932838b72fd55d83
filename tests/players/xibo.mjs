// Xibo's player for browsers behind its own proxy, as kiosks run it. Settings are JSON in the first argument.
import { createRequire } from 'node:module';
import path from 'node:path';
import { startServer } from '@xiboplayer/proxy';

const settings = JSON.parse(process.argv[2]);
const player = createRequire(import.meta.url).resolve('@xiboplayer/pwa/package.json');
await startServer({ ...settings, pwaPath: path.join(path.dirname(player), 'dist'), appVersion: '0.5.20' });
