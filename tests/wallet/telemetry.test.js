// What a node tells a telemetry server, which is spoken to as wallets are: who it is, once it is connected.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { WebSocketServer } from 'ws';
import { TIMEOUT_MS, within } from './common.js';

/** The port of 127.0.0.1 that run.sh told the node of. The node tries it again every 10 to 20 seconds. */
const PORT = Number(process.env.QC_TELEMETRY_PORT);

test('tells a telemetry server who it is', { timeout: TIMEOUT_MS }, async () => {
  assert.ok(PORT > 0, 'QC_TELEMETRY_PORT, with which run.sh starts the node');
  const server = new WebSocketServer({ host: '127.0.0.1', port: PORT });
  try {
    const connected = new Promise((resolve, reject) => {
      server.on('error', reject);
      server.on('connection', (socket) => socket.on('message', (data) => {
        const { payload } = JSON.parse(data.toString());
        if (payload.msg === 'system.connected') {
          resolve(payload);
        }
      }));
    });
    const { chain, implementation, authority } = await within(60_000, 'system.connected', connected);
    assert.equal(chain, 'Quantum Currency Development');
    assert.equal(implementation, 'Quantum Currency Node');
    assert.equal(authority, true);
  } finally {
    server.clients.forEach((client) => client.terminate());
    server.close();
  }
});
