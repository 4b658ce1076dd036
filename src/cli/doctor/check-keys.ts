import type { NamedBackend } from "../../config/backend-settings.ts";
import { keySourceFault } from "../../host/key-warnings.ts";
import { isSecretFile, type SecretSources } from "../../host/secret-sources.ts";
import type { DoctorCheck } from "./doctor-check.ts";

/** Checks the variables and files of keys: one check for each backend that needs a key. Repeats no value. */
export function checkKeys(backends: readonly NamedBackend[], secrets: SecretSources): DoctorCheck[] {
	return backends.flatMap(({ name, keyNames }) => (keyNames.length === 0 ? [] : [checkKey(name, keyNames, secrets)]));
}

function checkKey(name: string, sources: readonly string[], secrets: SecretSources): DoctorCheck {
	const missing = sources.filter((source) => secrets.get(source) === undefined);
	const [first = ""] = missing;
	const set = isSecretFile(first) ? `write the key into ${first}` : `export ${first}=<key>`;
	if (missing.length === sources.length)
		return {
			area: "key",
			name,
			status: "problem",
			message: stateOf(missing, secrets, variablesOf(missing).length === 1 ? "is" : "are"),
			remedy: set,
		};
	for (const source of sources.filter((each) => !missing.includes(each))) {
		const fault = keySourceFault({ name: source, value: secrets.raw(source), isPublic: secrets.isPublic(source) });
		if (fault === undefined) continue;
		const [message = fault, remedy = `set ${source} to the key itself`] = fault.split("; ");
		return { area: "key", name, status: "warning", message: `${source}: ${message}`, remedy };
	}
	if (missing.length > 0)
		return {
			area: "key",
			name,
			status: "warning",
			message: `${stateOf(missing, secrets)}, others are`,
			remedy: set,
		};
	return { area: "key", name, status: "ok", message: `${sources.join(", ")} set` };
}

/** Returns the reasons for which variables and files hold no key. */
function stateOf(sources: readonly string[], secrets: SecretSources, verb = ""): string {
	const variables = variablesOf(sources);
	const unset = variables.length === 0 ? [] : [`${variables.join(" and ")} ${verb === "" ? "" : `${verb} `}not set`];
	return [...unset, ...sources.filter(isSecretFile).map((path) => `${path}: ${secrets.fault(path)}`)].join("; ");
}

function variablesOf(sources: readonly string[]): string[] {
	return sources.filter((source) => !isSecretFile(source));
}
