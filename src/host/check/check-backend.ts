import { abortable } from "../../async/abortable.ts";
import type { Backend } from "../../backends/backend.ts";
import { SpearError } from "../../errors/spear-error.ts";
import type { Clock } from "../../time/clock.ts";
import { isSecretFile } from "../secret-sources.ts";
import type { BackendCheck } from "./backend-check.ts";
import { type Diagnosis, diagnose } from "./diagnose.ts";
import { unknownModels } from "./unknown-models.ts";

/** A backend to check. */
export interface CheckedInstance {
	readonly name: string;
	readonly kind: string;
	readonly backend: Pick<Backend, "listModels" | "probe">;
	/** Keys by their variables or files. Empty for a backend that needs none. */
	readonly keys: readonly { readonly name: string; readonly value: string | undefined }[];
	/** Upstream's names of the configured models. */
	readonly models: readonly string[];
}

/** Keys of one backend that are checked. The others of a large pool are likely in order if these are. */
const MAX_KEYS = 8;

/** Returns the steps that provide a key: by one of its variables or files. */
function remedyOf(sources: readonly string[]): string {
	const files = sources.filter(isSecretFile);
	const variables = sources.filter((name) => !isSecretFile(name));
	return [
		...(variables.length === 0 ? [] : [`set ${variables.join(" or ")} in the environment`]),
		...(files.length === 0 ? [] : [`write it into ${files.join(" or ")}`]),
	].join(", or ");
}

/**
 * Checks one backend: one request for each key, one after the other.
 *
 * @throws SpearError the error of `signal` if that is aborted.
 */
export async function checkBackend(
	instance: CheckedInstance,
	{ signal, timeoutMs, clock }: { readonly signal: AbortSignal; readonly timeoutMs: number; readonly clock: Clock },
): Promise<BackendCheck> {
	const { name, kind, backend, keys, models } = instance;
	const started = clock.now();
	const result = (rest: Omit<BackendCheck, "name" | "kind" | "durationMs">): BackendCheck => ({
		name,
		kind,
		durationMs: Math.round(clock.now() - started),
		...rest,
	});
	const failed = ({ fault, message }: Diagnosis): BackendCheck => result({ status: "failed", fault, message });
	const { listModels, probe } = backend;
	const missing = keys.filter(({ value }) => value === undefined).map((key) => key.name);
	if (keys.length > 0 && missing.length === keys.length) return failed({ fault: "no_key", message: `no key: ${remedyOf(missing)}` });
	if (listModels === undefined && probe === undefined)
		return result({ status: "unchecked", message: "nothing to check: this kind has no cheap request" });
	const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
	// The timer of a signal keeps no process alive. Otherwise a command would end without a result while a kind waits for nothing.
	const keptAlive = setTimeout(() => {}, timeoutMs + 1000);
	let listed: BackendCheck["models"];
	const present = keys.filter(({ value }) => value !== undefined).slice(0, MAX_KEYS);
	try {
		for (const key of present.length === 0 ? [undefined] : present) {
			const context = { signal: limit, apiKey: key?.value };
			try {
				// A kind may not notice that the signal is aborted, for example while it reads a file.
				if (listModels !== undefined) listed = await abortable(listModels.call(backend, context), limit);
				else if (probe !== undefined) await abortable(probe.call(backend, context), limit);
			} catch (thrown) {
				if (signal.aborted) throw SpearError.from(signal.reason);
				return failed(diagnose(thrown, { keyName: key?.name, timeoutMs }));
			}
		}
	} finally {
		clearTimeout(keptAlive);
	}
	const unset = missing.length === 0 ? "" : `; not set: ${missing.join(", ")}`;
	if (listed === undefined) return result({ status: "ok", message: `it works; this kind lists no models${unset}` });
	const unknown = unknownModels(models, listed);
	if (unknown !== undefined) return { ...failed({ fault: "model_unknown", message: unknown }), models: listed };
	return result({ status: "ok", message: `${count(listed.length)}${unset}`, models: listed });
}

function count(models: number): string {
	return `${models} ${models === 1 ? "model" : "models"}`;
}
