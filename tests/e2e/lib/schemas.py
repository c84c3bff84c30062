"""Exported events against the schemas: OCSF by JSON Schema, ECS by its table of fields.
   schemas.py ocsf|ecs|stable EVENTS.jsonl FOLDER-OF-SCHEMAS
stable: any JSON, each field has one type in all events. All of them refuse a member that stands twice.

Gives:     status 1 and what does not fit.
Needs:     for OCSF the module jsonschema; the folder ../shared/siem beside the project.
Cleans up: it writes nothing but its output."""
import json
import pathlib
import sys

CLASSES = {2003: "compliance_finding", 1008: "event_log_actvity", 3004: "entity_management", 6002: "application_lifecycle",
           6003: "api_activity"}


def check_ocsf(events, folder):
    import jsonschema
    validators = {}
    for uid, name in CLASSES.items():
        schema = json.loads((folder / "ocsf" / "1.8.0" / f"{name}.schema.json").read_text())
        validators[uid] = jsonschema.Draft202012Validator(schema)
    for event in events:
        yield from (f"{event['class_uid']} {'/'.join(map(str, e.absolute_path))}: {e.message}"
                    for e in validators[event["class_uid"]].iter_errors(event))


def leaves(value, path=()):
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, path + (key,))
    else:
        yield ".".join(path), value


def check_ecs(events, folder):
    fields = json.loads((folder / "ecs" / "ecs-9.4.0-fields.json").read_text())
    for event in events:
        for path, value in leaves(event):
            if path.startswith("assay."):
                continue
            field = fields.get(path)
            if field is None:
                yield f"{path} is no field of ECS"
                continue
            values = value if isinstance(value, list) else [value]
            allowed = field.get("allowed", {})
            if allowed and not set(values) <= set(allowed):
                yield f"{path} = {value} is not among its values"
            kinds = {"long": int, "boolean": bool, "float": float}.get(field["type"], str)
            if not all(isinstance(v, kinds) for v in values):
                yield f"{path} = {str(value)[:60]} is no {field['type']}"
            most = field.get("ignore_above")
            if most and any(len(str(v).encode("utf-16-le")) // 2 > most for v in values):
                yield f"{path} has more than {most} characters and would not be found"
            if field["type"] == "long" and not all(isinstance(v, int) for v in values):
                yield f"{path} = {value} is no number"
        category, kind = event["event"]["category"][0], event["event"]["type"][0]
        if kind not in fields["event.category"]["allowed"].get(category, []):
            yield f"event.type {kind} does not go with event.category {category}"
        if not {"@timestamp", "ecs"} <= event.keys():
            yield "@timestamp or ecs.version is missing"


def once(pairs):
    """An object that has a member twice is refused: JSON.parse and others keep one of them, and nobody says which."""
    names = [name for name, _ in pairs]
    if len(names) != len(set(names)):
        twice.append(f"members that stand twice: {sorted({n for n in names if names.count(n) > 1})}")
    return dict(pairs)


def kinds_of(value, path=""):
    """Each field with the type that Elasticsearch maps it to at first sight; an array has that of its items."""
    if isinstance(value, dict):
        if path:
            yield path, "object"
        for key, inner in value.items():
            yield from kinds_of(inner, f"{path}.{key}" if path else key)
    elif isinstance(value, list):
        for inner in value:
            yield from kinds_of(inner, path)
    elif value is not None:
        yield path, {bool: "boolean", int: "long", float: "double", str: "text"}[type(value)]


def check_stable(events, folder):
    """A field has one type in all events: Elasticsearch refuses a document that has another."""
    seen = {}
    for event in events:
        for path, kind in kinds_of(event):
            if seen.setdefault(path, kind) != kind:
                yield f"{path} is {kind} here and {seen[path]} elsewhere"


what, path, folder = sys.argv[1:]
twice = []
events = [json.loads(line, object_pairs_hook=once) for line in open(path, encoding="utf-8")]
check = {"ocsf": check_ocsf, "ecs": check_ecs, "stable": check_stable}[what]
problems = twice + list(check(events, pathlib.Path(folder)))
for problem in problems[:20]:
    print(problem, file=sys.stderr)
print(f"{len(events)} events, {len(problems)} problems")
sys.exit(1 if problems or not events else 0)
