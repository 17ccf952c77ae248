"""Asks a server at the address that the second argument names by a client of Statuspage, which the first one names: `arez`, `whadup` or `exporter`.

It says in JSON what the client reports: `indicator`, `components` (status by name), `open` and `planned` (status by name), and `past` where it can.
"""

import json
import os
import subprocess
import sys
import tempfile

BASE = sys.argv[2]


def spelt(words):
    """Words as the documents spell them: this client shows them with capitals and spaces."""
    return words.lower().replace(" ", "_")


def by_arez():
    import asyncio

    from arez import StatusPage

    async def ask():
        async with StatusPage(BASE, loop=asyncio.get_running_loop()) as page:
            return await page.get_status()

    found = asyncio.run(ask())
    return {
        "indicator": spelt(found.impact),
        "components": {one.name: spelt(one.status) for one in found.components},
        "open": {one.name: spelt(one.status) for one in found.incidents},
        "planned": {one.name: spelt(one.status) for one in found.maintenances},
    }


def by_whadup():
    import whadup

    whadup.API_BASE_URL = f"{BASE}/api/"
    client = whadup.GithubStatus()
    named = lambda found: {one["name"]: one["status"] for one in found}
    upcoming = client.Maintenances.upcoming()["scheduled_maintenances"]
    active = client.Maintenances.active()["scheduled_maintenances"]
    return {
        "indicator": client.status()["status"]["indicator"],
        "components": named(client.components()["components"]),
        "open": named(client.Incidents.unresolved()["incidents"]),
        "planned": named(upcoming + active),
        "past": named(client.Incidents()["incidents"] + client.Maintenances()["scheduled_maintenances"]),
    }


def by_exporter():
    from prometheus_client.parser import text_string_to_metric_families

    with tempfile.TemporaryDirectory() as folder:
        services = {"portal": {"name": "Portal", "url": f"{BASE}/api/v2/summary.json"}}
        with open(f"{folder}/services.json", "w") as file:
            json.dump(services, file)
        told = {"RUN_MODE": "once", "METRICS_TEXTFILE_PATH": f"{folder}/out.prom", "SERVICES_JSON_PATH": f"{folder}/services.json"}
        # Its own program, by this interpreter.
        script = os.path.join(os.path.dirname(sys.executable), "statuspage-prometheus-exporter")
        done = subprocess.run([sys.executable, script], cwd=folder, env={**os.environ, **told}, capture_output=True, text=True)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        with open(f"{folder}/out.prom") as file:
            families = list(text_string_to_metric_families(file.read()))
    samples = [sample for family in families for sample in family.samples]
    named = lambda name: [sample for sample in samples if sample.name == f"statuspage_{name}"]
    if [sample.value for sample in named("probe_check")] != [1.0]:
        raise SystemExit("the exporter could not read it")
    return {
        "components": {one.labels["component_name"]: one.value for one in named("component_status")},
        "open": sorted(one.labels["incident_name"] for one in named("incident_info") if one.value),
        "planned": sorted(one.labels["maintenance_name"] for one in named("maintenance_info") if one.value),
    }


READERS = {"arez": by_arez, "whadup": by_whadup, "exporter": by_exporter}
json.dump(READERS[sys.argv[1]](), sys.stdout)
