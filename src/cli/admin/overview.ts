import type { AdminClient } from "../../admin-client/admin-client.ts";
import type { Backend, BackendOperation, Cluster, Guest, LimitState, RecentError, Status, TrafficSeries } from "../../serve/admin/api.ts";
import { aligned } from "../aligned.ts";
import { hostsText } from "./hosts-text.ts";
import { rounded, share, shortTime, sum } from "./numbers.ts";

/** Seconds over which rates are averaged. */
const RATE_S = 10;

/** The state of a server at one moment, as `spear top` shows it. */
export interface Overview {
	readonly status: Status;
	readonly backends: readonly Backend[];
	readonly guests: readonly Guest[];
	readonly errors: readonly RecentError[];
	/** Absent for a host alone. */
	readonly cluster?: Cluster;
	/** Requests of the last seconds, and attempts by backend. */
	readonly traffic: { readonly total: TrafficSeries | undefined; readonly backends: readonly TrafficSeries[] };
}

/** Asks a server for an overview. */
export async function overviewOf(admin: AdminClient, signal: AbortSignal): Promise<Overview> {
	// The column of the present second is not over.
	const columns = RATE_S + 1;
	const [status, { backends }, { guests }, { errors }, total, byBackend] = await Promise.all([
		admin.status({ signal }),
		admin.backends({ signal }),
		admin.guests({ signal }),
		admin.errors({ signal }),
		admin.traffic({ columns, latency: false }, { signal }),
		admin.traffic({ by: "backend", columns, latency: false }, { signal }),
	]);
	// A server of an earlier version has no such function.
	const cluster = status.cluster === undefined ? {} : { cluster: await admin.cluster({ signal }) };
	return { status, backends, guests, errors, ...cluster, traffic: { total: total.series[0], backends: byBackend.series } };
}

/** Number of guests and of errors that are shown. */
const MAX_GUESTS = 5;
const MAX_ERRORS = 3;

/** Returns an overview as lines. */
export function overviewText({ status, backends, guests, errors, cluster, traffic }: Overview, url: string): string {
	const { requests, runs, memory, totals } = status;
	const sections = [
		[
			`spear ${status.version} at ${url}  up ${shortTime(status.uptime_ms)}${status.draining ? "  draining" : ""}`,
			`requests   ${rate(traffic.total?.requests)}/s, ${share(sum(traffic.total?.errors), sum(traffic.total?.requests))} errors; in flight ${requests.in_flight}, pending ${requests.pending}; total ${totals.requests}, ${totals.errors} errors`,
			`tokens     ${rate(traffic.total?.input_tokens)} in, ${rate(traffic.total?.output_tokens)} out /s; total ${totals.input_tokens} in, ${totals.output_tokens} out${totals.cost === 0 ? "" : `, cost ${rounded(totals.cost)}`}`,
			`runs       ${runs.running}, ${runs.waiting} waiting; memory ${megabytes(memory.rss_bytes)}, guests ${megabytes(memory.guests_used_bytes)}`,
			"",
		].join("\n"),
		...(cluster === undefined ? [] : [hostsText(cluster, status.now_at_ms)]),
		backendTable(backends, traffic.backends),
		...(guests.length === 0 ? [] : [guestTable(guests)]),
		...(errors.length === 0 ? [] : [errorLines(errors, status.now_at_ms)]),
	];
	return sections.join("\n");
}

function backendTable(backends: readonly Backend[], series: readonly TrafficSeries[]): string {
	const header = ["BACKEND", "HEALTH", "IN FLIGHT", "REQ/S", "ERRORS", "P50", "P90", "P99", "WEIGHT", "NOTES"];
	const rows = backends.map((backend) => {
		const traffic = series.find(({ name, is_rest }) => !is_rest && name === backend.name);
		const operation = busiest(backend.operations);
		const latency = operation?.first_output ?? operation?.whole;
		return [
			backend.name,
			backend.health,
			String(backend.in_flight),
			rate(traffic?.requests),
			share(recentFailures(backend), recentAttempts(backend)),
			...[latency?.p50_ms, latency?.p90_ms, latency?.p99_ms].map((ms) => (ms === undefined ? "-" : shortTime(ms))),
			`${rounded(backend.weight)}${backend.weight === backend.configured_weight ? "" : "*"}`,
			notes(backend).join(", "),
		];
	});
	return aligned([header, ...rows]);
}

function notes({ has_key, keys, operations, limits }: Backend): string[] {
	return [
		...(has_key ? [] : ["no key"]),
		...keys
			.filter(({ state }) => state === "rejected" || state === "cooling_down")
			.map(({ number, state }) => `key ${number} ${state.replace("_", " ")}`),
		...operations
			.filter(({ breaker }) => breaker !== "closed")
			.map(({ operation, breaker }) => `${operation}: breaker ${breaker.replace("_", " ")}`),
		...operations.filter(({ ejected_until_at_ms }) => ejected_until_at_ms !== undefined).map(({ operation }) => `${operation}: ejected`),
		...limits.filter(isScarce).map(limitText),
	];
}

function guestTable(guests: readonly Guest[]): string {
	const shown = guests.toSorted((a, b) => (b.last_request_at_ms ?? 0) - (a.last_request_at_ms ?? 0)).slice(0, MAX_GUESTS);
	const rows = shown.map(({ name, totals, limits }) => [
		name,
		String(totals.requests),
		String(totals.errors),
		String(totals.input_tokens + totals.output_tokens),
		rounded(totals.cost),
		limits.map(limitText).join(", "),
	]);
	return aligned([["GUEST", "REQUESTS", "ERRORS", "TOKENS", "COST", "LEFT"], ...rows]);
}

function errorLines(errors: readonly RecentError[], now: number): string {
	const rows = errors
		.slice(0, MAX_ERRORS)
		.map(({ backend, code, count, message, last_at_ms }) => [
			`${shortTime(Math.max(0, now - last_at_ms))} ago`,
			`${count}×`,
			backend ?? "-",
			`${code}: ${message.replaceAll("\n", " ")}`,
		]);
	return aligned([["LAST", "COUNT", "BACKEND", "ERROR"], ...rows]);
}

function limitText({ kind, limit, left }: LimitState): string {
	return `${left === undefined ? "" : `${rounded(left)} of `}${rounded(limit)} ${kind.replaceAll("_", " ")}`;
}

function isScarce({ limit, left }: LimitState): boolean {
	return left !== undefined && left < limit / 10;
}

function busiest(operations: readonly BackendOperation[]): BackendOperation | undefined {
	return operations.toSorted((a, b) => b.attempts - a.attempts)[0];
}

function recentAttempts({ operations }: Backend): number {
	return sum(operations.map(({ recent_attempts }) => recent_attempts));
}

function recentFailures({ operations }: Backend): number {
	return sum(operations.map(({ recent_attempts, error_rate = 0 }) => recent_attempts * error_rate));
}

function rate(counts: readonly number[] | undefined): string {
	return rounded(sum(counts?.slice(0, RATE_S)) / RATE_S);
}

function megabytes(bytes: number): string {
	return `${Math.round(bytes / 1_048_576)} MB`;
}
