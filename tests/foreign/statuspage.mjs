// Asks a server at the address that the third argument names by a client of Statuspage, which the second one names (`@aero/statuspage` or
// `statuspage.js`) and which is found below the folder of the first. It says in JSON what the client reports: `indicator`, `components` (status by
// name), and `open`, `planned` and `past` (status by name).

import { createRequire } from 'node:module';

const [modules, client, base] = process.argv.slice(2);
const library = createRequire(`${modules}/`)(client);
const named = (found) => Object.fromEntries(found.map(({ name, status }) => [name, status]));

const readers = {
  '@aero/statuspage': async () => {
    // Each call of this client lengthens the path of the next one.
    const fresh = () => new library.StatusPageClient(base);
    const flat = (components) => components.flatMap((one) => [one, ...flat(one.children)]);
    const maintenances = await Promise.all([2, 1].map((which) => fresh().maintenances(which)));
    return {
      indicator: (await fresh().status()).status.indicator,
      components: named(flat(await fresh().components())),
      open: named(await fresh().incidents(true)),
      planned: named(maintenances.flat()),
      past: named([...(await fresh().incidents(false)), ...(await fresh().maintenances(0))]),
    };
  },
  'statuspage.js': async () => {
    const page = new library.Statuspage('x');
    page.axios.defaults.baseURL = `${base}/api/v2`;
    const upcoming = await page.upcomingScheduledMaintenances();
    const active = await page.activeScheduledMaintenances();
    const all = await page.allScheduledMaintenances();
    return {
      indicator: (await page.status()).status.indicator,
      components: named((await page.components()).components),
      open: named((await page.unresolvedIncidents()).incidents),
      planned: named([...upcoming.scheduled_maintenances, ...active.scheduled_maintenances]),
      past: named([...(await page.allIncidents()).incidents, ...all.scheduled_maintenances]),
    };
  },
};

process.stdout.write(JSON.stringify(await readers[client]()));
