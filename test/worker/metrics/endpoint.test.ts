import { expect, test } from 'vitest';
import { readConfig } from '../../../worker/config.ts';
import { endpointOf } from '../../../worker/metrics/endpoint.ts';

const endpoints = (RETHINKING_METRICS_ADDRESS?: string) => {
  const config = readConfig({ RETHINKING_METRICS_ADDRESS });
  return [endpointOf(config, 'light'), endpointOf(config, 'train')];
};

test('a worker opens no port unless it is told to', () => {
  expect(endpoints()).toEqual([null, null]);
});

test('a port alone is this machine’s, one for each role; to listen wider takes an address', () => {
  expect(endpoints('9464')).toEqual(['127.0.0.1:9464', '127.0.0.1:9465']);
  expect(endpoints('0.0.0.0:9464')).toEqual(['0.0.0.0:9464', '0.0.0.0:9465']);
  expect(endpoints('[::]:9464')).toEqual(['[::]:9464', '[::]:9465']);
});

test.each(['metrics', 'localhost:9464', ':9464', '127.0.0.1', '9464/metrics'])(
  '%s is no address to listen at',
  (given) => {
    expect(() => endpoints(given)).toThrow(
      `RETHINKING_METRICS_ADDRESS=${given}: is no PORT or IP-ADDRESS:PORT`,
    );
  },
);

test.each(['0', '65535', '99999'])('port %s, which one of the two roles cannot have, is refused', (given) => {
  expect(() => endpoints(given)).toThrow(/name one from 1 to 65534/);
});
