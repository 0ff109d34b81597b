import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';

/** Whether nothing is bound to this port of 127.0.0.1, neither UDP nor TCP. It is bound for a moment to find out. */
export async function isPortFree(port: number): Promise<boolean> {
  return (await isUdpFree(port)) && (await isTcpFree(port));
}

function isUdpFree(port: number): Promise<boolean> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', () => {
      socket.close();
      resolve(false);
    });
    socket.bind({ port, address: '127.0.0.1', exclusive: true }, () => socket.close(() => resolve(true)));
  });
}

function isTcpFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}
