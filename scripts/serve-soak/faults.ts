import type { Ended } from "./request.ts";
import type { SoakReport, StopReport } from "./run.ts";

/** Faults that one list names at most. */
const MAX_NAMED = 5;

/** Returns what went wrong in a run, in words. Times are not among it. */
export function faultsOf({ phases, killed, inFlightAfter, handles, stop }: SoakReport): string[] {
	const all = Object.values(phases).flatMap(({ served }) => served);
	const direct = Object.values(phases).flatMap((phase) => phase.direct);
	const isOf = (type: Ended["outcome"]["type"]) => (ended: Ended) => ended.outcome.type === type;
	// A stream that has had output cannot go on elsewhere. Only one whose backend was killed may break.
	const unexpectedlyBroken = all.filter((ended) => ended.outcome.type === "broken" && ended.backend !== killed);
	return [
		...named("answers are wrong", all.filter(isOf("wrong"))),
		...named("requests were lost", [...all.filter(isOf("failed")), ...all.filter(isOf("disconnected"))]),
		...named(`streams broke that were not at ${killed}`, unexpectedlyBroken),
		...named(
			"requests straight to the upstream failed",
			direct.filter((ended) => ended.outcome.type !== "whole"),
		),
		...(all.length === 0 ? ["there was no request"] : []),
		...(inFlightAfter === 0 ? [] : [`${inFlightAfter} requests are still in flight after the load`]),
		...(handles.after > handles.before
			? [`${handles.after} files and sockets are open after the load, ${handles.before} were before`]
			: []),
		...stopFaults(stop),
	];
}

function stopFaults({ ended, begun, connectError, exitCode }: StopReport): string[] {
	const lost = ended.filter(({ token, outcome }) => begun.has(token) && outcome.type !== "whole");
	const odd = ended.filter(({ token, outcome }) => !begun.has(token) && outcome.type !== "disconnected" && !isDraining(outcome));
	return [
		...named("requests that had begun were lost at the stop", lost),
		...named("requests that had not begun were answered otherwise than that the server stops", odd),
		...(ended.some(({ outcome }) => outcome.type === "whole") ? [] : ["no request was in flight at the stop"]),
		...(connectError === "ECONNREFUSED" ? [] : [`a new connection after SIGTERM ended with ${connectError ?? "success"}`]),
		...(exitCode === 0 ? [] : [`the server exited with ${exitCode}`]),
	];
}

function isDraining(outcome: Ended["outcome"]): boolean {
	return outcome.type === "failed" && outcome.status === 503 && outcome.detail.includes("is stopping");
}

function named(what: string, list: readonly Ended[]): string[] {
	if (list.length === 0) return [];
	const examples = list.slice(0, MAX_NAMED).map(({ outcome, backend, isStream, ms }) => {
		const detail = "detail" in outcome ? outcome.detail : "";
		return `  ${isStream ? "stream" : "chat"} of ${backend ?? "no backend"} after ${ms.toFixed(0)} ms, ${outcome.type}: ${detail}`;
	});
	return [[`${list.length} ${what}`, ...examples].join("\n")];
}
