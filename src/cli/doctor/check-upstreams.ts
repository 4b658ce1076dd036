import type { Host } from "../../host/host.ts";
import { type DoctorCheck, withRemedy } from "./doctor-check.ts";

/** Kinds that contact no other machine. */
const OFFLINE_KINDS: ReadonlySet<string> = new Set(["stub", "local", "llama-cpp"]);

const ASK_AGAIN = "check the table of this backend in the configuration, then run spear backends --check";

export interface UpstreamOptions {
	/** Checks only backends in this process. */
	readonly offline: boolean;
	readonly signal: AbortSignal;
	/** Longest time for each backend, in milliseconds. Absent: the default of the host. */
	readonly timeoutMs?: number;
}

/** Checks each backend with one cheap request. */
export async function checkUpstreams(host: Host, { offline, signal, timeoutMs }: UpstreamOptions): Promise<DoctorCheck[]> {
	const all = host.backends();
	const asked = all.filter(({ kind }) => !offline || OFFLINE_KINDS.has(kind)).map(({ name }) => name);
	const checks = await host.checkBackends({ backends: asked, signal, ...(timeoutMs === undefined ? {} : { timeoutMs }) });
	return all.flatMap(({ name, kind }): DoctorCheck[] => {
		const check = checks.find((found) => found.name === name);
		if (check === undefined) return [{ area: "backend", name, status: "ok", message: `${kind}, not asked (--offline)` }];
		// The check of the keys reports this.
		if (check.fault === "no_key") return [];
		if (check.status === "failed") return [{ area: "backend", name, status: "problem", ...withRemedy(check.message, ASK_AGAIN) }];
		return [{ area: "backend", name, status: "ok", message: `${kind}, ${check.message}` }];
	});
}
