// Reads a calendar on its standard input with ical.js, which is found below the folder that the first argument names, and says in JSON what it found.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const { default: ICAL } = await import(createRequire(`${process.argv[2]}/`).resolve('ical.js').replace(/^/, 'file://'));
const instant = (time) => time && time.toJSDate().toISOString().replace('.000Z', 'Z');
const calendar = new ICAL.Component(ICAL.parse(readFileSync(0, 'utf8')));
const events = calendar.getAllSubcomponents('vevent').map((component) => {
  const event = new ICAL.Event(component);
  const text = (name) => String(component.getFirstPropertyValue(name) ?? '');
  return {
    uid: event.uid,
    start: instant(event.startDate),
    end: instant(event.endDate),
    stamp: instant(component.getFirstPropertyValue('dtstamp')),
    sequence: event.sequence,
    status: text('status'),
    summary: event.summary,
    description: event.description,
    url: text('url'),
  };
});
process.stdout.write(JSON.stringify(events));
