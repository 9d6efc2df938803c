"""Keeps every sample: bench/results/latest.json holds the last run of each measure, with what the machine was."""
import json
import os
import platform
import statistics
import time

FOLDER = os.path.join(os.path.dirname(os.path.abspath(__file__)), "results")
LATEST = os.path.join(FOLDER, "latest.json")
_run = {}


def begin(parties):
    _run.update(at=time.strftime("%Y-%m-%d"), kernel=platform.release(), cores=os.cpu_count(),
                versions={party.name: party.version() for party in parties if party.version()})


def add(measure, samples):
    all_of_them = read()
    all_of_them[measure.name] = dict(_run, unit=measure.unit, load=round(os.getloadavg()[0], 1),
                                     samples={name: [{k: round(v, 3) for k, v in sample.items()} for sample in taken]
                                              for name, taken in samples.items()})
    os.makedirs(FOLDER, exist_ok=True)
    with open(LATEST + ".new", "w") as file:
        json.dump(all_of_them, file, indent=1, sort_keys=True)
        file.write("\n")
    os.rename(LATEST + ".new", LATEST)
    shown = "  ".join(f"{name} {number(median(taken))}" for name, taken in samples.items() if taken)
    print(f"{measure.name:24} {shown} {measure.unit}   (load {os.getloadavg()[0]:.1f})", flush=True)


def read():
    try:
        with open(LATEST) as file:
            return json.load(file)
    except FileNotFoundError:
        return {}


def values(taken):
    return [sample["value"] for sample in taken]


def median(taken):
    return statistics.median(values(taken))


def p95(taken):
    ordered = sorted(values(taken))
    return ordered[min(len(ordered) - 1, int(len(ordered) * 0.95))]


def number(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"
