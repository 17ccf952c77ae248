"""Reads on its standard input what others are to read, with libraries that others have written, and says in JSON what they have found.

The first argument says what it is: `icalendar`, `vobject`, `maintnote`, `feedparser`, `atoma` or `yaml`.
"""

import json
import sys
from datetime import datetime, timezone


def instant(value):
    """An instant in UTC, to the second."""
    if value is None:
        return None
    if not isinstance(value, datetime):
        value = datetime.fromtimestamp(value, timezone.utc)
    return value.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def by_icalendar(text):
    from icalendar import Calendar

    calendar = Calendar.from_ical(text)
    return [
        {
            "uid": str(event["UID"]),
            "start": instant(event.decoded("DTSTART")),
            "end": instant(event.decoded("DTEND", None)),
            "stamp": instant(event.decoded("DTSTAMP")),
            "sequence": int(event["SEQUENCE"]),
            "status": str(event.get("STATUS", "")),
            "summary": str(event["SUMMARY"]),
            "description": str(event["DESCRIPTION"]),
            "url": str(event["URL"]),
        }
        for event in calendar.walk("VEVENT")
    ]


def by_vobject(text):
    import vobject

    calendar = vobject.readOne(text.decode())
    return [
        {
            "uid": event.uid.value,
            "start": instant(event.dtstart.value),
            "end": instant(event.dtend.value) if hasattr(event, "dtend") else None,
            "stamp": instant(event.dtstamp.value),
            "sequence": int(event.sequence.value),
            "status": event.status.value if hasattr(event, "status") else "",
            "summary": event.summary.value,
            "description": event.description.value,
            "url": event.url.value,
        }
        for event in calendar.contents.get("vevent", [])
    ]


def by_maintnote(text):
    from circuit_maintenance_parser.parser import ICal

    return [
        {
            "provider": found["provider"],
            "account": found["account"],
            "id": found["maintenance_id"],
            "status": found["status"].value,
            "start": instant(found["start"]),
            "end": instant(found["end"]),
            "objects": [[circuit.circuit_id, circuit.impact.value] for circuit in found["circuits"]],
        }
        for found in ICal().parse(text, "ical")
    ]


def by_feedparser(text):
    import calendar

    import feedparser

    found = feedparser.parse(text)
    if found.bozo:
        raise SystemExit(f"feedparser: {found.bozo_exception}")
    return {
        "title": found.feed.title,
        "id": found.feed.id,
        "language": found.feed.get("language"),
        "links": {link.rel: link.href for link in found.feed.links},
        "entries": [
            {
                "id": entry.id,
                "title": entry.title,
                "link": entry.link,
                "published": instant(calendar.timegm(entry.published_parsed)),
                "updated": instant(calendar.timegm(entry.updated_parsed)),
                "summary": entry.summary,
                "content": entry.content[0].value,
                "tags": [tag.term for tag in entry.tags],
            }
            for entry in found.entries
        ],
    }


def by_yaml(text):
    import yaml

    return yaml.safe_load(text)


def by_atoma(text):
    import atoma

    found = atoma.parse_atom_bytes(text)
    return {
        "id": found.id_,
        "updated": instant(found.updated),
        "authors": [author.name for author in found.authors],
        "entries": [{"id": entry.id_, "title": entry.title.value, "updated": instant(entry.updated)} for entry in found.entries],
    }


READERS = {
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "maintnote": by_maintnote,
    "feedparser": by_feedparser,
    "atoma": by_atoma,
    "yaml": by_yaml,
}
json.dump(READERS[sys.argv[1]](sys.stdin.buffer.read()), sys.stdout)
