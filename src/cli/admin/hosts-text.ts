import type { Cluster, ClusterHost, ClusterStore } from "../../serve/admin/api.ts";
import { aligned } from "../aligned.ts";
import { rounded, share, shortTime } from "./numbers.ts";

/** Characters of a digest that are shown. */
const DIGEST = 12;

/** Number of hosts that are shown: those with something to tell first. */
const MAX_HOSTS = 20;

/** Most names in one note or warning. */
const MAX_NAMES = 4;

/** Returns the hosts as a table, with warnings before it. */
export function hostsText({ store, hosts, configs, refused }: Cluster, now: number): string {
	const warnings = [
		...(store === undefined || store.reachable ? [] : [storeWarning(store, now)]),
		...(configs.length < 2
			? []
			: [
					`hosts have ${configs.length} configurations: ${configs
						.slice(0, MAX_NAMES)
						.map(({ digest, hosts: names }) => `${digest.slice(0, DIGEST)} at ${listed(names)}`)
						.join("; ")}`,
				]),
		...refused.slice(0, MAX_NAMES).map(({ host, fault }) => `host ${host} is left out: ${fault}`),
	];
	const shown = hosts.toSorted((a, b) => rank(a) - rank(b)).slice(0, MAX_HOSTS);
	const header = ["HOST", "STATE", "IN FLIGHT", "REQ/S", "ERRORS", "RUNS", "LEASED", "CONFIG", "NOTES"];
	const more = hosts.length > shown.length ? `and ${hosts.length - shown.length} more hosts\n` : "";
	return `${warnings.map((warning) => `! ${warning}\n`).join("")}${aligned([header, ...shown.map((host) => rowOf(host, now))])}${more}`;
}

function storeWarning({ since_at_ms, contact_at_ms, fault }: ClusterStore, now: number): string {
	const reason = fault === undefined ? "" : ` (${fault})`;
	const contact = contact_at_ms === undefined ? "never" : `${shortTime(Math.max(0, now - contact_at_ms))} ago`;
	return `the shared store has been unreachable for ${shortTime(Math.max(0, now - since_at_ms))}${reason}; last contact ${contact}`;
}

function rowOf(host: ClusterHost, now: number): string[] {
	const { requests, runs, leases, config } = host;
	return [
		`${host.name}${host.is_this ? "*" : ""}`,
		host.state,
		String(requests.in_flight),
		rounded(requests.per_s),
		share(requests.errors_per_s, requests.per_s),
		`${runs.running}${runs.waiting === 0 ? "" : `+${runs.waiting}`}`,
		String(leases.length),
		`${config.digest.slice(0, DIGEST)}${host.differs ? "!" : ""}`,
		notesOf(host, now).join(", "),
	];
}

function notesOf({ ready, state, backends, queue, seen_at_ms }: ClusterHost, now: number): string[] {
	const silentMs = now - seen_at_ms;
	return [
		...(ready || state === "starting" ? [] : ["no usable backend"]),
		...(backends.length === 0 ? [] : [`breakers: ${listed(backends.map(({ name, breaker }) => `${name} ${breaker.replace("_", " ")}`))}`]),
		...(queue.length === 0 ? [] : [`runs: ${listed(queue.map(({ name, amount }) => `${name} ${amount}`))}`]),
		...(silentMs > 5_000 ? [`seen ${shortTime(silentMs)} ago`] : []),
	];
}

/** Hosts with a fault come first, then the host that answers, then the busy ones. */
function rank({ state, ready, differs, is_this, requests }: ClusterHost): number {
	if (state !== "serving" || !ready || differs) return Number.NEGATIVE_INFINITY;
	return is_this ? Number.MIN_SAFE_INTEGER : -requests.per_s;
}

function listed(names: readonly string[]): string {
	const more = names.length > MAX_NAMES ? ` and ${names.length - MAX_NAMES} more` : "";
	return `${names.slice(0, MAX_NAMES).join(", ")}${more}`;
}
