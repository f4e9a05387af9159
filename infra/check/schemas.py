"""Holds manifests to the schemas of what reads them, strictly: a field that nobody knows is an error, as it would be silently
dropped. Usage: schemas.py SCHEMAS manifests KUBERNETES_VERSION FILE... | schemas.py SCHEMAS compose FILE..."""

import json
import pathlib
import sys

import jsonschema
import kubernetes_validate
import yaml


def strict(schema):
    """The schema of a custom resource, in which unknown fields fail unless it keeps them on purpose."""
    if isinstance(schema, list):
        return [strict(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: strict(value) for key, value in schema.items()}
    if schema.get("x-kubernetes-int-or-string"):
        return {"type": ["integer", "string"]}
    if isinstance(schema.get("properties"), dict) and not schema.get("x-kubernetes-preserve-unknown-fields"):
        closed.setdefault("additionalProperties", False)
    return closed


def custom_resources(folder):
    found = {}
    for file in folder.glob("*_*.yaml"):
        definition = yaml.safe_load(file.read_text())["spec"]
        for version in definition["versions"]:
            schema = strict(version["schema"]["openAPIV3Schema"])
            schema["properties"]["metadata"] = {"type": "object"}
            api_version = f"{definition['group']}/{version['name']}"
            found[(api_version, definition["names"]["kind"])] = schema
    return found


def trigger_problems(resource, scaler):
    """KEDA's resource definitions take any text as a trigger's metadata; the scaler itself knows which it reads."""
    parameters = {parameter["name"]: parameter for parameter in scaler["parameters"]}
    for trigger in resource["spec"].get("triggers", []):
        metadata = trigger["metadata"]
        if trigger["type"] != scaler["type"]:
            yield f"a trigger of type {trigger['type']}"
        for name, value in metadata.items():
            if name not in parameters:
                yield f"the scaler has no parameter {name}"
            elif "deprecated" in parameters[name]:
                yield f"the parameter {name} is deprecated"
            elif not isinstance(value, str):
                yield f"{name} is not a text"
        for name in ("endpoint", "taskQueue"):
            if name not in metadata:
                yield f"the trigger names no {name}"


def problems_of_manifest(resource, folder, version, customs, scaler):
    key = (resource["apiVersion"], resource["kind"])
    if key in customs:
        for error in jsonschema.Draft7Validator(customs[key]).iter_errors(resource):
            yield f"{'.'.join(map(str, error.absolute_path))}: {error.message}"
        yield from trigger_problems(resource, scaler)
        if resource["kind"] == "ScaledJob":
            yield from problems_of_manifest(
                {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "job"}, "spec": resource["spec"]["jobTargetRef"]},
                folder, version, customs, scaler,
            )
        return
    try:
        kubernetes_validate.validate(resource, version, strict=True)
    except kubernetes_validate.ValidationError as error:
        yield f"{'.'.join(map(str, error.path))}: {error.message}"


def main(folder, kind, *rest):
    folder = pathlib.Path(folder)
    problems = []
    if kind == "compose":
        schema = json.loads((folder / "compose-spec.json").read_text())
        for file in rest:
            content = yaml.safe_load(pathlib.Path(file).read_text())
            for error in jsonschema.Draft7Validator(schema).iter_errors(content):
                problems.append(f"{file} {'.'.join(map(str, error.absolute_path))}: {error.message}")
    else:
        version, *files = rest
        scalers = json.loads((folder / "scalers-schema.json").read_text())["scalers"]
        scaler = next(each for each in scalers if each["type"] == "temporal")
        customs = custom_resources(folder)
        for file in files:
            for resource in yaml.safe_load_all(pathlib.Path(file).read_text()):
                if resource is None:
                    continue
                name = f"{resource['kind']}/{resource['metadata']['name']}"
                found = problems_of_manifest(resource, folder, version, customs, scaler)
                problems += [f"{name} {problem}" for problem in found]
    print("\n".join(problems) or "valid")
    return 1 if problems else 0


sys.exit(main(*sys.argv[1:]))
