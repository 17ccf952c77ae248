// A static server for measurements: the files of one folder, compressed once with brotli at its best quality, as the product's own server
// does it. Arguments: HOST:PORT FOLDER.
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync, constants } from 'node:zlib';

const [address, folder] = process.argv.slice(2);
const [host, port] = address.split(':');
const types = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json',
};
const quality = { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } };

/** Path → compressed body. */
const known = new Map();
const body = (path) => {
  if (!known.has(path)) known.set(path, brotliCompressSync(readFileSync(join(folder, path)), quality));
  return known.get(path);
};

createServer((request, response) => {
  const path = normalize(new URL(request.url, 'http://host').pathname);
  try {
    const bytes = body(path);
    response.writeHead(200, {
      'content-type': types[extname(path)] || 'application/octet-stream',
      'content-encoding': 'br',
      'content-length': bytes.length,
      'cache-control': 'public, max-age=60',
      'access-control-allow-origin': '*',
      vary: 'accept-encoding',
    });
    response.end(bytes);
  } catch {
    response.writeHead(404, { 'content-length': 0 }).end();
  }
}).listen(Number(port), host);
