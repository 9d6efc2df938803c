"""Writes docs/performance.md and its charts from the stored results. Nothing in them is typed by hand."""
import os

import measures
import results

DOCS = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "docs")
TITLES = {"start": "Containers", "image": "Images", "build": "Builds", "registry": "Registry", "network": "Network", "footprint": "Footprint"}
ORDER = ["djong", "djong-registry", "docker", "podman", "docker-registry", "floor"]
COLOURS = {"djong": "#0b6e8f", "djong-registry": "#0b6e8f", "docker": "#9aa5b1", "podman": "#b8a1c9", "docker-registry": "#9aa5b1", "floor": "#d9b36c"}


def write():
    stored = results.read()
    os.makedirs(f"{DOCS}/charts", exist_ok=True)
    lines = ["# Performance", "",
             "Written by `bench/run` from `bench/results/latest.json`; `bench/run --report` writes it anew. Each round measures every party in",
             "turn (A/B/A/B) after warm-up rounds, with the same image bytes, on one machine. A cell is the median, then the 95th percentile",
             "or the lowest of few, then the CPU milliseconds of daemon and command line together where the figure is a time. Absolute numbers",
             "move with the machine; ratios of one run mean something. `floor` is the same work by hand, without an engine.", ""]
    for module, title in TITLES.items():
        chosen = [measure for measure in measures.ALL if measure.__module__ == f"measures.{module}" and measure.name in stored]
        if chosen:
            lines += [f"## {title}", ""] + list(table(chosen, stored)) + ["", f"![{title}](charts/{module}.svg)", ""]
            chart(f"{DOCS}/charts/{module}.svg", chosen, stored)
    missed = [line for measure in measures.ALL if measure.name in stored for line in miss(measure, stored[measure.name])]
    if missed:
        lines += ["## Goals that were missed", ""] + missed + [""]
    lines += ["## Under which conditions", ""] + list(conditions(stored)) + [""]
    with open(f"{DOCS}/performance.md", "w") as file:
        file.write("\n".join(lines))


def columns(chosen, stored):
    present = {name for measure in chosen for name in stored[measure.name]["samples"]}
    return [name for name in ORDER if name in present]


def table(chosen, stored):
    names = columns(chosen, stored)
    yield "| what | measure | rounds | " + " | ".join(names) + " | goal | reached |"
    yield "|---|---|---:|" + "---:|" * len(names) + "---|---|"
    for measure in chosen:
        taken = stored[measure.name]
        cells = [cell(taken["samples"].get(name), taken["unit"]) for name in names]
        rounds = max(len(samples) for samples in taken["samples"].values())
        yield f"| {measure.title}, {taken['unit']} | `{measure.name}` | {rounds} | " + " | ".join(cells) + f" | {measure.goal_text()} | {reached(measure, taken)} |"


def cell(taken, unit):
    if not taken:
        return ""
    text = f"**{results.number(results.median(taken))}**"
    if len(taken) >= 10:
        text += f" / p95 {results.number(results.p95(taken))}"
    elif len(taken) > 1:
        text += f" / {'best' if unit != 'ms' else 'min'} {results.number((max if unit != 'ms' else min)(results.values(taken)))}"
    if unit == "ms":
        used = sorted(sample["cpu"] for sample in taken)[len(taken) // 2]
        text += f" / cpu {results.number(used)}"
    return text


def ours(taken):
    return taken["samples"].get("djong") or taken["samples"].get("djong-registry")


def outcome(measure, taken):
    """(what is compared with the goal's factor, whether it holds), or None."""
    mine = ours(taken)
    if not measure.goal or not mine:
        return None
    comparison, factor, peer = measure.goal
    if peer is not None and not taken["samples"].get(peer):
        return None
    value = results.median(mine) / (results.median(taken["samples"][peer]) if peer else 1)
    return value, value <= factor if comparison == "≤" else value >= factor


def reached(measure, taken):
    found = outcome(measure, taken)
    if found is None:
        return ""
    value, holds = found
    shown = f"{value:.2f}×" if measure.goal[2] else results.number(value)
    return f"{shown} {'yes' if holds else '**no**'}"


def miss(measure, taken):
    found = outcome(measure, taken)
    if found is not None and not found[1]:
        yield f"- `{measure.name}`: {reached(measure, taken).replace(' **no**', '')}, the goal is {measure.goal_text()}."


def conditions(stored):
    runs = {}
    for name, taken in stored.items():
        versions = ", ".join(f"{party} {version}" for party, version in sorted(taken["versions"].items()))
        runs.setdefault((taken["at"], taken["kernel"], taken["cores"], versions), []).append((name, taken["load"]))
    for (at, kernel, cores, versions), names in sorted(runs.items()):
        loads = [load for _, load in names]
        yield (f"- {at}: {', '.join(f'`{name}`' for name, _ in sorted(names))}. Linux {kernel}, {cores} cores, load {min(loads)} to {max(loads)}; "
               f"{versions}.")


def chart(path, chosen, stored):
    """Bars, each measure's longest as wide as the picture."""
    bar, gap, left, width = 14, 26, 190, 760
    rows, y = [], 10
    for measure in chosen:
        taken = stored[measure.name]
        medians = {name: results.median(taken["samples"][name]) for name in ORDER if taken["samples"].get(name)}
        rows.append(f'<text x="10" y="{y + 11}" font-weight="bold">{measure.name} ({taken["unit"]})</text>')
        y += 18
        for name, value in medians.items():
            length = max(1, (width - left - 90) * value / (max(medians.values()) or 1))
            rows.append(f'<text x="{left - 8}" y="{y + 11}" text-anchor="end">{name}</text>'
                        f'<rect x="{left}" y="{y}" width="{length:.1f}" height="{bar}" fill="{COLOURS[name]}"/>'
                        f'<text x="{left + length + 6:.1f}" y="{y + 11}">{results.number(value)}</text>')
            y += bar + 4
        y += gap - 14
    with open(path, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{y}" font-family="sans-serif" font-size="12">'
                   f'<rect width="100%" height="100%" fill="white"/>{"".join(rows)}</svg>\n')
